"""Files that are no set, and would take all time or all memory to find that out by reading them."""

import gzip
import os
import time
import zlib

import pytest

from signlang_widgets import DataError
from signlang_widgets.datasets import kaggle_csv
from signlang_widgets.datasets.cache import cached_kaggle_csv
from signlang_widgets.datasets.kaggle_csv import read_kaggle_csv

from .kaggle_files import some_rows, text_of

pytestmark = pytest.mark.usefixtures("own_cache")
RIGHT = text_of(some_rows(180))
HEADER, FIRST = RIGHT.splitlines()[:2]
SECONDS = 10  # each takes less than one; a failure took minutes

ENDLESS = {
    "line ends lost": (RIGHT.replace("\n", ""), "line 1: 141,905 fields .*line ends"),
    "line ends turned into commas": (RIGHT.replace("\n", ","), "line 1: .*line ends"),
    "nothing but commas": ("," * 1_000_000, "line 1: 1,000,001 fields"),
    "commas under a header": (f"{HEADER}\n" + "," * 1_000_000, "line 2: 1000001 fields"),
    "commas further down": (f"{HEADER}\n{FIRST}\n" + "," * 1_000_000, "line 3: 1000001 fields"),
    "short lines": (f"{HEADER}\n{FIRST}\n" + "1\n" * 2_000_000, "line 3: 1 of 785 fields"),
    "one long number": (f"{HEADER}\n" + "1" * 3_000_000, "line 2|not a table"),
}


@pytest.mark.parametrize("name", ENDLESS)
@pytest.mark.parametrize("packed", [False, True])
def test_it_is_refused_at_once(tmp_path, name, packed):
    content, words = ENDLESS[name]
    path = tmp_path / ("hands.csv.gz" if packed else "hands.csv")
    path.write_bytes(gzip.compress(content.encode(), 1) if packed else content.encode())
    start = time.monotonic()
    with pytest.raises(DataError, match=words):
        read_kaggle_csv(path)
    assert time.monotonic() - start < SECONDS


@pytest.mark.parametrize("begin", ["", f"{HEADER}\n{FIRST}\n"])
def test_an_archive_that_holds_too_much_is_not_unpacked_whole(tmp_path, monkeypatch, begin):
    monkeypatch.setattr(kaggle_csv, "LARGEST_FILE", 1 << 23)
    path, pack = tmp_path / "hands.csv.gz", zlib.compressobj(1, wbits=31)
    pieces = [begin.encode(), *[bytes(1 << 20)] * 64]
    path.write_bytes(b"".join(map(pack.compress, pieces)) + pack.flush())
    unpacked, read = [], gzip.GzipFile.read

    def counted(self, *size):
        piece = read(self, *size)
        unpacked.append(len(piece))
        return piece

    monkeypatch.setattr(gzip.GzipFile, "read", counted)
    with pytest.raises(DataError, match="holds more than 8 MB"):
        read_kaggle_csv(path)
    assert sum(unpacked) < 1 << 24


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names")
@pytest.mark.parametrize("reader", [read_kaggle_csv, cached_kaggle_csv])
def test_a_pipe_is_not_waited_for(tmp_path, reader):
    os.mkfifo(tmp_path / "hands.csv")
    with pytest.raises(DataError, match="device or a pipe"):
        reader(tmp_path / "hands.csv")


@pytest.mark.parametrize("reader", [read_kaggle_csv, cached_kaggle_csv])
def test_a_file_of_many_gigabytes_is_not_read(tmp_path, reader):
    path = tmp_path / "hands.csv"
    path.touch()
    os.truncate(path, 1 << 40)  # a hole, no bytes on the disk
    with pytest.raises(DataError, match="holds more than 512 MB"):
        reader(path)


def test_memory_that_ends_is_explained(tmp_path, monkeypatch):
    def out_of_memory(*_, **__):
        raise MemoryError

    path = tmp_path / "hands.csv"
    path.write_text(RIGHT)
    monkeypatch.setattr("pandas.read_csv", out_of_memory)
    with pytest.raises(DataError, match="memory"):
        read_kaggle_csv(path)
