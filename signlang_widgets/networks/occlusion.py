"""Which region of an image an answer hangs on: cover it square by square, and see how far the score falls."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from signlang_widgets.datasets.labelled_images import DataError

from .activations import readable
from .inference import as_found

BATCH = 64
MOST_PLACES = 1024


@dataclass(frozen=True, eq=False)
class Occlusion:
    """How far the predicted class's score falls when a square covers part of the image.

    Attributes
    ----------
    drops : Tensor
        (R, C) float32: score of the whole image less score of the covered one. Above 0 the region spoke for the class.
    predicted : int
        The class with the highest score for the whole image.
    score : float
        That score.
    size, stride : int
        Side of the square, and pixels from one place to the next. Place (r, c) covers ``size`` pixels from row
        ``r * stride`` and column ``c * stride``.
    """

    drops: Tensor
    predicted: int
    score: float
    size: int
    stride: int


def sweep(
    model: nn.Module, image: Tensor, size: int = 6, *, stride: int | None = None, fill: float | None = None
) -> Occlusion:
    """Slide a square over an image and see where the answer hangs: one score for each place.

    >>> model = nn.Sequential(nn.Flatten(), nn.Linear(35, 2))
    >>> sweep(model, torch.rand(1, 5, 7), 2).drops.shape
    torch.Size([4, 6])

    Parameters
    ----------
    model : nn.Module
        From (N, C, H, W) to (N, classes) scores.
    image : Tensor
        (C, H, W), uint8 (read as 0..1) or float.
    size : int
        Side of the square, at most the image's shorter side.
    stride : int, optional
        Pixels from one place to the next; the smallest that makes at most 1,024 places when left out.
    fill : float, optional
        What covers, on the scale that the model reads; the image's own mean when left out.

    Raises
    ------
    DataError
        If the square does not fit, or the model gives no scores.
    """
    pixels = readable(model, image[None])
    height, width = pixels.shape[2:]
    if not 1 <= size <= min(height, width):
        raise DataError(f"A square of {size} pixels does not fit on {height}x{width}: use 1 to {min(height, width)}.")
    stride = stride or _fewest(height - size, width - size)
    covers = _Covers(pixels, size, stride, float(pixels.mean()) if fill is None else fill)
    with as_found(model):
        whole = _scores(model(pixels.clone()))[0]  # the model may overwrite what it reads
        predicted = int(whole.argmax())
        batches = [_scores(model(covers.some(start)))[:, predicted] for start in range(0, covers.count, BATCH)]
    drops = (whole[predicted] - torch.cat(batches)).reshape(covers.rows, covers.columns)
    return Occlusion(drops.float().cpu(), predicted, float(whole[predicted]), size, stride)


class _Covers:
    """The covered images, made a batch at a time."""

    def __init__(self, image: Tensor, size: int, stride: int, fill: float) -> None:
        self.image, self.size, self.stride, self.fill = image, size, stride, fill
        self.rows, self.columns = ((side - size) // stride + 1 for side in image.shape[2:])
        self.count = self.rows * self.columns

    def some(self, start: int) -> Tensor:
        """The images of up to BATCH places from ``start`` on."""
        places = range(start, min(start + BATCH, self.count))
        images = self.image.repeat(len(places), 1, 1, 1)
        for image, place in zip(images, places, strict=True):
            top, left = (self.stride * at for at in divmod(place, self.columns))
            image[:, top : top + self.size, left : left + self.size] = self.fill
        return images


def _fewest(down: int, right: int) -> int:
    stride = 1
    while (down // stride + 1) * (right // stride + 1) > MOST_PLACES:
        stride += 1
    return stride


def _scores(output: object) -> Tensor:
    if not isinstance(output, Tensor) or output.ndim != 2:
        raise DataError("The model gives no scores of shape (N, classes): end it with Flatten and Linear.")
    return output
