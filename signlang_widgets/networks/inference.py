"""The scores of a model: a look whether it fits the data and how it is computed fastest, then batch by batch."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from signlang_widgets.datasets.labelled_images import DataError

from .devices import CPU

CPU_BATCH = 128
GPU_BATCH = 2048
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


def score(model: nn.Module, images: Tensor, scores: Tensor, batch_size: int, plan: Plan) -> Iterator[int]:
    """Fill ``scores`` (N, classes) from ``images`` (N, C, H, W); yields how many images are done, batch by batch."""
    threads = plan.threads_for(batch_size)
    for start in range(0, len(images), batch_size):
        stop = min(start + batch_size, len(images))
        with Threads(threads), torch.no_grad():
            batch = as_input(images[start:stop].to(scores.device), channels_last=plan.channels_last)
            scores[start:stop] = model(batch)
        yield stop


def as_input(images: Tensor, *, channels_last: bool) -> Tensor:
    """What a model reads: float32, 0 to 1, in the memory order that its convolutions are fastest in."""
    images = torch.div(images, 255) if images.dtype == torch.uint8 else images.float()
    return _channels_last(images) if channels_last else images


class Threads:
    """That many threads inside, afterwards as before: a new thread does not take over what a cell chose."""

    __slots__ = ("_before", "_count")

    def __init__(self, count: int) -> None:
        self._count = count

    def __enter__(self) -> None:
        self._before = torch.get_num_threads()
        torch.set_num_threads(self._count)

    def __exit__(self, *_: object) -> None:
        torch.set_num_threads(self._before)


@contextmanager
def as_found(model: nn.Module) -> Iterator[None]:
    """Evaluation mode without gradients; afterwards each layer's mode and the random numbers are as before."""
    modes = [(module, module.training) for module in model.modules()]
    gpus = sorted({tensor.device.index for tensor in model.parameters() if tensor.is_cuda})
    with torch.random.fork_rng(gpus), torch.no_grad():
        model.eval()
        try:
            yield
        finally:
            restore_modes(modes)


def restore_modes(modes: list[tuple[nn.Module, bool]]) -> None:
    """Give each layer back its own mode: a layer that was frozen in eval mode stays so."""
    for module, training in modes:
        module.training = training


def keep_freed_memory() -> None:
    """Let glibc keep freed activations for the next batch; elsewhere this does nothing.

    glibc hands blocks of some megabytes back to the system at every free, and each page must be fetched
    anew at the next batch: that took over half of the ConvNet's time. Freeing one block just under 32 MiB (it is
    never touched, so it costs nothing) raises glibc's own threshold for the rest of the process.
    """
    torch.empty(32 * 2**20 - 2**16, dtype=torch.uint8)


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


def _channels_last(images: Tensor) -> Tensor:
    count, channels, height, width = images.shape
    order = (height * width * channels, 1, width * channels, channels)
    # With one channel both orders are the same bytes, and torch would keep calling them by the other name.
    if channels == 1:
        return images.contiguous().as_strided((count, 1, height, width), order)
    return images.contiguous(memory_format=torch.channels_last)
