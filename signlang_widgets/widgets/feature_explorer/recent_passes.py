"""Which input a question is about, and the last few forward passes: who asks for one of them again does not wait."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch

from signlang_widgets.datasets.labelled_images import DataError
from signlang_widgets.datasets.whole_numbers import as_whole
from signlang_widgets.networks.inference import Threads
from signlang_widgets.training.saved_weights import SavedWeights
from signlang_widgets.widgets.common.answering import whole
from signlang_widgets.widgets.common.inputs import WrongKindError
from signlang_widgets.widgets.common.wire import unpacked

if TYPE_CHECKING:
    from torch import Tensor

    from signlang_widgets.networks.activations import ForwardPass
    from signlang_widgets.networks.inspected_model import InspectedModel

    from .image_set import Gallery

MOST_KEPT = 3  # the shown image, the one that it is compared with, and what a stroke was asked about last


@dataclass(frozen=True, eq=False)
class Input:
    """What a model reads: an image of the set, or what was painted on it; after which saved epoch (None: now)."""

    image: int
    epoch: int | None = None
    edited: Tensor | None = None

    def read_from(self, gallery: Gallery) -> Tensor:
        """The image as the model reads it, (C, H, W)."""
        return gallery.images[self.image] if self.edited is None else gallery.read_as(self.edited)


def input_of(question: dict[str, Any], gallery: Gallery) -> Input:
    """Return which input a question ``{"image", "epoch", "buffers": [painted pixels]}`` of the page is about."""
    image, epoch = whole(question, "image"), question.get("epoch")
    if not 0 <= image < len(gallery):
        raise DataError(f"There is no image {image}: this set has images 0 to {len(gallery) - 1}.")
    edited = None
    if question["buffers"]:
        shape = list(gallery.images.shape[1:])
        edited = torch.from_numpy(unpacked({"shape": shape, "dtype": "uint8", "data": question["buffers"][0]}))
    return Input(image, None if epoch is None else as_whole("epoch", epoch), edited)


def saved_by(trainer: object) -> SavedWeights | None:
    """Return the earlier epochs that can be looked at: a Trainer's, or those in the folder that one wrote into."""
    if trainer is None:
        return None
    if isinstance(trainer, (str, os.PathLike)) or hasattr(trainer, "folder"):
        return SavedWeights.of(trainer)  # type: ignore[arg-type]
    raise WrongKindError(f"trainer must be a Trainer or the folder that it saved in, got {type(trainer).__name__}.")


class RecentPasses:
    """The forward passes of the last few inputs, and of each what tells it from the others."""

    def __init__(self, inspected: InspectedModel, gallery: Gallery) -> None:
        self.inspected, self.gallery = inspected, gallery
        self._found: dict[object, ForwardPass] = {}

    def at(self, given: Input) -> dict[str, Any]:
        """What the page is told of an input."""
        version, edited = self.inspected.version, given.edited is not None
        return {"image": given.image, "epoch": given.epoch, "version": version, "edited": edited}

    def key(self, given: Input) -> object:
        """What tells this input, read with the present weights, from any other."""
        pixels = None if given.edited is None else given.edited.numpy().tobytes()
        return given.image, given.epoch, self.inspected.version, pixels

    def of(self, given: Input) -> ForwardPass:
        """Every layer's output for an input."""
        key = self.key(given)
        with self.inspected.lock, Threads(1):  # one image: a second thread is waited for longer than it works
            found = self._found.pop(key, None)
            if found is None:
                found = self.inspected.forward_pass(given.read_from(self.gallery), given.epoch)
            self._found[key] = found
            for oldest in [*self._found][:-MOST_KEPT]:
                del self._found[oldest]
        return found

    @property
    def last(self) -> ForwardPass:
        """The one that was asked for last."""
        return [*self._found.values()][-1]
