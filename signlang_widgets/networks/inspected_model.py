"""A network that someone looks into: as it is or as it was, whole or with kernels exchanged, and what is known about it."""

from __future__ import annotations

from collections.abc import Iterator
from threading import RLock
from typing import Any

from torch import Tensor, nn

from signlang_widgets.datasets.labelled_images import DataError, LabelledImages

from .activations import ForwardPass, forward_pass
from .devices import model_device
from .kernel_swaps import KernelSwaps, SavedWeights, count_correct
from .top_activations import Survey


class InspectedModel:
    """One model under one lock. ``version`` grows whenever other weights are looked at.

    Parameters
    ----------
    model : nn.Module
        Changed by ``put`` and ``undo`` alone.
    images : Tensor
        (N, C, H, W): the set that is searched for the strongest images.
    saved : SavedWeights, optional
        The epochs that can be looked at.
    """

    def __init__(self, model: nn.Module, images: Tensor, saved: SavedWeights | None = None) -> None:
        self.lock = RLock()
        self.version = 0
        self.epoch: int | None = None
        self.saved, self.swaps = saved, KernelSwaps(model)
        self._live = self._shown = model
        self._images = images
        self._survey: Survey | None = None

    @property
    def model(self) -> nn.Module:
        """The model that is looked at: itself, or a copy from an earlier epoch."""
        return self._shown

    def forward_pass(self, image: Tensor) -> ForwardPass:
        """Every layer's output for one image, (C, H, W)."""
        with self.lock:
            return forward_pass(self._shown, image[None].to(model_device(self._shown)))

    def choose_epoch(self, epoch: int | None) -> None:
        """Look at a saved epoch, or (None) at the model itself."""
        if epoch == self.epoch:
            return
        if epoch is not None and (self.saved is None or epoch not in self.saved.epochs()):
            raise DataError(
                f"Epoch {epoch} was not saved: choose one of {self.epochs()}, or None for the model as it is."
            )
        with self.lock:
            self._shown = self._live if epoch is None or self.saved is None else self.saved.model_at(self._live, epoch)
            self.epoch = epoch
            self.changed()

    def epochs(self) -> list[int]:
        """The epochs that can be looked at."""
        return [] if self.saved is None else self.saved.epochs()

    def changed(self) -> None:
        """The weights are others now: what was found with the old ones is forgotten."""
        self.version += 1
        self._survey = None

    @property
    def survey(self) -> Survey:
        """The walk over the set with the present weights."""
        if self._survey is None:
            self._survey = Survey(self._shown, self._images)
        return self._survey

    def put(self, layer: str, channel: int, in_channel: int, kernel: Any) -> None:
        """Exchange a kernel of the model itself."""
        if self.epoch is not None:
            raise DataError(
                "This is a copy of an earlier epoch. Go back to the model as it is, then put the kernel back."
            )
        with self.lock:
            self.swaps.put(layer, channel, in_channel, kernel)
            self.changed()

    def undo(self) -> tuple[str, int, int]:
        """Take back the last exchange, exactly; returns which kernel it was."""
        if not len(self.swaps):
            raise DataError("There is nothing to undo: no kernel was put back yet.")
        with self.lock:
            where = self.swaps.undo()
            if self.epoch is None:
                self.changed()
        return where

    def compare(self, split: LabelledImages) -> Iterator[tuple[int, int, int]]:
        """Read a split without and with the exchanges; yields (images read twice, right before, right now)."""
        before = self.swaps.original(self._live)
        for (seen, old), (_, new) in zip(count_correct(before, split), count_correct(self._live, split), strict=True):
            yield seen, old, new
