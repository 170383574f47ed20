"""Where a set of letters comes from: words and paths in, two files and a name out."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from .download import TEST_FILE, TRAIN_FILE, full_set_folder
from .labelled_images import DataError

VARIABLE = "SIGNLANG_DATA"


class Choice(NamedTuple):
    """Two files, and the words that tell a reader which set they are."""

    train: Path
    test: Path
    words: str


def chosen(source: str | Path | Iterable[str | Path]) -> Choice:
    """The files that a ``source`` of ``load_sign_mnist`` stands for; a DataError says what to give instead."""
    try:
        choice = _choice(source)
        twice = choice.train.exists() and choice.test.exists() and choice.train.samefile(choice.test)
    except (OSError, RuntimeError) as error:  # a name too long, a folder that may not be read, nobody's home
        reason = getattr(error, "strerror", None) or error
        raise DataError(f"{source!r} cannot be opened ({reason}). Give a folder or files that you may read.") from error
    if twice:
        raise DataError(f"{choice.train} is given twice. Give the training file first and the test file second.")
    return choice


def _choice(source: str | Path | Iterable[str | Path]) -> Choice:
    if isinstance(source, str) and source in _NAMED:
        return _NAMED[source]()
    if isinstance(source, str | Path):
        return _in_folder(Path(source).expanduser(), f"folder {source}")
    return _pair(source)


def _pair(source: Iterable[str | Path]) -> Choice:
    try:
        train, test = (Path(path).expanduser() for path in source)
    except (TypeError, ValueError):
        raise DataError(
            f"source is {source!r}. Give a folder, a pair (training file, test file), 'bundled', 'full' or 'auto'."
        ) from None
    return Choice(train, test, f"{train.name} and {test.name}")


def _in_folder(folder: Path, words: str) -> Choice:
    if not folder.is_dir():
        raise DataError(
            f"There is no folder {folder}. "
            f"Give one that holds {TRAIN_FILE} and {TEST_FILE}, or 'bundled', 'full' or 'auto'."
        )
    return Choice(_found(folder, TRAIN_FILE), _found(folder, TEST_FILE), words)


def _found(folder: Path, name: str) -> Path:
    """The file in the folder itself, or in a folder of its own as Kaggle's archive unpacks, gzipped or not."""
    nested = folder / name.removesuffix(".csv")
    for place in (folder / name, nested / name, folder / f"{name}.gz", nested / f"{name}.gz"):
        if place.is_file():
            return place
    raise DataError(f"There is no {name} in {folder}. Put it there, or give a pair (training file, test file).")


def _bundled() -> Choice:
    here = Path(__file__).parents[1]
    # In a wheel the data lie inside the package; in a source tree, and so in an editable install, beside it.
    folder = next((place for place in (here / "data", here.parent / "data") if _holds_set(place)), None)
    if folder is None:
        raise DataError("The bundled set is missing from this installation. Install signlang_widgets again.")
    return _in_folder(folder, "bundled set")


def _holds_set(folder: Path) -> bool:
    return (folder / f"{TRAIN_FILE}.gz").is_file()


def _full() -> Choice:
    if not all((full_set_folder() / name).is_file() for name in (TRAIN_FILE, TEST_FILE)):
        raise DataError("The full set is not on this machine yet. Get it once: slw.fetch_sign_mnist()")
    return _in_folder(full_set_folder(), "full set")


def _auto() -> Choice:
    named = os.environ.get(VARIABLE)
    if named in ("bundled", "full"):
        return _NAMED[named]()
    if named:
        return _in_folder(Path(named).expanduser(), f"the folder in {VARIABLE}")
    try:
        return _full()
    except DataError:
        return _bundled()


_NAMED = {"auto": _auto, "bundled": _bundled, "full": _full}
