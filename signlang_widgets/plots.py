"""The chapter's figures as matplotlib functions: each draws on what it is given, or makes its own figure.

Figures made here by themselves go through pyplot, so that a notebook shows them and ipympl makes them zoomable.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray
    from torch import Tensor

    from .labelled_images import LabelledImages

TRAIN_COLOUR = "#1f2328"
TEST_COLOUR = "firebrick"
DIVERGING = ("#1f63b4", "#ffffff", "#d9650a")


def image_grid(split: LabelledImages, *, columns: int = 5, figure: Figure | None = None) -> Figure:
    """See the images of a split as pictures, row by row, each with its letter.

    Parameters
    ----------
    split : LabelledImages
        The images to show, grey or RGB; pass a slice, e.g. ``train[:25]``.
    columns : int
        Pictures in a row.
    figure : Figure, optional
        Where to draw; a new one otherwise.
    """
    rows = -(-len(split) // columns)
    figure = figure or _new_figure((1.3 * columns, 1.5 * rows))
    axes = figure.subplots(rows, columns, squeeze=False).flat
    for ax in axes:
        ax.set_axis_off()
    for ax, image, label in zip(axes, split.images, split.labels.tolist(), strict=False):
        _show_grey(ax, image.squeeze(0).numpy() if len(image) == 1 else image.permute(1, 2, 0).numpy(), image)
        ax.set_title(split.class_names[label])
    return figure


def label_counts(split: LabelledImages, ax: Axes | None = None) -> Axes:
    """See how often each letter occurs, as a share of all images; letters that never occur keep their place.

    Parameters
    ----------
    split : LabelledImages
        The images to count.
    ax : Axes, optional
        Where to draw; a new figure otherwise.
    """
    ax = ax or _new_figure((8, 3)).subplots()
    counts = np.bincount(split.labels.numpy(), minlength=len(split.class_names))
    ax.bar(split.class_names, counts / max(1, counts.sum()), color=DIVERGING[0])
    ax.set(xlabel="Letter", ylabel="Share of the images")
    ax.yaxis.set_major_formatter("{x:.1%}")
    return ax


def filtered_images(
    images: Tensor,
    filtered: Tensor,
    kernel: NDArray[np.float64],
    *,
    names: Sequence[str] = (),
    shared: bool = True,
    figure: Figure | None = None,
) -> Figure:
    """See a kernel, photographs, and what the kernel makes of them: blue below 0, orange above, white at 0.

    Parameters
    ----------
    images : Tensor
        (N, H, W), uint8 or float 0..1.
    filtered : Tensor
        (N, H', W'), signed values.
    kernel : ndarray
        (k, k).
    names : sequence of str
        One an image.
    shared : bool
        Whether one colour range serves all filtered pictures.
    figure : Figure, optional
        Where to draw; a new one otherwise.
    """
    figure = figure or _new_figure((8, 3))
    figure.set_size_inches(1.2 * (len(images) + 2), 2.6)
    halves = figure.add_gridspec(1, 2, width_ratios=[2, len(images)], wspace=0.05)
    most = float(filtered.abs().max())
    ax = figure.add_subplot(halves[0])
    _show_signed(ax, kernel, float(np.abs(kernel).max()))
    ax.set_title("kernel")
    pairs = halves[1].subgridspec(2, len(images), wspace=0.05, hspace=0.05)
    for i, (image, out) in enumerate(zip(images, filtered, strict=True)):
        above, below = figure.add_subplot(pairs[0, i]), figure.add_subplot(pairs[1, i])
        _show_grey(above, image.numpy(), image)
        _show_signed(below, out.numpy(), most if shared else float(out.abs().max()))
        above.set_title(names[i] if names else "", parse_math=False)
    return figure


def _show_grey(ax: Axes, pixels: NDArray[Any], image: Tensor) -> None:
    ax.imshow(pixels, cmap="gray", vmin=0, vmax=1 if image.is_floating_point() else 255)
    ax.set_axis_off()


def _show_signed(ax: Axes, values: NDArray[Any], limit: float) -> Any:
    from matplotlib.colors import LinearSegmentedColormap

    ax.set_axis_off()
    limit = limit or 1.0
    return ax.imshow(values, cmap=LinearSegmentedColormap.from_list("signed", DIVERGING), vmin=-limit, vmax=limit)


def _new_figure(size: tuple[float, float]) -> Figure:
    from matplotlib import pyplot as plt

    return plt.figure(figsize=size, layout="constrained")
