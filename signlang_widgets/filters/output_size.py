"""How many places a window takes on an image: the size formula that convolution and pooling share."""

from __future__ import annotations

from typing import NamedTuple


class Sliding(NamedTuple):
    """How a window moves: one step every ``stride`` cells, over ``padding`` extra cells a side, its taps ``dilation`` apart."""

    stride: int = 1
    padding: int = 0
    dilation: int = 1
    ceil: bool = False


def places(side: int, size: int, sliding: Sliding) -> int:
    """Return how many places a window of ``size`` cells takes along one side of an image; 0 where it does not fit.

    >>> places(28, 5, Sliding())
    24

    Parameters
    ----------
    side : int
        Cells along the image, without padding.
    size : int
        Taps along the window.
    sliding : Sliding
        How it moves; with ``ceil`` a last window may begin inside the padded image and reach over its edge.

    Notes
    -----
    Source: https://docs.pytorch.org/docs/stable/generated/torch.nn.MaxPool2d.html
    """
    span = _free(side, size, sliding)
    if span < 0:
        return 0
    if not sliding.ceil:
        return span // sliding.stride + 1
    count = -(-span // sliding.stride) + 1
    return count - 1 if (count - 1) * sliding.stride >= side + sliding.padding else count


def formula(side: int, size: int, sliding: Sliding) -> str:
    """Return the size formula with its numbers, as far as it can be followed by hand.

    >>> formula(3, 5, Sliding())
    'floor((3 + 2*0 - 1*(5 - 1) - 1) / 1) + 1 = -1'
    """
    stride, padding, dilation, ceil = sliding
    span = _free(side, size, sliding)
    result = (-(-span // stride) if ceil else span // stride) + 1
    word = "ceil" if ceil else "floor"
    return f"{word}(({side} + 2*{padding} - {dilation}*({size} - 1) - 1) / {stride}) + 1 = {result}"


def check_fit(image: tuple[int, int], window: tuple[int, int], sliding: Sliding, name: str) -> None:
    """Refuse a window that has no place on the padded image.

    Parameters
    ----------
    image, window : (int, int)
        Height and width.
    sliding : Sliding
        How the window moves.
    name : str
        What the window is called in the message.

    Raises
    ------
    ValueError
        With the size formula and its numbers.
    """
    for word, side, size in zip(("height", "width"), image, window, strict=True):
        if _free(side, size, sliding) < 0:
            raise ValueError(
                f"A {window[0]}x{window[1]} {name} does not fit on a {image[0]}x{image[1]} image: the output's {word} "
                f"would be {formula(side, size, sliding)}. Use a larger image, a smaller {name}"
                f"{', less dilation' if sliding.dilation > 1 else ''} or more padding."
            )


def _free(side: int, size: int, sliding: Sliding) -> int:
    """Cells that a window may still move after it was laid on the first place; below 0 it does not fit."""
    return side + 2 * sliding.padding - sliding.dilation * (size - 1) - 1
