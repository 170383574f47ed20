"""The folder on this machine where parsed and fetched files are kept, and how a file gets anywhere whole."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from platformdirs import user_cache_path

PART = ".part"  # what a name ends in until the file is whole


def cache_folder() -> Path:
    """The user's cache folder for this package; it may not exist yet."""
    return user_cache_path("signlang_widgets", appauthor=False)


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A path to write to; ``path`` appears, complete and on the disk, when the block ends, and not at all when it fails.

    Two processes may do so at once: each writes its own file, and the later one replaces the earlier. A process that is
    killed inside leaves a file whose name ends in ``PART``.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{secrets.token_hex(4)}{PART}")
    try:
        yield part
        with part.open("r+b") as written:
            os.fsync(written.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
