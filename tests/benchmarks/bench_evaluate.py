"""``slw.evaluate`` against the chapter's way: batches of 32 through a DataLoader, the matrix counted image by image.

Run ``python -m tests.benchmarks.bench_evaluate [logistic] [convnet] [--pairs 5]``: 7,172 random images. Each run has
a process of its own (its first 256 images are not timed); pairs take turns; every run is printed; both ways must count the same matrix. Floors: logistic 5, ConvNet 2.
"""

import argparse
import os
import time

import torch
from torch.utils.data import DataLoader, TensorDataset

import signlang_widgets as slw

from .apart import apart
from .bench_training import TEST, make, random_split

FLOORS = {"logistic": 5, "convnet": 2}


def chapters_matrix(model, split):
    matrix = torch.zeros(26, 26, dtype=torch.int64)
    with torch.no_grad():
        for images, labels in DataLoader(TensorDataset(*split.tensors()), batch_size=32):
            guesses = model(images).argmax(dim=1)
            for place in range(len(guesses)):
                matrix[labels[place], guesses[place]] += 1
    return matrix


def our_matrix(model, split):
    return slw.evaluate(model, split).confusion


def one_run(way, name):
    """Called in a process of its own: the seconds of one evaluation, and its matrix."""
    torch.set_num_threads(2)
    work = {"chapter": chapters_matrix, "ours": our_matrix}[way]
    model, split = make(name), random_split(TEST, 2)
    work(model, split[:256])
    begin = time.perf_counter()
    matrix = work(model, split)
    return time.perf_counter() - begin, matrix.numpy()


def compare(name, pairs):
    rows = []
    for pair in range(pairs):
        (chapter, wanted), (ours, got) = apart(one_run, "chapter", name), apart(one_run, "ours", name)
        assert (wanted == got).all(), "the two matrices differ"
        rows.append((chapter, ours))
        print(f"  {name} {pair + 1}: chapter {chapter:.4f} s, ours {ours:.4f} s, same matrix", flush=True)
    ratio = min(chapter for chapter, _ in rows) / min(ours for _, ours in rows)
    verdict = "reached" if ratio >= FLOORS[name] else "MISSED"
    print(f"  {name}: ratio of the fastest {ratio:.1f} (floor {FLOORS[name]}: {verdict})")


def main(arguments=()):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", nargs="*", choices=[*FLOORS, []], help="both if none is named")
    parser.add_argument("--pairs", type=int, default=5)
    chosen = parser.parse_args(arguments)
    torch.set_num_threads(2)
    print(f"torch {torch.__version__}, 2 threads of {os.cpu_count()} cores")
    for name in chosen.models or FLOORS:
        compare(name, chosen.pairs)


if __name__ == "__main__":
    import sys

    main(sys.argv[1:])
