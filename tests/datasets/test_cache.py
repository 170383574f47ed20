import multiprocessing
import os

import numpy as np
import pytest

from signlang_widgets import DataError
from signlang_widgets.datasets import cache
from signlang_widgets.datasets.cache import cached_kaggle_csv

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


def mapped(array):
    """The memory map that an array is a view of, or None."""
    while array is not None and not isinstance(array, np.memmap):
        array = array.base
    return array


def test_the_second_opening_does_not_parse(file, own_cache, monkeypatch):
    assert_rows(cached_kaggle_csv(file))
    assert len(entries(own_cache)) == 1
    monkeypatch.setattr(cache, "read_kaggle_csv", lambda _: pytest.fail("parsed again"))
    assert_rows(cached_kaggle_csv(file))


def test_both_openings_map_the_file_copy_on_write(file):
    for _ in range(2):
        pixels, labels = cached_kaggle_csv(file)
        assert mapped(pixels).mode == mapped(labels).mode == "c"


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


def test_the_same_size_at_another_time_is_parsed_again(file):
    cached_kaggle_csv(file)
    swapped = ROWS[::-1]
    file.write_text(text_of(swapped))
    os.utime(file, (1, 1))
    assert_rows(cached_kaggle_csv(file), swapped)


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
    assert entries(own_cache)[0].endswith(f"-v{cache.FORMAT}.npy")


def no_bytes(path):
    path.write_bytes(b"")


def cut(path):
    path.write_bytes(path.read_bytes()[:-100])


def noise(path):
    path.write_bytes(bytes(range(256)) * 9)


def pickled(path):
    np.save(path, np.array([{"a": 1}], dtype=object), allow_pickle=True)


def wrong_labels(path):
    np.save(path, np.full(785, 200, np.uint8))


def wrong_shape(path):
    np.save(path, np.zeros((785, 785), np.uint8))


@pytest.mark.parametrize("spoil", [no_bytes, cut, noise, pickled, wrong_labels, wrong_shape])
def test_a_spoilt_entry_is_built_again(file, own_cache, spoil):
    cached_kaggle_csv(file)
    spoil(own_cache / "parsed" / entries(own_cache)[0])
    assert_rows(cached_kaggle_csv(file))
    assert mapped(cached_kaggle_csv(file)[0]) is not None


def test_a_folder_that_takes_no_files_costs_nothing_but_time(file, own_cache):
    own_cache.parent.mkdir(exist_ok=True)
    own_cache.write_text("a file where the folder should be")
    pixels, labels = cached_kaggle_csv(file)
    assert_rows((pixels, labels))
    assert mapped(pixels) is None
    pixels[:] = 0


def test_a_full_disk_costs_nothing_but_time(file, own_cache, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(cache.np, "save", full)
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
        for entry in (kept / "parsed").glob("*.npy"):
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
