import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from signlang_widgets.filters.kernels import KERNELS, as_kernel


def test_the_chapter_s_four():
    np.testing.assert_array_equal(as_kernel("vertical"), [[-1, -1, 4, -1, -1]] * 5)
    np.testing.assert_array_equal(as_kernel("horizontal"), as_kernel("vertical").T)
    np.testing.assert_array_equal(np.diag(as_kernel("diagonal_down")), [4] * 5)
    assert as_kernel("diagonal_down").sum() == 4 * 5 - 20
    np.testing.assert_array_equal(as_kernel("diagonal_up"), as_kernel("diagonal_down")[:, ::-1])


@pytest.mark.parametrize("name", KERNELS)
def test_every_name_is_an_odd_square(name):
    height, width = as_kernel(name).shape
    assert height == width
    assert height % 2 == 1


@pytest.mark.parametrize(("name", "total"), [("box_blur", 1), ("gaussian_blur", 1), ("identity", 1), ("sharpen", 1)])
def test_what_keeps_brightness_sums_to_one(name, total):
    assert as_kernel(name).sum() == pytest.approx(total)


@pytest.mark.parametrize(
    "name", ["vertical", "horizontal", "diagonal_down", "diagonal_up", "sobel_x", "sobel_y", "laplacian"]
)
def test_what_finds_edges_ignores_flat_areas(name):
    assert as_kernel(name).sum() == 0


def test_a_kernel_cannot_be_changed_behind_the_editor_s_back():
    with pytest.raises(ValueError, match="read-only"):
        as_kernel("vertical")[0, 0] = 5


@pytest.mark.parametrize(
    ("bad", "error", "words"),
    [
        ("edges", ValueError, "no kernel named 'edges'"),
        ([[1, 2], [3, 4]], ValueError, "2x2. Use a square with odd sides"),
        (np.zeros((3, 5)), ValueError, "3x5"),
        (np.zeros((11, 11)), ValueError, "11x11"),
        (np.zeros((1, 3, 3)), ValueError, "1x3x3"),
        (5, ValueError, "a single number"),
        ([[np.nan]], ValueError, "NaN"),
        ([[np.inf]], ValueError, "infinity"),
        ([[2e6]], ValueError, "1,000,000"),
        ([["a"]], TypeError, "square of numbers"),
        (None, TypeError, "square of numbers"),
        ([[1], [2, 3]], TypeError, "square of numbers"),
    ],
)
def test_nonsense_is_refused_with_its_cure(bad, error, words):
    with pytest.raises(error, match=words):
        as_kernel(bad)


@given(hnp.arrays(np.float64, hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=11), elements=st.floats()))
def test_a_kernel_or_a_sentence_nothing_else(values):
    good = values.ndim == 2 and values.shape[0] == values.shape[1] and values.shape[0] in (1, 3, 5, 7, 9)
    if good and np.isfinite(values).all() and np.abs(values).max() <= 1e6:
        np.testing.assert_array_equal(as_kernel(values), values)
    else:
        with pytest.raises(ValueError, match=r"This kernel .* Use .*\.$"):
            as_kernel(values)
