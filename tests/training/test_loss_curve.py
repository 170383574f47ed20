"""The line of all batch losses: exact while it is short, means with their range when it is long."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from signlang_widgets.training.loop import BatchRow
from signlang_widgets.training.loss_curve import LossCurve

LOSSES = st.lists(st.floats(0, 100, width=32), max_size=60)


def rows(losses, batches=7):
    return [BatchRow(1 + i // batches, 1 + i % batches, loss, 0.1) for i, loss in enumerate(losses)]


@given(LOSSES, st.integers(2, 20), st.integers(1, 17))
def test_each_point_is_the_mean_and_range_of_its_batches(losses, most, step):
    trace = LossCurve(most)
    for i in range(0, len(losses), step):
        trace.take(rows(losses)[i : i + step], 7)
    x, batch, mean, low, high = trace.table()
    groups = [losses[i : i + trace.every] for i in range(0, len(losses), trace.every)]
    assert len(groups) == len(x) <= most
    np.testing.assert_allclose(mean, [np.mean(group) for group in groups], rtol=1e-5, atol=1e-6)
    np.testing.assert_array_equal(low, np.float32([min(group) for group in groups]))
    np.testing.assert_array_equal(high, np.float32([max(group) for group in groups]))
    ends = [min(i + trace.every, len(losses)) for i in range(0, len(losses), trace.every)]
    np.testing.assert_allclose(x, [end / 7 for end in ends], rtol=1e-6)
    np.testing.assert_array_equal(batch, [1 + (end - 1) % 7 for end in ends])


def test_marks_stand_where_the_rate_changed():
    trace = LossCurve()
    trace.take([BatchRow(1, 1, 1.0, 0.1), BatchRow(1, 2, 1.0, 0.1), BatchRow(1, 3, 1.0, 0.02)], 4)
    assert trace.lr_marks == [(0.5, 0.02)]
    assert trace.rates == [0.1, 0.02]


def test_a_thinned_copy_leaves_the_line_alone():
    trace = LossCurve()
    trace.take(rows([float(i) for i in range(40)]), 7)
    assert trace.thinned(10).table().shape == (5, 10)
    assert trace.table().shape == (5, 40)
