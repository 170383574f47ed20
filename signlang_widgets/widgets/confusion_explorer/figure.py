"""The explorer's picture for places without a kernel: the matrix, and the first images of what is pinned."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from signlang_widgets.plots.confusions import classes_shown, draw_matrix
from signlang_widgets.plots.style import outline

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from signlang_widgets.networks.confusions import Confusions, Indices, Pin

SIDE = 96


def draw_confusions(
    figure: Figure, confusions: Confusions, pin: Pin | None, first: Indices, *, every_class: bool, **look: Any
) -> None:
    """Draw the matrix (``look`` as for ``cell_values``), true classes down; beside it the images ``first``."""
    figure.set_size_inches(6 if pin is None else 9, 5.5)
    parts = figure.add_gridspec(1, 2, width_ratios=[2, 1 if pin else 0.001])
    ax = figure.add_subplot(parts[0])
    draw_matrix(ax, confusions.evaluation, confusions.names, every_class=every_class, **look)
    if pin is not None:
        _outline(ax, pin, classes_shown(confusions.evaluation, every_class=every_class).tolist())
        _draw_images(figure, parts[1], confusions, first)


def _outline(ax: Axes, pin: Pin, shown: list[int]) -> None:
    """Frame the pinned cell, row or column, if its classes are shown."""
    if any(part is not None and part not in shown for part in pin):
        return
    (top, height), (left, width) = ((0, len(shown)) if part is None else (shown.index(part), 1) for part in pin)
    outline(ax, top, left, height, width)


def _draw_images(figure: Figure, part: Any, confusions: Confusions, first: Indices) -> None:
    grid = part.subgridspec(4, 3, hspace=0.4)
    labels, predictions = confusions.evaluation.labels, confusions.evaluation.predictions
    for place, (index, pixels) in enumerate(zip(first, confusions.pictures(first, SIDE), strict=True)):
        ax = figure.add_subplot(grid[place // 3, place % 3])
        ax.imshow(pixels[0] if len(pixels) == 1 else pixels.transpose(1, 2, 0), cmap="gray", vmin=0, vmax=255)
        words = f"{confusions.names[labels[index]]} \u2192 {confusions.names[predictions[index]]}"
        ax.set_title(words, fontsize=8, parse_math=False)
        ax.set_axis_off()
