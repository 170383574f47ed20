"""What a widget takes, as pictures and as traits: checked once, early, with a sentence that names the cure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

import numpy as np
import torch
import traitlets
from numpy.typing import NDArray
from torch import Tensor

from signlang_widgets.datasets.labelled_images import DataError, LabelledImages
from signlang_widgets.datasets.whole_numbers import as_whole

from .answering import in_words

Held = TypeVar("Held")

MOST_BY_EYE = 12  # pictures that can be compared
SIDE_BY_EYE = 128  # cells that can be told apart


MOST_ITEMS = 1_000_000  # of a list: as many as it takes long to read one by one
MOST_REPEATED = 2**24  # numbers that stand for one another in memory
MOST_COPIED = 2**16
PICTURES = "a LabelledImages, a tensor or an array of numbers"
MOST_LETTERS = 200  # of a name


class WrongKindError(DataError, TypeError):
    """Something else was given than what a widget shows."""


class NotNumbersError(WrongKindError):
    """Something else than numbers was given as pictures."""


def as_pixels(
    value: object,
    axes: Sequence[str],
    *,
    most: int,
    side: int,
    word: str = "images",
    things: str = "images",
    wide: torch.dtype = torch.float32,
) -> Tensor:
    """Return anything that stands for pictures as a tensor whose shape and size a widget can show.

    Parameters
    ----------
    value : LabelledImages, Tensor or array_like
        Numbers, where they are: nothing is moved to another device, nothing copied without need.
    axes : sequence of str
        The shapes that are taken, such as ``("H, W", "N, H, W")``.
    most, side : int
        How long the first of three or more axes may be, and the last two.
    word, things : str
        What the numbers, and what the parts along the first axis, are called in messages.
    wide : torch.dtype
        What numbers become that are neither uint8 nor float32.

    Raises
    ------
    NotNumbersError
        For something that is not numbers.
    DataError
        For other shapes, or too many or too large pictures.
    """
    pixels = as_numbers(value, word)
    shapes = [f"({axis})" for axis in axes]
    if pixels.ndim not in [len(axis.split(",")) for axis in axes] or 0 in pixels.shape:
        raise DataError(
            f"{word} must have the shape {' or '.join(shapes)}, got {tuple(pixels.shape)}. Reshape to that."
        )
    if pixels.ndim > 2 and len(pixels) > most:
        raise DataError(
            f"{len(pixels):,} {things} are too many to look at. Pass at most {most:,}, e.g. {word}[:{most}]."
        )
    height, width = pixels.shape[-2:]
    if max(height, width) > side:
        raise DataError(f"{word} must be at most {side}x{side}, got {height}x{width}. Shrink or crop first.")
    return pixels if pixels.dtype in (torch.uint8, torch.float32) else pixels.to(wide)


def finite_range(pixels: Tensor, word: str = "images") -> tuple[float, float]:
    """Return the smallest and the largest number; a DataError where one is NaN or infinite."""
    low, high = (float(end) for end in torch.aminmax(pixels))
    if not (np.isfinite(low) and np.isfinite(high)):
        raise DataError(f"{word} must not hold NaN or infinity. Replace them first, e.g. torch.nan_to_num({word}).")
    return low, high


def grey_pictures(images: object) -> tuple[Tensor, list[str]]:
    """Return grey pictures as (N, H, W), uint8 or float32, and a name for each.

    Parameters
    ----------
    images : LabelledImages, Tensor or array_like
        (H, W), (N, H, W) or (N, 1, H, W); uint8 (0..255) or float. At most 12 pictures, sides at most 128.

    Raises
    ------
    ValueError
        For colour images, other shapes, too many or too large pictures, NaN or infinity.
    TypeError
        For something that is not numbers.
    """
    pixels = as_pixels(images, ("H, W", "N, H, W", "N, 1, H, W"), most=MOST_BY_EYE, side=SIDE_BY_EYE).cpu()
    if pixels.ndim == 4 and pixels.shape[1] != 1:
        raise DataError(
            f"These images have {pixels.shape[1]} channels. Make them grey first, e.g. with images.float().mean(1)[:, None]."
        )
    finite_range(pixels)
    pixels = _as_bytes(pixels.reshape(-1, *pixels.shape[-2:])).contiguous()
    if isinstance(images, LabelledImages):
        check_names(images.class_names, "class_names")
        return pixels, [images.class_names[label] for label in images.labels.tolist()]
    return pixels, [f"Image {i + 1}" for i in range(len(pixels))]


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


class WordTrait(traitlets.Enum[str]):
    """One of a few words; nothing else is compared with them, for comparing an array may take all memory."""

    def validate(self, obj: Any, value: Any) -> str:
        """Refuse any other word; the old one stays."""
        if not isinstance(value, str):
            self.error(obj, value)
        return super().validate(obj, value)


def as_numbers(value: object, word: str, kinds: str = PICTURES) -> Tensor:
    """Return numbers as a tensor of their own shape and type, where they are; refused before anything large is copied."""
    pixels = value.images if isinstance(value, LabelledImages) else value
    try:
        _refuse_endless(pixels)
        pixels = pixels if isinstance(pixels, Tensor) else torch.as_tensor(_writable(np.asarray(pixels)))
        _refuse_strange(pixels)
    except (TypeError, ValueError, RuntimeError, OverflowError, MemoryError) as error:
        kind = type(value).__name__
        raise NotNumbersError(f"{word} must be {kinds}, got {kind} ({in_words(error)}).") from None
    return pixels.detach()


def _refuse_endless(value: object) -> None:
    """Look along the first of each list's parts: ``range(10**12)`` is short in memory, its numbers are not."""
    while isinstance(value, Sequence) and not isinstance(value, (str, bytes)) and len(value):
        if len(value) > MOST_ITEMS:
            raise ValueError(f"{len(value):,} items")
        value = value[0]


def _writable(array: NDArray[Any]) -> NDArray[Any]:
    """A kernel of an editor is read-only, which torch warns of; what is large is not copied for that."""
    return array if array.flags.writeable or array.size > MOST_COPIED else array.copy()


def _refuse_strange(pixels: Tensor) -> None:
    if pixels.is_complex():
        raise TypeError("complex numbers")
    if pixels.layout != torch.strided or pixels.is_quantized or pixels.is_meta:
        raise TypeError("not every number is there: make it dense first, e.g. with to_dense()")
    if pixels.numel() > MOST_REPEATED and pixels.numel() * pixels.element_size() > pixels.untyped_storage().nbytes():
        raise ValueError(f"{pixels.numel():,} numbers of which most are the same ones in memory")


def check_names(names: Sequence[str], word: str) -> None:
    """Refuse names that no page can show: longer than a line, or with half a character pair, which nothing can send."""
    for name in names:
        if len(name) > MOST_LETTERS:
            raise DataError(f"{word} holds a name of {len(name):,} letters: use at most {MOST_LETTERS}.")
        if any("\ud800" <= letter <= "\udfff" for letter in name):
            raise DataError(f"{word} holds {name!r}, half of a character pair: nothing can show it. Leave it out.")


def check_kind(value: object, kind: type, word: str, cure: str) -> None:
    """Refuse something else than a ``kind``, in words."""
    if not isinstance(value, kind):
        article = "an" if kind.__name__[0] in "AEIOU" else "a"
        raise WrongKindError(f"{word} must be {article} {kind.__name__}, got {type(value).__name__}: {cure}.")


def check_model(model: object) -> None:
    """Refuse what is no network, in words."""
    check_kind(model, torch.nn.Module, "model", "use a network made with torch.nn")


def _as_bytes(pixels: Tensor) -> Tensor:
    """Take back a division by 255: whole grey values travel in a quarter of the room and their products stay whole."""
    grey = (pixels * 255).round()
    fractions = pixels.is_floating_point() and not torch.equal(pixels, pixels.round())
    if not fractions or grey.min() < 0 or grey.max() > 255 or not torch.equal(grey / 255, pixels):
        return pixels
    return grey.to(torch.uint8)


def _same(old: Any, new: Any) -> bool:
    if old is None or new is None or old.dtype != new.dtype:
        return old is new
    return torch.equal(old, new) if isinstance(old, Tensor) else np.array_equal(old, new)
