"""The size formula against what torch's layers give out."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn.functional import conv2d, max_pool2d

from signlang_widgets.filters.output_size import Sliding, check_fit, formula, places
from tests.nodejs import call

small = st.integers(1, 4)


@given(st.integers(1, 14), st.integers(1, 6), small, st.integers(0, 3), small)
def test_places_are_conv2d_s_and_nothing_else_is_refused(side, size, stride, padding, dilation):
    sliding = Sliding(stride, padding, dilation)
    plane, kernel = torch.zeros(1, 1, side, 20), torch.zeros(1, 1, size, 1)
    try:
        expected = conv2d(plane, kernel, None, (stride, 1), (padding, 0), (dilation, 1)).shape[-2]
    except RuntimeError:
        assert places(side, size, sliding) == 0
        with pytest.raises(ValueError, match="the output's height would be floor"):
            check_fit((side, 20), (size, 1), sliding, "kernel")
    else:
        assert places(side, size, sliding) == expected
        check_fit((side, 20), (size, 1), sliding, "kernel")
        assert formula(side, size, sliding).endswith(f"= {expected}")


@given(st.integers(1, 14), st.integers(1, 6), small, st.integers(0, 3))
def test_places_in_ceil_mode_are_max_pool2d_s(side, size, stride, padding):
    padding = min(padding, size // 2)
    sliding = Sliding(stride, padding, ceil=True)
    if side + 2 * padding < size:
        assert places(side, size, sliding) == 0
    else:
        plane = torch.zeros(1, 1, side, side)
        assert places(side, size, sliding) == max_pool2d(plane, size, stride, padding, ceil_mode=True).shape[-1]


def test_the_formula_is_the_same_in_words_on_both_sides():
    cases = [(3, 5, Sliding()), (28, 5, Sliding(2, 1, 3)), (7, 3, Sliding(2, 1, ceil=True))]
    given = [[side, size, sliding._asdict()] for side, size, sliding in cases]
    script = "return given.map(([side, size, moves]) => room.formula(side, size, moves, moves.ceil));"
    found = [
        text.replace("\u2212", "-").replace("\u00b7", "*") for text in call("steppers/output_size.js", script, given)
    ]
    assert found == [formula(*case) for case in cases]
