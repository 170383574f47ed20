"""Cross-correlation and pooling, in Python and in the browser, against torch and against windows written out by hand."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn.functional import avg_pool2d, conv2d, max_pool2d

from signlang_widgets.filters.ops import cross_correlate, pool, winners
from tests.nodejs import call

CORRELATE = """
  return given.map(({ image, kernel, stepping, flip }) => {
    const out = room.crossCorrelate(image, flip ? room.flipped(kernel) : kernel, stepping);
    return { ...out, data: Array.from(out.data) };
  });
"""
POOL = """
  return given.map(({ data, height, width, size, stride, padding, mode, ceil_mode }) => {
    const image = { data, height, width, channels: 1 };
    const out = room.pooled(image, size, { stride, padding }, mode, ceil_mode);
    const won = Array.from(out.data, (_, i) => room.winnerOf(
      image, Math.floor(i / out.width) * stride - padding, (i % out.width) * stride - padding, size));
    return { ...out, data: Array.from(out.data), won };
  });
"""


def test_the_chapter_s_worked_example():
    out = cross_correlate(torch.arange(9.0).reshape(3, 3), torch.arange(4.0).reshape(2, 2))
    assert out.tolist() == [[19, 25], [37, 43]]


def test_flip_turns_the_kernel_by_half():
    image, kernel = torch.rand(5, 7), torch.rand(3, 2)
    torch.testing.assert_close(cross_correlate(image, kernel, flip=True), cross_correlate(image, kernel.flip(0, 1)))


@pytest.mark.parametrize("batch", [(), (4,), (2, 3)])
@given(
    stride=st.integers(1, 3),
    padding=st.integers(0, 2),
    dilation=st.integers(1, 2),
    bias=st.floats(-2, 2),
    relu=st.booleans(),
)
def test_any_batch_agrees_with_conv2d(batch, stride, padding, dilation, bias, relu):
    generator = torch.Generator().manual_seed(1)
    image = torch.rand(*batch, 2, 5, 7, generator=generator)
    kernel = torch.randn(2, 3, 2, generator=generator)
    expected = conv2d(image.reshape(-1, 2, 5, 7), kernel[None], torch.tensor([bias]), stride, padding, dilation)[:, 0]
    expected = expected.relu() if relu else expected
    found = cross_correlate(image, kernel, stride=stride, padding=padding, dilation=dilation, bias=bias, relu=relu)
    torch.testing.assert_close(found, expected.reshape(*batch, *expected.shape[-2:]))


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
    for (image, kernel, stepping, flip), found in zip(cases, call("drawing/ops.js", CORRELATE, given), strict=True):
        weight = kernel.flip(-2, -1) if flip else kernel
        expected = conv2d(image[None], weight[None], **stepping)[0, 0]
        assert (found["height"], found["width"]) == expected.shape
        torch.testing.assert_close(torch.tensor(found["data"], dtype=torch.float64).reshape(expected.shape), expected)


@settings(max_examples=4, deadline=None)
@given(st.lists(st.tuples(st.integers(2, 12), st.integers(1, 5), st.integers(1, 4), st.booleans()), min_size=20))
def test_output_sides_agree_with_torch_in_ceil_mode_too(cases):
    cases = [(side, size, stride, ceil) for side, size, stride, ceil in cases if size <= side]
    script = "return given.map(([side, size, stride, ceil]) => room.outputSide(side, size, { stride }, ceil));"
    for (side, size, stride, ceil), found in zip(cases, call("drawing/ops.js", script, cases), strict=True):
        assert found == max_pool2d(torch.zeros(1, 1, side, side), size, stride, ceil_mode=ceil).shape[-1]


def test_the_chapter_s_worked_example_in_the_browser():
    given = [
        {"image": planes(torch.arange(9.0).reshape(1, 3, 3)), "kernel": planes(torch.arange(4.0).reshape(1, 2, 2))}
    ]
    assert call("drawing/ops.js", CORRELATE, given)[0]["data"] == [19, 25, 37, 43]


def test_a_window_shows_padding_as_nothing():
    image = planes(torch.arange(35.0).reshape(1, 5, 7))
    script = "return room.windowOf(given, 0, -1, 5, 2, 3);"
    assert call("drawing/ops.js", script, image) == [None, None, None, 5, 6, None]


@st.composite
def poolings(draw):
    size = draw(st.integers(1, 5))
    height, width = draw(st.integers(size, 11)), draw(st.integers(size, 9))
    generator = torch.Generator().manual_seed(draw(st.integers(0, 2**31)))
    image = torch.randint(-4, 5, (height, width), generator=generator).float()  # ties on purpose
    return image, {
        "size": size,
        "stride": draw(st.integers(1, 4)),
        "padding": draw(st.integers(0, size // 2)),
        "ceil_mode": draw(st.booleans()),
    }


def by_hand(image, size, stride, padding, ceil_mode):
    """Maximum, first winner and average of every window, cell by cell."""
    height, width = image.shape
    sides = []
    for side in (height, width):
        starts = [
            start
            for start in range(-padding, side + padding, stride)
            if start + size <= side + padding or (ceil_mode and start < side)
        ]
        first_over = next((i for i, start in enumerate(starts) if start + size >= side + padding), len(starts))
        sides.append(starts[: first_over + 1])
    rows = []
    for top in sides[0]:
        for left in sides[1]:
            cells = [
                (y, x)
                for y in range(top, min(top + size, height + padding))
                for x in range(left, min(left + size, width + padding))
            ]
            real = [(y, x) for y, x in cells if 0 <= y < height and 0 <= x < width]
            values = [float(image[y, x]) for y, x in real]
            y, x = real[values.index(max(values))]
            rows.append((max(values), y * width + x, math.fsum(values) / len(cells)))
    return (len(sides[0]), len(sides[1])), rows


@settings(deadline=None)
@given(poolings())
def test_pooling_and_winners_agree_with_windows_written_out(case):
    image, options = case
    shape, rows = by_hand(image, **options)
    largest, cells, averages = (torch.tensor(column) for column in zip(*rows, strict=True))
    assert torch.equal(pool(image, mode="max", **options), largest.reshape(shape))
    assert torch.equal(winners(image, **options), cells.reshape(shape))
    torch.testing.assert_close(pool(image, mode="average", **options), averages.float().reshape(shape))


@settings(max_examples=6, deadline=None)
@given(st.lists(poolings(), min_size=20, max_size=40))
def test_the_browser_s_pooling_agrees_with_torch(cases):
    given = [
        {
            "data": image.flatten().tolist(),
            "height": image.shape[0],
            "width": image.shape[1],
            "mode": mode,
            **options,
        }
        for image, options in cases
        for mode in ("max", "average")
    ]
    found = iter(call("drawing/ops.js", POOL, given))
    for image, options in cases:
        moves = {name: options[name] for name in ("stride", "padding", "ceil_mode")}
        for apply in (max_pool2d, avg_pool2d):
            expected, out = apply(image[None], options["size"], **moves)[0], next(found)
            assert (out["height"], out["width"]) == expected.shape
            torch.testing.assert_close(torch.tensor(out["data"], dtype=torch.float32).reshape(expected.shape), expected)
            assert out["won"] == winners(image, **options).flatten().tolist()


def test_a_batch_of_planes_keeps_its_axes():
    images = torch.rand(2, 3, 5, 7)
    torch.testing.assert_close(pool(images, 2, stride=1)[1, 2], pool(images[1, 2], 2, stride=1))


def test_an_unknown_mode_is_refused():
    with pytest.raises(ValueError, match=r"no pooling mode 'min'[.] Use one of max, average"):
        pool(torch.zeros(5, 7), mode="min")
