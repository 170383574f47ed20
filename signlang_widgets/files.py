"""The folder on this machine where parsed and fetched files are kept, how a file gets anywhere whole, and who may write."""

from __future__ import annotations

import contextlib
import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from platformdirs import user_cache_path

if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        os.lseek(descriptor, 1 << 40, os.SEEK_SET)  # beyond every content: what is locked here cannot be read either
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


PART = ".part"  # what a name ends in until the file is whole


def cache_folder() -> Path:
    """The user's cache folder for this package; it may not exist yet."""
    return user_cache_path("signlang_widgets", appauthor=False)


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A path to write to; ``path`` appears, complete and on the disk, when the block ends, and not at all when it fails.

    Two processes may do so at once: each writes its own file, and the later one replaces the earlier. A process that is
    killed inside leaves a file whose name ends in ``PART``, until :func:`sweep` comes by.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{secrets.token_hex(4)}{PART}")
    lock = contextlib.ExitStack()
    with contextlib.suppress(OSError):  # a file system without locks: the part is then not safe from sweep()
        lock.enter_context(held(part))
    try:
        yield part
        with part.open("r+b") as written:
            os.fsync(written.fileno())
        if sys.platform == "win32":  # where an open file keeps its name
            lock.close()
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
        lock.close()


def sweep(folder: Path, names: str = "*") -> None:
    """Remove the parts of files of such names that killed processes left; those that someone still writes to stay."""
    with contextlib.suppress(OSError):
        for part in folder.glob(f"{names}{PART}"):
            with contextlib.suppress(OSError):
                os.close(hold(part))
                part.unlink()


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Hold a file alone, made if need be, while the block runs; a BlockingIOError tells that another one holds it."""
    descriptor = hold(path)
    try:
        yield
    finally:
        os.close(descriptor)


def hold(path: Path) -> int:
    """Hold a file alone until the descriptor is closed; the system closes it for a process that was killed.

    Raises
    ------
    BlockingIOError
        While another descriptor holds it, in this process or in any other.
    """
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            _lock(descriptor)
            if _is_still_there(descriptor, path):
                return descriptor
        except PermissionError as error:  # what Windows says
            os.close(descriptor)
            raise BlockingIOError(str(error)) from error
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)  # whoever held it took it away meanwhile


def _is_still_there(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False
