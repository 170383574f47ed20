"""Sign Language MNIST, from wherever it is: your folder, the fetched full set, or the bundled drawn set."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import torch

from .cache import cached_kaggle_csv
from .download import TEST_FILE, TRAIN_FILE, fetch_full_set, full_set_folder
from .kaggle_csv import LETTERS
from .labelled_images import DataError, LabelledImages, printable

VARIABLE = "SIGNLANG_DATA"


class SignMNIST(NamedTuple):
    """Hands that spell letters: one set to train on, one to test on.

    >>> train, test = load_sign_mnist("bundled")
    Sign Language MNIST: bundled set, 2,400 training and 600 test images

    Parameters
    ----------
    train, test : LabelledImages
        uint8 images (N, 1, 28, 28), labels 0..25, class names A to Z.
        J (9) and Z (25) need a movement and do not occur.
    """

    train: LabelledImages
    test: LabelledImages


def load_sign_mnist(source: str | Path | Iterable[str | Path] = "auto") -> SignMNIST:
    """Training and test images, and one printed line that says where they came from.

    >>> letters = load_sign_mnist("bundled")
    Sign Language MNIST: bundled set, 2,400 training and 600 test images
    >>> letters.train.images.shape[1:]
    torch.Size([1, 28, 28])

    Parameters
    ----------
    source : str, Path or pair of paths
        ``"bundled"`` (drawn, always there), ``"full"`` (what ``fetch_sign_mnist`` got), a folder that holds
        ``sign_mnist_train.csv`` and ``sign_mnist_test.csv`` (each may lie in a folder of its own, or end in ``.gz``),
        a pair (training file, test file), or ``"auto"``: what the environment variable SIGNLANG_DATA names (a folder,
        ``bundled`` or ``full``), else the fetched set, else the bundled one.

    Raises
    ------
    DataError
        If a file is missing or holds anything but 28x28 images and their labels; names file, line and cure.
    """
    choice = _chosen(source)
    sets = _opened(choice.train, choice.test)
    counts = f"{len(sets.train):,} training and {len(sets.test):,} test images"
    print(f"Sign Language MNIST: {printable(choice.words)}, {counts}")  # noqa: T201  (the promised line: which set it took)
    return sets


def fetch_sign_mnist() -> SignMNIST:
    """The full set of 27,455 training and 7,172 test photographs, downloaded once (105 MB) with a progress bar.

    Later calls, and ``load_sign_mnist("auto")``, take the copy on this machine.

    Raises
    ------
    DataError
        If the download fails, or is not byte for byte the published set; nothing of it is kept.
    """
    fetch_full_set()
    return load_sign_mnist("full")


def _opened(train: Path, test: Path) -> SignMNIST:
    sets = SignMNIST(_labelled(train), _labelled(test))
    if sets.train.images.equal(sets.test.images):
        raise DataError(f"{train} and {test} hold the same images. Give the training file and the test file.")
    return sets


def _labelled(path: Path) -> LabelledImages:
    pixels, labels = cached_kaggle_csv(path)
    return LabelledImages(torch.from_numpy(pixels.reshape(-1, 1, 28, 28)), torch.from_numpy(labels).long(), LETTERS)


class _Choice(NamedTuple):
    """Two files, and the words that tell a reader which set they are."""

    train: Path
    test: Path
    words: str


def _chosen(source: str | Path | Iterable[str | Path]) -> _Choice:
    """The files that a ``source`` of ``load_sign_mnist`` stands for; a DataError says what to give instead."""
    try:
        choice = _named_or_found(source)
        twice = choice.train.exists() and choice.test.exists() and choice.train.samefile(choice.test)
    except (OSError, RuntimeError) as error:  # a name too long, a folder that may not be read, nobody's home
        reason = getattr(error, "strerror", None) or error
        raise DataError(f"{source!r} cannot be opened ({reason}). Give a folder or files that you may read.") from error
    if twice:
        raise DataError(f"{choice.train} is given twice. Give the training file first and the test file second.")
    return choice


def _named_or_found(source: str | Path | Iterable[str | Path]) -> _Choice:
    if isinstance(source, str) and source in _NAMED:
        return _NAMED[source]()
    if isinstance(source, str | Path):
        return _in_folder(Path(source).expanduser(), f"folder {source}")
    return _pair(source)


def _pair(source: Iterable[str | Path]) -> _Choice:
    try:
        train, test = (Path(path).expanduser() for path in source)
    except (TypeError, ValueError):
        raise DataError(
            f"source is {source!r}. Give a folder, a pair (training file, test file), 'bundled', 'full' or 'auto'."
        ) from None
    return _Choice(train, test, f"{train.name} and {test.name}")


def _in_folder(folder: Path, words: str) -> _Choice:
    if not folder.is_dir():
        raise DataError(
            f"There is no folder {folder}. "
            f"Give one that holds {TRAIN_FILE} and {TEST_FILE}, or 'bundled', 'full' or 'auto'."
        )
    return _Choice(_found(folder, TRAIN_FILE), _found(folder, TEST_FILE), words)


def _found(folder: Path, name: str) -> Path:
    """The file in the folder itself, or in a folder of its own as Kaggle's archive unpacks, gzipped or not."""
    nested = folder / name.removesuffix(".csv")
    for place in (folder / name, nested / name, folder / f"{name}.gz", nested / f"{name}.gz"):
        if place.is_file():
            return place
    raise DataError(f"There is no {name} in {folder}. Put it there, or give a pair (training file, test file).")


def _bundled() -> _Choice:
    here = Path(__file__).parents[1]
    # In a wheel the data lie inside the package; in a source tree, and so in an editable install, beside it.
    folder = next((place for place in (here / "data", here.parent / "data") if _holds_set(place)), None)
    if folder is None:
        raise DataError("The bundled set is missing from this installation. Install signlang_widgets again.")
    return _in_folder(folder, "bundled set")


def _holds_set(folder: Path) -> bool:
    return (folder / f"{TRAIN_FILE}.gz").is_file()


def _full() -> _Choice:
    if not all((full_set_folder() / name).is_file() for name in (TRAIN_FILE, TEST_FILE)):
        raise DataError("The full set is not on this machine yet. Get it once: slw.fetch_sign_mnist()")
    return _in_folder(full_set_folder(), "full set")


def _auto() -> _Choice:
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
