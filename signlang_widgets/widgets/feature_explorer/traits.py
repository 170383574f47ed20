"""Two traits of the feature explorer: a picture that was painted on, and a kernel that was edited."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
import traitlets
from torch import Tensor

from signlang_widgets.widgets.common.wire import packed


class EditedPicture(traitlets.TraitType[Tensor | None, Any]):
    """A (C, H, W) uint8 tensor in Python, bytes with a shape on the wire; None where nothing was painted."""

    def validate(self, obj: Any, value: Any) -> Tensor | None:
        """Take pixels of the shown image's size; float ones are 0 to 1."""
        if value is None:
            return None
        pixels = _from_wire(value) if isinstance(value, dict) else torch.as_tensor(value).detach().cpu()
        pixels = pixels[None] if pixels.ndim == 2 else pixels
        shape = tuple(obj.gallery.images.shape[1:])
        if tuple(pixels.shape) != shape:
            raise traitlets.TraitError(f"edited is {tuple(pixels.shape)}: an edited picture has the shape {shape}.")
        if pixels.is_floating_point():
            pixels = (pixels * 255).round().clamp(0, 255)
        return pixels.to(torch.uint8)

    def set(self, obj: Any, value: Any) -> None:
        """Set only what differs: tensors cannot be compared the way traitlets compares."""
        new: Any = self._validate(obj, value)
        old = obj._trait_values.get(self.name)  # noqa: SLF001 - traitlets' own store
        same = old is new or (old is not None and new is not None and torch.equal(old, new))
        if not same or self.name not in obj._trait_values:  # noqa: SLF001
            super().set(obj, new)


def _from_wire(value: dict[str, Any]) -> Tensor:
    array = np.frombuffer(bytes(value["data"]), np.uint8).reshape(value["shape"])
    return torch.from_numpy(array.copy())


def picture_to_wire(value: Tensor | None, _: object) -> dict[str, Any] | None:
    """What the browser gets of an edited picture."""
    return None if value is None else packed(value)


class KernelRows(traitlets.TraitType[list[list[float]] | None, Any]):
    """A kernel as rows of numbers; arrays and tensors are taken too. None where there is none."""

    def validate(self, obj: Any, value: Any) -> list[list[float]] | None:  # noqa: ARG002 - the signature is traitlets'
        """Take any finite (kh, kw) numbers."""
        if value is None:
            return None
        array = np.asarray(value.detach().cpu() if isinstance(value, Tensor) else value, dtype=np.float64)
        if array.ndim != 2 or not array.size or not np.isfinite(array).all():
            raise traitlets.TraitError(f"A kernel is rows of finite numbers, got shape {array.shape}.")
        rows: list[list[float]] = array.tolist()
        return rows
