"""What a widget takes as pictures: checked once, early, with a sentence that names the cure."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from signlang_widgets.datasets.labelled_images import LabelledImages

MOST_IMAGES = 12
LARGEST_SIDE = 128


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
    names: list[str] = []
    if isinstance(images, LabelledImages):
        names = [images.class_names[label] for label in images.labels.tolist()]
        images = images.images
    pixels = _as_tensor(images)
    if pixels.ndim == 4:
        if pixels.shape[1] != 1:
            raise ValueError(
                f"These images have {pixels.shape[1]} channels. Make them grey first, e.g. with images.float().mean(1)[:, None]."
            )
        pixels = pixels[:, 0]
    pixels = pixels[None] if pixels.ndim == 2 else pixels
    _check(pixels)
    return _as_bytes(pixels).contiguous(), names or [f"Image {i + 1}" for i in range(len(pixels))]


def _as_tensor(images: object) -> Tensor:
    try:
        pixels = images if isinstance(images, Tensor) else torch.as_tensor(np.asarray(images))
    except (TypeError, ValueError) as error:
        raise TypeError(
            f"Images are a LabelledImages, a tensor or an array of numbers, got {type(images).__name__} ({error})."
        ) from None
    pixels = pixels.detach().cpu()
    return pixels if pixels.dtype == torch.uint8 else pixels.to(torch.float32)


def _check(pixels: Tensor) -> None:
    if pixels.ndim != 3 or 0 in pixels.shape:
        raise ValueError(
            f"Images have shape (H, W), (N, H, W) or (N, 1, H, W), got {tuple(pixels.shape)}. Reshape them so."
        )
    count, height, width = pixels.shape
    if count > MOST_IMAGES:
        raise ValueError(f"{count} images are too many to compare by eye. Pass at most {MOST_IMAGES}, e.g. images[:5].")
    if max(height, width) > LARGEST_SIDE:
        raise ValueError(
            f"These images are {height}x{width}. Shrink or crop them to at most {LARGEST_SIDE}x{LARGEST_SIDE}."
        )
    if pixels.is_floating_point() and not pixels.isfinite().all():
        raise ValueError("The images hold NaN or infinity. Replace them first, e.g. with torch.nan_to_num(images).")


def _as_bytes(pixels: Tensor) -> Tensor:
    """Take back a division by 255: whole grey values travel in a quarter of the room and their products stay whole."""
    grey = (pixels * 255).round()
    fractions = pixels.is_floating_point() and not torch.equal(pixels, pixels.round())
    if not fractions or grey.min() < 0 or grey.max() > 255 or not torch.equal(grey / 255, pixels):
        return pixels
    return grey.to(torch.uint8)
