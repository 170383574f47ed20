"""What a window makes of an image: cross-correlation multiplies and sums, pooling keeps the largest or the average.

Cross-correlation is what PyTorch calls convolution. ``ops.js`` is the same arithmetic in the browser.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch.nn import functional

if TYPE_CHECKING:
    from torch import Tensor

MODES = ("max", "average")


def cross_correlate(
    image: Tensor,
    kernel: Tensor,
    *,
    stride: int = 1,
    padding: int = 0,
    dilation: int = 1,
    bias: float = 0.0,
    relu: bool = False,
    flip: bool = False,
) -> Tensor:
    """Lay ``kernel`` on every place of ``image``, multiply and sum: the picture of a filtered photograph.

    >>> cross_correlate(torch.arange(9.0).reshape(3, 3), torch.tensor([[0.0, 1.0], [2.0, 3.0]])).tolist()
    [[19.0, 25.0], [37.0, 43.0]]

    Parameters
    ----------
    image : Tensor
        (..., H, W), or (..., C, H, W) when ``kernel`` has channels; values are taken as given.
    kernel : Tensor
        (kh, kw), or (C, kh, kw): the channels' products add into one plane.
    stride, padding, dilation : int
        As in ``torch.nn.Conv2d``.
    bias : float
        Added to every sum.
    relu : bool
        Whether negative results become 0, after the bias.
    flip : bool
        Whether the kernel is turned by 180 degrees first: then this is the mathematicians' convolution.

    Returns
    -------
    Tensor
        (..., H', W'), float32, with H' = floor((H + 2 padding - dilation (kh - 1) - 1) / stride) + 1.

    Notes
    -----
    Source: https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv2d.html
    """
    channels = kernel.shape[0] if kernel.ndim == 3 else 1
    weight = kernel.float().reshape(1, channels, *kernel.shape[-2:])
    if flip:
        weight = weight.flip(-2, -1)
    batch = image.shape[: image.ndim - kernel.ndim]
    planes = image.float().reshape(-1, channels, *image.shape[-2:])
    offset = torch.tensor([float(bias)])
    out = functional.conv2d(planes, weight, offset, stride=stride, padding=padding, dilation=dilation)
    out = out.relu() if relu else out
    return out.reshape(*batch, *out.shape[-2:])


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
