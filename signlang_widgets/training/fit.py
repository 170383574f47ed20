"""Train a model and hear about every batch: the engine under the trainer and its dashboard."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import torch
from torch import nn

from signlang_widgets.datasets.labelled_images import LabelledImages

from .events import Evaluating, Event
from .loop import Loop
from .settings import OptimizerFactory, Settings


def fit(
    model: nn.Module,
    train: LabelledImages,
    test: LabelledImages,
    *,
    epochs: int = 1,
    batch_size: int = 32,
    lr: float = 0.01,
    momentum: float = 0.9,
    optimizer: OptimizerFactory | None = None,
    device: torch.device | str = "auto",
    seed: int = 0,
) -> Iterator[Event]:
    """Watch a model learn, event by event; stop whenever you have seen enough.

    >>> split = LabelledImages(torch.rand(8, 1, 28, 28), torch.arange(8), tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    >>> [type(event).__name__ for event in fit(slw.LogisticRegression(), split, split)]
    ['RunStarted', 'BatchEnded', 'EpochEnded']

    Parameters
    ----------
    model : nn.Module
        From (N, C, H, W) images, in the model's own floating-point type, to (N, classes) scores. Its weights are the
        start: initialise them yourself (lazy layers take their size from the first image). It may overwrite what it
        reads: that is a copy. A model on the CPU is moved to the device that is chosen.
    train, test : LabelledImages
        What it learns from, and what it is only tested on. They go to the device once.
    epochs, batch_size : int
        Rounds through the training images, and images a step. The last step of a round takes what is left; where that
        is one image and a batch norm cannot learn from it, the run says so before its first step.
    lr, momentum : float
        For plain SGD. With ``optimizer`` its own values hold.
    optimizer : callable, optional
        From the parameters to any optimizer, such as ``torch.optim.Adam``.
    device : str or torch.device
        "auto" takes CUDA, else MPS, else the CPU.
    seed : int
        Orders the batches and nothing else; torch's own random numbers stay as they are.

    Yields
    ------
    RunStarted, BatchEnded, EpochEnded
        ``EpochEnded`` carries the figures of both splits (in eval mode, after the epoch) and the test Evaluation.
    Stopped
        When the loss is no longer finite. The weights are then those of the last finished epoch.
    Failed
        When something raised; the error itself follows at the next step.

    Raises
    ------
    DataError, SettingError, DeviceError
        At once, when data, settings and device do not fit together; during the run (after ``Failed``) when the model
        gives no scores that it can learn from.
    TypeError
        At once, if ``model`` is no ``nn.Module``.
    """
    settings = Settings(epochs, batch_size, lr if optimizer is None else None, momentum, seed, optimizer)
    return _told(Loop(model, train, test, settings, device).events())


def _told(events: Iterator[Event]) -> Iterator[Event]:
    with closing(events):  # type: ignore[type-var]  # it is a generator
        yield from (event for event in events if not isinstance(event, Evaluating))
