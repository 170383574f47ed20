"""What a learner can choose about a run, checked in the reader's words."""

from __future__ import annotations

import math
import numbers
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import torch
from torch.optim import SGD, Optimizer

from signlang_widgets.datasets.whole_numbers import as_whole

MOST = 2**31 - 1  # epochs, or images a batch
SEEDS = (-(2**63), 2**64 - 1)  # what torch's generators take

OptimizerFactory = Callable[[Iterable[torch.nn.Parameter]], Optimizer]


class SettingError(ValueError):
    """A setting that no run can have; the message names the ones it can."""


@dataclass(frozen=True)
class Settings:
    """Epochs in all, images a batch, step size, momentum, and the seed that orders the batches, as Python's own numbers.

    ``lr`` and ``momentum`` belong to plain SGD. With a factory, its own learning rate holds until ``lr`` is set.
    """

    epochs: int = 1
    batch_size: int = 32
    lr: float | None = 0.01
    momentum: float = 0.9
    seed: int = 0
    optimizer: OptimizerFactory | None = None

    def __post_init__(self) -> None:
        lr, momentum = _as_number(self.lr), _as_number(self.momentum)
        if self.lr is not None and not 0 <= lr < math.inf:
            raise SettingError(f"lr must be a number of 0 or more, got {in_short(self.lr)}: try 0.01.")
        if not 0 <= momentum < 1:
            raise SettingError(f"momentum must be from 0 up to but not 1, got {in_short(self.momentum)}: try 0.9.")
        if self.optimizer is not None and not callable(self.optimizer):
            raise SettingError(
                "optimizer must be a function from parameters to an optimizer, such as torch.optim.Adam."
            )
        numbers_of_python = {
            "epochs": _as_whole("epochs", self.epochs, 1, MOST),
            "batch_size": _as_whole("batch_size", self.batch_size, 1, MOST),
            "seed": _as_whole("seed", self.seed, *SEEDS),
            "lr": None if self.lr is None else lr,
            "momentum": momentum,
        }
        for name, value in numbers_of_python.items():
            object.__setattr__(self, name, value)

    def make_optimizer(self, model: torch.nn.Module) -> Optimizer:
        """Plain SGD, or what the factory makes; only over weights that are not frozen."""
        parameters = [p for p in model.parameters() if p.requires_grad]
        if not parameters:
            raise SettingError("Every weight of the model is frozen: set requires_grad=True where it should learn.")
        if self.optimizer is None:
            return SGD(parameters, lr=self.lr or 0.0, momentum=self.momentum, foreach=parameters[0].is_cuda)
        optimizer = _made(self.optimizer, parameters)
        if self.lr is not None:
            set_group(optimizer, "lr", self.lr)
        return optimizer


def set_group(optimizer: Optimizer, name: str, value: float) -> None:
    """Set ``lr`` or ``momentum`` for every parameter; an optimizer that has none of that name says so."""
    for group in optimizer.param_groups:
        if name not in group:
            raise SettingError(f"{type(optimizer).__name__} has no {name}: leave it alone, or train with SGD.")
        group[name] = value


def in_short(value: object) -> str:
    """What someone gave, for a message: no longer than a line, whatever it is."""
    try:
        return shorten(repr(value), 100)
    except Exception:  # noqa: BLE001 - a repr that breaks must not hide what is wrong
        return f"something of type {type(value).__name__}"


def shorten(text: str, most: int) -> str:
    """Text that can be sent anywhere: without halves of characters, and no longer than ``most``."""
    whole = text.encode("utf-8", "backslashreplace").decode()
    return whole if len(whole) <= most else f"{whole[:most]}..."


def as_folder(folder: str | os.PathLike[str]) -> Path:
    """A path that this system can have; whether it can be written shows when it is."""
    try:
        path = Path(folder)
        if b"\0" in os.fsencode(path):
            raise ValueError("a zero byte in it")
    except (TypeError, ValueError) as error:
        raise SettingError(f"folder must be a path, got {in_short(folder)} ({error}): try folder='my-run'.") from None
    return path


def _made(factory: OptimizerFactory, parameters: list[torch.nn.Parameter]) -> Optimizer:
    try:
        optimizer = factory(parameters)
    except Exception as error:
        raise SettingError(f"optimizer=... made no optimizer of these weights ({in_short(error)}).") from error
    if not isinstance(optimizer, Optimizer):
        raise SettingError(
            f"optimizer=... gave {in_short(optimizer)}: it must be a function from parameters to an optimizer, "
            "such as torch.optim.Adam."
        )
    if not optimizer.param_groups or "lr" not in optimizer.param_groups[0]:
        raise SettingError(f"{type(optimizer).__name__} has no lr: use an optimizer with a learning rate.")
    return optimizer


def _as_whole(name: str, value: object, least: int, most: int) -> int:
    if isinstance(value, int) and (value > most or value < least < 0):
        raise SettingError(f"{name} must be from {least} to {most}, got {in_short(value)}.")
    try:
        return as_whole(name, value, max(least, 0) or None)
    except (TypeError, ValueError) as error:
        raise SettingError(shorten(str(error), 200)) from None


def _as_number(value: object) -> float:
    """Numpy's numbers and fractions are numbers; what is none, or too large, is NaN or infinite."""
    if not isinstance(value, numbers.Real) or isinstance(value, bool):
        return math.nan
    try:
        return float(value)
    except OverflowError:
        return math.inf
