"""Pooling: a window slides over an image and keeps the largest value, or the average, of what it covers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from torch.nn import functional

if TYPE_CHECKING:
    from torch import Tensor

MODES = ("max", "average")


def pool(
    image: Tensor,
    size: int = 2,
    *,
    stride: int | None = None,
    mode: str = "max",
    padding: int = 0,
    ceil_mode: bool = False,
) -> Tensor:
    """Shrink an image: each output cell is the maximum, or the average, of the cells under one window.

    >>> import torch
    >>> pool(torch.tensor([[1.0, 3.0, 6.0, 8.0], [5.0, 2.0, 3.0, 1.0]])).tolist()
    [[5.0, 8.0]]

    Parameters
    ----------
    image : Tensor
        (..., H, W); values are taken as given.
    size : int
        Side of the square window.
    stride : int, optional
        Cells from one window to the next; ``size`` when left out.
    mode : {"max", "average"}
        What is kept of a window.
    padding : int
        Extra cells a side, at most size/2. They never win; in the average they count as 0.
    ceil_mode : bool
        Whether a last window may reach over the edge, so that no cell is left over.

    Returns
    -------
    Tensor
        (..., H', W'), float32.

    Raises
    ------
    ValueError
        For an unknown mode.

    Notes
    -----
    Source: https://docs.pytorch.org/docs/stable/generated/torch.nn.MaxPool2d.html
    """
    if mode not in MODES:
        raise ValueError(f"There is no pooling mode {mode!r}. Use one of {', '.join(MODES)}.")
    apply = functional.max_pool2d if mode == "max" else functional.avg_pool2d
    planes = image.float().reshape(-1, 1, *image.shape[-2:])
    out: Tensor = apply(planes, size, stride=stride, padding=padding, ceil_mode=ceil_mode)
    return out.reshape(*image.shape[:-2], *out.shape[-2:])


def winners(
    image: Tensor, size: int = 2, *, stride: int | None = None, padding: int = 0, ceil_mode: bool = False
) -> Tensor:
    """Say which cell of the image won each window: its number, counted row by row from 0.

    >>> import torch
    >>> winners(torch.tensor([[1.0, 3.0, 6.0, 8.0], [5.0, 2.0, 3.0, 1.0]])).tolist()
    [[4, 3]]

    Parameters
    ----------
    image : Tensor
        (H, W).
    size, stride, padding, ceil_mode
        As in ``pool``.

    Returns
    -------
    Tensor
        (H', W'), int64. Of equal values the first one wins.
    """
    planes = image.float()[None, None]
    found: Tensor = functional.max_pool2d(
        planes, size, stride=stride, padding=padding, ceil_mode=ceil_mode, return_indices=True
    )[1]
    return found[0, 0]
