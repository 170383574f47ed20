"""Parsed files, kept in the user's cache folder so that the next notebook opens them at once."""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from signlang_widgets.files import cache_folder, sweep, whole_file

from .checksum import file_checksum, memory_checksum
from .kaggle_csv import COLUMNS, LARGEST_FILE, parted, read_kaggle_csv

if TYPE_CHECKING:
    from .kaggle_csv import Bytes

FORMAT = 2  # count up whenever the layout of read_kaggle_csv or of an entry changes
_SEAL = 32  # bytes: the checksum that ends an entry


def cached_kaggle_csv(path: Path) -> tuple[Bytes, Bytes]:
    """Bytes and labels of a file, parsed once and then read from the cache, where every byte is checked.

    The memory is this process's own: what you paint into an image stays yours, and nothing that happens to the file in
    the cache reaches it. (A map of the file would open faster, but look at nothing, and end the process when cut off.)

    Returns
    -------
    pixels : uint8 array (N, 784), writable, never written back
    labels : uint8 array (N,)

    Raises
    ------
    DataError
        As ``read_kaggle_csv``.
    """
    before = _state(path)
    entry = _entry(path) if before else None
    flat = _opened(entry) if entry else None
    if flat is None:
        flat = read_kaggle_csv(path)
        if entry and _state(path) == before:  # or the bytes that were parsed need not be those that name the entry
            _keep(entry, flat)
    return parted(flat)


def _state(path: Path) -> tuple[int, ...] | None:
    """What tells that a file was not written to meanwhile; None for a path that the reader will refuse."""
    try:
        found = path.stat()
    except (OSError, ValueError):
        return None
    if not stat.S_ISREG(found.st_mode) or found.st_size > LARGEST_FILE:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns


def _entry(path: Path) -> Path | None:
    """The file for the parsed form of exactly this content: size and time alone may be those of another."""
    try:
        name = hashlib.sha256(os.fsencode(path.resolve())).hexdigest()[:24]
        return cache_folder() / "parsed" / f"{name}-{file_checksum(path)}-v{FORMAT}.bin"
    except (OSError, ValueError):
        return None


def _opened(entry: Path) -> Bytes | None:
    """The entry in memory, or None where it is missing, or any bit of it is not as it was written."""
    try:
        with entry.open("rb", buffering=0) as file:
            content = np.empty(os.fstat(file.fileno()).st_size, np.uint8)
            whole = file.readinto(content.data) == content.size
    except OSError:
        return None
    flat, seal = content[:-_SEAL], content[-_SEAL:].tobytes()
    fits = flat.size > 0 and flat.size % len(COLUMNS) == 0
    return flat if whole and fits and seal == _seal(entry, flat) else None


def _seal(entry: Path, flat: Bytes) -> bytes:
    """The checksum of an entry's bytes, and of its name: under another one it is no entry."""
    content = memory_checksum(flat.data)
    return hashlib.blake2b(f"{entry.name} {content}".encode(), digest_size=_SEAL).digest()


def _keep(entry: Path, flat: Bytes) -> None:
    """Write the entry; where the folder takes no files, the next opening parses again."""
    sweep(entry.parent)
    with contextlib.suppress(OSError):
        with whole_file(entry) as part, part.open("wb") as file:
            file.write(flat.data)
            file.write(_seal(entry, flat))
        _forget_older(entry)


def _forget_older(entry: Path) -> None:
    source = entry.name.split("-", 1)[0]
    for kind in ("bin", "npy"):  # npy: as entries were called once
        for old in entry.parent.glob(f"{source}-*.{kind}"):
            if old != entry:
                with contextlib.suppress(OSError):  # open in another process (Windows): it goes next time
                    old.unlink()
