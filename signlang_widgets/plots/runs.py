"""Figures of finished runs: how a model learned."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from signlang_widgets.datasets.labelled_images import DataError

from .style import TEST_COLOUR, TRAIN_COLOUR, new_figure

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

FIGURES = {"loss": "Cross-entropy loss", "accuracy": "Accuracy"}


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
            draw_curves(ax, run, what)
    for row, title in zip(grid, FIGURES.values(), strict=True):
        row[0].set_ylabel(title)
    grid[0, 0].legend(frameon=False)
    found: Figure = grid[0, 0].figure
    return found


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


def draw_curves(ax: Axes, history: pd.DataFrame, what: str) -> None:
    """Draw the loss or the accuracy after each epoch; a history without epochs leaves the axes empty."""
    from matplotlib.ticker import MaxNLocator

    train, test = ("o", "x") if len(history) == 1 else ("", "")  # a line through one epoch would show nothing
    ax.plot(history["epoch"], history[f"train_{what}"], color=TRAIN_COLOUR, marker=train, label="training")
    ax.plot(history["epoch"], history[f"test_{what}"], "--", color=TEST_COLOUR, marker=test, label="test")
    ax.xaxis.set_major_locator(MaxNLocator("auto", integer=True, min_n_ticks=1))
    ax.spines[["top", "right"]].set_visible(False)
    if what == "accuracy":
        ax.set_ylim(0, 1)
        ax.yaxis.set_major_formatter("{x:.0%}")
