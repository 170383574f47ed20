"""Which images stand behind a cell of the confusion matrix, in which order, and what they look like."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import interpolate

from signlang_widgets.datasets.labelled_images import DataError, LabelledImages

from .inference import Threads

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from .evaluation import Evaluation

    Indices = NDArray[np.int64]
    Pin = tuple[int | None, int | None]

SORTS = ("confidence", "margin", "loss")
MOST_CLASSES = 200
_ORDERS_KEPT = 8  # scrolling through a large cell does not sort it again
_PIXELS_AT_ONCE = 2**19  # of a search for near images: what fits into the cache, however many images there are


class Confusions:
    """The images of an evaluation, found by cell: indexed once, so that a cell of a million is as near as one of ten.

    >>> from signlang_widgets.networks.evaluation import Evaluation
    >>> evaluation = Evaluation.from_scores([0, 1, 1], [[2.0, 0.0], [0.0, 2.0], [1.0, 0.0]], ("M", "N"))
    >>> Confusions(evaluation, torch.zeros(3, 1, 5, 7)).members((1, 0))
    array([2])

    Parameters
    ----------
    evaluation : Evaluation
        Of N images and 2 to 200 classes.
    images : LabelledImages or Tensor
        The same N images: a split, or (N, C, H, W) or (N, H, W), grey or RGB, uint8 (0..255) or float (0..1).

    Raises
    ------
    DataError
        If both do not fit together; the message names both shapes.

    Attributes
    ----------
    split : LabelledImages
        The images with their labels.
    pixels : Tensor
        (N, C, H, W), as given.
    names : tuple of str
        The class names: the split's own, or else the evaluation's.
    confidence : ndarray
        (N,) float32, the probability of the predicted class.
    """

    def __init__(self, evaluation: Evaluation, images: object) -> None:
        split = _checked(evaluation, images)
        self.evaluation = evaluation
        self.split = split
        self.pixels = split.images.detach()
        self.names = tuple(split.class_names)
        classes = len(self.names)
        cells = evaluation.labels * classes + evaluation.predictions
        self._by_cell = np.argsort(cells.numpy().astype(np.uint16), kind="stable")  # small numbers: a radix sort
        self._ends = evaluation.confusion.numpy().cumsum()
        self._orders: dict[object, Indices] = {}
        self.confidence = evaluation.probabilities.gather(1, evaluation.predictions[:, None])[:, 0].numpy()

    def __len__(self) -> int:
        return len(self.pixels)

    def renewed(self, evaluation: Evaluation) -> Confusions:
        """Return the same images as another evaluation sees them."""
        if not torch.equal(evaluation.labels, self.evaluation.labels):
            raise DataError(
                f"The new evaluation has {_counted(len(evaluation), 'label')} of another split than the "
                f"{_counted(len(self), 'image')} shown. Evaluate the split that the explorer was made with."
            )
        return Confusions(evaluation, self.split)

    def members(self, pin: Pin | None, *, pairs: bool = False) -> Indices:
        """Return the images of a cell, a row (true, None), a column (None, predicted) or a pair, ascending."""
        if pin is None:
            return self._by_cell[:0]
        true, predicted = pin
        every = range(len(self.names))
        cells = [
            (t, p) for t in (every if true is None else [true]) for p in (every if predicted is None else [predicted])
        ]
        if pairs and None not in pin and true != predicted:
            cells.append((cells[0][1], cells[0][0]))
        return np.sort(np.concatenate([self._cell(*cell) for cell in cells]))

    def order(self, pin: Pin | None, sort: str, *, descending: bool = False, pairs: bool = False) -> Indices:
        """Return the same images sorted by confidence, margin or loss; of equals the lower index comes first."""
        asked = (pin, sort, descending, pairs)
        order = self._orders.get(asked)
        if order is None:
            members = self.members(pin, pairs=pairs)
            values = self.values(sort, members)
            order = members[np.argsort(-values if descending else values, kind="stable")]
            if len(self._orders) >= _ORDERS_KEPT:
                self._orders.clear()
            self._orders[asked] = order
        return order

    def values(self, sort: str, indices: Indices) -> NDArray[np.float32]:
        """Return what images are sorted by. The margin is the lead of the first probability over the second."""
        if sort == "confidence":
            return self.confidence[indices]
        if sort == "loss":
            return self.evaluation.losses.numpy()[indices]
        rows = torch.from_numpy(indices)
        others = self.evaluation.probabilities[rows].scatter_(1, self.evaluation.predictions[rows, None], -1)
        second: NDArray[np.float32] = others.amax(1).numpy()
        return self.confidence[indices] - second

    def frame(self, indices: Indices) -> pd.DataFrame:
        """Return a row an image: ``index, true, predicted, confidence, margin, loss``."""
        import pandas as pd

        names = np.array(self.names, dtype=object)
        columns = {
            "index": indices,
            "true": names[self.evaluation.labels.numpy()[indices]],
            "predicted": names[self.evaluation.predictions.numpy()[indices]],
            **{sort: self.values(sort, indices) for sort in SORTS},
        }
        return pd.DataFrame(columns)

    def top(self, indices: Indices, count: int = 5) -> tuple[Indices, NDArray[np.float32]]:
        """Return the likeliest classes of each image, (n, count), and their probabilities; of equals the first leads."""
        rows = self.evaluation.probabilities[torch.from_numpy(indices)]
        values, classes = rows.sort(dim=1, descending=True, stable=True)
        return classes[:, :count].numpy(), values[:, :count].numpy()

    def nearest_right(self, index: int, letter: int, count: int = 3) -> Indices:
        """Return the correctly read images of a class that differ least from an image (sum of squares of the pixels)."""
        right = self._cell(letter, letter)
        right = right[right != index]
        with Threads(1):  # copying small pieces: a second thread is waited for longer than it helps
            wanted = self._rows(np.array([index]))
            step = max(1, _PIXELS_AT_ONCE // wanted.size)
            parts = [_distances(wanted, self._rows(right[i : i + step])) for i in range(0, len(right), step)]
        nearest: Indices = right[np.argsort(np.concatenate([*parts, np.empty(0)]), kind="stable")[:count]]
        return nearest

    def pictures(self, indices: Indices, side: int) -> NDArray[np.uint8]:
        """Return images as (n, C, h, w) bytes, shrunk where a side is longer than ``side``."""
        chosen = self.pixels[torch.from_numpy(indices)].cpu()
        size = picture_size(chosen, side)
        if chosen.dtype != torch.uint8:
            chosen = chosen.float() * 255
        if size != tuple(chosen.shape[2:]):
            chosen = interpolate(chosen.float(), size, mode="area")
        return chosen.round().to(torch.uint8).numpy() if chosen.is_floating_point() else chosen.numpy()

    def _cell(self, true: int, predicted: int) -> Indices:
        cell = true * len(self.names) + predicted
        return self._by_cell[self._ends[cell - 1] if cell else 0 : self._ends[cell]]

    def _rows(self, indices: Indices) -> NDArray[np.float32]:
        """Some images as (n, pixels)."""
        rows: NDArray[np.float32] = (
            self.pixels.index_select(0, torch.from_numpy(indices)).float().flatten(1).cpu().numpy()
        )
        return rows


def _distances(wanted: NDArray[np.float32], rows: NDArray[np.float32]) -> NDArray[np.float32]:
    rows -= wanted
    distances: NDArray[np.float32] = np.einsum("ij,ij->i", rows, rows)
    return distances


def picture_size(pixels: Tensor, side: int) -> tuple[int, int]:
    """Return the height and width of an image whose longer side may not exceed ``side``."""
    height, width = pixels.shape[-2:]
    scale = min(1, side / max(height, width))
    return max(1, round(height * scale)), max(1, round(width * scale))


def cell_values(
    counts: NDArray[np.int64], *, mode: str, pairs: bool = False, hide_diagonal: bool = False
) -> NDArray[np.float64]:
    """Return what the cells of a confusion matrix show, NaN for blank.

    Parameters
    ----------
    counts : ndarray
        (C, C) int64, row = true class.
    mode : {"count", "recall", "precision"}
        Images, or their share of the row or the column, 0 to 1.
    pairs : bool
        Whether both cells of a pair show their sum.
    hide_diagonal : bool
        Whether the diagonal is blank.
    """
    rows, columns = counts.sum(1), counts.sum(0)
    whole = {"count": np.ones_like(counts), "recall": rows[:, None] + 0 * counts, "precision": columns + 0 * counts}[
        mode
    ]
    off = ~np.eye(len(counts), dtype=bool)
    if pairs:
        counts = counts + counts.T * off
        whole = whole + whole.T * (off & (mode != "count"))
    blank = (whole == 0) | (hide_diagonal & ~off)
    return np.where(blank, np.nan, counts / np.maximum(whole, 1))


def _checked(evaluation: Evaluation, images: object) -> LabelledImages:
    classes = len(evaluation.class_names)
    if not 2 <= classes <= MOST_CLASSES:
        raise DataError(f"A confusion matrix is shown for 2 to {MOST_CLASSES} classes, this evaluation has {classes}.")
    split = images if isinstance(images, LabelledImages) else _as_split(evaluation, images)
    if len(split) != len(evaluation):
        raise _other_lengths(evaluation, split.images)
    if len(split.class_names) != classes:
        raise DataError(
            f"The evaluation has {classes} classes, the images {len(split.class_names)}. Evaluate the split that you pass."
        )
    if not torch.equal(split.labels.cpu(), evaluation.labels):
        raise DataError("The images have other labels than the evaluation. Pass the very split that was evaluated.")
    _check_channels(split.images)
    return split


def _as_split(evaluation: Evaluation, images: Any) -> LabelledImages:
    if not isinstance(images, Tensor):
        raise DataError(
            f"images must be a LabelledImages or a tensor, got {type(images).__name__}: use torch.as_tensor."
        )
    if images.ndim not in (3, 4):
        raise DataError(f"images must have the shape (N, C, H, W) or (N, H, W), got {tuple(images.shape)}.")
    images = images[:, None] if images.ndim == 3 else images
    if len(images) != len(evaluation):
        raise _other_lengths(evaluation, images)
    return LabelledImages(images, evaluation.labels, evaluation.class_names)


def _other_lengths(evaluation: Evaluation, images: Tensor) -> DataError:
    return DataError(
        f"The evaluation is of {_counted(len(evaluation), 'image')} (probabilities {tuple(evaluation.probabilities.shape)}), "
        f"the images are {len(images)} {tuple(images.shape)}. Pass the very split that was evaluated."
    )


def _check_channels(images: Tensor) -> None:
    if images.shape[1] not in (1, 3):
        raise DataError(
            f"images of shape {tuple(images.shape)} have {images.shape[1]} channels: show grey (1) or RGB (3) ones, "
            "e.g. images[:, :3]."
        )


def _counted(count: int, thing: str) -> str:
    return f"{count} {thing}{'s' * (count != 1)}"
