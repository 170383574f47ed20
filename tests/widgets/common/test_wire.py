"""Arrays between Python and the page: each side reads what the other packed."""

import base64
import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from signlang_widgets.widgets.common.wire import KINDS, packed, plain, unpacked
from tests.nodejs import call

THERE_AND_BACK = """
  const view = (text) => new DataView(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer);
  const text = ({ buffer }) => btoa(String.fromCharCode(...new Uint8Array(buffer)));
  return given.map((there) => {
    const numbers = room.unpacked({ ...there, data: view(there.data) });
    const back = room.packed(there.shape, numbers);
    return { ...back, data: text(back.data), numbers: Array.from(numbers, String) };
  });
"""
ANY = st.sampled_from(KINDS).flatmap(lambda kind: arrays(kind, st.sampled_from([(0,), (3,), (5, 7), (2, 1, 4)])))


def test_the_page_reads_what_python_packed_and_the_other_way_round():
    rng = np.random.default_rng(0)
    sent = [(rng.normal(size=(5, 7)) * 100).astype(kind) for kind in KINDS]
    on_wire = [{**packed(array), "data": base64.b64encode(packed(array)["data"]).decode()} for array in sent]
    for array, back in zip(sent, call("common/wire.js", THERE_AND_BACK, on_wire), strict=True):
        assert [float(number) for number in back["numbers"]] == array.flatten().astype(float).tolist()
        returned = unpacked({**back, "data": base64.b64decode(back["data"])})
        assert returned.dtype == array.dtype
        assert np.array_equal(returned, array)


@given(ANY)
def test_what_was_packed_comes_back(array):
    assert np.array_equal(unpacked(packed(array)), array, equal_nan=True)


def test_tensors_pack_as_arrays_do_and_whole_numbers_shrink():
    grid = torch.arange(35).reshape(5, 7)
    assert packed(grid) == packed(grid.numpy().astype(np.int32))
    assert packed(grid.T)["shape"] == [7, 5]
    assert np.array_equal(unpacked(packed(grid.T)), grid.T.numpy())
    assert packed(torch.tensor([0.5], dtype=torch.float16))["dtype"] == "float32"


@pytest.mark.parametrize(
    "spoilt",
    [
        {},
        {"dtype": "object"},
        {"shape": [5, 8]},
        {"shape": [-5, -7]},
        {"shape": "57"},
        {"shape": [5.0, 7.0]},
        {"data": None},
        {"data": b"abc"},
    ],
)
def test_anything_else_is_refused(spoilt):
    good = packed(np.zeros((5, 7), np.uint8))
    with pytest.raises(ValueError, match=r"packed array|do not fill|multiple"):
        unpacked({**good, **spoilt} if spoilt else {})


def test_what_json_cannot_carry_becomes_none():
    assert plain({"a": [1.5, math.nan, (math.inf, "x")], "b": 2}) == {"a": [1.5, None, [None, "x"]], "b": 2}
