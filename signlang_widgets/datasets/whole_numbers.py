"""What counts as a whole number, wherever one is asked for: Python's and numpy's integers do, True does not."""

from __future__ import annotations

import numpy as np


def as_whole(name: str, value: object, least: int | None = None, most: int | None = None) -> int:
    """Return a whole number within bounds, as Python's own ``int``.

    >>> as_whole("stride", 2, 1, 32)
    2

    Parameters
    ----------
    name : str
        What the number is called in messages.
    value : object
        An int or a numpy integer.
    least, most : int, optional
        The smallest and the largest that may be.

    Raises
    ------
    TypeError
        For anything else than a whole number.
    ValueError
        For one that is too small or too large.
    """
    sentence = f"{name} must be a whole number{_bounds(least, most)}, got {value!r}."
    if not isinstance(value, (int, np.integer)) or isinstance(value, bool):
        raise TypeError(sentence)
    if (least is not None and value < least) or (most is not None and value > most):
        raise ValueError(sentence)
    return int(value)


def _bounds(least: int | None, most: int | None) -> str:
    if least is None:
        return ""
    return f" of {least} or more" if most is None else f" from {least} to {most}"
