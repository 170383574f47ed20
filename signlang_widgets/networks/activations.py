"""What every layer puts out for an image: hooks that clone, and always come off."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import get_ident
from typing import Any
from weakref import ref

import torch
from torch import Tensor, nn

from signlang_widgets.datasets.labelled_images import DataError, LabelledImages

from .devices import DeviceError, model_device
from .inference import as_found, as_input, reading_dtype, refuse_misfit

GIBIBYTE = 2**30
OUTSIDE, IMAGE = -2, -1  # where an input comes from, when it is no layer's output


@dataclass(frozen=True, eq=False)
class Call:
    """One use of one layer. ``source`` is the place, among all calls, of the one whose output it read.

    ``source`` is IMAGE for the images themselves and OUTSIDE for what was computed between layers; then (and only
    then) ``given`` holds a copy of what was read.
    """

    name: str
    module: nn.Module
    source: int
    given: Tensor | None
    output: Tensor


@dataclass(frozen=True, eq=False)
class ForwardPass:
    """Every call of one forward pass, in call order, and what the model gave back."""

    images: Tensor
    calls: list[Call]
    output: Any

    def read_by(self, index: int) -> Tensor:
        """What call ``index`` read, (N, ...)."""
        call = self.calls[index]
        if call.given is not None:
            return call.given
        return self.images if call.source == IMAGE else self.calls[call.source].output


def record(model: nn.Module, images: Tensor | LabelledImages, *, limit: int = GIBIBYTE) -> dict[str, Tensor]:
    """See what every layer puts out: one tensor a layer, in the order in which the layers work.

    The model is read in evaluation mode (dropout passes, batch norm uses its running figures) and comes back as it was:
    same mode of every layer, same gradients, same random numbers ahead, no hooks.

    >>> layers = record(nn.Sequential(nn.Conv2d(1, 4, 5), nn.ReLU()), torch.rand(2, 1, 9, 7))
    >>> {name: tuple(output.shape) for name, output in layers.items()}
    {'0': (2, 4, 5, 3), '1': (2, 4, 5, 3)}

    Parameters
    ----------
    model : nn.Module
        Any: functional calls between its layers and skip connections are fine. A layer is a module without children.
    images : Tensor or LabelledImages
        (N, C, H, W), uint8 (0..255, read as 0..1) or float, on the model's device.
    limit : int
        Bytes that all outputs together may fill, 1 GiB unless told. For the chapter's ConvNet that is enough for 2,800 images.

    Returns
    -------
    dict of str to Tensor
        In call order: name as in ``named_modules`` -> (N, ...) output, a copy on the images' device. A layer used again
        gives ``name#2`` and so on; of several outputs the first tensor is kept.

    Raises
    ------
    DataError
        If the images do not fit the model, or the outputs would fill more than ``limit``.
    DeviceError
        If model and images are on different devices.
    """
    return {call.name: call.output for call in forward_pass(model, images, limit=limit).calls}


def forward_pass(model: nn.Module, images: Tensor | LabelledImages, *, limit: int = GIBIBYTE) -> ForwardPass:
    """Record like :func:`record`, and also which layer read which layer's output."""
    pixels = readable(model, images)
    read = pixels.clone()  # the model may overwrite what it reads
    recorder = _Recorder(read, limit)
    with as_found(model), watched(model, recorder.before, recorder.after):
        output = model(read)
    return ForwardPass(pixels, recorder.calls, output)


def readable(model: nn.Module, images: Tensor | LabelledImages) -> Tensor:
    """Images as a model reads them, (N, C, H, W) and a copy; refused when they are elsewhere than the model."""
    here = model_device(model)
    pixels = images.images if isinstance(images, LabelledImages) else images
    if not isinstance(pixels, Tensor) or pixels.ndim != 4:
        found = tuple(pixels.shape) if isinstance(pixels, Tensor) else type(pixels).__name__
        raise DataError(f"images must be a tensor (N, C, H, W), got {found}: one image is images[None], for example")
    weightless = not any(True for _ in (*model.parameters(), *model.buffers()))
    if pixels.device != here and not weightless:
        raise DeviceError(
            f"The model is on {here} and the images are on {pixels.device}: bring them together with images.to('{here}')."
        )
    return as_input(pixels, channels_last=False, dtype=reading_dtype(model))


@contextmanager
def watched(
    model: nn.Module,
    before: Callable[[str, nn.Module, Tensor | None], None],
    after: Callable[[str, nn.Module, Tensor], None],
) -> Iterator[None]:
    """Inside, every call of a layer from this thread is told before and after; afterwards no hook is left.

    Another thread that trains the model meanwhile is not heard.
    """
    if any(isinstance(module, torch.jit.ScriptModule) for module in model.modules()):
        raise DataError("Nobody can look between the layers of a scripted model: give the one that it was made from.")
    thread, hooks = get_ident(), []
    counts: dict[nn.Module, int] = {}

    def enter(name: str, module: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        if get_ident() == thread:
            before(name, module, _first_tensor((*args, *kwargs.values())))

    def leave(name: str, module: nn.Module, output: Any) -> None:
        found = _first_tensor(output)
        if get_ident() == thread and found is not None:
            counts[module] = count = counts.get(module, 0) + 1
            after(name if count == 1 else f"{name}#{count}", module, found)

    try:
        for name, module in model.named_modules():
            if not any(True for _ in module.children()):
                hooks.append(
                    module.register_forward_pre_hook(lambda m, a, k, name=name: enter(name, m, a, k), with_kwargs=True)
                )
                hooks.append(module.register_forward_hook(lambda m, _, out, name=name: leave(name, m, out)))
        yield
    finally:
        for hook in hooks:
            hook.remove()


@dataclass(eq=False)
class _Recorder:
    """Copies what passes, as long as there is room."""

    images: Tensor
    limit: int
    calls: list[Call] = field(default_factory=list)
    filled: int = 0
    given: tuple[int, Tensor | None] = (OUTSIDE, None)

    def __post_init__(self) -> None:
        self.makers: dict[int, tuple[ref[Tensor], int, int]] = {}
        self.remember(self.images, IMAGE)

    def remember(self, tensor: Tensor, maker: int) -> None:
        """Note who made a tensor, without keeping it alive."""
        self.makers[id(tensor)] = (ref(tensor), maker, _version(tensor))

    def maker_of(self, tensor: Tensor) -> int:
        """Who made a tensor; one that is gone may have lent its id to another, one may be overwritten between layers."""
        made, maker, version = self.makers.get(id(tensor), (None, OUTSIDE, 0))
        return maker if made is not None and made() is tensor and version == _version(tensor) else OUTSIDE

    def before(self, name: str, module: nn.Module, read: Tensor | None) -> None:
        """Note where the input comes from, before a layer that works in place overwrites it."""
        if read is None:
            self.given = (OUTSIDE, None)
            return
        refuse_misfit(name, module, read, self.images)
        source = self.maker_of(read)
        self.given = (source, self.copied(name, read) if source == OUTSIDE else None)

    def after(self, name: str, module: nn.Module, output: Tensor) -> None:
        """Keep a copy of the output: a later layer may overwrite it in place."""
        self.remember(output, len(self.calls))
        self.calls.append(Call(name, module, *self.given, self.copied(name, output)))

    def copied(self, name: str, tensor: Tensor) -> Tensor:
        """Return a copy, unless it would not fit."""
        self.filled += tensor.nbytes
        if self.filled > self.limit:
            raise DataError(
                f"The outputs of {len(self.images)} images would fill more than {self.limit / GIBIBYTE:.3g} GiB "
                f"(reached at {name}): record fewer images at a time, such as images[:{max(1, len(self.images) // 4)}]."
            )
        return tensor.detach().clone()


def _version(tensor: Tensor) -> int:
    """How often a tensor was overwritten; one made in inference mode does not say."""
    return 0 if tensor.is_inference() else tensor._version  # noqa: SLF001 - torch offers no other way


def _first_tensor(values: Any) -> Tensor | None:
    if isinstance(values, Tensor):
        return values
    parts = list(values.values()) if isinstance(values, dict) else values
    if not isinstance(parts, (list, tuple)):
        return None
    return next((tensor for tensor in map(_first_tensor, parts) if tensor is not None), None)
