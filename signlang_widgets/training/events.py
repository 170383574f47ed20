"""What a training run tells while it runs: frozen records with named fields."""

from __future__ import annotations

import traceback
from dataclasses import dataclass, field

from signlang_widgets.networks.evaluation import Evaluation

from .settings import shorten

LONGEST_MESSAGE, LONGEST_TRACEBACK = 2_000, 100_000


@dataclass(frozen=True, slots=True)
class RunStarted:
    """The run begins, or goes on, with epoch ``epoch`` (1 is the first)."""

    epoch: int
    epochs: int
    batches: int  # an epoch
    batch_size: int
    train_images: int
    test_images: int
    parameters: int
    device: str
    lr: float
    momentum: float
    seed: int


@dataclass(frozen=True, slots=True)
class BatchEnded:
    """One batch was learned; ``loss`` (nats) is that of the batch before its step."""

    epoch: int
    batch: int  # 1 is the first of the epoch
    batches: int
    loss: float
    lr: float
    images: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Evaluating:
    """After the epoch's last batch, ``done`` of the ``images`` of both splits were read.

    Only a Trainer's listeners hear it; ``fit`` keeps it to itself.
    """

    epoch: int
    done: int
    images: int


@dataclass(frozen=True, slots=True)
class EpochEnded:
    """An epoch's figures, all from evaluating the whole split after its last batch.

    ``seconds`` counts batches and evaluation, no pauses; ``images_per_second`` is the pace of the batches alone.
    """

    epoch: int
    train_loss: float
    test_loss: float
    train_accuracy: float
    test_accuracy: float
    lr: float
    seconds: float
    images_per_second: float
    evaluation: Evaluation = field(repr=False)


@dataclass(frozen=True, slots=True)
class Stopped:
    """The run stopped before its last epoch: ``message`` says where, and what helps if something went wrong."""

    epoch: int
    batch: int
    message: str


@dataclass(frozen=True, slots=True)
class Failed:
    """The model, the optimizer, the device or who is told raised ``error``; ``traceback`` is what Python prints."""

    epoch: int
    batch: int
    message: str
    traceback: str = field(repr=False)
    error: BaseException = field(repr=False)

    @classmethod
    def of(cls, error: BaseException, epoch: int, batch: int) -> Failed:
        """What to say about an error, even one that cannot say it itself."""
        try:
            words = shorten(f"{type(error).__name__}: {error}", LONGEST_MESSAGE)
        except Exception:  # noqa: BLE001 - its own __str__ is broken
            words = f"{type(error).__name__} (it cannot say what is wrong)"
        return cls(epoch, batch, words, shorten("".join(traceback.format_exception(error)), LONGEST_TRACEBACK), error)


@dataclass(frozen=True, slots=True)
class Warned:
    """Something went wrong that does not stop training, such as a folder that cannot be written."""

    message: str


@dataclass(frozen=True, slots=True)
class StateChanged:
    """A Trainer is now ``idle, running, paused, stopped, finished`` or ``failed``."""

    state: str
    message: str


Event = RunStarted | BatchEnded | Evaluating | EpochEnded | Stopped | Failed | Warned | StateChanged
