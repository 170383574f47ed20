"""The named kernels, as data: rows of numbers, laid on an image as they stand (cross-correlation).

The first four are the chapter's hand-made line detectors; ``sobel_x`` answers to brightness that grows to the right,
``sobel_y`` to brightness that grows downwards.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Kernel = NDArray[np.float64]

_LINE = [-1.0, -1.0, 4.0, -1.0, -1.0]
_DIAGONAL = [[4.0 if column == row else -1.0 for column in range(5)] for row in range(5)]

KERNELS: dict[str, list[list[float]]] = {
    "vertical": [_LINE for _ in range(5)],
    "horizontal": [[value] * 5 for value in _LINE],
    "diagonal_down": _DIAGONAL,
    "diagonal_up": [row[::-1] for row in _DIAGONAL],
    "identity": [[0, 0, 0], [0, 1, 0], [0, 0, 0]],
    "box_blur": [[1 / 9] * 3 for _ in range(3)],
    "gaussian_blur": [[a * b / 16 for b in (1, 2, 1)] for a in (1, 2, 1)],
    "sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
    "sobel_x": [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
    "sobel_y": [[-1, -2, -1], [0, 0, 0], [1, 2, 1]],
    "laplacian": [[0, 1, 0], [1, -4, 1], [0, 1, 0]],
    "emboss": [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]],
}

LARGEST_SIDE = 9
LARGEST_VALUE = 1e6


def as_kernel(kernel: str | ArrayLike) -> Kernel:
    """Return a kernel's numbers: a name from ``KERNELS``, or a square of odd size.

    Parameters
    ----------
    kernel : str or array_like
        A name, or (k, k) finite numbers with k odd, 1 to 9, each between -1,000,000 and 1,000,000.

    Returns
    -------
    ndarray
        (k, k), float64, read-only: a changed kernel is a new array.

    Raises
    ------
    ValueError
        For an unknown name, another shape, NaN, infinity or numbers that are too large.
    TypeError
        For something that is not numbers.
    """
    if isinstance(kernel, str):
        if kernel not in KERNELS:
            raise ValueError(
                f"There is no kernel named {kernel!r}. Use one of {', '.join(KERNELS)}, or a square of numbers."
            )
        kernel = KERNELS[kernel]
    values = _numbers(kernel)
    side = values.shape[0] if values.ndim else 0
    if values.shape != (side, side) or side % 2 == 0 or side > LARGEST_SIDE:
        shape = "x".join(map(str, values.shape)) or "a single number"
        raise ValueError(f"This kernel is {shape}. Use a square with odd sides from 1 to 9, such as 5x5.")
    if not np.isfinite(values).all() or np.abs(values).max() > LARGEST_VALUE:
        raise ValueError("This kernel holds NaN, infinity or numbers beyond 1,000,000. Use finite, smaller numbers.")
    values.setflags(write=False)
    return values


def _numbers(kernel: ArrayLike) -> Kernel:
    try:
        return np.array(kernel if kernel is not None else "nothing", dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise TypeError(f"A kernel is a name or a square of numbers, got {type(kernel).__name__} ({error}).") from None
