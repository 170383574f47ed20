"""The picture of a confusion matrix: what it shows is what scikit-learn counts, and what the page shows."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure
from sklearn.metrics import confusion_matrix

from signlang_widgets import DataError, Evaluation, plots
from signlang_widgets.networks.confusions import cell_values
from signlang_widgets.plots.confusions import MOST_WRITTEN, cell_text, classes_shown, draw_matrix
from tests.nodejs import call

IN_THE_PAGE = """
  const counts = new room.Counts(given.counts, given.names);
  return given.looks.map((look) => {
    const shown = look.every ? given.names.map((_, i) => i) : counts.occurring();
    const values = counts.values(shown, look);
    const most = room.largest(values);
    return {
      shown, values, most,
      texts: values.map((row) => row.map((value) => room.cellText(value, look.mode))),
      levels: values.map((row) => row.map((value) => value && room.level(value, most))),
    };
  });
"""


def shown(ax):
    return np.asarray(ax.get_images()[0].get_array())


def evaluation(pairs, names):
    """What scikit-learn would count from these pairs of (true, predicted)."""
    true, predicted = zip(*pairs, strict=True)
    return Evaluation.from_scores(true, np.eye(len(names))[list(predicted)], names), true, predicted


def test_a_matrix_counts_as_scikit_learn_does_and_leaves_out_what_never_occurs():
    result, true, predicted = evaluation([(0, 0), (0, 0), (0, 3), (2, 0), (3, 3)], ["M", "J", "$N", "Q"])
    ax = plots.confusion_matrix(result, Figure().subplots())
    expected = confusion_matrix(true, predicted, labels=[0, 2, 3])
    assert shown(ax).tolist() == expected.tolist()
    written = {(text.get_position()[1], text.get_position()[0]): int(text.get_text()) for text in ax.texts}
    assert written == {(0, 0): 2, (0, 2): 1, (1, 0): 1, (2, 2): 1}
    assert [label.get_text() for label in ax.get_yticklabels()] == ["M", "$N", "Q"]
    assert ax.get_title() == "60.0% of 5 images correct"


def test_a_matrix_shows_every_class_on_request_and_no_numbers_where_they_would_not_fit():
    result, *_ = evaluation([(0, 0), (2, 60)], [str(i) for i in range(61)])
    assert shown(plots.confusion_matrix(result, Figure().subplots())).shape == (3, 3)
    ax = plots.confusion_matrix(result, Figure().subplots(), every_class=True)
    assert shown(ax).shape == (61, 61)
    assert not ax.texts


def test_a_matrix_wants_an_evaluation():
    with pytest.raises(DataError, match=r"slw\.evaluate\(model, split\)"):
        plots.confusion_matrix(torch.eye(3), Figure().subplots())


def test_rare_mistakes_show_beside_a_full_diagonal():
    result, *_ = evaluation([(0, 0)] * 99 + [(0, 1)] + [(1, 1)] * 100, ["M", "N"])
    picture = plots.confusion_matrix(result, Figure().subplots()).get_images()[0]
    white, red_of_one, red_of_all = (picture.to_rgba(count)[0] for count in (0, 1, 100))
    assert (white - red_of_one) / (white - red_of_all) == pytest.approx(0.1, abs=0.01)


def test_numbers_can_be_read_on_their_colours():
    result, *_ = evaluation([(0, 0)] * 400 + [(0, 1)] + [(1, 1)] * 90, ["M", "N"])
    inks = {text.get_text(): text.get_color() for text in plots.confusion_matrix(result, Figure().subplots()).texts}
    assert inks == {"400": "white", "1": "black", "90": "black"}


@settings(deadline=None, max_examples=20)
@given(st.data())
def test_python_and_the_page_draw_the_same_cells(data):
    """Cell values, blank cells, classes shown, texts and levels of colour, whatever is counted and however it is shown."""
    classes = data.draw(st.integers(2, 6))
    letters = st.integers(0, classes - 1)
    pairs = data.draw(st.lists(st.tuples(letters, letters, st.integers(1, 300)), min_size=1, max_size=12))
    true, predicted = (np.repeat([p[i] for p in pairs], [p[2] for p in pairs]) for i in (0, 1))
    result = Evaluation.from_scores(true, np.eye(classes)[predicted])
    looks = [
        {"mode": mode, "pairs": both, "hideDiagonal": hide, "every": every}
        for mode in ("count", "recall", "precision")
        for both in (False, True)
        for hide in (False, True)
        for every in (False, True)
    ]
    counts = result.confusion.flatten().tolist()
    in_page = call(
        "drawing/confusion_numbers.js", IN_THE_PAGE, {"counts": counts, "names": result.class_names, "looks": looks}
    )
    for look, page in zip(looks, in_page, strict=True):
        check_same(result, look, page)


def check_same(result, look, page):
    here = {"mode": look["mode"], "pairs": look["pairs"], "hide_diagonal": look["hideDiagonal"]}
    ax = Figure().subplots()
    draw_matrix(ax, result, every_class=look["every"], **here)
    classes = classes_shown(result, every_class=look["every"])
    values = cell_values(result.confusion.numpy(), **here)[np.ix_(classes, classes)]
    assert page["shown"] == classes.tolist()
    np.testing.assert_array_equal(np.array(page["values"], dtype=float), values)
    assert page["texts"] == [[cell_text(value, look["mode"]) for value in row] for row in values]
    written = {(text.get_position()[1], text.get_position()[0]): text.get_text() for text in ax.texts}
    assert written == {(i, j): text for i, row in enumerate(page["texts"]) for j, text in enumerate(row) if text}
    picture = ax.get_images()[0]
    assert picture.norm.vmax == page["most"]
    levels = np.array(page["levels"], dtype=float)
    np.testing.assert_allclose(np.nan_to_num(picture.norm(values).filled(0)), np.nan_to_num(levels), atol=1e-12)


def test_as_many_classes_have_numbers_in_both():
    given_ = [MOST_WRITTEN, MOST_WRITTEN + 1]
    assert call("drawing/confusion_numbers.js", "return given.map(room.written);", given_) == [True, False]


def test_both_name_the_axes_alike():
    result, *_ = evaluation([(0, 0), (1, 0)], ["M", "N"])
    ax = plots.confusion_matrix(result, Figure().subplots())
    words = call(
        "drawing/confusion_numbers.js",
        "const c = new room.Counts([1, 0, 1, 0], given); return room.pinWords(given, [1, 0], false);",
        ["M", "N"],
    )
    assert words == f"{ax.get_ylabel()} N, {ax.get_xlabel()} M"
