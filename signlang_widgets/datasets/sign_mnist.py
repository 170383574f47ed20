"""Sign Language MNIST, from wherever it is: your folder, the fetched full set, or the bundled drawn set."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from .labelled_images import LabelledImages

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


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
    from .sources import chosen

    choice = chosen(source)
    sets = _opened(choice.train, choice.test)
    print(  # noqa: T201  (the promised line: which set it took)
        f"Sign Language MNIST: {choice.words}, {len(sets.train):,} training and {len(sets.test):,} test images"
    )
    return sets


def fetch_sign_mnist() -> SignMNIST:
    """The full set of 27,455 training and 7,172 test photographs, downloaded once (105 MB) with a progress bar.

    Later calls, and ``load_sign_mnist("auto")``, take the copy on this machine.

    Raises
    ------
    DataError
        If the download fails, or is not byte for byte the published set; nothing of it is kept.
    """
    from .download import fetch_full_set

    fetch_full_set()
    return load_sign_mnist("full")


def _opened(train: Path, test: Path) -> SignMNIST:
    from .labelled_images import DataError

    sets = SignMNIST(_labelled(train), _labelled(test))
    if sets.train.images.equal(sets.test.images):
        raise DataError(f"{train} and {test} hold the same images. Give the training file and the test file.")
    return sets


def _labelled(path: Path) -> LabelledImages:
    import torch

    from .cache import cached_kaggle_csv
    from .labelled_images import LabelledImages

    pixels, labels = cached_kaggle_csv(path)
    return LabelledImages(torch.from_numpy(pixels.reshape(-1, 1, 28, 28)), torch.from_numpy(labels).long(), LETTERS)
