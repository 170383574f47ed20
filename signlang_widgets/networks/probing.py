"""A look at a model before the work begins: whether it fits the data, and how it is computed fastest."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from signlang_widgets.datasets.labelled_images import DataError

from .devices import CPU
from .inference import as_found, as_input

LIGHT_BATCH = 3_000_000  # multiply-adds; below it two threads wait for each other longer than they work


@dataclass(frozen=True)
class Plan:
    """How a model is computed: the images' memory order, and the threads that a batch is worth."""

    channels_last: bool
    work: int  # multiply-adds of convolutions and linear layers, for one image
    threads: int

    def threads_for(self, batch_size: int) -> int:
        """One for a batch of little work: on a busy machine a second one made it up to twenty times slower."""
        return 1 if self.work * batch_size < LIGHT_BATCH else self.threads


def plan_for(model: nn.Module, images: Tensor, classes: int, device: torch.device, threads: int) -> Plan:
    """Try one image; a model that does not take it, or has another number of scores, is refused in words.

    On the CPU, convolutions of several channels run two to five times faster with the channels innermost.
    Some models (``x.view(...)`` behind a convolution) cannot be read that way; they keep the usual order.
    """
    sample = images[:1].to(device)
    with as_found(model), _counted_work(model) as work:
        _check_output(model(as_input(sample, channels_last=False)), classes)
        counted = sum(work)
        channels_last = device == CPU and _has_wide_convolution(model) and _reads_channels_last(model, sample)
    return Plan(channels_last, counted, threads)


def _has_wide_convolution(model: nn.Module) -> bool:
    return any(isinstance(layer, nn.Conv2d) and layer.in_channels > 1 for layer in model.modules())


def _reads_channels_last(model: nn.Module, sample: Tensor) -> bool:
    try:
        model(as_input(sample, channels_last=True))
    except RuntimeError:
        return False
    return True


@contextmanager
def _counted_work(model: nn.Module) -> Iterator[list[int]]:
    """Each weight of a convolution is used once for each place of its output."""
    work: list[int] = []

    def count(layer: nn.Module, _inputs: object, output: Tensor) -> None:
        places = output.shape[2:].numel() if isinstance(layer, nn.Conv2d) else 1
        work.append(layer.get_parameter("weight").numel() * places)

    hooks = [m.register_forward_hook(count) for m in model.modules() if isinstance(m, nn.Conv2d | nn.Linear)]
    try:
        yield work
    finally:
        for hook in hooks:
            hook.remove()


def _check_output(scores: object, classes: int) -> None:
    if not isinstance(scores, Tensor) or scores.ndim != 2:
        shape = tuple(scores.shape) if isinstance(scores, Tensor) else type(scores).__name__
        raise DataError(
            f"The model must give scores of shape (N, classes), got {shape}: end it with Flatten and Linear."
        )
    if scores.shape[1] != classes:
        raise DataError(
            f"The model gives {scores.shape[1]} scores an image but the data have {classes} class names: "
            "give its last layer one output a class name."
        )
