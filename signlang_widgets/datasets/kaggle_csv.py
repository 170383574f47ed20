"""Files in the form of Kaggle's Sign Language MNIST: read fast and checked whole, or else read again, slowly, for the fault.

Both readers obey the constants below: the fast one decides, the slow one names the first line that is wrong and the cure.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
import stat
import warnings
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from .labelled_images import DataError

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    Bytes = NDArray[np.uint8]

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
PIXELS = 28 * 28
COLUMNS = ("label", *(f"pixel{i + 1}" for i in range(PIXELS)))
LARGEST_LABEL, LARGEST_GREY = len(LETTERS) - 1, 255
LARGEST_FILE = 1 << 29  # bytes of text: six times the full set

_HEAD = 1 << 20  # bytes in which header and first row must be found
_LEAST_ROW = 2 * len(COLUMNS)  # bytes: a digit and a comma (or line end) a column
_PLAIN = frozenset(map(str, range(LARGEST_GREY + 1)))
_FORM = "The first line must read label,pixel1,...,pixel784"
_WHOLE = re.compile(r"\s*[+-]?[0-9]{1,18}\s*", re.ASCII)


def read_kaggle_csv(path: Path) -> Bytes:
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
    _refuse_at_sight(path)
    frame = _frame(path)
    if not _is_clean(frame):
        raise _fault_of(path)
    if tuple(frame.columns) != COLUMNS:
        frame = frame[list(COLUMNS)]
    values = frame.to_numpy()
    labels, pixels = values[:, 0], values[:, 1:]
    every_bit = np.bitwise_or.reduce(values, axis=None)  # a sign, or a bit beyond the eighth, shows here
    if not 0 <= every_bit <= LARGEST_GREY or labels.max() > LARGEST_LABEL:
        raise _fault_of(path)
    flat = np.empty(values.size, np.uint8)
    parts = parted(flat)
    parts[0][...], parts[1][...] = pixels, labels
    return flat


def parted(flat: Bytes) -> tuple[Bytes, Bytes]:
    """Pixels (N, 784) and labels (N,) as views of the one piece."""
    count = flat.size // (PIXELS + 1)
    return flat[: count * PIXELS].reshape(count, PIXELS), flat[count * PIXELS :]


def _refuse_at_sight(path: Path) -> None:
    """What would be waited for without end, or does not fit, is refused before it is opened."""
    try:
        found = path.stat()
    except (OSError, ValueError):
        return  # whoever opens it says why
    if not (stat.S_ISREG(found.st_mode) or stat.S_ISDIR(found.st_mode)):
        raise DataError(f"{path} cannot be read (it is a device or a pipe). Give a CSV file.")
    if found.st_size > LARGEST_FILE:
        raise _too_large(path)


def _too_large(path: Path) -> DataError:
    return DataError(
        f"{path} holds more than {LARGEST_FILE >> 20} MB of text, six times the full set. "
        "Give a smaller file, or put your pictures into LabelledImages yourself."
    )


def _frame(path: Path) -> pd.DataFrame:
    # The default types (int64) show 256, -1 and 3.7 as they are; asking for uint8 here would hide 3.0, 1e2 and True.
    import pandas as pd

    try:
        source, size = _unpacked(path) if _is_gzip(path) else (path, path.stat().st_size)
        if not _begins_right(source):
            raise _fault_of(path)
        most = size // _LEAST_ROW + 1
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", pd.errors.DtypeWarning)
            # Blanks need no search of their own (na_filter): a column that holds one is no column of integers.
            # Rows cut short take as much memory as whole ones: a file of such lines alone must not fill it (nrows).
            return pd.read_csv(source, compression=None, encoding="utf-8", na_filter=False, nrows=most)
    except DataError:
        raise
    except MemoryError:
        raise DataError(f"{path} does not fit into the memory that is left. Close other notebooks first.") from None
    except (ValueError, OSError, EOFError, OverflowError, zlib.error) as error:
        raise _fault_of(path, error) from error


def _unpacked(path: Path) -> tuple[io.BytesIO, int]:
    """The text of a compressed file, as long as it is one that fits: 4 MB may hold 4 GB."""
    text = io.BytesIO()
    with gzip.open(path) as file:
        while piece := file.read(_HEAD):
            if text.tell() + len(piece) > LARGEST_FILE:
                raise _too_large(path)
            text.write(piece)
    size = text.tell()
    text.seek(0)
    return text, size


def _begins_right(source: Path | io.BytesIO) -> bool:
    """Whether header and first row hold the fields of a set; pandas takes minutes over a million columns."""
    if isinstance(source, io.BytesIO):
        head = bytes(source.getbuffer()[:_HEAD])
    else:
        with source.open("rb") as file:
            head = file.read(_HEAD)
    try:
        rows = _rows(csv.reader(io.StringIO(head.decode("utf-8-sig", "replace"), newline="")))
        (_, header), (_, first) = next(rows), next(rows)
    except (csv.Error, StopIteration):
        return False
    return not _header_fault(header) and len(first) == len(COLUMNS)


def _is_clean(frame: pd.DataFrame) -> bool:
    """Whether these are rows of 785 named whole numbers (pandas makes an index of a field too many)."""
    right_columns = len(frame.columns) == len(COLUMNS) and set(frame.columns) == set(COLUMNS)
    return right_columns and len(frame) > 0 and _counts_from_zero(frame) and bool((frame.dtypes == np.int64).all())


def _counts_from_zero(frame: pd.DataFrame) -> bool:
    import pandas as pd

    return isinstance(frame.index, pd.RangeIndex)


def _fault_of(path: Path, error: Exception | None = None) -> DataError:
    """The error that names the first fault of a file, reading it slowly, line by line.

    Parameters
    ----------
    path : Path
        The file that did not load.
    error : Exception, optional
        What the fast reader said; told when the slow reader finds nothing wrong.
    """
    try:
        return DataError(f"{path}{_first_fault(_text(path))}")
    except DataError as found:
        return found
    except (csv.Error, StopIteration) as found:
        return DataError(f"{path} is not a table that can be read ({error or found}). Download it again.")


def _text(path: Path) -> str:
    try:
        content = _unpacked(path)[0].getvalue() if _is_gzip(path) else path.read_bytes()
    except FileNotFoundError:
        raise DataError(
            f"There is no file {path}. Check the path, or get the full set: slw.fetch_sign_mnist()"
        ) from None
    except (EOFError, gzip.BadGzipFile, zlib.error):
        raise DataError(f"{path} is not a whole gzip file. Download it again, or unpack it first.") from None
    except DataError:
        raise
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise DataError(f"{path} cannot be read ({reason}). Give a CSV file that you may read.") from None
    return _decoded(path, content)


def _decoded(path: Path, content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise DataError(f"{path} is not a text file. Give the CSV file itself (UTF-8, or gzipped with a name in .gz).")
    if not text.strip():
        raise DataError(f"{path} is empty. Download it again.")
    return text


def _rows(reader: Any) -> Iterator[tuple[int, list[str]]]:
    """Each row with the number of its line; like pandas, past lines that are blank."""
    return ((reader.line_num, row) for row in reader if row and not (len(row) == 1 and row[0].isspace()))


def _first_fault(text: str) -> str:
    rows = _rows(csv.reader(io.StringIO(text, newline="")))
    line, header = next(rows)
    fault = _header_fault(header)
    if fault:
        return f", line {line}: {fault}"
    return next(_row_faults(header, rows), " holds something that is not a plain number. Save it again as plain CSV.")


def _header_fault(header: Sequence[str]) -> str:
    names = set(header)
    missing = [name for name in COLUMNS if name not in names]
    if len(header) > 2 * len(COLUMNS):
        return f"{len(header):,} fields stand in it, as if line ends were lost. Download it again. {_FORM}."
    if "label" in missing:
        return f"there is no column 'label'. {_FORM}."
    if missing:
        found = len(COLUMNS) - len(missing) - 1
        return f"{found} of the 784 pixel columns are there ({missing[0]} is missing). {_FORM}: 28x28 images."
    extra = [name for name in header if name not in COLUMNS]
    if extra:
        return f"there is a column {extra[0]!r} too many. Remove it (pandas: to_csv(path, index=False)). {_FORM}."
    if len(header) > len(COLUMNS):
        return f"a column stands there twice: {len(header)} instead of 785. {_FORM}, each name once."
    return ""


def _row_faults(header: Sequence[str], rows: Iterator[tuple[int, list[str]]]) -> Iterator[str]:
    line = 0
    for line, row in rows:
        fault = _row_fault(header, row)
        if fault:
            yield f", line {line}: {fault}"
    if not line:
        yield " holds a header and no image. Download it again."


def _row_fault(header: Sequence[str], row: Sequence[str]) -> str:
    if len(row) < len(header):
        return f"{len(row)} of {len(header)} fields are there. The file may be cut off: download it again."
    if len(row) > len(header):
        return f"{len(row)} fields instead of {len(header)}. Remove what is too many, or download the file again."
    if _PLAIN.issuperset(row) and int(row[header.index("label")]) <= LARGEST_LABEL:
        return ""
    faults = (_cell_fault(name, cell) for name, cell in zip(header, row, strict=True))
    return next((fault for fault in faults if fault), "")


def _cell_fault(name: str, cell: str) -> str:
    if name == "label":
        most, meaning = LARGEST_LABEL, f"a label is a letter's place in the alphabet, 0 (A) to {LARGEST_LABEL} (Z)"
    else:
        most, meaning = LARGEST_GREY, f"grey goes from 0 to {LARGEST_GREY}"
    if not cell.strip():
        return f"{name} is blank. Put a whole number there ({meaning}), or remove the line."
    if not _WHOLE.fullmatch(cell):
        return f"{name} is {cell[:20]!r}. Write a whole number: {meaning}."
    if not 0 <= int(cell) <= most:
        return f"{name} is {cell.strip()}. Keep to {meaning}."
    return ""


def _is_gzip(path: Path) -> bool:
    """Whether the name promises a compressed file."""
    return path.suffix == ".gz"
