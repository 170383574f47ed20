"""What a learner holds in the explorer, as traits: a pinned place of the matrix, and flags on images."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import traitlets

from signlang_widgets.datasets.labelled_images import DataError
from signlang_widgets.datasets.whole_numbers import as_whole

if TYPE_CHECKING:
    from signlang_widgets.networks.confusions import Pin

FLAGS = ("wrong label?", "unclear")


class PinTrait(traitlets.TraitType[Any, Any]):
    """None, or (true, predicted) as class indices; None for one of them pins a column or a row. Names are taken too."""

    def validate(self, obj: Any, value: Any) -> Pin | None:
        """Refuse what names no place of the matrix; the old pin stays."""
        pin = as_pin(value, obj.names)
        return None if pin == (None, None) else pin


def as_pin(value: Any, names: tuple[str, ...]) -> Pin | None:
    """Return a place of the matrix as class indices; None for no place, (None, None) for all of it."""
    if value is None:
        return None
    if not isinstance(value, (tuple, list)) or len(value) != 2:
        raise DataError(
            f"pinned is (true, predicted), such as ('M', 'N'), ('M', None) for a row, or None; got {value!r}."
        )
    true, predicted = (_class_index(part, names) for part in value)
    return true, predicted


def _class_index(part: Any, names: tuple[str, ...]) -> int | None:
    if part is None:
        return None
    if isinstance(part, str):
        if part not in names:
            raise DataError(f"There is no class {part!r}. Use one of {', '.join(names)}.")
        return names.index(part)
    number = _whole(part, "class")
    if not 0 <= number < len(names):
        raise DataError(f"There is no class {number}. Use 0 to {len(names) - 1}.")
    return number


class FlagsTrait(traitlets.TraitType[Any, Any]):
    """{index of an image: word}; JSON makes texts of the indices on the way."""

    def validate(self, obj: Any, value: Any) -> dict[int, str]:
        """Refuse flags on images that are not there, and words that are no flags; the old ones stay."""
        if not isinstance(value, Mapping):
            raise DataError(
                f"flags is a dict from images to words, such as {{3: 'unclear'}}, got {type(value).__name__}."
            )
        flags = {int(index) if _is_number(index) else index: word for index, word in value.items()}
        for index, word in flags.items():
            check_index(index, obj.count)
            if word not in FLAGS:
                raise DataError(f"{word!r} is no flag. Use {' or '.join(map(repr, FLAGS))}.")
        return flags


def check_index(index: object, count: int) -> int:
    """Return the number of an image; refuse one that is not there."""
    number = _whole(index, "image")
    if not 0 <= number < count:
        raise DataError(f"There is no image {number}. Use 0 to {count - 1}.")
    return number


def _whole(value: object, word: str) -> int:
    try:
        return as_whole(word, value)
    except TypeError as error:
        raise DataError(str(error)) from None


def _is_number(index: object) -> bool:
    """JSON makes texts of numbers where they are keys."""
    return isinstance(index, str) and index.isascii() and index.isdigit() and len(index) < 19
