"""The scores of a model, batch by batch: evaluation and training share this room."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

if TYPE_CHECKING:
    from .probing import Plan

CPU_BATCH = 128
GPU_BATCH = 2048


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


def _channels_last(images: Tensor) -> Tensor:
    count, channels, height, width = images.shape
    order = (height * width * channels, 1, width * channels, channels)
    # With one channel both orders are the same bytes, and torch would keep calling them by the other name.
    if channels == 1:
        return images.contiguous().as_strided((count, 1, height, width), order)
    return images.contiguous(memory_format=torch.channels_last)
