import errno
import os
import signal
import subprocess
import sys

import pytest

from signlang_widgets.files import held, hold, sweep, whole_file


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


def test_a_file_is_held_by_one_alone_and_by_the_next_once_it_is_let_go(tmp_path):
    path = tmp_path / "held"
    descriptor = hold(path)
    with pytest.raises(BlockingIOError):
        hold(path)
    os.close(descriptor)
    with held(path), pytest.raises(BlockingIOError):
        hold(path)


def test_who_takes_a_file_that_was_removed_meanwhile_holds_the_one_that_is_there(tmp_path, monkeypatch):
    path = tmp_path / "held"
    opened = os.open

    def removed_after(name, *rest):
        monkeypatch.setattr(os, "open", opened)
        descriptor = opened(name, *rest)
        path.unlink()
        return descriptor

    monkeypatch.setattr(os, "open", removed_after)
    with held(path), pytest.raises(BlockingIOError):
        hold(path)


WRITES_AND_WAITS = """
import sys, time
from pathlib import Path
from signlang_widgets.files import whole_file
with whole_file(Path(sys.argv[1])) as part:
    part.write_bytes(b"half")
    print(part, flush=True)
    time.sleep(100)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_parts_of_a_killed_process_are_swept_and_no_other(tmp_path):
    path = tmp_path / "hands.bin"
    child = subprocess.Popen([sys.executable, "-c", WRITES_AND_WAITS, path], stdout=subprocess.PIPE, text=True)
    part = child.stdout.readline().strip()
    sweep(tmp_path)
    assert [str(file) for file in tmp_path.iterdir()] == [part]
    child.send_signal(signal.SIGKILL)
    child.communicate()
    with whole_file(path) as mine:
        mine.write_bytes(b"whole")
        sweep(tmp_path)
        assert list(tmp_path.iterdir()) == [mine]
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_is_not_there_needs_no_sweeping(tmp_path):
    sweep(tmp_path / "nowhere")


def test_where_no_file_can_be_locked_files_are_written_whole_and_nothing_is_swept(tmp_path, monkeypatch):
    def no_locks(_):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("signlang_widgets.files._lock", no_locks)
    (tmp_path / "of_another.part").write_bytes(b"half")
    with whole_file(tmp_path / "hands.bin") as part:
        part.write_bytes(b"all of it")
    sweep(tmp_path)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["hands.bin", "of_another.part"]
