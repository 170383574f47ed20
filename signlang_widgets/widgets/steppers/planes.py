"""Planes of numbers as a trait: an image or a kernel, checked once, equal by content, bytes on the wire."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
import traitlets
from torch import Tensor

from signlang_widgets.datasets.labelled_images import LabelledImages
from signlang_widgets.widgets.common.inputs import LARGEST_SIDE

MOST_CHANNELS = 16
LARGEST_VALUE = 1e6


class PlanesTrait(traitlets.TraitType[Tensor, Any]):
    """A tensor (H, W) or (C, H, W); ``word`` names it in messages. Only another content is a change."""

    def __init__(self, word: str, **options: Any) -> None:
        super().__init__(None, **options)
        self.word = word

    def validate(self, obj: Any, value: Any) -> Tensor:  # noqa: ARG002 - the signature is traitlets'
        """Refuse what cannot be stepped through; the old planes stay."""
        return as_planes(value, self.word)

    def set(self, obj: Any, value: Any) -> None:
        """Set only what differs: tensors cannot be compared the way traitlets compares."""
        new = self._validate(obj, value)
        old = obj._trait_values.get(self.name)  # noqa: SLF001 - traitlets' own store
        if old is None or new is None or not _same(old, new):
            super().set(obj, new)


def as_planes(value: object, word: str) -> Tensor:
    """Return numbers as they were given, in a tensor of their own: uint8 and float32 stay, everything else is float64.

    Parameters
    ----------
    value : LabelledImages, Tensor or array_like
        (H, W) or (C, H, W), sides 1 to 128, at most 16 channels; or a ``LabelledImages`` of one image.
    word : str
        What the numbers are called in messages, such as "image".

    Raises
    ------
    ValueError
        For other shapes, NaN, infinity or numbers beyond 1,000,000.
    TypeError
        For something that is not numbers.
    """
    if isinstance(value, LabelledImages):
        if len(value) != 1:
            raise ValueError(f"{len(value)} images are given. Step through one: pass images[0], for example.")
        value = value.images[0]
    planes = _own_tensor(value, word)
    _check_shape(planes, word)
    if not planes.isfinite().all() or float(planes.double().abs().max()) > LARGEST_VALUE:
        raise ValueError(
            f"This {word} holds NaN, infinity or numbers beyond 1,000,000. Replace them first, e.g. with torch.nan_to_num."
        )
    return planes


def _own_tensor(value: object, word: str) -> Tensor:
    try:
        tensor = value if isinstance(value, Tensor) else torch.as_tensor(np.asarray(value))
        if tensor.is_complex():
            raise TypeError("complex numbers")
    except (TypeError, ValueError) as error:
        raise TypeError(
            f"The {word} is a tensor or an array of numbers, got {type(value).__name__} ({error})."
        ) from None
    kept = tensor.dtype in (torch.uint8, torch.float32)
    return tensor.detach().cpu().to(tensor.dtype if kept else torch.float64).clone().contiguous()


def _check_shape(planes: Tensor, word: str) -> None:
    shape = "x".join(map(str, planes.shape)) or "a single number"
    if planes.ndim not in (2, 3) or 0 in planes.shape:
        raise ValueError(f"This {word} is {shape}. Use (height, width) or (channels, height, width).")
    if max(planes.shape[-2:]) > LARGEST_SIDE:
        raise ValueError(f"This {word} is {shape}. Shrink or crop it to at most {LARGEST_SIDE}x{LARGEST_SIDE}.")
    if planes.ndim == 3 and planes.shape[0] > MOST_CHANNELS:
        raise ValueError(
            f"This {word} has {planes.shape[0]} channels, too many to follow by eye. Pass at most {MOST_CHANNELS}, "
            f"e.g. {word}[:{MOST_CHANNELS}]."
        )


def _same(old: Tensor, new: Tensor) -> bool:
    return old.dtype == new.dtype and torch.equal(old, new)
