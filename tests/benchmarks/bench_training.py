"""One epoch with both evaluations: the chapter's way, and ours. Full sizes, random pixels, the same start.

Run ``python -m tests.benchmarks.bench_training [logistic] [minimal] [convnet] [--pairs 5] [--learn]``.

The peer is written from the chapter's idea: a shuffling DataLoader of 32, scores in batches of 32, and a confusion
matrix that is counted image by image. Each run has a process of its own, where 64 images go first and are not timed;
pairs take turns, so that a busy machine slows both alike; the ratio is that of the fastest runs. Random labels cannot
be learned, so ``--learn`` also trains on the bundled drawings, where both ways must read equally well. Floors: logistic 2.5, minimal 1.5, ConvNet 2.5; aims 5, 3, 4; 60 % of sgemm for the ConvNet.
"""

import argparse
import os
import platform
import time

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

import signlang_widgets as slw

from .apart import apart

TRAIN, TEST = 27_455, 7_172
LETTERS = tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
NETWORKS = {"logistic": slw.LogisticRegression, "minimal": slw.MinimalConvNet, "convnet": slw.ConvNet}
FLOORS = {"logistic": (2.5, 5), "minimal": (1.5, 3), "convnet": (2.5, 4)}
SETTINGS = {"lr": 0.01, "momentum": 0.9}
LEARNING_EPOCHS = 15
CONVNET_FLOP = 37e6  # multiplications and additions to learn from one image


def random_split(count, seed):
    generator = torch.Generator().manual_seed(seed)
    images = torch.rand(count, 1, 28, 28, generator=generator)
    return slw.LabelledImages(images, torch.randint(0, 26, (count,), generator=generator), LETTERS)


def make(name):
    torch.manual_seed(0)
    return NETWORKS[name]()


def count_one_by_one(model, loader):
    """The confusion matrix as the chapter counts it, and the accuracy read from it."""
    confusion = torch.zeros(26, 26, dtype=torch.int32)
    with torch.no_grad():
        for images, labels in loader:
            guesses = model(images).argmax(dim=1)
            for place in range(len(guesses)):
                confusion[labels[place], guesses[place]] += 1
    return (confusion.trace() / confusion.sum()).item()


def chapters_epoch(model, train, test):
    """(seconds to learn, seconds to evaluate both splits, test accuracy)."""
    loaders = [DataLoader(TensorDataset(*split.tensors()), batch_size=32, shuffle=True) for split in (train, test)]
    optimizer, loss_function = torch.optim.SGD(model.parameters(), **SETTINGS), nn.CrossEntropyLoss()
    begin = time.perf_counter()
    for images, labels in loaders[0]:
        optimizer.zero_grad()
        loss = loss_function(model(images), labels)
        loss.backward()
        optimizer.step()
    middle = time.perf_counter()
    accuracy = [count_one_by_one(model, loader) for loader in loaders][1]
    return middle - begin, time.perf_counter() - middle, accuracy


def our_epoch(model, train, test, seed=0):
    """The same three figures; what ``fit`` does before its first batch counts as learning."""
    begin = time.perf_counter()
    *_, ended = slw.fit(model, train, test, seed=seed, **SETTINGS)
    total = time.perf_counter() - begin
    learning = len(train) / ended.images_per_second
    return total - (ended.seconds - learning), ended.seconds - learning, ended.test_accuracy


def one_run(way, name):
    """Called in a process of its own: the three figures of one epoch over random images."""
    torch.set_num_threads(2)
    epoch = {"chapter": chapters_epoch, "ours": our_epoch}[way]
    epoch(make(name), random_split(64, 1), random_split(64, 2))
    return epoch(make(name), random_split(TRAIN, 1), random_split(TEST, 2))


def sgemm_rate():
    """The fastest of thirty products of 1024x1024 matrices, in operations a second."""
    left, right = torch.rand(2, 1024, 1024)
    seconds = []
    for _ in range(30):
        begin = time.perf_counter()
        left @ right
        seconds.append(time.perf_counter() - begin)
    return 2 * 1024**3 / min(seconds)


def compare(name, pairs):
    print(f"\n{name}: seconds (learning + evaluating), test accuracy")
    chapter, ours = [], []
    for pair in range(pairs):
        chapter.append(apart(one_run, "chapter", name))
        ours.append(apart(one_run, "ours", name))
        for label, (learn, read, accuracy) in (("chapter", chapter[-1]), ("ours", ours[-1])):
            print(f"  {pair + 1} {label:8}{learn + read:8.3f} = {learn:.3f} + {read:.3f}   {accuracy:.4f}", flush=True)
    ratio = min(a + b for a, b, _ in chapter) / min(a + b for a, b, _ in ours)
    floor, aim = FLOORS[name]
    verdict = "aim reached" if ratio >= aim else "floor reached" if ratio >= floor else "BELOW THE FLOOR"
    print(f"  ratio of the fastest: {ratio:.2f} (floor {floor}, aim {aim}): {verdict}")
    if name == "convnet":
        print_share(TRAIN / min(learn for learn, _, _ in ours))


def print_share(images_per_second):
    rate = sgemm_rate()
    share = images_per_second * CONVNET_FLOP / rate
    print(f"  {images_per_second:.0f} images/s learned: {share:.0%} of {rate / 1e9:.0f} GFLOP/s of sgemm (aim 60 %)")


def compare_learning(name):
    """Both ways on drawings that can be learned: the accuracies must be alike."""
    data = slw.load_sign_mnist("bundled")
    chapter, ours = make(name), make(name)
    for epoch in range(LEARNING_EPOCHS):
        *_, wanted = chapters_epoch(chapter, data.train, data.test)
        *_, got = our_epoch(ours, data.train, data.test, seed=epoch)
    print(
        f"  {LEARNING_EPOCHS} epochs of the bundled drawings: {wanted:.4f} read right the chapter's way, {got:.4f} ours"
    )


def main(arguments=()):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", nargs="*", choices=[*NETWORKS, []], help="all three if none is named")
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--learn", action="store_true")
    chosen = parser.parse_args(arguments)
    torch.set_num_threads(2)
    print(f"torch {torch.__version__}, 2 threads of {os.cpu_count()} cores, {platform.machine()}")
    for name in chosen.models or NETWORKS:
        compare(name, chosen.pairs)
        if chosen.learn:
            compare_learning(name)


if __name__ == "__main__":
    import sys

    main(sys.argv[1:])
