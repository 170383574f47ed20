"""A case of five classes where every figure can be read off, shared by the explorer's tests.

Twelve images of 5 x 7 pixels, classes a to e. True -> guess: a a a a -> a a b b; b b b -> b b a; c c c -> c d d; d d -> d d; nobody is e.
"""

import torch

import signlang_widgets as slw

NAMES = ("a", "b", "c", "d", "e")
TRUE = [0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3]
GUESS = [0, 0, 1, 1, 1, 1, 0, 2, 3, 3, 3, 3]
MATRIX = [[2, 2, 0, 0, 0], [1, 2, 0, 0, 0], [0, 0, 1, 2, 0], [0, 0, 0, 2, 0], [0, 0, 0, 0, 0]]
LEAD = [3.0, 1.0, 0.5, 2.0, 4.0, 0.25, 1.5, 2.5, 0.75, 5.0, 1.25, 0.1]


def five_classes():
    """The evaluation, and images whose first pixel is their index."""
    scores = torch.zeros(12, 5)
    scores[torch.arange(12), torch.tensor(GUESS)] = torch.tensor(LEAD)
    images = torch.zeros(12, 1, 5, 7, dtype=torch.uint8)
    images[:, 0, 0, 0] = torch.arange(12)
    return slw.Evaluation.from_scores(TRUE, scores, NAMES), slw.LabelledImages(images, torch.tensor(TRUE), NAMES)


def random_case(count, classes, shape=(1, 5, 7), seed=0):
    """Random scores and images, for witnesses that count by themselves."""
    random = torch.Generator().manual_seed(seed)
    labels = torch.randint(0, classes, (count,), generator=random)
    scores = torch.randn(count, classes, generator=random)
    images = torch.randint(0, 256, (count, *shape), dtype=torch.uint8, generator=random)
    names = [f"class {i}" for i in range(classes)]
    return slw.Evaluation.from_scores(labels, scores, names), slw.LabelledImages(images, labels, names)
