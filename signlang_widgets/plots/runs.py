"""Figures of finished runs: how a model learned, and what it takes for what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from signlang_widgets.datasets.labelled_images import DataError
from signlang_widgets.networks.evaluation import Evaluation

from .style import TEST_COLOUR, TRAIN_COLOUR, UNSIGNED, colours, new_figure

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

FIGURES = {"loss": "Cross-entropy loss", "accuracy": "Accuracy"}
MOST_COUNTS = 40  # a matrix of more classes shows colours only: no number would be readable


def learning_curves(history: pd.DataFrame | Mapping[str, pd.DataFrame], *, figure: Figure | None = None) -> Figure:
    """See loss and accuracy after each epoch: training near-black and solid, test red and dashed.

    >>> figure = slw.plots.learning_curves({"slow": slow.history, "fast": fast.history})  # doctest: +SKIP

    Parameters
    ----------
    history : DataFrame, or mapping of str to DataFrame
        ``trainer.history``, or several runs under their names: they stand side by side on the same scales.
    figure : Figure, optional
        Where to draw; a new one otherwise.

    Raises
    ------
    DataError
        If a history has no epochs or lacks a column.
    """
    runs = dict(history) if isinstance(history, Mapping) else {"": history}
    for name, run in runs.items():
        _check_history(name, run)
    grid = _curve_grid(runs, figure)
    for column, (name, run) in zip(grid.T, runs.items(), strict=True):
        column[0].set_title(name, parse_math=False)
        for ax, what in zip(column, FIGURES, strict=True):
            _draw_curves(ax, run, what)
    for row, title in zip(grid, FIGURES.values(), strict=True):
        row[0].set_ylabel(title)
    grid[0, 0].legend(frameon=False)
    found: Figure = grid[0, 0].figure
    return found


def confusion_matrix(evaluation: Evaluation, ax: Axes | None = None, *, every_class: bool = False) -> Axes:
    """See what is taken for what: a row a true letter, a column a predicted one, the count in each cell (0 is blank).

    The diagonal holds what was read correctly. The more images, the fuller the blue.

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
    counts, names = _shown_cells(evaluation, every_class=every_class)
    side = min(7.0, 2.2 + 0.25 * len(names))
    ax = ax or new_figure((side, side)).subplots()
    ax.imshow(counts, cmap=colours("unsigned", UNSIGNED), vmin=0, vmax=max(1, counts.max()))
    if len(names) <= MOST_COUNTS:
        _write_counts(ax, counts)
        ax.set_xticks(range(len(names)), names, parse_math=False)
        ax.set_yticks(range(len(names)), names, parse_math=False)
    ax.tick_params(length=0)
    ax.spines[:].set_color("lightgrey")
    ax.set(xlabel="Predicted", ylabel="True", title=f"{evaluation.accuracy:.1%} of {len(evaluation):,} images correct")
    return ax


def _curve_grid(runs: Mapping[str, pd.DataFrame], figure: Figure | None) -> NDArray[Any]:
    """Axes, a row each for loss and accuracy and a column a run; a single run has them side by side."""
    if not runs:
        raise DataError("There are no runs to draw: pass trainer.history, or a dict of names and histories.")
    grid: NDArray[Any]
    if len(runs) == 1:
        grid = (figure or new_figure((8, 3.2))).subplots(1, 2)[:, None]
    else:
        grid = (figure or new_figure((2.6 * len(runs) + 1, 5))).subplots(2, len(runs), sharex="col", sharey="row")
    for ax in grid.flat if len(runs) == 1 else grid[-1]:
        ax.set_xlabel("Epoch")
    return grid


def _check_history(name: str, history: pd.DataFrame) -> None:
    which = f"The history {name!r}" if name else "This history"
    columns = set(getattr(history, "columns", ()))
    missing = [column for what in FIGURES for column in (f"train_{what}", f"test_{what}") if column not in columns]
    if missing or "epoch" not in columns:
        raise DataError(f"{which} has no column {(missing or ['epoch'])[0]!r}: pass trainer.history.")
    if not len(history):
        raise DataError(f"{which} holds no epoch yet: train for one first, with trainer.run().")


def _draw_curves(ax: Axes, history: pd.DataFrame, what: str) -> None:
    from matplotlib.ticker import MaxNLocator

    train, test = ("o", "x") if len(history) == 1 else ("", "")  # a line through one epoch would show nothing
    ax.plot(history["epoch"], history[f"train_{what}"], color=TRAIN_COLOUR, marker=train, label="training")
    ax.plot(history["epoch"], history[f"test_{what}"], "--", color=TEST_COLOUR, marker=test, label="test")
    ax.xaxis.set_major_locator(MaxNLocator("auto", integer=True, min_n_ticks=1))
    ax.spines[["top", "right"]].set_visible(False)
    if what == "accuracy":
        ax.set_ylim(0, 1)
        ax.yaxis.set_major_formatter("{x:.0%}")


def _shown_cells(evaluation: Evaluation, *, every_class: bool) -> tuple[NDArray[np.int64], list[str]]:
    counts = evaluation.confusion.numpy()
    occurs = (counts.sum(0) + counts.sum(1) > 0) | every_class
    return counts[occurs][:, occurs], [
        name for name, is_seen in zip(evaluation.class_names, occurs, strict=True) if is_seen
    ]


def _write_counts(ax: Axes, counts: NDArray[np.int64]) -> None:
    half = counts.max() / 2
    for row, column in np.argwhere(counts):
        count = counts[row, column]
        ink = "white" if count > half else TRAIN_COLOUR
        ax.text(column, row, str(count), ha="center", va="center", color=ink, fontsize=7)
