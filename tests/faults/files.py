"""Damaged caches and damaged tables: what is loaded is what was written, or it is refused in words."""

from __future__ import annotations

import csv
import gzip
import io
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from unittest.mock import patch

import numpy as np

from signlang_widgets import DataError
from signlang_widgets.datasets import cache
from signlang_widgets.datasets.kaggle_csv import parted, read_kaggle_csv
from tests.datasets.kaggle_files import HEADER, some_rows, text_of

from .tally import Tally, Trial

ROWS = some_rows(2)


@contextmanager
def own_folder() -> Iterator[Path]:
    """A folder that is also the user's cache folder for a while."""
    folder = Path(tempfile.mkdtemp())
    try:
        with patch("signlang_widgets.files.user_cache_path", lambda *_, **__: folder / "cache"):
            yield folder
    finally:
        shutil.rmtree(folder)


def holds_rows(parsed, rows=ROWS) -> bool:
    return np.array_equal(parsed[0], rows[:, 1:]) and np.array_equal(parsed[1], rows[:, 0])


def damaged(luck: Random, content: bytes) -> bytes:
    """One bit flipped, one byte replaced, the end cut off, a piece moved, or bytes put in."""
    place, other = sorted((luck.randrange(len(content)), luck.randrange(len(content))))
    kind = luck.randrange(5)
    if kind == 0:
        return content[:place] + bytes([content[place] ^ 1 << luck.randrange(8)]) + content[place + 1 :]
    if kind == 1:
        return content[:place] + luck.randbytes(1) + content[place + 1 :]
    if kind == 2:
        return content[:place]
    if kind == 3:
        return content[:place] + content[other:] + content[place:other]
    return content[:place] + luck.randbytes(luck.randrange(1, 9)) + content[place:]


def cache_bytes(luck: Random, count: int) -> Tally:
    """An entry is damaged; opened again, the file's rows are there."""
    tally = Tally()
    with own_folder() as folder, patch.object(os, "fsync", lambda _: None):
        source = folder / "hands.csv"
        source.write_text(text_of(ROWS))
        cache.cached_kaggle_csv(source)
        entry = next((folder / "cache" / "parsed").iterdir())
        right, flat = entry.read_bytes(), cache._opened(entry)
        with patch.object(cache, "read_kaggle_csv", lambda _: flat.copy()):  # what parsing gives is tried elsewhere
            for number in range(count):
                wrong = damaged(luck, right)
                entry.write_bytes(wrong)
                well = holds_rows(cache.cached_kaggle_csv(source)) and entry.read_bytes() == right
                tally.note(well=well, what=f"entry {number}: {len(wrong)} bytes")
    return tally


def _spoilt_table(luck: Random, content: bytes) -> bytes:
    """A table as it may arrive: damaged, lines joined, cut or blank, a cell that is no number, other line ends."""
    lines = content.splitlines()
    line = luck.randrange(len(lines))
    cells = lines[line].split(b",")
    cells[luck.randrange(785)] = luck.choice(
        [b"", b" ", b"256", b"-1", b"3.0", b'"', b"x", b"1" * 40, b"\xff", b"7", b"\r"]
    )
    return luck.choice(
        [
            lambda: damaged(luck, content),
            lambda: b"\n".join([*lines[:line], b",".join(cells), *lines[line + 1 :]]),
            lambda: b"\n".join([*lines[:line], luck.choice([b"", b"  ", b"\t", b","]), *lines[line:]]),
            lambda: luck.choice([b"", b",", b"\r", b"\r\n", b";"]).join(lines),
            lambda: b"\n".join(luck.sample(lines, len(lines))),
            lambda: content + b"," * luck.randrange(100_000),
            lambda: content.replace(b",", luck.choice([b", ", b",,", b";", b"\t"]), luck.randrange(3000)),
        ]
    )()


def _plainly_read(content: bytes) -> np.ndarray:
    """The table as Python's own csv reads it."""
    lines = io.StringIO(content.decode("utf-8-sig"), newline="")
    header, *rows = (row for row in csv.reader(lines) if row and not "".join(row).isspace())
    order = [header.index(name) for name in HEADER]
    return np.array([[int(row[place]) for place in order] for row in rows])


def mutated_tables(luck: Random, count: int) -> Tally:
    """A table is spoilt: it loads as what it says, or is refused by name, at once."""
    tally = Tally()
    right = text_of(some_rows(6)).encode()
    with own_folder() as folder:
        for number in range(count):
            content = _spoilt_table(luck, right)
            packed = luck.random() < 0.2
            path = folder / ("hands.csv.gz" if packed else "hands.csv")
            path.write_bytes(gzip.compress(content, 1) if packed else content)
            start = time.monotonic()
            try:
                well = holds_rows(parted(read_kaggle_csv(path)), _plainly_read(content))
            except DataError as error:
                well = str(path) in str(error)
            except Exception as error:  # noqa: BLE001 - each is counted
                well, content = False, repr(error).encode()
            tally.note(well=well and time.monotonic() - start < 10, what=f"table {number}: {content[:60]!r}")
    return tally


TRIALS = (
    Trial("a byte of the cache flipped, cut or moved", 30_000, 300, cache_bytes),
    Trial("a table spoilt", 5_000, 100, mutated_tables),
)
