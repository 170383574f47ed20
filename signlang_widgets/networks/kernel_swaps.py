"""Other weights for a moment: kernels exchanged, and put back bit by bit."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from signlang_widgets.datasets.labelled_images import DataError

from .devices import model_device
from .inference import as_found, as_input, reading_dtype

if TYPE_CHECKING:
    from signlang_widgets.datasets.labelled_images import LabelledImages

BATCH = 128


def convolutions(model: nn.Module) -> dict[str, nn.Conv2d]:
    """The two-dimensional convolutions of a model by name; a shared one once."""
    return {name: layer for name, layer in model.named_modules() if isinstance(layer, nn.Conv2d)}


class KernelSwaps:
    """Kernels of a model that were exchanged, and the exact bits that stood there before."""

    def __init__(self, model: nn.Module) -> None:
        self._layers = convolutions(model)
        self._before: list[tuple[str, int, int, Tensor]] = []

    def __len__(self) -> int:
        return len(self._before)

    def kernel(self, layer: str, channel: int, in_channel: int) -> Tensor:
        """The kernel as it is now, (kh, kw)."""
        return self._weight(layer, channel, in_channel)[channel, in_channel].clone()

    def put(self, layer: str, channel: int, in_channel: int, kernel: Any) -> None:
        """Exchange one kernel.

        Raises
        ------
        DataError
            If there is no such kernel, or the new one has another size or is not made of finite numbers.
        """
        weight = self._weight(layer, channel, in_channel)
        new = torch.as_tensor(kernel, dtype=weight.dtype).to(weight.device)
        if new.shape != weight.shape[2:] or not new.isfinite().all():
            sizes = ["x".join(map(str, shape)) for shape in (new.shape, weight.shape[2:])]
            raise DataError(f"This kernel is {sizes[0]}: {layer} takes {sizes[1]} finite numbers.")
        self._before.append((layer, channel, in_channel, weight[channel, in_channel].clone()))
        with torch.no_grad():
            weight[channel, in_channel].copy_(new)

    def undo(self) -> tuple[str, int, int]:
        """Take the last exchange back, exactly; returns where it was."""
        layer, channel, in_channel, old = self._before.pop()
        with torch.no_grad():
            self._layers[layer].weight.detach()[channel, in_channel].copy_(old)
        return layer, channel, in_channel

    def original(self, model: nn.Module) -> nn.Module:
        """A copy of ``model`` without any of the exchanges."""
        twin = copy.deepcopy(model)
        layers = convolutions(twin)
        with torch.no_grad():
            for layer, channel, in_channel, old in reversed(self._before):
                layers[layer].weight.detach()[channel, in_channel].copy_(old)
        return twin

    def _weight(self, layer: str, channel: int, in_channel: int) -> Tensor:
        if layer not in self._layers:
            found = ", ".join(self._layers) or "none"
            raise DataError(f"There is no convolution {layer!r} in this model: it has {found}.")
        weight = self._layers[layer].weight.detach()
        outputs, inputs = weight.shape[:2]
        if not (0 <= channel < outputs and 0 <= in_channel < inputs):
            raise DataError(f"{layer} has kernels 0..{outputs - 1} over input channels 0..{inputs - 1}.")
        return weight


def count_correct(model: nn.Module, split: LabelledImages) -> Iterator[tuple[int, int]]:
    """Read a split batch by batch; yields (images read, of them right) after each."""
    right, here = 0, model_device(model)
    for start in range(0, len(split), BATCH):
        images, labels = split.images[start : start + BATCH], split.labels[start : start + BATCH]
        with as_found(model):
            scores = model(as_input(images.to(here), channels_last=False, dtype=reading_dtype(model)))
        right += int((scores.argmax(1) == labels.to(here)).sum())
        yield min(start + BATCH, len(split)), right
