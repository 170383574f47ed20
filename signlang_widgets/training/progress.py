"""How far a run is, how fast it goes and how long it will still take."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from .events import BatchEnded, EpochEnded, Evaluating, Event

WARM_UP = 3
WINDOW = 50
FORWARD_SHARE = 1 / 3  # reading an image costs about a third of learning from it; a guess for the first epoch only


@dataclass(frozen=True)
class Progress:
    """What a progress bar needs: "epoch 2 of 5, batch 412 of 858, ETA 14 s, 9,400 images/s".

    ``eta_seconds`` and ``images_per_second`` are None until a few batches have ended.
    ``evaluated`` is the share (0 to 1) of the evaluation that follows the epoch's last batch.
    """

    state: str
    message: str
    epoch: int
    epochs: int
    batch: int
    batches: int
    evaluated: float
    images_per_second: float | None
    eta_seconds: float | None


class Pace:
    """The time a batch takes, over the last ones; the first after a start or a pause do not count."""

    def __init__(self, train_images: int, test_images: int) -> None:
        self._train, self._all = train_images, train_images + test_images
        self._recent: deque[tuple[int, float]] = deque(maxlen=WINDOW)
        self._evaluation_seconds: float | None = None
        self.evaluated = 0.0
        self.restart()

    def restart(self) -> None:
        """Caches are cold again: let the next batches pass."""
        self._to_skip = WARM_UP

    def take(self, event: Event) -> None:
        """Remember what an event tells about time."""
        if isinstance(event, BatchEnded):
            if self._to_skip:
                self._to_skip -= 1
            else:
                self._recent.append((event.images, event.seconds))
        elif isinstance(event, Evaluating):
            self.evaluated = event.done / event.images
        elif isinstance(event, EpochEnded):
            self._evaluation_seconds = event.seconds - self._train / event.images_per_second
            self.evaluated = 0.0

    def images_per_second(self) -> float | None:
        """Images learned a second; None before there is anything to go by."""
        recent = list(self._recent)
        seconds = sum(took for _, took in recent)
        return sum(images for images, _ in recent) / seconds if seconds else None

    def eta_seconds(self, images_left: int, epochs_left: int) -> float | None:
        """Time for the images still to be learned and the evaluations still to come (this epoch's included)."""
        pace = self.images_per_second()
        if pace is None:
            return None
        evaluation = self._evaluation_seconds
        if evaluation is None:
            evaluation = FORWARD_SHARE * self._all / pace
        return images_left / pace + max(epochs_left - self.evaluated, 0) * evaluation
