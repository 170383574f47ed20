"""The images of an explorer: thousands of them, checked once, as a model reads them and as the page shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from signlang_widgets.datasets.kaggle_csv import LETTERS
from signlang_widgets.datasets.labelled_images import DataError, LabelledImages
from signlang_widgets.widgets.common.inputs import as_numbers, as_pixels, check_names, finite_range

MOST_IMAGES = 100_000
LARGEST_SIDE = 256
THUMB_SIDE = 32


@dataclass(frozen=True, eq=False)
class Gallery:
    """(N, C, H, W) images, uint8 or float; ``low`` and ``high`` are the values shown as black and white."""

    images: Tensor
    labels: Tensor | None
    class_names: tuple[str, ...]
    low: float
    high: float

    def __len__(self) -> int:
        return len(self.images)

    def picture(self, number: int) -> Tensor:
        """One image as it is shown, (C, H, W) uint8."""
        return self._grey(self.images[number])

    def thumbs(self, numbers: Sequence[int]) -> Tensor:
        """Several images, small, (K, C, h, w) uint8."""
        step = -(-max(self.images.shape[2:]) // THUMB_SIDE)
        return self._grey(self.images[list(numbers), :, ::step, ::step])

    def read_as(self, picture: Tensor) -> Tensor:
        """What a model reads when it is given an edited picture, (C, H, W) float32."""
        return picture.float() / 255 * (self.high - self.low) + self.low

    def labelled(self) -> LabelledImages:
        """The images with their labels, as the model reads them.

        Raises
        ------
        DataError
            Where there are none to go by.
        """
        if self.labels is None or (self.images.is_floating_point() and (self.low, self.high) != (0, 1)):
            raise DataError("There are no labels to measure by: pass labels with the images.")
        return LabelledImages(self.images, self.labels, self.class_names)

    def _grey(self, images: Tensor) -> Tensor:
        if images.dtype == torch.uint8:
            return images.cpu()
        return ((images.float().cpu() - self.low) / (self.high - self.low) * 255).round().clamp(0, 255).to(torch.uint8)


def as_gallery(images: object, labels: object, classes: int) -> Gallery:
    """Check images and labels and bring them into one form.

    Parameters
    ----------
    images : LabelledImages, Tensor or array_like
        (N, C, H, W) or (N, H, W).
    labels : array of int, optional
        (N,), where ``images`` has none of its own.
    classes : int
        How many scores the model gives: 26 of them are called A to Z where no names are given.

    Raises
    ------
    DataError
        For shapes, labels or numbers that cannot be used, with the cure.
    """
    names = tuple(LETTERS) if classes == len(LETTERS) else tuple(str(i) for i in range(classes))
    if isinstance(images, LabelledImages):
        if labels is not None:
            raise DataError("These images bring their own labels: leave labels out.")
        labels, names = images.labels, tuple(images.class_names)
    if classes and len(names) != classes:
        raise DataError(
            f"The model gives {classes} scores an image but the images have {len(names)} class names: "
            "give its last layer one output a class name."
        )
    check_names(names, "class_names")
    pixels = as_images(images)
    return Gallery(pixels, _checked_labels(pixels, labels, names), names, *_range(pixels))


def as_images(images: object) -> Tensor:
    """(N, C, H, W) pixels of a set of images, or of an array."""
    pixels = as_pixels(images, ("N, C, H, W", "N, H, W"), most=MOST_IMAGES, side=LARGEST_SIDE)
    return pixels[:, None] if pixels.ndim == 3 else pixels


def _checked_labels(pixels: Tensor, labels: object, names: tuple[str, ...]) -> Tensor | None:
    """Borrow the rules (and the wording) that every data set obeys."""
    if labels is None:
        return None
    numbers = as_numbers(labels, "labels", "whole numbers, one an image").cpu()
    if numbers.shape != (len(pixels),):  # before anything is compared with all of them
        raise DataError(
            f"labels must have the shape ({len(pixels)},), got {tuple(numbers.shape)}: give one label an image."
        )
    return LabelledImages(torch.empty(len(pixels), 1, 1, 1, dtype=torch.uint8), numbers, names).labels


def _range(pixels: Tensor) -> tuple[float, float]:
    """0 to 1 for ordinary images; the whole set's range for images that were standardised."""
    if pixels.dtype == torch.uint8:
        return 0.0, 1.0
    low, high = finite_range(pixels)
    return (0.0, 1.0) if low >= 0 and high <= 1 else (low, high if high > low else low + 1)
