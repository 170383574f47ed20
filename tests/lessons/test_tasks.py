"""The three tasks of lesson 3: each can be solved, each refuses what comes close."""

import nbformat
import numpy as np
import pytest

from .build import REPO

LESSON = nbformat.read(REPO / "lessons" / "03-convolution.ipynb", as_version=4)
SOBEL_Y = np.array([[-1, -2, -1], [0, 0, 0], [1, 2, 1]])
BLUR = np.outer([1, 2, 1], [1, 2, 1]) / 16


@pytest.fixture(scope="module")
def names():
    """What the lesson's own cells define, from its imports to ``check``."""
    names = {}
    for cell in LESSON.cells:
        if cell.id in {"load", "pattern", "patterns", "puzzle", "check"}:
            exec(cell.source, names)
    return names


def verdict(names, task, kernel, capsys):
    names["puzzle"].kernel = kernel
    capsys.readouterr()
    exec(next(cell.source for cell in LESSON.cells if cell.id == f"check-{task}"), names)
    return capsys.readouterr().out


@pytest.mark.parametrize(
    ("task", "kernel"),
    [(1, -SOBEL_Y), (2, np.outer([1, -2, 1], [1, -2, 1])), (3, BLUR)],
    ids=["edges", "dots", "large"],
)
def test_a_solution_is_recognised(names, task, kernel, capsys):
    assert verdict(names, task, kernel, capsys) == "Solved.\n"


@pytest.mark.parametrize(
    ("task", "kernel", "said"),
    [
        (1, SOBEL_Y, "Not yet. Lost: lower. Still there: upper.\n"),
        (1, -SOBEL_Y.T, "Not yet. Lost: lower. Still there: side.\n"),
        (2, np.zeros((3, 3)), "Not yet. Lost: dot. Still there: nothing.\n"),
        (3, np.full((3, 3), 1 / 9), "Not yet. Lost: nothing. Still there: checks.\n"),
    ],
    ids=["upside down", "sideways", "nothing", "the other blur"],
)
def test_what_comes_close_is_told_what_is_wrong(names, task, kernel, said, capsys):
    assert verdict(names, task, kernel, capsys) == said
