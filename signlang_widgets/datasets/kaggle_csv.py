"""Files in the form of Kaggle's Sign Language MNIST, read fast and checked whole."""

from __future__ import annotations

import warnings
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from .kaggle_diagnosis import COLUMNS, PIXELS, fault_of, is_gzip

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]


def read_kaggle_csv(path: Path) -> Pixels:
    """All pixels of one file, image after image, then all its labels: checked, in one piece (``parted`` parts it).

    Parameters
    ----------
    path : Path
        Columns label, pixel1 .. pixel784 in any order, whole numbers; gzipped if the name ends in ``.gz``.

    Returns
    -------
    uint8 array (785 * N,)
        Pixels 0..255, labels 0..25.

    Raises
    ------
    DataError
        If the file is missing, damaged, or holds anything else; the message names file, line and cure.
    """
    frame = _frame(path)
    if not _is_clean(frame):
        raise fault_of(path)
    if tuple(frame.columns) != COLUMNS:
        frame = frame[list(COLUMNS)]
    values = frame.to_numpy()
    labels, pixels = values[:, 0], values[:, 1:]
    every_bit = np.bitwise_or.reduce(values, axis=None)  # a sign, or a bit beyond the eighth, shows here
    if not 0 <= every_bit <= 255 or labels.max() > 25:
        raise fault_of(path)
    flat = np.empty(values.size, np.uint8)
    parts = parted(flat)
    parts[0][...], parts[1][...] = pixels, labels
    return flat


def parted(flat: Pixels) -> tuple[Pixels, Pixels]:
    """Pixels (N, 784) and labels (N,) as views of the one piece."""
    count = flat.size // (PIXELS + 1)
    return flat[: count * PIXELS].reshape(count, PIXELS), flat[count * PIXELS :]


def _frame(path: Path) -> pd.DataFrame:
    # The default types (int64) show 256, -1 and 3.7 as they are; asking for uint8 here would hide 3.0, 1e2 and True.
    import pandas as pd

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", pd.errors.DtypeWarning)
            # Blanks need no search of their own (na_filter): a column that holds one is no column of integers.
            return pd.read_csv(path, compression="gzip" if is_gzip(path) else None, encoding="utf-8", na_filter=False)
    except (ValueError, OSError, EOFError, OverflowError, zlib.error) as error:
        raise fault_of(path, error) from error


def _is_clean(frame: pd.DataFrame) -> bool:
    """Whether these are rows of 785 named whole numbers (pandas makes an index of a field too many)."""
    right_columns = len(frame.columns) == len(COLUMNS) and set(frame.columns) == set(COLUMNS)
    return right_columns and len(frame) > 0 and _counts_from_zero(frame) and bool((frame.dtypes == np.int64).all())


def _counts_from_zero(frame: pd.DataFrame) -> bool:
    import pandas as pd

    return isinstance(frame.index, pd.RangeIndex)
