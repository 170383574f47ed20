"""The chapter's three networks, from a straight line a letter to a deep stack of learnable kernels."""

from __future__ import annotations

from torch import Tensor, nn


class _Pipeline(nn.Module):
    """A network whose layers stand in one row, so that a lesson can walk along ``pipeline``."""

    def __init__(self, *layers: nn.Module) -> None:
        super().__init__()
        self.pipeline = nn.Sequential(*layers)

    def forward(self, images: Tensor) -> Tensor:
        """(N, 26) scores, one a letter, from (N, 1, 28, 28) images; no softmax yet."""
        scores: Tensor = self.pipeline(images)
        return scores


class LogisticRegression(_Pipeline):
    """One weight a pixel and letter: 20,410 parameters, and no idea which pixels are neighbours.

    >>> LogisticRegression()(torch.zeros(2, 1, 28, 28)).shape
    torch.Size([2, 26])
    """

    def __init__(self) -> None:
        super().__init__(nn.Flatten(), nn.Linear(28 * 28, 26))


class MinimalConvNet(_Pipeline):
    """Four learnable 5x5 kernels in front of a linear layer: 60,034 parameters.

    >>> MinimalConvNet().pipeline[0].weight.shape
    torch.Size([4, 1, 5, 5])
    """

    def __init__(self) -> None:
        super().__init__(nn.Conv2d(1, 4, 5), nn.ReLU(), nn.Flatten(), nn.Linear(4 * 24 * 24, 26))


class ConvNet(_Pipeline):
    """Three rounds of convolution, pooling and ReLU, then a linear layer: 71,526 parameters.

    >>> ConvNet().pipeline[-1]
    Linear(in_features=50, out_features=26, bias=True)
    """

    def __init__(self) -> None:
        super().__init__(*_stage(1, 100, 5), *_stage(100, 50, 3), *_stage(50, 50, 3), nn.Flatten(), nn.Linear(50, 26))


def _stage(channels: int, kernels: int, side: int) -> tuple[nn.Module, ...]:
    return nn.Conv2d(channels, kernels, side), nn.MaxPool2d(2, 2), nn.ReLU()
