"""The explorer's picture for places without a kernel: the matrix, and the first images of what is pinned."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.patches import Rectangle

from signlang_widgets.networks.confusions import cell_values

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from signlang_widgets.networks.confusions import Confusions, Indices, Pin

BLUES = LinearSegmentedColormap.from_list("counts", ["#ffffff", "#1f63b4"])
ACCENT = "#8a2be2"
MOST_LABELS = 40
SIDE = 96


def draw_confusions(
    figure: Figure, confusions: Confusions, pin: Pin | None, first: Indices, *, all_classes: bool, **look: Any
) -> None:
    """Draw the matrix (``look`` as for ``cell_values``), true classes down; beside it the images ``first``."""
    counts = confusions.evaluation.confusion.numpy()
    shown = np.flatnonzero(all_classes | (counts.sum(0) + counts.sum(1) > 0))
    figure.set_size_inches(6 if pin is None else 9, 5.5)
    parts = figure.add_gridspec(1, 2, width_ratios=[2, 1 if pin else 0.001])
    ax = figure.add_subplot(parts[0])
    _draw_matrix(ax, cell_values(counts, **look)[np.ix_(shown, shown)], [confusions.names[i] for i in shown])
    ax.set_title(f"{len(confusions)} images, accuracy {100 * confusions.evaluation.accuracy:.1f} %")
    if pin is not None:
        if all(part is None or part in shown for part in pin):
            _outline(ax, [None if part is None else int(np.searchsorted(shown, part)) for part in pin], len(shown))
        _draw_images(figure, parts[1], confusions, first)


def _draw_matrix(ax: Axes, values: NDArray[np.float64], names: list[str]) -> None:
    most = np.nanmax(values, initial=0) or 1
    ax.imshow(values, cmap=BLUES, vmin=0, vmax=most)
    ax.set(xlabel="taken for", ylabel="true")
    if len(names) > MOST_LABELS:
        return
    ax.set_xticks(range(len(names)), names, parse_math=False, fontsize=7, rotation=90 * (len(max(names, key=len)) > 3))
    ax.set_yticks(range(len(names)), names, parse_math=False, fontsize=7)
    whole = bool((values[np.isfinite(values)] % 1 == 0).all())
    for row, column in np.argwhere(np.nan_to_num(values)):
        value = values[row, column]
        words = f"{value:.0f}" if whole else f"{100 * value:.0f}"
        ax.text(
            column, row, words, ha="center", va="center", color="white" if value > most / 2 else "black", fontsize=5
        )


def _outline(ax: Axes, place: list[int | None], classes: int) -> None:
    row, column = place
    corner = (-0.5 if column is None else column - 0.5, -0.5 if row is None else row - 0.5)
    width, height = classes if column is None else 1, classes if row is None else 1
    ax.add_patch(Rectangle(corner, width, height, fill=False, edgecolor=ACCENT, linewidth=2))


def _draw_images(figure: Figure, part: Any, confusions: Confusions, first: Indices) -> None:
    grid = part.subgridspec(4, 3, hspace=0.4)
    labels, predictions = confusions.evaluation.labels, confusions.evaluation.predictions
    for place, (index, pixels) in enumerate(zip(first, confusions.pictures(first, SIDE), strict=True)):
        ax = figure.add_subplot(grid[place // 3, place % 3])
        ax.imshow(pixels[0] if len(pixels) == 1 else pixels.transpose(1, 2, 0), cmap="gray", vmin=0, vmax=255)
        words = f"{confusions.names[labels[index]]} \u2192 {confusions.names[predictions[index]]}"
        ax.set_title(words, fontsize=8, parse_math=False)
        ax.set_axis_off()
