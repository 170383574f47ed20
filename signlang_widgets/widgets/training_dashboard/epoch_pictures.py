"""The confusion matrix and the first layer's kernels of every epoch, small enough to keep them all in the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from torch import Tensor

    from signlang_widgets.networks.evaluation import Evaluation
    from signlang_widgets.training.trainer import Trainer

MOST_CLASSES = 64
MOST_KERNELS = 256
MOST_BYTES = 64_000  # of kernels, an epoch
A_MESSAGE = 150_000


class EpochPictures:
    """Names each epoch's pictures ``epoch_0``, ``epoch_1``, ... and hands over those that are new."""

    def __init__(self, trainer: Trainer) -> None:
        self._model = trainer.model
        self._sent = -1
        self._kernels: Tensor | None = None

    def more(self, trainer: Trainer) -> dict[str, Any]:
        """The next epochs' pictures, as many as fit into a message, and how many epochs can be looked at then.

        After a reset, or with another model, the pictures of the former run are None.
        """
        new = self._begun_anew(trainer)
        kernels, evaluations = trainer.kernels, trainer.evaluations
        size = 0
        for epoch in range(self._sent + 1, trainer.epochs_done + 1):
            if size > A_MESSAGE or (epoch and epoch not in evaluations):
                break
            picture = _picture(evaluations.get(epoch), kernels.get(epoch))
            new[f"epoch_{epoch}"] = picture
            size += sum(len(part["data"]) for part in picture.values() if part)
            self._sent = epoch
        return {**new, "epochs_done": max(self._sent, 0), "about": self._about(trainer)}

    def _begun_anew(self, trainer: Trainer) -> dict[str, Any]:
        if trainer.model is self._model and trainer.epochs_done >= self._sent:
            return {}
        gone = {f"epoch_{epoch}": None for epoch in range(self._sent + 1)}
        self._model, self._sent = trainer.model, -1
        return gone

    def _about(self, trainer: Trainer) -> dict[str, Any]:
        """What holds for the whole run: names for rows, columns and kernels, and whether momentum means anything."""
        names = [str(name) for name in trainer.data.test.class_names]
        shape = tuple(trainer.kernels[0].shape) if trainer.kernels else ()
        of_classes = shape[2:] == tuple(trainer.data.train.images.shape[2:]) and shape[0] == len(names)
        return {
            "model": type(trainer.model).__name__,
            "class_names": names,
            "kernel_names": names if of_classes and shape[1] == 1 else [],
            "kernel_shape": list(shape),
            "has_momentum": "momentum" in trainer.optimizer.param_groups[0],
        }


def _picture(evaluation: Evaluation | None, kernels: Tensor | None) -> dict[str, Any]:
    small = evaluation is not None and len(evaluation.class_names) <= MOST_CLASSES
    return {
        "confusion": _counted(evaluation) if evaluation is not None and small else None,
        "kernels": None if kernels is None else _packed(kernels),
    }


def _packed(kernels: Tensor) -> dict[str, Any]:
    """(K, C, h, w) weights as bytes: 128 is 0, 1 and 255 are minus and plus ``limit``.

    By numpy, on one thread: between two epochs torch's threads would wait for each other longer than they work.
    """
    planes = kernels.detach().float().numpy().reshape(-1, *kernels.shape[2:])
    planes = planes[: max(1, min(MOST_KERNELS, MOST_BYTES // planes[0].size))]
    limit = float(np.abs(planes).max()) or 1.0
    grey = np.rint(planes * (127 / limit) + 128).astype(np.uint8)
    return {"shape": list(grey.shape), "dtype": "uint8", "data": grey.tobytes(), "limit": limit}


def _counted(evaluation: Evaluation) -> dict[str, Any]:
    counts = evaluation.confusion.numpy().astype(np.float32)
    return {"shape": list(counts.shape), "dtype": "float32", "data": counts.tobytes()}
