"""The folder on this machine where parsed and fetched files are kept, and how a file gets there whole."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from platformdirs import user_cache_path


def cache_folder() -> Path:
    """The user's cache folder for this package; it may not exist yet."""
    return user_cache_path("signlang_widgets", appauthor=False)


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A path to write to; ``path`` appears, complete, when the block ends, and not at all when it fails.

    Two processes may do so at once: each writes its own file, and the later one replaces the earlier.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    os.close(handle)
    part = Path(name)
    try:
        yield part
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
