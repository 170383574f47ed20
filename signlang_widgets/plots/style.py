"""What the figures share: the family's colours, and pictures of grey, signed and unsigned values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap
    from matplotlib.figure import Figure
    from numpy.typing import NDArray
    from torch import Tensor

# The light theme of ``widgets/common/theme.css``; a test holds both together.
TRAIN_COLOUR = "#1f2328"
TEST_COLOUR = "#b22222"
ACCENT = "#8a2be2"
ZERO = "#ffffff"
DIVERGING = ("#1f63b4", ZERO, "#d9650a")
UNSIGNED = (ZERO, DIVERGING[0])


def show_grey(ax: Axes, pixels: NDArray[Any], image: Tensor) -> None:
    """A photograph: black at 0, white at 255 (or 1, if ``image`` holds floats)."""
    ax.imshow(pixels, cmap="gray", vmin=0, vmax=1 if image.is_floating_point() else 255)
    ax.set_axis_off()


def show_signed(ax: Axes, values: NDArray[Any], limit: float) -> Any:
    """Blue below 0, orange above, both full at ``limit``."""
    limit = limit or 1.0
    return _show(ax, values, signed_colours(), -limit, limit)


def show_unsigned(ax: Axes, values: NDArray[Any], most: float) -> Any:
    """The blue of the family, the fuller the more; full at ``most``."""
    return _show(ax, values, unsigned_colours(), 0, most or 1.0)


def write_beside(ax: Axes, name: str) -> None:
    """A name, level, at the left of a picture; as the axis's own label it always gets its room."""
    ax.set_ylabel(name, rotation="horizontal", ha="right", va="center", parse_math=False)


def outline(ax: Axes, top: int, left: int, height: int, width: int) -> None:
    """The family's frame around some cells of a picture."""
    from matplotlib.patches import Rectangle

    corner = (left - 0.5, top - 0.5)
    ax.add_patch(Rectangle(corner, width, height, fill=False, edgecolor=ACCENT, linewidth=2, clip_on=False))


def signed_colours() -> Colormap:
    """Blue below 0, orange above."""
    return _even("signed", DIVERGING)


def unsigned_colours() -> Colormap:
    """White at 0, then bluer and bluer."""
    return _even("unsigned", UNSIGNED)


def ink_on(colour: Sequence[float]) -> str:
    """Black or white, whichever is readable on an RGB colour (0..1): the rule of ``swatch`` in ``colours.js``."""
    red, green, blue = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in colour[:3])
    return "black" if 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 else "white"


def new_figure(size: tuple[float, float], layout: Literal["constrained", "compressed"] = "constrained") -> Figure:
    """A figure that the notebook shows by itself, ``size`` in inches; "compressed" suits grids of pictures."""
    from matplotlib import pyplot as plt

    return plt.figure(figsize=size, layout=layout)


def _even(name: str, ends: tuple[str, ...]) -> Colormap:
    """A map that runs evenly through ``ends``."""
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list(name, ends)


def _show(ax: Axes, values: NDArray[Any], colour_map: Colormap, low: float, high: float) -> Any:
    ax.set(xticks=[], yticks=[])
    ax.spines[:].set_color("lightgrey")  # white pictures on a white page need an edge
    return ax.imshow(values, cmap=colour_map, vmin=low, vmax=high)
