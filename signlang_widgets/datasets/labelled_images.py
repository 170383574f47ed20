"""The one type that every widget and engine accepts as data: pictures, their labels and the class names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

if TYPE_CHECKING:
    import pandas as pd

    Rows = int | slice | Tensor | Sequence[int] | Sequence[bool]


class DataError(ValueError):
    """Data that cannot be used as they are; the message names what is wrong and the cure."""

    def __init__(self, message: object = "") -> None:
        super().__init__(printable(str(message)))


def printable(text: str) -> str:
    """The same text, with the bytes of a file's name that are no text written as such: a notebook takes UTF-8 alone."""
    return text.encode("utf-8", "backslashreplace").decode()


@dataclass(frozen=True, eq=False)
class LabelledImages:
    """Pictures with their labels: what you bring when you teach with your own images.

    >>> images = torch.zeros(2, 1, 5, 7, dtype=torch.uint8)
    >>> len(LabelledImages(images, torch.tensor([0, 1]), ("cat", "dog")))
    2

    Parameters
    ----------
    images : Tensor
        (N, C, H, W), uint8 (0..255) or floating point (0..1).
    labels : Tensor
        (N,), int64, each from 0 to len(class_names) - 1. A class may have no image.
    class_names : sequence of str
        One name a class. Names are text, never markup.

    Raises
    ------
    DataError
        If shapes, types or labels do not fit together; the message names both sides and the cure.
    """

    images: Tensor
    labels: Tensor
    class_names: Sequence[str]

    def __post_init__(self) -> None:
        _check_images(self.images)
        object.__setattr__(self, "class_names", _checked_names(self.class_names))
        object.__setattr__(self, "labels", _checked_labels(self.labels, len(self.images), self.class_names))

    def __len__(self) -> int:
        return len(self.images)

    def __getitem__(self, rows: Rows) -> LabelledImages:
        """Some of the images, with the same class names; one index gives a set of one.

        A slice shares memory with the whole set; a list, a tensor of places or a mask copies.
        """
        chosen = rows if isinstance(rows, slice) and (rows.step or 1) > 0 else self._places(rows)
        return LabelledImages(self.images[chosen], self.labels[chosen], self.class_names)

    def _places(self, rows: Rows) -> Tensor:
        if isinstance(rows, slice):  # torch has no backward slices
            rows = range(*rows.indices(len(self)))
        places = torch.as_tensor(rows)
        places = places if places.ndim else places[None]
        return places if places.numel() else places.long()

    def __repr__(self) -> str:
        _, channels, height, width = self.images.shape
        return f"LabelledImages({len(self)} images, {channels}x{height}x{width}, {len(self.class_names)} classes)"

    def frame(self) -> pd.DataFrame:
        """The table of the chapter: one row an image, ``label`` then ``pixel1`` to ``pixelP`` (row by row)."""
        import pandas as pd

        pixels = self.images.detach().flatten(1).cpu().numpy()
        if pixels.dtype == np.uint8:
            pixels = pixels.astype(np.int64)  # as read_csv gives them: a difference of two pixels must not wrap
        names = [f"pixel{i + 1}" for i in range(pixels.shape[1])]
        frame = pd.DataFrame(pixels, columns=names)
        frame.insert(0, "label", self.labels.cpu().numpy())
        return frame

    def tensors(self, device: torch.device | str | None = None) -> tuple[Tensor, Tensor]:
        """What a model reads: float32 images (N, C, H, W) from 0 to 1, and the labels, on ``device``.

        Parameters
        ----------
        device : torch.device or str, optional
            Where to compute, such as ``"cuda"``; where the images are now when left out.
        """
        images = self.images.to(device)
        scale = 255 if images.dtype == torch.uint8 else 1
        return images.float() / scale, self.labels.to(device)


def _checked_names(names: Sequence[str]) -> tuple[str, ...]:
    if not isinstance(names, Sequence) or not names:
        raise DataError(f"class_names must name at least one class, got {names!r}: give a list such as ['cat', 'dog']")
    if len(names[: MOST_CLASSES + 1]) > MOST_CLASSES:  # range(10**12) is short in memory, its names are not
        raise DataError(f"class_names must name at most {MOST_CLASSES:,} classes: give one name a class of the labels")
    return tuple(str(name) for name in names)


MOST_CLASSES = 100_000
LARGEST_CLAIM = 1 << 30  # bytes that a view may seem to have beyond those that it has


def _check_is_there(name: str, tensor: Tensor) -> None:
    """Refuse what would only come to be when it is looked at: a shape may claim terabytes and hold four bytes."""
    if not isinstance(tensor, Tensor):
        raise DataError(f"{name} must be a torch tensor, got {type(tensor).__name__}: convert with torch.as_tensor")
    if tensor.layout != torch.strided or tensor.is_nested:
        raise DataError(f"{name} must be a dense tensor, got {tensor.layout}: convert what fits with .to_dense()")
    if tensor.is_meta:
        raise DataError(f"{name} have a shape and no values (device meta): give a tensor on the CPU or a GPU")
    claimed, held = tensor.numel() * tensor.element_size(), tensor.untyped_storage().nbytes()
    if claimed > held and claimed > LARGEST_CLAIM:
        raise DataError(
            f"{name} of shape {tuple(tensor.shape)} would take {claimed:,} bytes and hold {held:,}: "
            "they repeat themselves (expand, as_strided), so give fewer"
        )


def _check_images(images: Tensor) -> None:
    _check_is_there("images", images)
    if images.ndim != 4:
        raise DataError(
            f"images must have the shape (N, C, H, W), got {tuple(images.shape)}: add the missing axes with unsqueeze"
        )
    if 0 in images.shape[1:]:
        raise DataError(f"images of shape {tuple(images.shape)} have no pixels: give at least one in each direction")
    if images.dtype != torch.uint8 and not images.is_floating_point():
        raise DataError(
            f"images must be uint8 (0..255) or float (0..1), got {images.dtype}: convert with .to(torch.uint8)"
        )
    if images.is_floating_point() and images.numel():
        low, high = (float(end) for end in torch.aminmax(images.detach()))
        if not (low >= 0 and high <= 1):
            raise DataError(f"float images must lie in 0..1, got {low:g}..{high:g}: divide by 255, or rescale them")


def _checked_labels(labels: Tensor, count: int, class_names: Sequence[str]) -> Tensor:
    _check_is_there("labels", labels)
    if labels.shape != (count,):
        raise DataError(f"labels must have the shape ({count},), got {tuple(labels.shape)}: give one label an image")
    if labels.is_floating_point() or labels.dtype == torch.bool:
        raise DataError(f"labels must be whole numbers (int64), got {labels.dtype}: convert with .long()")
    if count and not (int(labels.min()) >= 0 and int(labels.max()) < len(class_names)):
        low, high = int(labels.min()), int(labels.max())
        raise DataError(
            f"labels must lie in 0..{len(class_names) - 1}, one place for each class name, got {low}..{high}: "
            "count labels from 0, or add class names"
        )
    return labels.long()
