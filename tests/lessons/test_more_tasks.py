"""The tasks of the lessons that train: the right answer is recognised, the one that stands there is not."""

import nbformat
import numpy as np
import pytest
import torch

import signlang_widgets as slw

from .build import LESSONS

SOURCES = {
    path.stem[:2]: {cell.id: cell.source for cell in nbformat.read(path, as_version=4).cells} for path in LESSONS
}


def run(lesson, *cells, names=None, change=("", "")):
    """Run some cells of a lesson, the last one with something replaced in it."""
    names = {} if names is None else names
    *before, last = (SOURCES[lesson][cell] for cell in cells)
    for source in (*before, last.replace(*change)):
        exec(source, names)
    return names


@pytest.fixture(scope="module")
def logistic():
    return run("02", "load", "trainer-made", "trainer-run", "check")


@pytest.mark.parametrize(
    ("task", "change", "said"),
    [
        ("check-1", ("", ""), "Not yet.\n"),
        ("check-1", ("check(0", f"check({3 * 32 * 32 * 10 + 10}"), "Right.\n"),
        ("check-2", ("", ""), "Not yet.\n"),
        ("check-2", ("check(0", f"check({30 * 75}"), "Right.\n"),
        ("check-3", ("", ""), "Not yet.\n"),
        ("check-3", ("lr=0.001", "lr=0.01"), "Solved.\n"),
    ],
)
def test_logistic_regression(logistic, task, change, said, capsys):
    run("02", task, names=logistic, change=change)
    assert capsys.readouterr().out == said


@pytest.fixture
def kernels():
    names = run("04", "load", "hands", "editor")
    return names | {"made": torch.zeros(4, 5, 5)}


@pytest.mark.parametrize(("answer", "said"), [("0", "Not yet.\n"), ("59_930", "Right.\n")])
def test_what_a_frozen_network_learns(kernels, answer, said, capsys):
    run("04", "with-mine", names=kernels)
    kernels["frozen"] = kernels["with_my_kernel"](frozen=True)
    capsys.readouterr()
    run("04", "check-1", names=kernels, change=("answer = 0", f"answer = {answer}"))
    assert capsys.readouterr().out == said


@pytest.mark.parametrize(
    ("kernel", "said"),
    [
        (slw.kernels.KERNELS["vertical"], "Not yet: something is left, at least in one place.\n"),
        (np.zeros((5, 5)), "All zeros is too easy.\n"),
        (-np.eye(5), "Solved.\n"),
    ],
)
def test_a_dead_kernel(kernels, kernel, said, capsys):
    kernels["editor"].kernel = kernel
    capsys.readouterr()
    run("04", "check-2", names=kernels)
    assert capsys.readouterr().out == said


@pytest.mark.parametrize(("answer", "said"), [("0", "Not yet.\n"), (f"{50 * 100 * 9 + 50}", "Right.\n")])
def test_the_second_convolution(answer, said, capsys):
    run("05", "check-1", names={"network": slw.ConvNet()}, change=("answer = 0", f"answer = {answer}"))
    assert capsys.readouterr().out == said


@pytest.mark.parametrize(("guess", "said"), [("0", "Not yet.\n"), ("98", "Close.\n")])
def test_maps_that_can_be_spared(guess, said, capsys):
    run(
        "06", "check-1", names={"without": lambda channel: float(channel > 1)}, change=("guess = 0", f"guess = {guess}")
    )
    assert capsys.readouterr().out == said
