"""Draw the bundled set again, byte for byte: ``python data/draw.py`` writes both files beside this one."""

from __future__ import annotations

import argparse
import gzip
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from drawing.letters import POSES
from drawing.shots import person, shot
from numpy.typing import NDArray

SEED = "signlang_widgets drawn hands 1"
HEADER = ",".join(["label", *(f"pixel{i + 1}" for i in range(784))])


@dataclass(frozen=True)
class Split:
    """A file of the set: how many people spell every letter, and how many pictures of each are taken."""

    name: str
    people: int
    shots: int


SPLITS = (Split("train", 20, 5), Split("test", 5, 5))


def rows(split: Split) -> Iterator[tuple[int, NDArray]]:
    """Label and picture, letter after letter within one take, so that any few rows in a row show many letters."""
    for take in range(split.shots):
        for number in range(split.people):
            # The split's name is part of every seed: no person, pose, light or backdrop is in both files.
            who = f"{SEED}/{split.name}/person {number}"
            for letter in POSES:
                yield ord(letter) - ord("A"), shot(letter, person(who), f"{who}/take {take}/{letter}")


def table(split: Split) -> bytes:
    """The file's text in Kaggle's form."""
    lines = (f"{label},{','.join(map(str, picture.ravel()))}\n" for label, picture in rows(split))
    return "".join([HEADER + "\n", *lines]).encode()


def packed(content: bytes) -> bytes:
    """Gzip without name or time of day, so that the same content gives the same bytes."""
    buffer = io.BytesIO()
    with gzip.GzipFile(filename="", fileobj=buffer, mode="wb", compresslevel=9, mtime=0) as file:
        file.write(content)
    return buffer.getvalue()


def main() -> None:
    """Write ``sign_mnist_train.csv.gz`` and ``sign_mnist_test.csv.gz`` into a folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=Path(__file__).parent)
    folder = parser.parse_args().folder
    for split in SPLITS:
        (folder / f"sign_mnist_{split.name}.csv.gz").write_bytes(packed(table(split)))


if __name__ == "__main__":
    main()
