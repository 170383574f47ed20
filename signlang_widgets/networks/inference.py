"""The scores of a model: a look whether it fits the data and how it is computed fastest, then batch by batch."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from math import prod
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm
from torch.nn.parameter import is_lazy

from signlang_widgets.datasets.labelled_images import DataError

from .devices import CPU, model_device

CPU_BATCH = 128
GPU_BATCH = 2048
LIGHT_BATCH = 3_000_000  # multiply-adds; below it two threads wait for each other longer than they work


@dataclass(frozen=True)
class Plan:
    """How a model is computed: the images' memory order, and the threads that a batch is worth."""

    channels_last: bool
    work: int  # multiply-adds of convolutions and linear layers, for one image
    threads: int
    dtype: torch.dtype  # the model's own
    lone: str = ""  # a batch norm that has one number a channel for one image, and so cannot learn from it alone

    def threads_for(self, batch_size: int) -> int:
        """One for a batch of little work: on a busy machine a second one made it up to twenty times slower."""
        return 1 if self.work * batch_size < LIGHT_BATCH else self.threads


def plan_for(model: nn.Module, images: Tensor, classes: int, device: torch.device, threads: int) -> Plan:
    """Try one image; a model that does not take it, or has another number of scores, is refused in words.

    On the CPU, convolutions of several channels run two to five times faster with the channels innermost.
    Some models (``x.view(...)`` behind a convolution) cannot be read that way; they keep the usual order.
    """
    sample, dtype = images[:1].to(device), reading_dtype(model)
    with as_found(model), _looked_at(model, sample) as look:
        checked_scores(model(as_input(sample, channels_last=False, dtype=dtype)), 1, classes)
        work, lone = look.work, look.lone
        channels_last = device == CPU and _has_wide_convolution(model) and _reads_channels_last(model, sample, dtype)
    return Plan(channels_last, work, threads, dtype, lone)


def score(
    model: Callable[[Tensor], object], images: Tensor, scores: Tensor, batch_size: int, plan: Plan
) -> Iterator[int]:
    """Fill ``scores`` (N, classes) from ``images`` (N, C, H, W); yields how many images are done, batch by batch."""
    threads = plan.threads_for(batch_size)
    for start in range(0, len(images), batch_size):
        stop = min(start + batch_size, len(images))
        with Threads(threads), torch.no_grad():
            batch = images[start:stop]
            moved = batch.to(scores.device)
            inputs = as_input(moved, channels_last=plan.channels_last, dtype=plan.dtype, lent=moved is batch)
            scores[start:stop] = checked_scores(model(inputs), stop - start, scores.shape[1])
        yield stop


def as_input(images: Tensor, *, channels_last: bool, dtype: torch.dtype = torch.float32, lent: bool = True) -> Tensor:
    """What a model reads: numbers from 0 to 1, in the memory order that its convolutions are fastest in.

    A model may overwrite what it reads (``x.sub_(0.5)``), so it gets memory of its own; whoever made ``images`` for
    this call alone says ``lent=False``, and they are not copied.
    """
    found = images.detach()
    inputs = torch.div(found, 255).to(dtype) if found.dtype == torch.uint8 else found.to(dtype)
    inputs = _channels_last(inputs) if channels_last else inputs
    return inputs.clone() if lent and inputs.data_ptr() == images.data_ptr() else inputs


def reading_dtype(model: nn.Module) -> torch.dtype:
    """The type of the numbers that a model reads: that of its first weights, float32 for a model without any."""
    found = next((weight.dtype for weight in model.parameters()), torch.float32)
    if not found.is_floating_point:
        raise DataError(f"The model's weights are {found}, but images are real numbers: convert it with model.float().")
    return found


def initialised(model: nn.Module, images: Tensor) -> None:
    """Let lazy layers (``LazyLinear``) look at one image, which tells them their size."""
    if any(is_lazy(weight) for weight in (*model.parameters(), *model.buffers())):
        with as_found(model):
            model(as_input(images[:1].to(model_device(model)), channels_last=False, dtype=reading_dtype(model)))


def checked_scores(scores: object, count: int, classes: int, *, learning: bool = False) -> Tensor:
    """The scores, if they are what a model must give: a row an image, a real number a class."""
    wanted = f"the model must give floating-point scores of shape (N, classes), here ({count}, {classes})"
    if not isinstance(scores, Tensor) or scores.ndim != 2:
        shape = tuple(scores.shape) if isinstance(scores, Tensor) else type(scores).__name__
        raise DataError(
            f"The model must give scores of shape (N, classes), got {shape}: end it with Flatten and Linear."
        )
    if len(scores) != count:
        raise DataError(
            f"The model gives {len(scores)} rows of scores for {count} images: {wanted}, one row an image. "
            "Flatten from axis 1 on, and average over no images."
        )
    if scores.shape[1] != classes:
        raise DataError(
            f"The model gives {scores.shape[1]} scores an image but the data have {classes} class names: "
            "give its last layer one output a class name."
        )
    if not scores.is_floating_point():
        raise DataError(
            f"The model gives scores of type {scores.dtype}: {wanted}. Leave out argmax, round and the like."
        )
    if learning and not scores.requires_grad:
        raise DataError(
            "The scores hang on no weight that can learn: leave out detach(), no_grad() and .data in the model's "
            "forward, and set requires_grad=True where it should learn."
        )
    return scores


def refuse_misfit(name: str, module: nn.Module, read: Tensor, images: Tensor) -> None:
    """Say it in words when a layer cannot read what it is given."""
    who, shape = name or "The model", "x".join(str(side) for side in images.shape[1:])
    if isinstance(module, nn.Conv2d) and read.ndim == 4 and read.shape[1] != module.in_channels:
        raise DataError(
            f"{who} (Conv2d) reads {module.in_channels} channel{'s' * (module.in_channels != 1)}, but gets "
            f"{read.shape[1]} from images of {shape}: pass images with as many channels as the model was made for."
        )
    if isinstance(module, nn.Linear) and read.shape[-1] != module.in_features:
        raise DataError(
            f"{who} (Linear) reads {module.in_features} numbers an image, but gets {read.shape[-1]} from images of "
            f"{shape}: pass images of the size that the model was made for."
        )


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


def _reads_channels_last(model: nn.Module, sample: Tensor, dtype: torch.dtype) -> bool:
    try:
        model(as_input(sample, channels_last=True, dtype=dtype))
    except RuntimeError:
        return False
    return True


class _Look:
    """What one image shows about a model."""

    work = 0
    lone = ""

    def count(self, layer: Any, _inputs: object, output: object) -> None:
        """Each weight of a convolution is used once for each place of its output; what a layer holds is not asked."""
        places = output.shape[2:].numel() if isinstance(output, Tensor) else 1
        with suppress(AttributeError, TypeError):  # a layer of another make may lack one of these
            if isinstance(layer, nn.Conv2d):
                self.work += layer.out_channels * layer.in_channels // layer.groups * prod(layer.kernel_size) * places
            else:
                self.work += layer.in_features * layer.out_features

    def note_lone(self, layer: nn.Module, inputs: tuple[object, ...]) -> None:
        """One number a channel has no spread."""
        read = inputs[0] if inputs else None
        if isinstance(read, Tensor) and read.ndim > 1 and read.numel() == read.shape[1]:
            self.lone = type(layer).__name__


def _fitting(name: str, images: Tensor) -> Callable[[nn.Module, tuple[object, ...]], None]:
    """Say it in words, before torch does, when a layer is not made for these images."""

    def check(layer: nn.Module, inputs: tuple[object, ...]) -> None:
        if inputs and isinstance(inputs[0], Tensor):
            refuse_misfit(name, layer, inputs[0], images)

    return check


@contextmanager
def _looked_at(model: nn.Module, sample: Tensor) -> Iterator[_Look]:
    look = _Look()
    layers = list(model.modules())
    weighing = {name: layer for name, layer in model.named_modules() if isinstance(layer, nn.Conv2d | nn.Linear)}
    hooks = [layer.register_forward_pre_hook(_fitting(name, sample)) for name, layer in weighing.items()]
    hooks += [layer.register_forward_hook(look.count) for layer in weighing.values()]
    hooks += [m.register_forward_pre_hook(look.note_lone) for m in layers if isinstance(m, _BatchNorm)]
    try:
        yield look
    finally:
        for hook in hooks:
            hook.remove()


def _channels_last(images: Tensor) -> Tensor:
    count, channels, height, width = images.shape
    order = (height * width * channels, 1, width * channels, channels)
    # With one channel both orders are the same bytes, and torch would keep calling them by the other name.
    if channels == 1:
        return images.contiguous().as_strided((count, 1, height, width), order)
    return images.contiguous(memory_format=torch.channels_last)
