"""What a learner holds in the explorer, as traits: a pinned place of the matrix, and flags on images."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import traitlets

from signlang_widgets.datasets.labelled_images import DataError

if TYPE_CHECKING:
    from signlang_widgets.networks.confusions import Pin

FLAGS = ("wrong label?", "unclear")


class PinTrait(traitlets.TraitType[Any, Any]):
    """None, or (true, predicted) as class indices; None for one of them pins a column or a row. Names are taken too."""

    def validate(self, obj: Any, value: Any) -> Pin | None:
        """Refuse what names no place of the matrix; the old pin stays."""
        if not isinstance(value, (tuple, list)) or len(value) != 2:
            raise DataError(
                f"pinned is (true, predicted), such as ('M', 'N'), ('M', None) for a row, or None; got {value!r}."
            )
        true, predicted = (_class_index(part, obj.names) for part in value)
        return None if true is None and predicted is None else (true, predicted)


def _class_index(part: Any, names: tuple[str, ...]) -> int | None:
    if part is None:
        return None
    if isinstance(part, str):
        if part not in names:
            raise DataError(f"There is no class {part!r}. Use one of {', '.join(names)}.")
        return names.index(part)
    if not 0 <= int(part) < len(names):
        raise DataError(f"There is no class {part}. Use 0 to {len(names) - 1}.")
    return int(part)


class FlagsTrait(traitlets.TraitType[Any, Any]):
    """{index of an image: word}; JSON makes texts of the indices on the way."""

    def validate(self, obj: Any, value: Any) -> dict[int, str]:
        """Refuse flags on images that are not there, and words that are no flags; the old ones stay."""
        flags = {int(index): word for index, word in dict(value).items()}
        for index, word in flags.items():
            check_index(index, obj.count)
            if word not in FLAGS:
                raise DataError(f"{word!r} is no flag. Use {' or '.join(map(repr, FLAGS))}.")
        return flags


def check_index(index: int, count: int) -> None:
    """Refuse an image that is not there."""
    if not 0 <= index < count:
        raise DataError(f"There is no image {index}. Use 0 to {count - 1}.")
