"""The browser's arithmetic against torch, in node: the only arithmetic that exists twice."""

import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn.functional import conv2d, max_pool2d

from tests.nodejs import call

CORRELATE = """
  return given.map(({ image, kernel, stepping, flip }) => {
    const out = room.crossCorrelate(image, flip ? room.flipped(kernel) : kernel, stepping);
    return { ...out, data: Array.from(out.data) };
  });
"""


def planes(values):
    channels, height, width = values.shape
    return {"data": values.flatten().tolist(), "channels": channels, "height": height, "width": width}


@st.composite
def correlations(draw):
    side = st.integers(1, 9)
    stepping = {name: draw(st.integers(low, 3)) for name, low in [("stride", 1), ("padding", 0), ("dilation", 1)]}
    channels, kh, kw = draw(st.integers(1, 3)), draw(st.integers(1, 5)), draw(st.integers(1, 5))
    spans = [stepping["dilation"] * (k - 1) + 1 - 2 * stepping["padding"] for k in (kh, kw)]
    height, width = (max(1, span) + draw(side) - 1 for span in spans)
    generator = torch.Generator().manual_seed(draw(st.integers(0, 2**31)))
    image = torch.rand(channels, height, width, generator=generator, dtype=torch.float64)
    kernel = torch.randn(channels, kh, kw, generator=generator, dtype=torch.float64)
    return image, kernel, stepping, draw(st.booleans())


@settings(max_examples=8, deadline=None)
@given(st.lists(correlations(), min_size=15, max_size=30))
def test_cross_correlation_agrees_with_torch(cases):
    given = [
        {"image": planes(image), "kernel": planes(kernel), "stepping": stepping, "flip": flip}
        for image, kernel, stepping, flip in cases
    ]
    for (image, kernel, stepping, flip), found in zip(cases, call("common/ops.js", CORRELATE, given), strict=True):
        weight = kernel.flip(-2, -1) if flip else kernel
        expected = conv2d(image[None], weight[None], **stepping)[0, 0]
        assert (found["height"], found["width"]) == expected.shape
        torch.testing.assert_close(torch.tensor(found["data"], dtype=torch.float64).reshape(expected.shape), expected)


@settings(max_examples=4, deadline=None)
@given(st.lists(st.tuples(st.integers(2, 12), st.integers(1, 5), st.integers(1, 4), st.booleans()), min_size=20))
def test_output_sides_agree_with_torch_in_ceil_mode_too(cases):
    cases = [(side, size, stride, ceil) for side, size, stride, ceil in cases if size <= side]
    script = "return given.map(([side, size, stride, ceil]) => room.outputSide(side, size, { stride }, ceil));"
    for (side, size, stride, ceil), found in zip(cases, call("common/ops.js", script, cases), strict=True):
        assert found == max_pool2d(torch.zeros(1, 1, side, side), size, stride, ceil_mode=ceil).shape[-1]


def test_the_chapter_s_worked_example():
    given = [
        {"image": planes(torch.arange(9.0).reshape(1, 3, 3)), "kernel": planes(torch.arange(4.0).reshape(1, 2, 2))}
    ]
    assert call("common/ops.js", CORRELATE, given)[0]["data"] == [19, 25, 37, 43]


def test_a_window_shows_padding_as_nothing():
    image = planes(torch.arange(35.0).reshape(1, 5, 7))
    script = "return room.windowOf(given, 0, -1, 5, 2, 3);"
    assert call("common/ops.js", script, image) == [None, None, None, 5, 6, None]
