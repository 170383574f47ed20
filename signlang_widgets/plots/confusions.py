"""The one picture of a confusion matrix in Python; ``confusion_canvas.js`` draws the same in the page."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from signlang_widgets.datasets.labelled_images import DataError
from signlang_widgets.networks.confusions import cell_values
from signlang_widgets.networks.evaluation import Evaluation

from .style import ink_on, new_figure, unsigned_colours

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from numpy.typing import NDArray

MOST_WRITTEN = 40  # a matrix of more classes shows colours only: no number would be readable
LEVEL_POWER = 0.5  # square roots: one image in a hundred that is misread still shows beside a full diagonal


def confusion_matrix(evaluation: Evaluation, ax: Axes | None = None, *, every_class: bool = False) -> Axes:
    """See which letter is predicted for which: a row a true letter, a column a predicted one, the count in each cell (0 is blank).

    The diagonal holds what was read correctly. The more images, the fuller the blue (on a square-root scale).

    Parameters
    ----------
    evaluation : Evaluation
        From ``slw.evaluate``, ``Evaluation.from_scores`` or ``trainer.evaluations``.
    ax : Axes, optional
        Where to draw; a new figure otherwise.
    every_class : bool
        Whether classes without an image that nobody predicted, such as J and Z, get a row and a column too.

    Raises
    ------
    DataError
        If it is given something else than an evaluation.
    """
    if not isinstance(evaluation, Evaluation):
        raise DataError(f"Pass what slw.evaluate(model, split) returns, not a {type(evaluation).__name__}.")
    side = min(7.0, 2.2 + 0.25 * len(classes_shown(evaluation, every_class=every_class)))
    ax = ax or new_figure((side, side)).subplots()
    draw_matrix(ax, evaluation, every_class=every_class)
    return ax


def draw_matrix(
    ax: Axes, evaluation: Evaluation, names: Sequence[str] = (), *, every_class: bool = False, **look: Any
) -> None:
    """Draw the classes shown, true ones down, predicted ones across.

    Parameters
    ----------
    ax : Axes
        Where to draw.
    evaluation : Evaluation
        What to draw.
    names : sequence of str
        Names to write instead of the evaluation's.
    every_class : bool
        Whether classes show that neither occur nor are predicted.
    **look
        ``mode``, ``pairs`` and ``hide_diagonal`` as for ``cell_values``.
    """
    look = {"mode": "count", **look}
    shown = classes_shown(evaluation, every_class=every_class)
    values = cell_values(evaluation.confusion.numpy(), **look)[np.ix_(shown, shown)]
    _paint(ax, values, str(look["mode"]))
    every = math.ceil(len(shown) / MOST_WRITTEN)
    labels = [(names or evaluation.class_names)[i] for i in shown[::every]]
    places, turned = range(0, len(shown), every), 90 * (max(map(len, labels), default=0) > 3)
    ax.set_xticks(places, labels, parse_math=False, rotation=turned)
    ax.set_yticks(places, labels, parse_math=False)
    ax.tick_params(length=0, labelsize="small")
    ax.spines[:].set_color("lightgrey")
    ax.set(xlabel="predicted", ylabel="true", title=f"{evaluation.accuracy:.1%} of {len(evaluation):,} images correct")


def classes_shown(evaluation: Evaluation, *, every_class: bool = False) -> NDArray[np.int64]:
    """Return the classes that occur, in the images or among the predictions; or all."""
    counts = evaluation.confusion.numpy()
    return np.flatnonzero((counts.sum(0) + counts.sum(1) > 0) | every_class)


def cell_text(value: float, mode: str) -> str:
    """Return what stands in a cell: a count or whole per cent, nothing for 0 and NaN."""
    if not value or math.isnan(value):
        return ""
    if mode == "count":
        return f"{value:.0f}"
    whole = math.floor(100 * value + 0.5)
    return str(whole) if whole else "<1"


def _paint(ax: Axes, values: NDArray[np.float64], mode: str) -> None:
    from matplotlib.colors import PowerNorm

    level = PowerNorm(LEVEL_POWER, vmin=0, vmax=float(np.nanmax(values, initial=0)) or 1)
    picture = ax.imshow(values, cmap=unsigned_colours(), norm=level)
    if len(values) > MOST_WRITTEN:
        return
    colours = picture.to_rgba(values)
    for row, column in np.argwhere(np.nan_to_num(values)):
        words, ink = cell_text(values[row, column], mode), ink_on(colours[row, column].tolist())
        ax.text(column, row, words, ha="center", va="center", color=ink, fontsize=7 if len(values) <= 26 else 5)
