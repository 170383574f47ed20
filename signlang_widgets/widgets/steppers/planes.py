"""Planes of numbers as a trait: an image or a kernel, checked once, equal by content, bytes on the wire."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from signlang_widgets.datasets.labelled_images import DataError, LabelledImages
from signlang_widgets.filters.kernels import LARGEST_VALUE
from signlang_widgets.widgets.common.inputs import SIDE_BY_EYE, as_pixels, finite_range
from signlang_widgets.widgets.common.traits import ArrayTrait

MOST_CHANNELS = 16


class PlanesTrait(ArrayTrait[Tensor]):
    """A tensor (H, W) or (C, H, W); ``word`` names it in messages."""

    def __init__(self, word: str, **options: Any) -> None:
        super().__init__(None, **options)
        self.word = word

    def validate(self, obj: Any, value: Any) -> Tensor:  # noqa: ARG002 - the signature is traitlets'
        """Refuse what cannot be stepped through; the old planes stay."""
        return as_planes(value, self.word)


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
            raise DataError(f"{len(value)} images are given. Step through one: pass images[0], for example.")
        value = value.images[0]
    axes = ("H, W", "C, H, W")
    planes = as_pixels(
        value, axes, most=MOST_CHANNELS, side=SIDE_BY_EYE, word=word, things="channels", wide=torch.float64
    )
    if max(map(abs, finite_range(planes, word))) > LARGEST_VALUE:
        raise DataError(f"{word} must not hold numbers beyond {LARGEST_VALUE:,.0f}. Divide by a large number first.")
    return planes.cpu().clone(memory_format=torch.contiguous_format)
