"""Figures of images: the letters, how often they occur, and what kernels make of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from signlang_widgets.datasets.labelled_images import DataError
from signlang_widgets.filters.ops import cross_correlate

from .style import DIVERGING, new_figure, show_grey, show_signed, write_beside

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import ArrayLike, NDArray
    from torch import Tensor

    from signlang_widgets.datasets.labelled_images import LabelledImages


def image_grid(
    split: LabelledImages, *, columns: int = 5, names: Sequence[str] = (), figure: Figure | None = None
) -> Figure:
    """See the images of a split as pictures, row by row, each with its letter.

    Parameters
    ----------
    split : LabelledImages
        The images to show, grey or RGB; pass a slice, e.g. ``train[:25]``.
    columns : int
        Pictures in a row.
    names : sequence of str
        What to write above each picture instead of its letter.
    figure : Figure, optional
        Where to draw; a new one otherwise.
    """
    titles = list(names) or [split.class_names[label] for label in split.labels.tolist()]
    if len(titles) != len(split):
        raise DataError(f"There are {len(split)} images and {len(titles)} names: give one name an image.")
    rows = max(1, -(-len(split) // columns))
    figure = figure or new_figure((1.3 * columns, 1.5 * rows))
    axes = list(figure.subplots(rows, columns, squeeze=False).flat)
    for ax in axes:
        ax.set_axis_off()
    for ax, image, title in zip(axes, split.images, titles, strict=False):
        show_grey(ax, image.squeeze(0).numpy() if len(image) == 1 else image.permute(1, 2, 0).numpy(), image)
        ax.set_title(title, parse_math=False)
    return figure


def label_counts(split: LabelledImages, ax: Axes | None = None) -> Axes:
    """See how often each letter occurs, as a share of all images; a letter that never occurs leaves a named gap.

    Parameters
    ----------
    split : LabelledImages
        The images to count.
    ax : Axes, optional
        Where to draw; a new figure otherwise.
    """
    ax = ax or new_figure((8, 3)).subplots()
    counts = np.bincount(split.labels.numpy(), minlength=len(split.class_names))
    ax.bar(range(len(counts)), counts / max(1, counts.sum()), color=DIVERGING[0])
    ax.set_xticks(range(len(counts)), split.class_names, parse_math=False)
    for place in np.flatnonzero(counts == 0).tolist():
        ax.text(place, 0, " none", rotation="vertical", ha="center", va="bottom", color="dimgrey")
    ax.set(xlabel="Letter", ylabel="Share of the images", title=f"{len(split):,} images")
    ax.yaxis.set_major_formatter("{x:.1%}")
    ax.spines[["top", "right"]].set_visible(False)
    return ax


def kernel_table(split: LabelledImages, kernels: Mapping[str, ArrayLike], *, figure: Figure | None = None) -> Figure:
    """See photographs above, and below them what each kernel makes of them: one colour scale for the whole table.

    Parameters
    ----------
    split : LabelledImages
        Grey images, one a column; about five read well.
    kernels : mapping of str to array_like
        A name and a (k, k) kernel for each row.
    figure : Figure, optional
        Where to draw; a new one otherwise.
    """
    images, _ = split.tensors("cpu")
    results = {name: cross_correlate(images[:, 0], torch.as_tensor(kernel)) for name, kernel in kernels.items()}
    most = max(float(filtered.abs().max()) for filtered in results.values())
    figure = figure or new_figure((1.3 * len(split) + 1.5, 1.3 * len(kernels) + 1.5), "compressed")
    axes = figure.subplots(1 + len(kernels), len(split), squeeze=False)
    for ax, image, label in zip(axes[0], images[:, 0], split.labels.tolist(), strict=True):
        show_grey(ax, image.numpy(), image)
        ax.set_title(split.class_names[label], parse_math=False)
    for row, (name, filtered) in zip(axes[1:], results.items(), strict=True):
        drawn = [show_signed(ax, out.numpy(), most) for ax, out in zip(row, filtered, strict=True)]
        write_beside(row[0], name)
    figure.colorbar(drawn[0], ax=axes[1:], label="one scale for all", shrink=0.8)
    return figure


def filtered_images(
    images: Tensor,
    filtered: Tensor,
    kernel: NDArray[np.float64],
    *,
    names: Sequence[str] = (),
    shared: bool = True,
    figure: Figure | None = None,
) -> Figure:
    """See a kernel, photographs, and what the kernel makes of them: blue below 0, orange above, pale near 0.

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
    figure = figure or new_figure((8, 3))
    figure.set_size_inches(1.2 * (len(images) + 2), 2.6)
    halves = figure.add_gridspec(1, 2, width_ratios=[2, len(images)], wspace=0.05)
    most = float(filtered.abs().max())
    ax = figure.add_subplot(halves[0])
    show_signed(ax, kernel, float(np.abs(kernel).max()))
    ax.set_title("kernel")
    pairs = halves[1].subgridspec(2, len(images), wspace=0.05, hspace=0.05)
    for i, (image, out) in enumerate(zip(images, filtered, strict=True)):
        above, below = figure.add_subplot(pairs[0, i]), figure.add_subplot(pairs[1, i])
        show_grey(above, image.numpy(), image)
        show_signed(below, out.numpy(), most if shared else float(out.abs().max()))
        above.set_title(names[i] if names else "", parse_math=False)
    return figure
