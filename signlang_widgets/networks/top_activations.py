"""One walk over a set of images: which images excite a channel most, and which channels never speak."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from signlang_widgets.datasets.labelled_images import DataError

from .activations import readable, watched
from .devices import model_device
from .inference import as_found, refuse_misfit

STRONGEST = 6


@dataclass(eq=False)
class _Channels:
    """The peaks of one layer's channels so far."""

    values: Tensor  # (k, C), largest first
    images: Tensor  # (k, C), whose they are
    alive: Tensor  # (C,), whether anything but 0 was seen

    def take(self, start: int, output: Tensor) -> None:
        maps = output.reshape(*output.shape[:2], -1) if output.ndim > 1 else output[:, None, None]
        peaks = torch.cat([self.values, maps.amax(2)])
        numbers = torch.arange(start, start + len(maps), device=maps.device)[:, None].expand(-1, maps.shape[1])
        images = torch.cat([self.images, numbers])
        self.alive |= (maps != 0).any(2).any(0)
        self.values, order = peaks.topk(min(STRONGEST, len(peaks)), 0)
        self.images = images.gather(0, order)


class Survey:
    """A walk over a set of images in steps, so that whoever asks can do other things in between.

    >>> survey = Survey(nn.Conv2d(1, 2, 3), torch.rand(9, 1, 5, 7))
    >>> survey.finish().strongest("", 1)[0][0] in range(9)
    True

    Parameters
    ----------
    model : nn.Module
        It comes back as it was after each step.
    images : Tensor
        (N, C, H, W), uint8 or float.
    """

    def __init__(self, model: nn.Module, images: Tensor) -> None:
        self._model, self._images = model, images
        self._layers: dict[str, _Channels] = {}
        self.done = 0
        self.total = len(images)

    def step(self, count: int = 64) -> bool:
        """Look at the next ``count`` images; True while there are more."""
        start, self.done = self.done, min(self.done + count, self.total)
        if start < self.total:
            images = readable(self._model, self._images[start : self.done].to(model_device(self._model)))
            with as_found(self._model), watched(self._model, _checking(images), self._hearing(start)):
                self._model(images)
        return self.done < self.total

    def finish(self) -> Survey:
        """Look at all that is left."""
        while self.step():
            pass
        return self

    def dead(self) -> dict[str, list[int]]:
        """For each layer the channels that were 0 everywhere, in every image seen so far."""
        return {name: (~found.alive).nonzero().flatten().tolist() for name, found in self._layers.items()}

    def strongest(self, layer: str, channel: int) -> list[tuple[int, float]]:
        """The images in which a channel's largest value is largest: (image, that value), at most six, largest first."""
        found = self._layers.get(layer)
        if found is None or not 0 <= channel < found.values.shape[1]:
            raise DataError(
                f"There is no channel {channel} of a layer {layer!r}: layers are {', '.join(self._layers)}."
            )
        return list(zip(found.images[:, channel].tolist(), found.values[:, channel].tolist(), strict=True))

    def _hearing(self, start: int) -> Callable[[str, nn.Module, Tensor], None]:
        def hear(name: str, _module: nn.Module, output: Tensor) -> None:
            if name not in self._layers:
                channels = output.shape[1] if output.ndim > 1 else 1
                empty = output.new_empty(0, channels)
                alive = torch.zeros(channels, dtype=torch.bool, device=output.device)
                self._layers[name] = _Channels(empty, empty.long(), alive)
            self._layers[name].take(start, output.detach())

        return hear


def _checking(images: Tensor) -> Callable[[str, nn.Module, Tensor | None], None]:
    def check(name: str, module: nn.Module, read: Tensor | None) -> None:
        if read is not None:
            refuse_misfit(name, module, read, images)

    return check
