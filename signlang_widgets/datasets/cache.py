"""Parsed files, kept in the user's cache folder so that the next notebook opens them at once."""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from signlang_widgets.files import cache_folder, sweep, whole_file

from .checksum import file_checksum, memory_checksum
from .kaggle_csv import COLUMNS, LARGEST_FILE, parted, read_kaggle_csv

if TYPE_CHECKING:
    from .kaggle_csv import Bytes

FORMAT = 3  # count up whenever the layout of read_kaggle_csv or of an entry changes
SETTLED = 3.0  # seconds after which writing to a file gives it another time, on every file system
_DIGEST = 16  # bytes; an entry ends in three: of the source's state, of its content, and of all before


class _Source(NamedTuple):
    """A file as it stands: ``state`` is what the system says of it, None where that may be said of other content too.

    Size and time of writing can be those of another file. The time of the last change of any kind (ctime) cannot be
    chosen, and a file that takes the place of another has a place of its own on the disk: together they stand for the
    content, once some seconds have passed. Windows keeps no such time, so there the content is read at every opening.
    """

    stamp: tuple[int, ...]
    state: bytes | None


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
    try:
        entry, source = _entry(path), _source(path)
        if source is None:
            return parted(read_kaggle_csv(path))
        flat, state, content = _opened(entry)
        if flat is not None and source.state == state:
            return parted(flat)
        now = _digest(file_checksum(path))
    except (OSError, ValueError):
        return parted(read_kaggle_csv(path))
    fits = flat is not None and content == now
    if flat is None or not fits:
        flat = read_kaggle_csv(path)
    after = _source(path)
    # Not kept when written to meanwhile, for then other bytes may have been parsed than the checksum was taken of.
    if after and after.stamp == source.stamp and (source.state or not fits):
        _keep(entry, flat, (source.state or bytes(_DIGEST)) + now)
    return parted(flat)


def _entry(path: Path) -> Path:
    name = hashlib.sha256(os.fsencode(path.resolve())).hexdigest()[:24]
    return cache_folder() / "parsed" / f"{name}-v{FORMAT}.bin"


def _source(path: Path) -> _Source | None:
    """What the system says of a file; None for one that the reader will refuse."""
    found = path.stat()
    if not stat.S_ISREG(found.st_mode) or found.st_size > LARGEST_FILE:
        return None
    stamp = (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
    settled = sys.platform != "win32" and time.time() - found.st_ctime > SETTLED
    return _Source(stamp, _digest(repr(stamp)) if settled else None)


def _opened(entry: Path) -> tuple[Bytes | None, bytes, bytes]:
    """The entry in memory, and what it says of its source; None where any bit of it is not as it was written."""
    try:
        with entry.open("rb", buffering=0) as file:
            content = np.empty(os.fstat(file.fileno()).st_size, np.uint8)
            whole = file.readinto(content.data) == content.size
    except OSError:
        return None, b"", b""
    ends = [content[content.size - place * _DIGEST :][:_DIGEST].tobytes() for place in (3, 2, 1)]
    flat = content[: -3 * _DIGEST]
    fits = flat.size > 0 and flat.size % len(COLUMNS) == 0
    right = whole and fits and ends[2] == _seal(entry, content[:-_DIGEST])
    return (flat, ends[0], ends[1]) if right else (None, b"", b"")


def _seal(entry: Path, content: Bytes) -> bytes:
    """The checksum of an entry's bytes, and of its name: under another one it is no entry."""
    return _digest(f"{entry.name} {memory_checksum(content.data)}")


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=_DIGEST).digest()


def _keep(entry: Path, flat: Bytes, source: bytes) -> None:
    """Write the entry; where the folder takes no files, the next opening parses again."""
    content = np.concatenate([flat, np.frombuffer(source, np.uint8)])
    sweep(entry.parent)
    with contextlib.suppress(OSError):
        with whole_file(entry) as part, part.open("wb") as file:
            file.write(content.data)
            file.write(_seal(entry, content))
        _forget_older(entry)


def _forget_older(entry: Path) -> None:
    """Entries of the same file that an earlier version wrote."""
    source = entry.name.split("-", 1)[0]
    for kind in ("bin", "npy"):
        for old in entry.parent.glob(f"{source}-*.{kind}"):
            if old != entry:
                with contextlib.suppress(OSError):  # open in another process (Windows): it goes next time
                    old.unlink()
