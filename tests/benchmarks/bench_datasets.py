"""Opening 27,455 images: the chapter's read_csv and reshape, our first opening (with every check), our later ones.

Run ``python tests/benchmarks/bench_datasets.py`` from the repository; it prints every run and its ratios.
They take turns, so that a busy machine slows all alike. Limits: first <= 1.3, second <= 0.05 of the chapter's.
"""

import contextlib
import io
import os
import platform
import shutil
import tempfile
import time
from itertools import cycle, islice
from pathlib import Path

import numpy as np
import pandas as pd
import torch

import signlang_widgets as slw

ROUNDS = 9
ROWS = 27_455
BESIDE = Path(__file__).parents[3] / "shared" / "sign-language-mnist"
REAL = Path(os.environ.get("SIGNLANG_TEST_DATA", BESIDE)) / "sign_mnist_train.csv"
BUNDLED = Path(__file__).parents[2] / "data" / "sign_mnist_train.csv.gz"


def big_files(folder):
    """A training file of 27,455 rows and a test file of 24, made by repeating the rows at hand."""
    source = REAL if REAL.is_file() else BUNDLED
    table = pd.read_csv(source)
    print(
        f"rows of {source.name} ({len(table):,} {'photographs' if source == REAL else 'drawings'}) repeated to {ROWS:,}"
    )
    places = list(islice(cycle(range(len(table))), ROWS))
    paths = folder / "train.csv", folder / "test.csv"
    table.iloc[places].to_csv(paths[0], index=False)
    table.iloc[:24].to_csv(paths[1], index=False)
    return paths


def chapter(paths):
    """What the chapter does with each file, without its division by 255."""
    result = []
    for path in paths:
        frame = pd.read_csv(path)
        pixels = frame.drop(["label"], axis=1).to_numpy().reshape(-1, 1, 28, 28)
        result.append((pixels, frame["label"].to_numpy()))
    return result


def ours(paths):
    with contextlib.redirect_stdout(io.StringIO()):
        return slw.load_sign_mnist(paths)


def ours_touched(paths):
    """Our opening, and then a look at every pixel: what the memory map puts off."""
    sets = ours(paths)
    for images in sets:
        images.images.amax()
    return sets


def timed(work, paths):
    start = time.perf_counter()
    result = work(paths)
    return (time.perf_counter() - start) * 1000, result


def one_round(paths, cache):
    """Milliseconds of the four: the first opening from an empty cache, the others from what it left there."""
    shutil.rmtree(cache, ignore_errors=True)
    runs = [timed(work, paths) for work in (chapter, ours, ours, ours_touched)]
    known = runs[0][1]
    for _, sets in runs[1:]:
        for (pixels, labels), images in zip(known, sets, strict=True):
            np.testing.assert_array_equal(images.images.numpy(), pixels)
            np.testing.assert_array_equal(images.labels.numpy(), labels)
    return [milliseconds for milliseconds, _ in runs]


def main():
    with tempfile.TemporaryDirectory() as name:
        cache = Path(name) / "cache"
        os.environ["XDG_CACHE_HOME"] = str(cache)
        paths = big_files(Path(name))
        ours(paths)  # imports
        rounds = [one_round(paths, cache) for _ in range(ROUNDS)]
    table = pd.DataFrame(rounds, columns=["chapter ms", "first ms", "second ms", "second, all pixels read ms"])
    for column in table.columns[1:]:
        table[column.replace(" ms", " / chapter")] = table[column] / table["chapter ms"]
    print(table.round(4).T.to_string(header=[f"round {i + 1}" for i in range(ROUNDS)]))
    medians = table.median()
    print(f"median of first  / chapter: {medians['first / chapter']:.2f}  (limit 1.30)")
    print(f"median of second / chapter: {medians['second / chapter']:.4f}  (limit 0.0500)")
    print(
        f"Python {platform.python_version()}, pandas {pd.__version__}, torch {torch.__version__}, {os.cpu_count()} cores"
    )


if __name__ == "__main__":
    main()
