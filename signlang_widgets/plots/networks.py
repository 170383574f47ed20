"""Figures of what is inside a network: its kernels, and what its layers make of an image."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from signlang_widgets.datasets.labelled_images import DataError

from .style import new_figure, show_signed, show_unsigned, write_beside

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.figure import Figure
    from numpy.typing import ArrayLike, NDArray
    from torch import Tensor


def kernels(
    sets: ArrayLike | Tensor | Mapping[str, ArrayLike | Tensor],
    *,
    names: Sequence[str] = (),
    figure: Figure | None = None,
) -> Figure:
    """See kernels as pictures, a row a set: blue below 0, orange above, one scale for all.

    >>> figure = slw.plots.kernels({"before": trainer.kernels[0], "after": trainer.kernels[3]})  # doctest: +SKIP

    Parameters
    ----------
    sets : array, or mapping of str to array
        (K, h, w) or (K, 1, h, w) numbers, or several sets of K kernels under their names.
    names : sequence of str
        K names, written above the first row; "kernel 0" and so on otherwise.
    figure : Figure, optional
        Where to draw; a new one otherwise.

    Raises
    ------
    DataError
        If shapes or names do not fit.
    """
    rows = {name: _kernel_stack(stack) for name, stack in _named(sets).items()}
    width = _common_length(rows, "kernels")
    titles = _titles(names, [f"kernel {i}" for i in range(width)])
    figure = figure or new_figure((1.3 * width + 1.5, 1.3 * len(rows) + 0.5), "compressed")
    axes = _grid(figure, rows, titles)
    most = max(float(np.abs(stack).max()) for stack in rows.values())
    for row, stack in zip(axes, rows.values(), strict=True):
        drawn = [show_signed(ax, values, most) for ax, values in zip(row, stack, strict=True)]
    figure.colorbar(drawn[0], ax=axes, label="one scale for all", shrink=0.8)
    return figure


def feature_maps(
    layers: Mapping[str, Tensor],
    *,
    channels: Sequence[int] = (0, 1, 2),
    shared: bool = False,
    figure: Figure | None = None,
) -> Figure:
    """See what layers make of one image, a row a layer: each row has a scale of its own, which stands beside it.

    Blue below 0 and orange above; a layer without negative values is shown in blue alone, the fuller the more.

    >>> figure = slw.plots.feature_maps({"0 Conv2d": torch.randn(8, 24, 24)}, channels=[0, 5])

    Parameters
    ----------
    layers : mapping of str to Tensor
        A name and the (C, H, W) or (1, C, H, W) output of each layer. A lone (1, H, W) map has no channel number above it.
    channels : sequence of int
        Which channels to show of each layer.
    shared : bool
        Whether all rows share one scale, so that they may be compared.
    figure : Figure, optional
        Where to draw; a new one otherwise.

    Raises
    ------
    DataError
        If a layer has no maps, holds several images, or lacks a channel.
    """
    whole = {name: _maps(name, maps) for name, maps in layers.items()}
    rows = {name: _chosen(name, maps, channels) for name, maps in whole.items()}
    width = _common_length(rows, "maps")
    lone = all(len(maps) == 1 for maps in whole.values())
    figure = figure or new_figure((1.5 * width + 2, 1.5 * len(rows) + 0.4), "compressed")
    axes = _grid(figure, rows, [""] if lone else [f"channel {i}" for i in channels])
    everything = np.concatenate([maps.ravel() for maps in rows.values()])
    for row, maps in zip(axes, rows.values(), strict=True):
        drawn = _show_row(row, maps, everything if shared else maps)
        figure.colorbar(drawn, ax=row, shrink=0.8)
    return figure


def _show_row(row: NDArray[Any], maps: NDArray[Any], scope: NDArray[Any]) -> Any:
    show, most = (show_signed if scope.min() < 0 else show_unsigned), float(np.abs(scope).max())
    return [show(ax, values, most) for ax, values in zip(row, maps, strict=True)][-1]


def _grid(figure: Figure, rows: Mapping[str, NDArray[Any]], titles: Sequence[str]) -> NDArray[Any]:
    axes: NDArray[Any] = figure.subplots(len(rows), len(titles), squeeze=False)
    for ax, title in zip(axes[0], titles, strict=True):
        ax.set_title(title, parse_math=False, fontsize="medium")
    for ax, name in zip(axes[:, 0], rows, strict=True):
        write_beside(ax, name)
    return axes


def _named(sets: Any) -> Mapping[str, Any]:
    return sets if isinstance(sets, Mapping) else {"": sets}


def _numbers(values: Any) -> NDArray[Any]:
    return np.asarray(values.detach().cpu() if isinstance(values, torch.Tensor) else values)


def _kernel_stack(values: Any) -> NDArray[Any]:
    stack = _numbers(values)
    if stack.ndim == 4 and stack.shape[1] == 1:
        stack = stack[:, 0]
    if stack.ndim != 3 or not stack.size:
        raise DataError(
            f"Kernels must have the shape (K, h, w) or (K, 1, h, w), got {stack.shape}: "
            "of kernels that read several channels choose one, such as weight[:, 0]."
        )
    return stack


def _maps(name: str, maps: Tensor) -> NDArray[Any]:
    values = _numbers(maps)
    if values.ndim == 4 and len(values) == 1:
        values = values[0]
    if values.ndim != 3:
        raise DataError(f"Layer {name!r} has the shape {values.shape}: give the (C, H, W) maps of one image.")
    return values


def _chosen(name: str, maps: NDArray[Any], channels: Sequence[int]) -> NDArray[Any]:
    missing = [channel for channel in channels if not 0 <= channel < len(maps)]
    if missing:
        raise DataError(f"Layer {name!r} has no channel {missing[0]}: choose from 0 to {len(maps) - 1}.")
    return maps[list(channels)]


def _common_length(rows: Mapping[str, NDArray[Any]], what: str) -> int:
    lengths = {name: len(row) for name, row in rows.items()}
    if not lengths or 0 in lengths.values():
        raise DataError(f"There are no {what} to draw: give at least one.")
    if len(set(lengths.values())) > 1:
        raise DataError(f"Every row must hold as many {what}, got {lengths}: cut the longer ones.")
    return next(iter(lengths.values()))


def _titles(names: Sequence[str], otherwise: list[str]) -> list[str]:
    if names and len(names) != len(otherwise):
        raise DataError(f"There are {len(otherwise)} kernels and {len(names)} names: give one name a kernel.")
    return list(names) or otherwise
