"""A network as it was after an earlier epoch of its training: read from the run's folder, into a copy."""

from __future__ import annotations

import copy
import os
from typing import TYPE_CHECKING, Any

from signlang_widgets.datasets.labelled_images import DataError

from .run_folder import RunFolder, describe_layers, refuse_other_layers

if TYPE_CHECKING:
    from torch import nn

    from .trainer import Trainer


_NO_TRAINER: Any = object()


class SavedWeights:
    """The weights that a training run saved at the end of each epoch; 0 is the start."""

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        self._files = RunFolder(folder)

    @classmethod
    def of(cls, trainer: Trainer | str | os.PathLike[str]) -> SavedWeights:
        """Those of a trainer, or of the folder that it saved in."""
        folder = trainer if isinstance(trainer, (str, os.PathLike)) else getattr(trainer, "folder", _NO_TRAINER)
        if folder is _NO_TRAINER:
            raise DataError(f"trainer must be a Trainer or the folder that it saved in, got {type(trainer).__name__}.")
        if folder is None:
            raise DataError("This trainer saves no epochs: make it with folder=..., and the slider can show them.")
        return cls(folder)

    def epochs(self) -> list[int]:
        """The epochs that can be shown."""
        return self._files.epochs()

    def model_at(self, model: nn.Module, epoch: int) -> nn.Module:
        """A copy of ``model`` as it was after ``epoch``; the model itself stays as it is."""
        weights = self._files.read(epoch).group("weights")
        refuse_other_layers(describe_layers(weights), describe_layers(model.state_dict()))
        twin = copy.deepcopy(model)
        twin.load_state_dict(weights)
        return twin
