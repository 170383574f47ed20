import multiprocessing
import os
import sys

import numpy as np
import pytest

from signlang_widgets import DataError
from signlang_widgets.datasets import cache
from signlang_widgets.datasets.cache import cached_kaggle_csv
from signlang_widgets.datasets.kaggle_csv import read_kaggle_csv

from .kaggle_files import some_rows, text_of

pytestmark = pytest.mark.usefixtures("own_cache")
ROWS = some_rows(4)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "hands.csv"
    path.write_text(text_of(ROWS))
    return path


def entries(kept):
    return sorted(path.name for path in (kept / "parsed").iterdir())


def assert_rows(parsed, rows=ROWS):
    np.testing.assert_array_equal(parsed[0], rows[:, 1:])
    np.testing.assert_array_equal(parsed[1], rows[:, 0])


def test_the_second_opening_does_not_parse(file, own_cache, monkeypatch):
    assert_rows(cached_kaggle_csv(file))
    assert len(entries(own_cache)) == 1
    monkeypatch.setattr(cache, "read_kaggle_csv", lambda _: pytest.fail("parsed again"))
    assert_rows(cached_kaggle_csv(file))


@pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be cut there")
def test_an_entry_cut_off_under_a_running_process_changes_nothing(file, own_cache):
    cached_kaggle_csv(file)
    opened = cached_kaggle_csv(file)
    os.truncate(own_cache / "parsed" / entries(own_cache)[0], 0)  # under a memory map, a look would end the process
    assert_rows(opened)


def test_what_is_painted_is_never_written_back(file):
    pixels, labels = cached_kaggle_csv(file)
    pixels[:] = 7
    labels[:] = 7
    del pixels, labels
    assert_rows(cached_kaggle_csv(file))


def test_a_changed_file_is_parsed_again_and_the_old_entry_goes(file, own_cache):
    cached_kaggle_csv(file)
    before = entries(own_cache)
    longer = some_rows(5, seed=9)
    file.write_text(text_of(longer))
    assert_rows(cached_kaggle_csv(file), longer)
    assert len(entries(own_cache)) == 1
    assert entries(own_cache) != before


def test_another_file_of_the_same_size_and_time_is_parsed(file):
    before = file.stat()
    cached_kaggle_csv(file)
    swapped = ROWS[::-1]
    file.write_text(text_of(swapped))
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert (file.stat().st_size, file.stat().st_mtime_ns) == (before.st_size, before.st_mtime_ns)
    assert_rows(cached_kaggle_csv(file), swapped)


def test_a_file_that_was_only_touched_is_not_parsed_again(file, monkeypatch):
    cached_kaggle_csv(file)
    os.utime(file, (1, 1))
    monkeypatch.setattr(cache, "read_kaggle_csv", lambda _: pytest.fail("parsed again"))
    assert_rows(cached_kaggle_csv(file))


def test_a_file_written_while_it_was_parsed_is_not_kept(file, own_cache, monkeypatch):
    def parse(path):
        file.write_text(text_of(some_rows(7)))
        return read_kaggle_csv(path)

    monkeypatch.setattr(cache, "read_kaggle_csv", parse)
    assert_rows(cached_kaggle_csv(file), some_rows(7))
    assert not (own_cache / "parsed").exists()


def test_two_files_keep_an_entry_each(file, tmp_path, own_cache):
    other = tmp_path / "other.csv"
    other.write_text(text_of(ROWS[::-1]))
    for _ in range(2):
        assert_rows(cached_kaggle_csv(file))
        assert_rows(cached_kaggle_csv(other), ROWS[::-1])
    assert len(entries(own_cache)) == 2


def test_another_format_version_is_not_opened(file, own_cache, monkeypatch):
    cached_kaggle_csv(file)
    monkeypatch.setattr(cache, "FORMAT", cache.FORMAT + 1)
    assert_rows(cached_kaggle_csv(file))
    assert entries(own_cache)[0].endswith(f"-v{cache.FORMAT}.bin")


def no_bytes(path):
    path.write_bytes(b"")


def cut(path):
    path.write_bytes(path.read_bytes()[:-100])


def noise(path):
    path.write_bytes(bytes(range(256)) * 9)


def one_pixel(path):
    content = bytearray(path.read_bytes())
    content[1000] ^= 1
    path.write_bytes(content)


def one_seal(path):
    path.write_bytes(path.read_bytes()[:-1] + b"?")


def two_rows_exchanged(path):
    content = path.read_bytes()
    path.write_bytes(content[784:1568] + content[:784] + content[1568:])


def other_name(path):
    other = path.with_name("other.csv")
    other.write_text(text_of(ROWS[::-1]))
    cached_kaggle_csv(other)
    next(entry for entry in path.parent.glob("*.bin") if entry != path).replace(path)


def header_of_numpy(path):
    np.save(path.with_suffix(".npy"), np.zeros(4 * 785, np.uint8))
    path.with_suffix(".npy").replace(path)


SPOILS = [no_bytes, cut, noise, one_pixel, one_seal, two_rows_exchanged, other_name, header_of_numpy]


@pytest.mark.parametrize("spoil", SPOILS)
def test_a_spoilt_entry_is_parsed_again_and_written_anew(file, own_cache, monkeypatch, spoil):
    cached_kaggle_csv(file)
    name = entries(own_cache)[0]
    spoil(own_cache / "parsed" / name)
    assert_rows(cached_kaggle_csv(file))
    monkeypatch.setattr(cache, "read_kaggle_csv", lambda _: pytest.fail("parsed again"))
    assert_rows(cached_kaggle_csv(file))


def test_entries_of_an_earlier_kind_go(file, own_cache):
    cached_kaggle_csv(file)
    name = entries(own_cache)[0]
    source, _ = name.split("-", 1)
    (own_cache / "parsed" / name).rename(own_cache / "parsed" / f"{source}-9-9-v1.npy")
    cached_kaggle_csv(file)
    assert entries(own_cache) == [name]


def test_a_folder_that_takes_no_files_costs_nothing_but_time(file, own_cache):
    own_cache.parent.mkdir(exist_ok=True)
    own_cache.write_text("a file where the folder should be")
    pixels, labels = cached_kaggle_csv(file)
    assert_rows((pixels, labels))
    pixels[:] = 0


def test_a_full_disk_costs_nothing_but_time(file, own_cache, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert_rows(cached_kaggle_csv(file))
    assert entries(own_cache) == []


def test_a_bad_file_leaves_no_entry(file, own_cache):
    file.write_text(text_of(ROWS).replace("label", "letter"))
    with pytest.raises(DataError, match="label"):
        cached_kaggle_csv(file)
    assert not (own_cache / "parsed").exists()


def test_a_missing_file_is_explained(tmp_path):
    with pytest.raises(DataError, match="There is no file"):
        cached_kaggle_csv(tmp_path / "nowhere.csv")


def open_many_times(path, kept, start, results):
    cache.cache_folder = lambda: kept
    start.wait()
    for _ in range(20):
        pixels, labels = cached_kaggle_csv(path)
        results.put((int(pixels.sum()), labels.tolist()))
        for entry in (kept / "parsed").glob("*.bin"):
            entry.unlink(missing_ok=True)  # so that the other process finds it gone and builds it again


def test_two_processes_may_build_and_drop_the_entry_at_once(file, own_cache):
    context = multiprocessing.get_context("spawn")
    start, results = context.Barrier(2), context.Queue()
    workers = [context.Process(target=open_many_times, args=(file, own_cache, start, results)) for _ in range(2)]
    for worker in workers:
        worker.start()
    seen = [results.get(timeout=60) for _ in range(40)]
    for worker in workers:
        worker.join(60)
        assert worker.exitcode == 0
    assert all(one == (int(ROWS[:, 1:].sum()), ROWS[:, 0].tolist()) for one in seen)
    assert [name for name in entries(own_cache) if name.endswith(".part")] == []
