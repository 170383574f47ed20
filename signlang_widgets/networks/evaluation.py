"""How well a classifier reads: accuracy, mean loss, and who is mistaken for whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from signlang_widgets.datasets.labelled_images import DataError, LabelledImages
from signlang_widgets.datasets.whole_numbers import as_whole

from .devices import device_to_read_on, memory_explained
from .inference import as_found, keep_freed_memory, plan_for, score

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False, repr=False)
class Evaluation:
    """What a classifier made of every image of a split; come here to ask which letters it mixes up.

    Made by :func:`evaluate` or :meth:`from_scores`. All tensors are on the CPU.

    >>> evaluation = Evaluation.from_scores([0, 1, 1], [[2.0, 0.0], [0.0, 2.0], [1.0, 0.0]], ("M", "N"))
    >>> evaluation
    Evaluation(3 images, 2 classes, accuracy 66.67 %, loss 0.5224)

    Attributes
    ----------
    labels : Tensor
        (N,) int64, the true classes.
    predictions : Tensor
        (N,) int64, the class with the highest score (of equal ones the first).
    probabilities : Tensor
        (N, C) float32, softmax of the scores.
    losses : Tensor
        (N,) float32, cross-entropy in nats.
    confusion : Tensor
        (C, C) int64: row = true class, column = predicted class. A class without an image is a blank row.
    class_names : tuple of str
        C names.
    """

    labels: Tensor
    predictions: Tensor
    probabilities: Tensor
    losses: Tensor
    confusion: Tensor
    class_names: tuple[str, ...]

    @classmethod
    def from_scores(cls, labels: Any, scores: Any, class_names: Sequence[str] | None = None) -> Evaluation:
        """The same figures for any classifier, PyTorch or not.

        Parameters
        ----------
        labels : array of int
            (N,), each from 0 to C - 1.
        scores : array of float
            (N, C), before softmax. Have you got probabilities? Pass their logarithm.
        class_names : sequence of str, optional
            C names; without them the classes are called "0", "1", ...

        Raises
        ------
        DataError
            If there are no images, a score is NaN, or lengths, labels or names do not fit together.
        """
        scores = _checked_scores(scores)
        names = _checked_names(class_names, scores.shape[1])
        labels = _checked_labels(labels, len(scores), names)
        predictions, logs = scores.argmax(1), scores.log_softmax(1)
        _refuse_nan(logs)
        losses = -logs.gather(1, labels[:, None])[:, 0]
        confusion = count_confusion(labels, predictions, len(names))
        return cls(labels, predictions, logs.exp(), losses, confusion, names)

    @property
    def accuracy(self) -> float:
        """Share of images read correctly, 0 to 1."""
        return int(self.confusion.diagonal().sum()) / len(self)

    @property
    def loss(self) -> float:
        """Mean cross-entropy over all images, in nats."""
        return float(self.losses.mean(dtype=torch.float64))

    def cell(self, true: int, predicted: int) -> Tensor:
        """Which images (their indices, ascending) of class ``true`` were taken for class ``predicted``."""
        for index in (true, predicted):
            if not 0 <= index < len(self.class_names):
                raise DataError(f"There is no class {index}: use 0 to {len(self.class_names) - 1}.")
        return ((self.labels == true) & (self.predictions == predicted)).nonzero().flatten()

    def report(self) -> pd.DataFrame:
        """A row a class: ``precision, recall, f1`` (0 to 1) and ``support`` (images of that class).

        A class never predicted has precision 0, a class without an image has recall 0.
        """
        import pandas as pd

        counts = self.confusion.numpy()
        right, support, predicted = counts.diagonal(), counts.sum(1), counts.sum(0)
        figures = {
            "precision": _ratio(right, predicted),
            "recall": _ratio(right, support),
            "f1": _ratio(2 * right, support + predicted),
            "support": support,
        }
        return pd.DataFrame(figures, index=pd.Index(self.class_names, name="class"))

    def most_confused(self, k: int = 10) -> pd.DataFrame:
        """The ``k`` commonest mistakes, commonest first: ``true, predicted, count, share`` (of that true class).

        Mistakes that never happened are left out, so there may be fewer than ``k`` rows.
        """
        import pandas as pd

        if k < 0:
            raise DataError(f"k is the number of rows wanted, got {k}: use 0 or more.")
        counts = self.confusion.numpy()
        wrong = counts - np.diag(counts.diagonal())
        order = np.argsort(-wrong, axis=None, kind="stable")[: min(k, np.count_nonzero(wrong))]
        true, predicted = np.unravel_index(order, wrong.shape)
        names, count = np.array(self.class_names, dtype=object), wrong[true, predicted]
        share = count / counts.sum(1)[true]
        return pd.DataFrame({"true": names[true], "predicted": names[predicted], "count": count, "share": share})

    def __len__(self) -> int:
        return len(self.labels)

    def __repr__(self) -> str:
        figures = f"accuracy {self.accuracy:.2%}, loss {self.loss:.4f}".replace("%", " %")
        return f"Evaluation({len(self)} images, {len(self.class_names)} classes, {figures})"


def evaluate(
    model: nn.Module, split: LabelledImages, *, batch_size: int = 128, device: torch.device | str = "auto"
) -> Evaluation:
    """Let a model read every image of a split and see how it did.

    The model comes back as it was: same mode (of every layer), same gradients, same random numbers ahead.

    >>> from signlang_widgets.networks.models import LogisticRegression
    >>> split = LabelledImages(torch.zeros(3, 1, 28, 28), torch.tensor([0, 1, 2]), tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    >>> evaluate(LogisticRegression(), split).confusion.sum()
    tensor(3)

    Parameters
    ----------
    model : nn.Module
        From (N, C, H, W) images, 0 to 1 and in the model's own floating-point type, to (N, classes) scores. It may
        overwrite what it reads: that is a copy.
    split : LabelledImages
        At least one image.
    batch_size : int, default 128
        Images a step. It changes the speed and the memory needed, not the result (up to rounding).
    device : str or torch.device, default "auto"
        Where the model is. "auto" looks; another device than the model's is refused.

    Raises
    ------
    DataError
        If the split is empty, a score is NaN, or the model's output does not fit the images and the class names.
    DeviceError
        If the model is on another device than the one asked for.
    TypeError
        If the model is no ``nn.Module``.
    """
    batch_size = _checked_batch_size(batch_size)
    if not isinstance(split, LabelledImages):
        raise DataError(f"split must be LabelledImages, got {type(split).__name__}: pass data.test, for example.")
    _refuse_empty(len(split))
    where = device_to_read_on(model, device)
    keep_freed_memory()
    classes = len(split.class_names)
    scores = torch.empty(len(split), classes, device=where)
    with as_found(model), memory_explained(batch_size):
        plan = plan_for(model, split.images, classes, where, torch.get_num_threads())
        for _ in score(model, split.images, scores, batch_size, plan):
            pass
    return Evaluation.from_scores(split.labels, scores, split.class_names)


def count_confusion(labels: Tensor, predictions: Tensor, classes: int) -> Tensor:
    """(C, C) int64 counts, row = true class, column = predicted class."""
    cells: Tensor = labels * classes + predictions
    counts: Tensor = cells.bincount(minlength=classes * classes)
    return counts.reshape(classes, classes)


def _checked_batch_size(value: object) -> int:
    try:
        return as_whole("batch_size", value, 1)
    except (TypeError, ValueError) as error:
        raise DataError(f"{error} Try 128.") from None


def _ratio(part: NDArray[np.int64], whole: NDArray[np.int64]) -> NDArray[np.float64]:
    ratio: NDArray[np.float64] = np.divide(part, whole, out=np.zeros(len(whole)), where=whole > 0)
    return ratio


def _checked_scores(values: Any) -> Tensor:
    scores = _as_tensor(values, "scores")
    if scores.is_complex():
        raise DataError(f"scores must be real numbers, got {scores.dtype}: pass their real part or absolute value.")
    scores = scores.float()
    if scores.ndim != 2 or not scores.shape[1]:
        raise DataError(f"scores must have shape (N, classes), one row an image, got {tuple(scores.shape)}.")
    _refuse_empty(len(scores))
    return scores


def _refuse_empty(count: int) -> None:
    if not count:
        raise DataError("There are no images to evaluate: choose a split that holds at least one.")


def _refuse_nan(logs: Tensor) -> None:
    """One NaN (or plus infinity) in a row of scores makes the whole row of log-softmax NaN."""
    useless = int(logs[:, 0].isnan().sum())
    if useless:
        raise DataError(
            f"{useless} of {len(logs)} images have scores that are NaN or infinite: look for NaN in the images "
            "and the weights. After training, a learning rate ten times lower often helps."
        )


def _checked_names(names: Sequence[str] | None, classes: int) -> tuple[str, ...]:
    try:
        names = tuple(map(str, range(classes) if names is None else names))
    except TypeError:
        raise DataError(f"class_names must be a list of names, got {names!r}.") from None
    if len(names) != classes:
        raise DataError(
            f"There are {classes} scores an image but {len(names)} class names: "
            "give the last layer one output a class name."
        )
    return names


def _checked_labels(labels: Any, count: int, names: Sequence[str]) -> Tensor:
    """Borrow the rules (and the wording) that every data set obeys."""
    split = LabelledImages(torch.empty(count, 1, 1, 1, dtype=torch.uint8), _as_tensor(labels, "labels"), names)
    return split.labels


def _as_tensor(values: Any, what: str) -> Tensor:
    if isinstance(values, Tensor):
        return values.detach().cpu()
    try:
        tensor: Tensor = torch.as_tensor(np.array(values))
    except (TypeError, ValueError, RuntimeError, OverflowError) as error:
        raise DataError(f"{what} must be an array of numbers, got {type(values).__name__}: {error}") from error
    return tensor
