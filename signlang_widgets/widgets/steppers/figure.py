"""The steppers' picture for places without a kernel: planes side by side, the window outlined, the output filling in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from signlang_widgets.plots.style import outline, signed_colours

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from torch import Tensor

MOST_NUMBERS = 8


def draw_steps(
    figure: Figure, planes: dict[str, Tensor], *, window: tuple[int, int, int, int], step: int, hidden: bool
) -> None:
    """Draw ``planes`` in a row under their names; the first gets the window, the last is filled up to ``step``.

    Parameters
    ----------
    figure : Figure
        Where to draw.
    planes : dict of str to Tensor
        (H, W) each; the last one is the output.
    window : (int, int, int, int)
        Top, left, height, width on the first plane, in cells.
    step : int
        The present output cell.
    hidden : bool
        Whether that cell's value stays hidden.
    """
    figure.set_size_inches(2.6 * len(planes), 2.8)
    axes = figure.subplots(1, len(planes), squeeze=False)[0]
    output = planes["output"]
    for ax, (name, plane) in zip(axes, planes.items(), strict=True):
        _draw_plane(ax, plane, step + (not hidden) if plane is output else plane.numel())
        ax.set_title(f"{name} {plane.shape[0]}\u00d7{plane.shape[1]}")
    outline(axes[0], *window)
    outline(axes[-1], *divmod(step, output.shape[1]), 1, 1)


def _draw_plane(ax: Axes, plane: Tensor, filled: int) -> None:
    values = plane.double().clone()
    shown = values.flatten()
    shown[filled:] = float("nan")
    limit = float(plane.double().abs().max()) or 1.0
    numbers = max(plane.shape) <= MOST_NUMBERS
    signed = numbers or float(plane.min()) < 0
    colours = signed_colours() if signed else "gray"
    low = -limit * (2 if numbers else 1) if signed else 0.0
    ax.imshow(values.numpy(), cmap=colours, vmin=low, vmax=-low or limit)
    ax.set(xticks=[], yticks=[])
    if numbers:
        for i, value in enumerate(shown[:filled].tolist()):
            row, column = divmod(i, plane.shape[1])
            ax.text(column, row, f"{value:.4g}", ha="center", va="center", fontsize=8)
