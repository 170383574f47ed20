"""The explorer's picture for places without a kernel: the image, the maps of one layer, the scores."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from signlang_widgets.plots.style import DIVERGING, signed_colours, unsigned_colours

from .packing import planes_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from torch import Tensor

MOST_MAPS = 100


def draw_features(figure: Figure, picture: Tensor, layer: str, output: Tensor, scores: dict[str, float]) -> None:
    """Draw one image, what one layer makes of it, and the answer.

    Parameters
    ----------
    figure : Figure
        Where to draw.
    picture : Tensor
        (C, H, W) uint8.
    layer : str
        The layer's name.
    output : Tensor
        Its output without the batch.
    scores : dict of str to float
        Class name -> score.
    """
    figure.set_size_inches(9, 4)
    left, middle, right = figure.subplots(1, 3, width_ratios=(2, 5, 2))
    pixels = picture.permute(1, 2, 0).numpy()
    left.imshow(pixels if pixels.shape[2] == 3 else pixels.mean(2), cmap="gray", vmin=0, vmax=255)
    left.set(xticks=[], yticks=[], title="image")
    _draw_maps(middle, planes_of(output)[:MOST_MAPS])
    sides = "\u00d7".join(map(str, output.shape))
    middle.set_title(f"{layer}: {sides}", parse_math=False)
    right.barh(range(len(scores)), list(scores.values()), color=DIVERGING[0])
    right.set_yticks(range(len(scores)), list(scores), fontsize=6, parse_math=False)
    right.set(title="scores")
    right.invert_yaxis()


def _draw_maps(ax: Axes, planes: Tensor) -> None:
    if len(planes) == 1:
        planes = planes.reshape(-1, 1, 1)[: MOST_MAPS * MOST_MAPS] if planes.shape[1] == 1 else planes
    limit = float(planes.abs().max()) or 1.0
    low, colours = (-limit, signed_colours()) if float(planes.min()) < 0 else (0.0, unsigned_colours())
    shown = ax.imshow(_mosaic(planes).numpy(), cmap=colours, vmin=low, vmax=limit, interpolation="nearest")
    ax.figure.colorbar(shown, ax=ax, shrink=0.8)
    ax.set(xticks=[], yticks=[])


def _mosaic(planes: Tensor) -> Tensor:
    """All maps side by side, with a blank line between them."""
    count, height, width = planes.shape
    gap = 0 if height == width == 1 else 1
    columns = max(1, round((count * (height + gap) / (width + gap)) ** 0.5))
    rows = -(-count // columns)
    whole = torch.full((rows * (height + gap), columns * (width + gap)), float("nan"))
    for i, plane in enumerate(planes):
        top, left = (i // columns) * (height + gap), (i % columns) * (width + gap)
        whole[top : top + height, left : left + width] = plane
    return whole
