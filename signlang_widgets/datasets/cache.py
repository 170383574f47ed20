"""Parsed files, kept in the user's cache folder so that the next notebook opens them at once."""

from __future__ import annotations

import contextlib
import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from signlang_widgets.files import cache_folder, whole_file

from .kaggle_csv import COLUMNS, LARGEST_LABEL, parted, read_kaggle_csv

if TYPE_CHECKING:
    from .kaggle_csv import Bytes

FORMAT = 1  # count up whenever the layout of read_kaggle_csv changes


def cached_kaggle_csv(path: Path) -> tuple[Bytes, Bytes]:
    """Bytes and labels of a file, parsed once and then mapped from disk.

    Pages are shared between processes and copied when written to: what you paint into an image stays yours.

    Returns
    -------
    pixels : uint8 array (N, 784), writable, never written back
    labels : uint8 array (N,)

    Raises
    ------
    DataError
        As ``read_kaggle_csv``.
    """
    entry = _entry(path)
    if entry is None:
        return parted(read_kaggle_csv(path))
    kept = _opened(entry)
    return parted(_kept(entry, read_kaggle_csv(path)) if kept is None else kept)


def _entry(path: Path) -> Path | None:
    """The file for the parsed form of exactly this content; None for a path that the reader will refuse."""
    try:
        state = path.stat()
        name = hashlib.sha256(os.fsencode(path.resolve())).hexdigest()[:24]
    except (OSError, ValueError):
        return None
    return cache_folder() / "parsed" / f"{name}-{state.st_size}-{state.st_mtime_ns}-v{FORMAT}.npy"


def _opened(entry: Path) -> Bytes | None:
    """The mapped entry, or None where it is missing, cut off or of another make."""
    try:
        flat: Bytes = np.load(entry, mmap_mode="c", allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    whole = flat.dtype == np.uint8 and flat.ndim == 1 and flat.size > 0 and flat.size % len(COLUMNS) == 0
    return flat if whole and parted(flat)[1].max() <= LARGEST_LABEL else None


def _kept(entry: Path, flat: Bytes) -> Bytes:
    """The same bytes mapped from disk, or as they are where the folder takes no files."""
    try:
        with whole_file(entry) as part, part.open("wb") as file:
            np.save(file, flat, allow_pickle=False)
    except OSError:
        return flat
    _forget_older(entry)
    mapped = _opened(entry)
    return flat if mapped is None else mapped


def _forget_older(entry: Path) -> None:
    source = entry.name.split("-", 1)[0]
    for old in entry.parent.glob(f"{source}-*.npy"):
        if old != entry:
            with contextlib.suppress(OSError):  # mapped by another process (Windows): it goes next time
                old.unlink()
