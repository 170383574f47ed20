"""Small files in Kaggle's form, for tests: right ones, and right ones to be spoilt."""

import numpy as np

HEADER = ["label", *(f"pixel{i + 1}" for i in range(784))]


def some_rows(count=3, seed=0):
    """A table (count, 785) of whole numbers: labels 0..25, pixels 0..255, both ends among them."""
    luck = np.random.default_rng(seed)
    rows = luck.integers(0, 256, (count, 785))
    rows[:, 0] = luck.integers(0, 26, count)
    rows[0, 0], rows[0, 1], rows[0, 784] = 25, 0, 255
    return rows


def text_of(rows, header=HEADER, end="\n"):
    lines = [",".join(header), *(",".join(map(str, row)) for row in rows)]
    return end.join(lines) + end


def write_pair(folder, train=None, test=None):
    """Both files, flat in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in (
        ("train", some_rows(3, 1) if train is None else train),
        ("test", some_rows(2, 2) if test is None else test),
    ):
        (folder / f"sign_mnist_{name}.csv").write_text(text_of(rows))
    return folder
