"""What Python answers when the page asks for images, and what a stored notebook or a page holds without asking."""

import numpy as np
import pytest
import torch

import signlang_widgets as slw
from tests.networks.confusion_cases import NAMES, TRUE, five_classes, random_case


@pytest.fixture
def explorer():
    return slw.ConfusionExplorer(*five_classes())


def asked(explorer, **question):
    """What the browser gets for a question: the answer's words and buffers."""
    answers = []
    explorer.send = lambda content, buffers=None: answers.append((content, buffers))
    explorer._hear(explorer, {"id": "x-1", "version": explorer.figures["version"], **question}, [])
    return answers


def ask_tiles(explorer, pin, start=0, stop=48, **query):
    query = {"pin": list(pin), "sort": "confidence", "descending": False, "pairs": False, **query}
    return asked(explorer, ask="tiles", **query, start=start, stop=stop)


def test_tiles_come_in_the_order_asked_for(explorer):
    [(told, buffers)] = ask_tiles(explorer, (None, 3), start=1, stop=3)
    assert told == {"id": "x-1", "version": 0, "start": 1, "length": 2}
    indices, true, guess = (np.frombuffer(b, "<i4").tolist() for b in buffers[:3])
    assert (indices, true, guess) == ([8, 10], [2, 3], [3, 3])
    np.testing.assert_array_equal(np.frombuffer(buffers[3], "<f4"), explorer._confusions.confidence[[8, 10]])
    assert np.frombuffer(buffers[4], np.uint8).reshape(2, 5, 7)[:, 0, 0].tolist() == [8, 10]


def test_tiles_beyond_the_end_are_none(explorer):
    assert ask_tiles(explorer, (0, 1), start=5, stop=9)[0][0]["length"] == 0
    assert ask_tiles(explorer, (0, 1), start=-3, stop=2)[0][0]["start"] == 0


@pytest.mark.parametrize("shape", [(1, 28, 28), (3, 28, 28), (3, 48, 48), (3, 300, 40), (3, 400, 400)])
def test_no_answer_exceeds_300_kb(shape):
    evaluation, split = random_case(120, 2, shape=shape)
    explorer = slw.ConfusionExplorer(evaluation, split, pinned=(0, None), selected_image=3)
    assert sum(len(b) for answer in explorer.first for b in answer["buffers"]) < 295_000
    replies = ask_tiles(explorer, (None, None), stop=10_000) + asked(explorer, ask="portrait", index=3)
    sizes = [sum(map(len, buffers)) for _, buffers in replies]
    assert len(sizes) == 2
    assert max(sizes) < 295_000
    assert replies[0][0]["length"] >= 30


def test_an_opened_image_tells_torchs_probabilities_and_what_is_near():
    evaluation, split = random_case(60, 6)
    explorer = slw.ConfusionExplorer(evaluation, split)
    index = int((evaluation.labels != evaluation.predictions).nonzero()[0])
    [(told, buffers)] = asked(explorer, ask="portrait", index=index)
    probabilities, classes = evaluation.probabilities[index].topk(5)
    assert told["top"] == [list(each) for each in zip(classes.tolist(), probabilities.tolist(), strict=True)]
    assert told["letters"] == [int(evaluation.labels[index]), int(evaluation.predictions[index])]
    assert told["loss"] == pytest.approx(float(evaluation.losses[index]))
    assert buffers[0] == split.images[index].numpy().tobytes()
    near = np.frombuffer(buffers[1], "<i4").copy()
    assert near[0] == index
    for letter, found in zip(told["letters"], np.split(near[1:], [told["near"][0]]), strict=True):
        assert (evaluation.labels[found] == letter).all()
        assert (evaluation.predictions[found] == letter).all()


def test_a_large_image_says_that_it_was_shrunk():
    explorer = slw.ConfusionExplorer(*random_case(4, 2, shape=(3, 100, 400)))
    [(told, _)] = asked(explorer, ask="portrait", index=0)
    assert (told["shape"], told["shrunk"]) == ([3, 64, 256], [100, 400])


def test_questions_about_an_older_evaluation_are_told_which_is_shown_now(explorer):
    explorer.update(slw.Evaluation.from_scores(TRUE, torch.eye(5)[TRUE], NAMES))
    query = {"pin": [0, 0], "sort": "loss", "descending": False, "pairs": False}
    assert asked(explorer, version=0, ask="tiles", **query, start=0, stop=5) == [({"id": "x-1", "version": 1}, [])]
    assert asked(explorer, version=0, ask="portrait", index=3) == [({"id": "x-1", "version": 1}, [])]


def test_an_image_that_is_not_there_is_refused_in_words(explorer):
    [(told, buffers)] = asked(explorer, ask="portrait", index=12)
    assert told == {"id": "x-1", "problem": "There is no image 12. Use 0 to 11."}
    assert buffers == []


def test_a_page_holds_mistakes_first_and_stays_below_its_size(monkeypatch, tmp_path):
    evaluation, split = random_case(400, 3, shape=(1, 28, 28))
    explorer = slw.ConfusionExplorer(evaluation, split)
    everything = explorer.page_state()["preloaded"]
    assert everything["length"] == 400
    monkeypatch.setattr("signlang_widgets.widgets.confusion_explorer.confusion_explorer.PAGE_BYTES", 100_000)
    kept = explorer.page_state()["preloaded"]
    indices = np.frombuffer(kept["tiles"][0], "<i4").copy()
    assert 80 < kept["length"] < 100
    assert (evaluation.labels != evaluation.predictions)[indices].all()
    path = explorer.to_html(tmp_path / "page.html")
    code = len(explorer._esm) + len(explorer._css)
    assert path.stat().st_size - code < 110_000


def test_what_was_pinned_at_first_is_stored_with_the_notebook():
    explorer = slw.ConfusionExplorer(*random_case(200, 2), pinned=(0, None), selected_image=5)
    stored, opened = explorer.first
    assert np.frombuffer(stored["buffers"][0], "<i4").tolist() == explorer.selection[:24].tolist()
    query = {"version": 0, "pin": (0, None), "pairs": False, "sort": "confidence", "descending": False}
    assert query.items() <= stored.items()
    assert (opened["ask"], opened["index"]) == ("portrait", 5)
    assert slw.ConfusionExplorer(*five_classes()).first == []
