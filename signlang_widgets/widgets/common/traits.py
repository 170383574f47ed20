"""Traits that several widgets share: arrays, which change only with their content, and whole numbers."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
import torch
import traitlets
from torch import Tensor

from signlang_widgets.datasets.whole_numbers import as_whole

Held = TypeVar("Held")


class ArrayTrait(traitlets.TraitType[Held, Any]):
    """A tensor or an array (or None): only another content is a change that anyone hears of."""

    def set(self, obj: Any, value: Any) -> None:
        """Set only what differs: arrays cannot be compared the way traitlets compares."""
        held = obj._trait_values  # noqa: SLF001 - traitlets' own store
        if self.name not in held or not _same(held[self.name], self._validate(obj, value)):
            super().set(obj, value)


class WholeTrait(traitlets.Int[int, Any]):
    """A whole number; numpy's are taken too."""

    def validate(self, obj: Any, value: Any) -> int:  # noqa: ARG002 - the signature is traitlets'
        """Refuse what is no whole number; the old one stays."""
        try:
            return as_whole(str(self.name), value)
        except TypeError as error:  # as a TraitError it makes traitlets take a whole message back
            raise traitlets.TraitError(str(error)) from None


def _same(old: Any, new: Any) -> bool:
    if old is None or new is None or old.dtype != new.dtype:
        return old is new
    return torch.equal(old, new) if isinstance(old, Tensor) else np.array_equal(old, new)
