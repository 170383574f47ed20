"""The confusion matrix and the first layer's kernels of an epoch: the newest as a trait, any other as an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from signlang_widgets.widgets.common.wire import packed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray
    from torch import Tensor

    from signlang_widgets.training.trainer import Trainer

    Picture = dict[str, Any]

MOST_CLASSES = 64
MOST_KERNELS = 256
MOST_BYTES = 64_000  # of kernels, an epoch
A_MESSAGE = 100_000  # the newest epochs that a stored notebook keeps, or one answer's


class EpochPictures:
    """The pictures of one trainer's epochs, made when they are asked for; ``run`` tells its runs apart."""

    def __init__(self, trainer: Trainer) -> None:
        self._trainer = trainer
        self._limits: list[float] = []
        self._kept: dict[str, Any] = {}
        self._kept_of: tuple[int, int, bool] | None = None

    def newest(self, run: int, done: int) -> dict[str, Any]:
        """Return the pictures that travel unasked: while it trains the newest epoch's, at rest some before it too."""
        resting = self._trainer.state != "running"
        if self._kept_of not in [(run, done, True), (run, done, resting)]:
            if self._kept_of is None or self._kept_of[0] != run:
                self._limits.clear()
            wanted = range(done, -1, -1) if resting else [done]
            self._kept = {"run": run, "limit": self._limit(done), "epochs": self.several(wanted)}
            self._kept_of = (run, done, resting)
        return self._kept

    def every(self, run: int, done: int) -> dict[str, Any]:
        """Return all of them: for a page that can ask nobody."""
        pictures = {str(epoch): self._picture(epoch) for epoch in range(done + 1)}
        return {"run": run, "limit": self._limit(done), "epochs": pictures}

    def several(self, epochs: Iterable[int]) -> dict[str, Picture]:
        """Return the pictures of these epochs, by number, as many as fit into a message (but one always)."""
        found: dict[str, Picture] = {}
        size = 0
        for epoch in epochs:
            picture = self._picture(epoch)
            size += sum(len(part["data"]) for part in picture.values() if part)
            if found and size > A_MESSAGE:
                break
            found[str(epoch)] = picture
        return found

    def _limit(self, done: int) -> float:
        """The largest weight of all epochs: one scale for all of them, without their pictures."""
        kernels = self._trainer.kernels
        for epoch in range(len(self._limits), done + 1):
            self._limits.append(_largest(_planes(kernels[epoch])) if epoch in kernels else 0.0)
        return max(self._limits)

    def _picture(self, epoch: int) -> Picture:
        evaluation, kernels = self._trainer.evaluations.get(epoch), self._trainer.kernels.get(epoch)
        small = evaluation is not None and len(evaluation.class_names) <= MOST_CLASSES
        return {
            "confusion": packed(evaluation.confusion) if evaluation is not None and small else None,
            "kernels": None if kernels is None else _as_bytes(_planes(kernels)),
        }


def as_answer(run: int, pictures: dict[str, Picture]) -> tuple[dict[str, Any], list[bytes]]:
    """Return pictures as an answer: their numbers apart from the rest, in the order in which they are named."""
    parts = [part for picture in pictures.values() for part in picture.values() if part]
    bare = {
        epoch: {name: part and {**part, "data": None} for name, part in picture.items()}
        for epoch, picture in pictures.items()
    }
    return {"run": run, "epochs": bare}, [part["data"] for part in parts]


def _planes(kernels: Tensor) -> NDArray[np.float32]:
    """(K, C, h, w) weights as pictures, as many as can be looked at.

    By numpy, on one thread: between two epochs torch's threads would wait for each other longer than they work.
    """
    planes = kernels.detach().float().numpy().reshape(-1, *kernels.shape[2:])
    return planes[: max(1, min(MOST_KERNELS, MOST_BYTES // planes[0].size))]


def _largest(planes: NDArray[np.float32]) -> float:
    return float(np.abs(planes).max())


def _as_bytes(planes: NDArray[np.float32]) -> dict[str, Any]:
    """128 is 0, 1 and 255 are minus and plus ``limit``."""
    limit = _largest(planes) or 1.0
    return {**packed(np.rint(planes * (127 / limit) + 128).astype(np.uint8)), "limit": limit}
