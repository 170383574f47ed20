"""The arithmetic of the explorer that Python and the page both need: one answer in both."""

import numpy as np
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import precision_score, recall_score

import signlang_widgets as slw
from signlang_widgets.networks.confusions import Confusions
from tests.networks.confusion_cases import GUESS, NAMES, TRUE
from tests.nodejs import call

SORT_IN_THE_PAGE = """
  const tiles = given.true.map((t, i) => ({ index: i, true: t, predicted: given.predicted[i] }));
  return given.queries.map((query) => room.sortedPlaces(tiles, Float32Array.from(given.values[query.sort]), query));
"""


def evaluation_of(pairs, classes, seed):
    """Random scores that predict what was drawn; some are equal."""
    true, predicted = (list(part) for part in zip(*pairs, strict=True))
    lead = torch.randint(1, 4, (len(pairs),), generator=torch.Generator().manual_seed(seed))
    scores = torch.zeros(len(pairs), classes)
    scores[torch.arange(len(pairs)), torch.tensor(predicted)] = lead.float()
    return slw.Evaluation.from_scores(true, scores)


@st.composite
def evaluations(draw):
    classes = draw(st.integers(2, 6))
    letters = st.integers(0, classes - 1)
    pairs = draw(st.lists(st.tuples(letters, letters), min_size=1, max_size=60))
    return evaluation_of(pairs, classes, draw(st.integers(0, 9)))


def asked_of_counts(evaluation, script):
    given_ = {"counts": evaluation.confusion.flatten().tolist(), "names": evaluation.class_names}
    return call(
        "drawing/confusion_numbers.js", f"const counts = new room.Counts(given.counts, given.names); {script}", given_
    )


@settings(deadline=None, max_examples=15)
@given(evaluations())
def test_the_commonest_mistakes_are_the_same_in_the_same_order(evaluation):
    in_page = asked_of_counts(evaluation, "return counts.mistakes(false, 6);")
    table = evaluation.most_confused(6)
    names = evaluation.class_names
    found = [(names[i], names[j], count) for (i, j), count in ((each["pin"], each["count"]) for each in in_page)]
    assert found == list(zip(table["true"], table["predicted"], table["count"], strict=True))


@settings(deadline=None, max_examples=15)
@given(evaluations())
def test_a_place_holds_as_many_images_as_the_page_says(evaluation):
    places = [None, *range(len(evaluation.class_names))]
    pins = [(i, j) for i in places for j in places if (i, j) != (None, None)]
    words = str([list(pin) for pin in pins]).replace("None", "null")
    in_page = asked_of_counts(
        evaluation, f"return {words}.flatMap((p) => [counts.held(p, false), counts.held(p, true)]);"
    )
    confusions = Confusions(evaluation, torch.zeros(len(evaluation), 5, 7))
    assert in_page == [len(confusions.members(pin, pairs=pairs)) for pin in pins for pairs in (False, True)]


@settings(deadline=None, max_examples=15)
@given(evaluations())
def test_images_stand_in_the_same_order(evaluation):
    confusions = Confusions(evaluation, torch.zeros(len(evaluation), 5, 7))
    some = [(0, 1), (1, 1), (0, None), (None, 1)]
    queries = [
        {"pin": pin, "pairs": pairs, "sort": sort, "descending": descending}
        for pin in some
        for pairs in (False, True)
        for sort in ("confidence", "margin", "loss")
        for descending in (False, True)
    ]
    everything = np.arange(len(evaluation))
    given_ = {
        "true": evaluation.labels.tolist(),
        "predicted": evaluation.predictions.tolist(),
        "values": {sort: confusions.values(sort, everything).tolist() for sort in ("confidence", "margin", "loss")},
        "queries": queries,
    }
    in_page = call("confusion_explorer/preloaded_images.js", SORT_IN_THE_PAGE, given_)
    assert in_page == [
        confusions.order(q["pin"], q["sort"], descending=q["descending"], pairs=q["pairs"]).tolist() for q in queries
    ]


def test_recall_and_precision_of_the_page_are_scikit_learns():
    evaluation = slw.Evaluation.from_scores(TRUE, torch.eye(5)[GUESS], NAMES)
    shares = (
        "return ['recall', 'precision'].map((mode) => counts.names.map((_, i) => counts.value(i, i, mode, false)));"
    )
    letters = [0, 1, 2, 3]
    recall, precision = (f(TRUE, GUESS, labels=letters, average=None).tolist() for f in (recall_score, precision_score))
    assert asked_of_counts(evaluation, shares) == [[*recall, None], [*precision, None]]


def test_a_class_that_is_only_ever_predicted_has_no_recall():
    evaluation = slw.Evaluation.from_scores([0, 0], [[1.0, 0, 0], [0, 0, 1.0]])
    shares = (
        "return ['recall', 'precision'].map((mode) => counts.names.map((_, i) => counts.value(i, i, mode, false)));"
    )
    assert asked_of_counts(evaluation, shares) == [[0.5, None, None], [1.0, None, 0.0]]
