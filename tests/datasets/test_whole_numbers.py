import numpy as np
import pytest

from signlang_widgets.datasets.whole_numbers import as_whole


@pytest.mark.parametrize("value", [1, 8, np.int64(3), np.uint8(8), np.array([5, 6])[1]])
def test_python_s_and_numpy_s_integers_are_taken_and_become_python_s(value):
    found = as_whole("stride", value, 1, 8)
    assert found == value
    assert type(found) is int


@pytest.mark.parametrize("value", [1.0, np.float32(2), "2", None, True, np.True_, (2, 2), np.array([2])])
def test_anything_else_is_refused_true_included(value):
    with pytest.raises(TypeError, match="stride must be a whole number from 1 to 8, got "):
        as_whole("stride", value, 1, 8)


@pytest.mark.parametrize(
    ("value", "bounds", "words"),
    [
        (0, (1, 8), "seed must be a whole number from 1 to 8, got 0"),
        (9, (1, 8), "from 1 to 8, got 9"),
        (np.int64(0), (1,), "of 1 or more, got"),
    ],
)
def test_bounds_are_kept_and_said(value, bounds, words):
    with pytest.raises(ValueError, match=words):
        as_whole("seed", value, *bounds)


def test_without_bounds_any_whole_number_will_do():
    assert as_whole("seed", -(10**20)) == -(10**20)
