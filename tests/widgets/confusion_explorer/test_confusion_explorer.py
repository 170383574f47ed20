"""The explorer's Python side, without a browser: what it takes, answers, keeps and leaves behind."""

import gc
import io
import re
import weakref

import numpy as np
import pandas as pd
import pytest
import torch
import traitlets
from PIL import Image

import signlang_widgets as slw
from signlang_widgets.widgets.confusion_explorer import kept_flags
from tests.networks.confusion_cases import GUESS, MATRIX, NAMES, TRUE, five_classes, random_case


@pytest.fixture(autouse=True)
def no_flags(monkeypatch):
    monkeypatch.setattr(kept_flags, "_kept", {})


@pytest.fixture
def explorer():
    return slw.ConfusionExplorer(*five_classes())


def test_the_figures_of_five_classes(explorer):
    figures = explorer.figures
    assert figures["names"] == list(NAMES)
    assert np.frombuffer(figures["matrix"]["data"], "<i4").reshape(figures["matrix"]["shape"]).tolist() == MATRIX
    assert figures["tile"] == [1, 5, 7]


@pytest.mark.parametrize("shift", [0, 1])
def test_a_model_that_is_always_right_and_one_that_is_always_wrong(shift):
    labels = torch.arange(10) % 5
    evaluation = slw.Evaluation.from_scores(labels, torch.eye(5)[(labels + shift) % 5])
    explorer = slw.ConfusionExplorer(evaluation, torch.zeros(10, 5, 7), pinned=(2, (2 + shift) % 5))
    assert explorer.selection.tolist() == [2, 7]
    assert explorer.png()


def test_selection_and_table_follow_the_pin_and_the_sort(explorer):
    assert explorer.selection.tolist() == []
    assert explorer.selected.columns.tolist() == ["index", "true", "predicted", "confidence", "margin", "loss"]
    explorer.pinned = ("c", "d")
    assert explorer.selection.tolist() == [8, 9]
    explorer.descending = True
    assert explorer.selected["index"].tolist() == [9, 8]
    assert explorer.selected["true"].tolist() == ["c", "c"]
    explorer.pinned = (0, None)
    explorer.sort = "loss"
    assert explorer.selection.tolist() == [3, 2, 1, 0]
    explorer.pinned, explorer.pairs = ("a", "b"), True
    assert sorted(explorer.selection) == [2, 3, 6]
    explorer.pinned = (None, None)
    assert explorer.pinned is None


@pytest.mark.parametrize(
    ("trait", "bad", "words"),
    [
        ("pinned", ("z", "a"), "no class 'z'. Use one of a, b"),
        ("pinned", (5, 0), "no class 5. Use 0 to 4"),
        ("pinned", (0, -1), "no class -1"),
        ("pinned", "ab c", r"\('M', None\) for a row"),
        ("pinned", 3, "for a row"),
        ("selected_image", 12, "no image 12. Use 0 to 11"),
        ("flags", {12: "unclear"}, "no image 12"),
        ("flags", {1: "ugly"}, "'ugly' is no flag. Use 'wrong label\\?' or 'unclear'"),
        ("mode", "percent", "mode"),
        ("sort", "index", "sort"),
        ("hide", ("sorting",), "no such control. Use some of mode"),
    ],
)
def test_nonsense_is_refused_and_changes_nothing(explorer, trait, bad, words):
    before = getattr(explorer, trait)
    with pytest.raises((ValueError, traitlets.TraitError), match=words):
        setattr(explorer, trait, bad)
    assert getattr(explorer, trait) == before


def test_the_constructor_takes_every_setting_and_refuses_unknown_ones():
    options = {"pinned": (2, 3), "mode": "recall", "hide_diagonal": True, "pairs": True, "all_classes": True}
    options |= {"sort": "margin", "descending": True, "selected_image": 4, "hide": ("strip",), "lock": ("mode",)}
    explorer = slw.ConfusionExplorer(*five_classes(), **options)
    assert {name: getattr(explorer, name) for name in options} == options
    with pytest.raises(TypeError, match="colour"):
        slw.ConfusionExplorer(*five_classes(), colour="red")
    with pytest.raises(slw.DataError, match="no class 'z'"):
        slw.ConfusionExplorer(*five_classes(), pinned=("z", "a"))


def test_indices_of_numpy_and_json_are_taken(explorer):
    explorer.selected_image = np.int64(7)
    explorer.set_state({"pinned": [2, None], "flags": {"3": "unclear"}})
    assert (explorer.selected_image, explorer.pinned, explorer.flags) == (7, (2, None), {3: "unclear"})


def test_outputs_are_pythons_to_write(explorer):
    with pytest.raises(traitlets.TraitError):
        explorer.figures = {}


def test_200_classes_stay_below_300_kb():
    explorer = slw.ConfusionExplorer(*random_case(3000, 200))
    state = explorer.get_state()
    assert len(state["_esm"]) + len(state["_css"]) + len(state["figures"]["matrix"]["data"]) < 290_000
    assert explorer.png()


def test_update_keeps_what_the_learner_chose(explorer):
    explorer.pinned, explorer.mode, explorer.selected_image, explorer.flags = (0, 0), "recall", 5, {2: "unclear"}
    perfect = slw.Evaluation.from_scores(TRUE, torch.eye(5)[TRUE], NAMES)
    explorer.update(perfect)
    assert (explorer.pinned, explorer.mode, explorer.selected_image) == ((0, 0), "recall", 5)
    assert explorer.flags == {2: "unclear"}
    assert explorer.selection.tolist() == [0, 1, 2, 3]
    assert explorer.figures["version"] == 1
    with pytest.raises(slw.DataError, match="another split"):
        explorer.update(random_case(12, 5)[0])
    assert explorer.figures["version"] == 1


def test_the_images_names_win_over_numbers():
    evaluation = slw.Evaluation.from_scores(TRUE, torch.eye(5)[GUESS])
    assert slw.ConfusionExplorer(evaluation, five_classes()[1]).names == NAMES
    assert slw.ConfusionExplorer(evaluation, torch.zeros(12, 5, 7)).names == tuple("01234")


def test_flags_are_a_table_that_becomes_csv(explorer):
    explorer.flags = {9: "wrong label?", 2: "unclear"}
    assert explorer.flagged.columns.tolist()[-1] == "flag"
    back = pd.read_csv(io.StringIO(explorer.flagged.to_csv(index=False)))
    assert back[["index", "true", "predicted", "flag"]].to_numpy().tolist() == [
        [2, "a", "b", "unclear"],
        [9, "c", "d", "wrong label?"],
    ]
    explorer.flags = {}
    assert explorer.flagged.empty


def test_flags_stay_with_the_images_not_with_the_widget():
    slw.ConfusionExplorer(*five_classes()).flags = {3: "unclear"}
    again = slw.ConfusionExplorer(*five_classes())
    assert again.flags == {3: "unclear"}
    again.flags = {}
    assert slw.ConfusionExplorer(*five_classes()).flags == {}
    again.flags = {1: "unclear"}
    evaluation, split = five_classes()
    split.images[0, 0, 4, 6] = 9
    assert slw.ConfusionExplorer(evaluation, split).flags == {}


def test_the_picture_and_the_text_need_no_browser(explorer):
    explorer.pinned = ("c", None)
    data = explorer._repr_mimebundle_()[0]
    assert data["text/plain"] == "ConfusionExplorer: 12 images, 5 classes"
    assert Image.open(io.BytesIO(data["image/png"])).width > 500


@pytest.mark.parametrize(
    "look", [{"mode": "recall", "pairs": True}, {"mode": "precision", "hide_diagonal": True, "all_classes": True}]
)
def test_the_picture_shows_the_present_state(look):
    plain = slw.ConfusionExplorer(*five_classes(), pinned=("e", "a"))  # a pin that no cell shows
    assert slw.ConfusionExplorer(*five_classes(), pinned=("e", "a"), **look).png() != plain.png()


def test_names_are_text_in_the_picture_too():
    names = ["<b>$x$</b>", "$\\frac{", "c", "d", "e"]
    evaluation, split = five_classes()
    split = slw.LabelledImages(split.images, split.labels, names)
    assert slw.ConfusionExplorer(evaluation, split, pinned=(0, 1)).png()


def test_names_cannot_close_the_pages_script(tmp_path):
    evaluation, split = five_classes()
    split = slw.LabelledImages(split.images, split.labels, ["</script><b>", *"bcde"])
    text = slw.ConfusionExplorer(evaluation, split).to_html(tmp_path / "page.html").read_text()
    assert not re.search(r"</script><b>", text)


def test_a_closed_explorer_lets_go_and_says_so():
    evaluation, split = five_classes()
    images = weakref.ref(split)
    explorer = slw.ConfusionExplorer(evaluation, split)
    explorer.close()
    del split, evaluation
    gc.collect()
    assert images() is None
    assert repr(explorer) == "ConfusionExplorer: 12 images, 5 classes"
    with pytest.raises(RuntimeError, match="Run its cell again"):
        _ = explorer.selection
    explorer.close()
