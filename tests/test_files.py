import errno
import os

import pytest

from signlang_widgets.files import whole_file


def test_a_file_appears_whole_and_replaces_the_earlier_one(tmp_path):
    path = tmp_path / "a" / "hands.bin"
    for content in (b"first", b"second"):
        with whole_file(path) as part:
            part.write_bytes(content)
            assert not path.exists() or path.read_bytes() == b"first"
        assert path.read_bytes() == content
    assert list(path.parent.iterdir()) == [path]


def test_it_is_on_the_disk_before_it_takes_its_name(tmp_path, monkeypatch):
    path, flushed = tmp_path / "hands.bin", []
    flush = os.fsync
    monkeypatch.setattr(os, "fsync", lambda file: (flushed.append(path.exists()), flush(file)))
    with whole_file(path) as part:
        part.write_bytes(b"all of it")
    assert flushed == [False]


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt()])
@pytest.mark.parametrize("when", ["write", "flush", "rename"])
def test_any_failure_leaves_what_was_there(tmp_path, monkeypatch, error, when):
    path = tmp_path / "hands.bin"
    path.write_bytes(b"earlier")

    def fail(*_):
        raise error

    def replace_it():
        with whole_file(path) as part:
            part.write_bytes(b"half")
            if when == "write":
                fail()

    if when != "write":
        monkeypatch.setattr(*((os, "fsync", fail) if when == "flush" else (type(path), "replace", fail)))
    with pytest.raises(type(error)):
        replace_it()
    assert [(file.name, file.read_bytes()) for file in tmp_path.iterdir()] == [("hands.bin", b"earlier")]


def test_others_may_read_it_as_they_may_read_any_new_file(tmp_path):
    with whole_file(tmp_path / "whole") as part:
        part.write_bytes(b"")
    (tmp_path / "plain").write_bytes(b"")
    assert (tmp_path / "whole").stat().st_mode == (tmp_path / "plain").stat().st_mode
