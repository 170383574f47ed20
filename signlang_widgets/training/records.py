"""What a run leaves behind: a row of figures an epoch, its test evaluation, its kernels, and the best weights."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

from torch import Tensor, nn

from signlang_widgets.networks.evaluation import Evaluation

from .events import EpochEnded

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    "epoch", "train_loss", "test_loss", "train_accuracy", "test_accuracy", "lr", "seconds", "images_per_second",
)  # fmt: skip


class KernelLayer(NamedTuple):
    """Where in the weights the first layer's kernels are, and their shape (K, C, h, w)."""

    name: str
    shape: tuple[int, ...]


class Records:
    """Filled by the owner of a run, an epoch at a time; read by anyone."""

    def __init__(self, kernel_layer: KernelLayer | None = None) -> None:
        self._kernel_layer = kernel_layer
        self.rows: list[dict[str, Any]] = []
        self.evaluations: dict[int, Evaluation] = {}
        self.kernels: dict[int, Tensor] = {}
        self.best_epoch = 0
        self.best_weights: dict[str, Tensor] = {}

    def add(self, event: EpochEnded, weights: dict[str, Tensor]) -> None:
        """Keep an epoch's figures and kernels; all its weights only if no earlier test loss is as low.

        An epoch that is told again stands once.
        """
        self.add_kernels(event.epoch, weights)  # first, as it is what may find no memory
        earlier = [row for row in self.rows if row["epoch"] < event.epoch]
        lowest = min((row["test_loss"] for row in earlier), default=math.inf)
        self.rows[len(earlier) :] = [{name: getattr(event, name) for name in COLUMNS}]
        self.evaluations[event.epoch] = event.evaluation
        if event.test_loss < lowest:
            self.best_epoch, self.best_weights = event.epoch, weights

    def add_kernels(self, epoch: int, weights: dict[str, Tensor]) -> None:
        """Keep a copy of the first layer's kernels, if it has any."""
        if self._kernel_layer:
            kernels = weights[self._kernel_layer.name].float().cpu().clone()
            self.kernels[epoch] = kernels.reshape(self._kernel_layer.shape)

    def history(self) -> pd.DataFrame:
        """A row an epoch."""
        import pandas as pd

        return pd.DataFrame(self.rows[:], columns=list(COLUMNS))


def first_kernels(model: nn.Module, image_shape: tuple[int, ...]) -> KernelLayer | None:
    """The first layer's kernels: those of a convolution, or one picture an output of a linear layer, or None.

    None too where they do not stand in the weights by themselves: normed (``weight_norm``), pruned, shared out.
    """
    kept = dict(model.named_parameters(remove_duplicate=False))
    for name, layer in model.named_modules():
        weight = f"{name}.weight".removeprefix(".")
        if isinstance(layer, nn.Conv2d | nn.Linear) and weight not in kept:
            return None
        if isinstance(layer, nn.Conv2d):
            return KernelLayer(weight, tuple(layer.weight.shape))
        if isinstance(layer, nn.Linear):
            whole_image = layer.in_features == math.prod(image_shape)
            return KernelLayer(weight, (layer.out_features, *image_shape)) if whole_image else None
    return None
