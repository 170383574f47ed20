"""The figures' colours are the widgets' colours by day."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.colors import to_hex

from signlang_widgets import plots
from signlang_widgets.plots import style
from signlang_widgets.widgets.common.assets import WIDGETS
from tests.nodejs import call


def by_day(name):
    """What a variable of the theme is in the light."""
    theme = (WIDGETS / "common" / "theme.css").read_text("utf-8")
    return re.search(rf"--slw-{name}:.*?light-dark\((#\w+),", theme)[1]


@pytest.mark.parametrize(
    ("colour", "variable"),
    [
        (plots.TRAIN_COLOUR, "train"),
        (plots.TEST_COLOUR, "test"),
        (style.ACCENT, "accent"),
        (style.ZERO, "zero"),
        (plots.DIVERGING[0], "negative"),
        (plots.DIVERGING[1], "zero"),
        (plots.DIVERGING[2], "positive"),
        (style.UNSIGNED[0], "zero"),
        (style.UNSIGNED[1], "negative"),
    ],
)
def test_the_palette_is_the_theme_s(colour, variable):
    assert colour == by_day(variable)


def test_maps_run_from_end_to_end():
    signed, unsigned = style.signed_colours(), style.unsigned_colours()
    assert [to_hex(signed(at)) for at in (0.0, 1.0)] == [plots.DIVERGING[0], plots.DIVERGING[2]]
    assert [to_hex(unsigned(at)) for at in (0.0, 1.0)] == [style.ZERO, plots.DIVERGING[0]]


@settings(deadline=None, max_examples=20)
@given(st.lists(st.tuples(*[st.integers(0, 255)] * 3), min_size=1, max_size=30))
def test_ink_is_the_page_s(colours):
    swatches = """return given.map(([r, g, b]) =>
      room.swatch(0, { low: 0, high: 1, map: Int32Array.of((255 << 24) | (b << 16) | (g << 8) | r) }).ink);"""
    inks = {"#000000": "black", "#ffffff": "white"}
    in_page = [inks[ink] for ink in call("drawing/colours.js", swatches, colours)]
    assert in_page == [style.ink_on([part / 255 for part in colour]) for colour in colours]
