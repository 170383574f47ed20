"""What a learner can choose about a run, checked in the reader's words."""

from __future__ import annotations

import math
import numbers
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeGuard

import torch
from torch.optim import SGD, Optimizer

from signlang_widgets.datasets.whole_numbers import as_whole

OptimizerFactory = Callable[[Iterable[torch.nn.Parameter]], Optimizer]


class SettingError(ValueError):
    """A setting that no run can have; the message names the ones it can."""


@dataclass(frozen=True)
class Settings:
    """Epochs in all, images a batch, step size, momentum, and the seed that orders the batches.

    ``lr`` and ``momentum`` belong to plain SGD. With a factory, its own learning rate holds until ``lr`` is set.
    """

    epochs: int = 1
    batch_size: int = 32
    lr: float | None = 0.01
    momentum: float = 0.9
    seed: int = 0
    optimizer: OptimizerFactory | None = None

    def __post_init__(self) -> None:
        _check_whole("epochs", self.epochs, 1)
        _check_whole("batch_size", self.batch_size, 1)
        _check_whole("seed", self.seed)
        if self.lr is not None and not (_is_number(self.lr) and 0 <= self.lr < math.inf):
            raise SettingError(f"lr must be a number of 0 or more, got {self.lr!r}: try 0.01.")
        if not (_is_number(self.momentum) and 0 <= self.momentum < 1):
            raise SettingError(f"momentum must be from 0 up to but not 1, got {self.momentum!r}: try 0.9.")
        if self.optimizer is not None and not callable(self.optimizer):
            raise SettingError(
                "optimizer must be a function from parameters to an optimizer, such as torch.optim.Adam."
            )

    def make_optimizer(self, model: torch.nn.Module) -> Optimizer:
        """Plain SGD, or what the factory makes; only over weights that are not frozen."""
        parameters = [p for p in model.parameters() if p.requires_grad]
        if not parameters:
            raise SettingError("Every weight of the model is frozen: set requires_grad=True where it should learn.")
        if self.optimizer is None:
            return SGD(parameters, lr=self.lr or 0.0, momentum=self.momentum, foreach=parameters[0].is_cuda)
        optimizer = self.optimizer(parameters)
        if self.lr is not None:
            set_group(optimizer, "lr", self.lr)
        return optimizer


def set_group(optimizer: Optimizer, name: str, value: float) -> None:
    """Set ``lr`` or ``momentum`` for every parameter; an optimizer that has none of that name says so."""
    for group in optimizer.param_groups:
        if name not in group:
            raise SettingError(f"{type(optimizer).__name__} has no {name}: leave it alone, or train with SGD.")
        group[name] = value


def _check_whole(name: str, value: object, least: int | None = None) -> None:
    try:
        as_whole(name, value, least)
    except (TypeError, ValueError) as error:
        raise SettingError(str(error)) from None


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, numbers.Real) and not isinstance(value, bool)
