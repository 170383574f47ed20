"""A network that someone looks into: as it is or as it was, whole or with kernels exchanged, and what is known about it."""

from __future__ import annotations

from collections.abc import Iterator
from threading import RLock
from time import monotonic
from typing import Any, Protocol

from torch import Tensor, nn

from signlang_widgets.datasets.labelled_images import DataError, LabelledImages

from .activations import ForwardPass, forward_pass
from .devices import model_device
from .kernel_swaps import KernelSwaps, count_correct
from .top_activations import Survey


class EarlierWeights(Protocol):
    """The epochs of a run that were saved."""

    def epochs(self) -> list[int]:
        """Their numbers."""

    def model_at(self, model: nn.Module, epoch: int) -> nn.Module:
        """A copy of a model as it was after one of them."""


class InspectedModel:
    """One model under one lock. ``version`` grows whenever its weights are changed.

    Parameters
    ----------
    model : nn.Module
        Changed by ``put`` and ``undo`` alone.
    images : Tensor
        (N, C, H, W): the set that is searched for the strongest images.
    saved : EarlierWeights, optional
        The epochs that can be looked at.
    """

    def __init__(self, model: nn.Module, images: Tensor, saved: EarlierWeights | None = None) -> None:
        self.lock = RLock()
        self.version = 0
        self.epoch: int | None = None
        self.saved, self.swaps = saved, KernelSwaps(model)
        self._live, self._images = model, images
        self._earlier: tuple[int, nn.Module] | None = None
        self._survey: Survey | None = None
        self._comparison: Iterator[tuple[int, int, int]] | None = None

    @property
    def model(self) -> nn.Module:
        """The model that is looked at: itself, or a copy from an earlier epoch."""
        return self.model_at(self.epoch)

    def model_at(self, epoch: int | None) -> nn.Module:
        """A copy of the model as it was after a saved epoch, or (None) the model itself."""
        if epoch is None:
            return self._live
        if self._earlier is None or self._earlier[0] != epoch:
            if self.saved is None or epoch not in self.saved.epochs():
                raise DataError(
                    f"Epoch {epoch} was not saved: choose one of {self.epochs()}, or None for the model as it is."
                )
            self._earlier = (epoch, self.saved.model_at(self._live, epoch))
        return self._earlier[1]

    def forward_pass(self, image: Tensor, epoch: int | None = None) -> ForwardPass:
        """Every layer's output for one image, (C, H, W), after a saved epoch or now."""
        with self.lock:
            model = self.model_at(epoch)
            return forward_pass(model, image[None].to(model_device(model)))

    def choose_epoch(self, epoch: int | None) -> None:
        """Look at a saved epoch, or (None) at the model itself."""
        if epoch == self.epoch:
            return
        with self.lock:
            self.model_at(epoch)
            self.epoch, self._survey = epoch, None

    def epochs(self) -> list[int]:
        """The epochs that can be looked at."""
        return [] if self.saved is None else self.saved.epochs()

    def changed(self) -> None:
        """The weights are others now: what was found with the old ones is forgotten."""
        self.version += 1
        self._survey = self._comparison = None

    @property
    def survey(self) -> Survey:
        """The walk over the set with the present weights."""
        if self._survey is None:
            self._survey = Survey(self.model, self._images)
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
            self.changed()
        return where

    def compare(self, split: LabelledImages, seconds: float) -> tuple[int, int, int]:
        """Read a split without and with the exchanges for a while; returns (images read twice, right before, right now).

        The next call goes on where this one stopped; after the last image, or when weights were changed, it begins anew.
        """
        end = monotonic() + seconds
        self._comparison = self._comparison or self._compared(split)
        seen = next(self._comparison)
        while seen[0] < len(split) and monotonic() < end:
            seen = next(self._comparison)
        if seen[0] == len(split):
            self._comparison = None
        return seen

    def _compared(self, split: LabelledImages) -> Iterator[tuple[int, int, int]]:
        before = self.swaps.original(self._live)
        for (seen, old), (_, new) in zip(count_correct(before, split), count_correct(self._live, split), strict=True):
            yield seen, old, new
