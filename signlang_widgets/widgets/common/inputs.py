"""What a widget takes as pictures: checked once, early, with a sentence that names the cure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from signlang_widgets.datasets.labelled_images import DataError, LabelledImages

MOST_BY_EYE = 12  # pictures that can be compared
SIDE_BY_EYE = 128  # cells that can be told apart


class NotNumbersError(DataError, TypeError):
    """Something else than numbers was given as pictures."""


def as_pixels(
    value: object,
    axes: Sequence[str],
    *,
    most: int,
    side: int,
    word: str = "images",
    things: str = "images",
    wide: torch.dtype = torch.float32,
) -> Tensor:
    """Return anything that stands for pictures as a tensor whose shape and size a widget can show.

    Parameters
    ----------
    value : LabelledImages, Tensor or array_like
        Numbers, where they are: nothing is moved to another device, nothing copied without need.
    axes : sequence of str
        The shapes that are taken, such as ``("H, W", "N, H, W")``.
    most, side : int
        How long the first of three or more axes may be, and the last two.
    word, things : str
        What the numbers, and what the parts along the first axis, are called in messages.
    wide : torch.dtype
        What numbers become that are neither uint8 nor float32.

    Raises
    ------
    NotNumbersError
        For something that is not numbers.
    DataError
        For other shapes, or too many or too large pictures.
    """
    pixels = _as_tensor(value, word)
    shapes = [f"({axis})" for axis in axes]
    if pixels.ndim not in [len(axis.split(",")) for axis in axes] or 0 in pixels.shape:
        raise DataError(
            f"{word} must have the shape {' or '.join(shapes)}, got {tuple(pixels.shape)}. Reshape to that."
        )
    if pixels.ndim > 2 and len(pixels) > most:
        raise DataError(
            f"{len(pixels):,} {things} are too many to look at. Pass at most {most:,}, e.g. {word}[:{most}]."
        )
    height, width = pixels.shape[-2:]
    if max(height, width) > side:
        raise DataError(f"{word} must be at most {side}x{side}, got {height}x{width}. Shrink or crop first.")
    return pixels if pixels.dtype in (torch.uint8, torch.float32) else pixels.to(wide)


def finite_range(pixels: Tensor, word: str = "images") -> tuple[float, float]:
    """Return the smallest and the largest number; a DataError where one is NaN or infinite."""
    low, high = (float(end) for end in torch.aminmax(pixels))
    if not (np.isfinite(low) and np.isfinite(high)):
        raise DataError(f"{word} must not hold NaN or infinity. Replace them first, e.g. torch.nan_to_num({word}).")
    return low, high


def grey_pictures(images: object) -> tuple[Tensor, list[str]]:
    """Return grey pictures as (N, H, W), uint8 or float32, and a name for each.

    Parameters
    ----------
    images : LabelledImages, Tensor or array_like
        (H, W), (N, H, W) or (N, 1, H, W); uint8 (0..255) or float. At most 12 pictures, sides at most 128.

    Raises
    ------
    ValueError
        For colour images, other shapes, too many or too large pictures, NaN or infinity.
    TypeError
        For something that is not numbers.
    """
    pixels = as_pixels(images, ("H, W", "N, H, W", "N, 1, H, W"), most=MOST_BY_EYE, side=SIDE_BY_EYE).cpu()
    if pixels.ndim == 4 and pixels.shape[1] != 1:
        raise DataError(
            f"These images have {pixels.shape[1]} channels. Make them grey first, e.g. with images.float().mean(1)[:, None]."
        )
    finite_range(pixels)
    pixels = _as_bytes(pixels.reshape(-1, *pixels.shape[-2:])).contiguous()
    if isinstance(images, LabelledImages):
        return pixels, [images.class_names[label] for label in images.labels.tolist()]
    return pixels, [f"Image {i + 1}" for i in range(len(pixels))]


def _as_tensor(value: object, word: str) -> Tensor:
    pixels = value.images if isinstance(value, LabelledImages) else value
    try:
        pixels = pixels if isinstance(pixels, Tensor) else torch.as_tensor(np.asarray(pixels))
        if pixels.is_complex():
            raise TypeError("complex numbers")
    except (TypeError, ValueError) as error:
        kind = type(value).__name__
        raise NotNumbersError(
            f"{word} must be a LabelledImages, a tensor or an array of numbers, got {kind} ({error})."
        ) from None
    return pixels.detach()


def _as_bytes(pixels: Tensor) -> Tensor:
    """Take back a division by 255: whole grey values travel in a quarter of the room and their products stay whole."""
    grey = (pixels * 255).round()
    fractions = pixels.is_floating_point() and not torch.equal(pixels, pixels.round())
    if not fractions or grey.min() < 0 or grey.max() > 255 or not torch.equal(grey / 255, pixels):
        return pixels
    return grey.to(torch.uint8)
