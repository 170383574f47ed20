"""Pooling in torch and in the browser against windows written out by hand."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn.functional import avg_pool2d, max_pool2d

from signlang_widgets.filters.pooling import pool, winners
from tests.nodejs import call

POOL = """
  return given.map(({ data, height, width, size, stride, padding, mode, ceil_mode }) => {
    const image = { data, height, width, channels: 1 };
    const out = room.pooled(image, size, { stride, padding }, mode, ceil_mode);
    const won = Array.from(out.data, (_, i) => room.winnerOf(
      image, Math.floor(i / out.width) * stride - padding, (i % out.width) * stride - padding, size));
    return { ...out, data: Array.from(out.data), won };
  });
"""


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
    found = iter(call("common/ops.js", POOL, given))
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
