"""Arrays on their way between Python and the page: bytes with a shape and a type. ``wire.js`` is the other side."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from torch import Tensor

if TYPE_CHECKING:
    from numpy.typing import NDArray

KINDS = ("uint8", "int32", "float32", "float64")

Packed = dict[str, Any]


def packed(values: Tensor | NDArray[Any]) -> Packed:
    """Return an array as it travels: ``{"shape", "dtype", "data"}``, little-endian; int64 goes as int32."""
    array = values.detach().cpu().numpy() if isinstance(values, Tensor) else np.asarray(values)
    kind = array.dtype.name if array.dtype.name in KINDS else "int32" if array.dtype.kind in "iub" else "float32"
    data = np.ascontiguousarray(array, np.dtype(kind).newbyteorder("<")).tobytes()
    return {"shape": list(array.shape), "dtype": kind, "data": data}


def unpacked(value: Packed) -> NDArray[Any]:
    """Return the array that :func:`packed` (here or in the page) packed, in memory of its own.

    Raises
    ------
    ValueError
        For anything else: another type, a shape that the bytes do not fill.
    """
    shape, kind, data = value.get("shape"), value.get("dtype"), value.get("data")
    if (
        kind not in KINDS
        or not isinstance(shape, (list, tuple))
        or not isinstance(data, (bytes, bytearray, memoryview))
    ):
        raise ValueError("This is no packed array: it needs a shape, a dtype and data.")
    array = np.frombuffer(bytes(data), np.dtype(kind).newbyteorder("<"))
    if not all(isinstance(side, int) and side >= 0 for side in shape) or math.prod(shape) != array.size:
        raise ValueError(f"{array.size} numbers do not fill the shape {tuple(shape)}.")
    return array.reshape(shape).astype(kind)


def plain(value: Any) -> Any:
    """Return a value as JSON can carry it: NaN and infinity become None."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items()}
    return [plain(part) for part in value] if isinstance(value, (list, tuple)) else value
