"""Damaged caches and damaged tables: what is loaded is what was written, or it is refused in words."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from unittest.mock import patch

import numpy as np

from signlang_widgets.datasets import cache
from tests.datasets.kaggle_files import some_rows, text_of

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


TRIALS = (Trial("a byte of the cache flipped, cut or moved", 30_000, 300, cache_bytes),)
