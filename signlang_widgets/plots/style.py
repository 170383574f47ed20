"""What the figures share: the family's colours, and pictures of grey, signed and unsigned values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap
    from matplotlib.figure import Figure
    from numpy.typing import NDArray
    from torch import Tensor

TRAIN_COLOUR = "#1f2328"
TEST_COLOUR = "firebrick"
DIVERGING = ("#1f63b4", "#ffffff", "#d9650a")
UNSIGNED = (DIVERGING[1], DIVERGING[0])


def show_grey(ax: Axes, pixels: NDArray[Any], image: Tensor) -> None:
    """A photograph: black at 0, white at 255 (or 1, if ``image`` holds floats)."""
    ax.imshow(pixels, cmap="gray", vmin=0, vmax=1 if image.is_floating_point() else 255)
    ax.set_axis_off()


def show_signed(ax: Axes, values: NDArray[Any], limit: float) -> Any:
    """Blue below 0, orange above, both full at ``limit``."""
    limit = limit or 1.0
    return _show(ax, values, colours("signed", DIVERGING), -limit, limit)


def show_unsigned(ax: Axes, values: NDArray[Any], most: float) -> Any:
    """The blue of the family, the fuller the more; full at ``most``."""
    return _show(ax, values, colours("unsigned", UNSIGNED), 0, most or 1.0)


def write_beside(ax: Axes, name: str) -> None:
    """A name, level, at the left of a picture; as the axis's own label it always gets its room."""
    ax.set_ylabel(name, rotation="horizontal", ha="right", va="center", parse_math=False)


def colours(name: str, ends: tuple[str, ...]) -> Colormap:
    """A map that runs evenly through ``ends``."""
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list(name, ends)


def new_figure(size: tuple[float, float], layout: Literal["constrained", "compressed"] = "constrained") -> Figure:
    """A figure that the notebook shows by itself, ``size`` in inches; "compressed" suits grids of pictures."""
    from matplotlib import pyplot as plt

    return plt.figure(figsize=size, layout=layout)


def _show(ax: Axes, values: NDArray[Any], colour_map: Colormap, low: float, high: float) -> Any:
    ax.set(xticks=[], yticks=[])
    ax.spines[:].set_color("lightgrey")  # white pictures on a white page need an edge
    return ax.imshow(values, cmap=colour_map, vmin=low, vmax=high)
