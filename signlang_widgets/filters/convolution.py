"""Cross-correlation, the arithmetic that PyTorch calls convolution: the kernel is laid on, multiplied and summed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch.nn import functional

if TYPE_CHECKING:
    from torch import Tensor


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
