"""Which images stand behind a cell, in which order: against numpy's own filters and sorts."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import confusion_matrix
from sklearn.metrics.pairwise import euclidean_distances

import signlang_widgets as slw
from signlang_widgets.networks.confusions import Confusions, cell_values

from .confusion_cases import GUESS, LEAD, MATRIX, TRUE, five_classes, random_case


@pytest.fixture
def five():
    return Confusions(*five_classes())


@pytest.mark.parametrize(
    ("pin", "pairs", "expected"),
    [
        ((0, 1), False, [2, 3]),
        ((0, 1), True, [2, 3, 6]),
        ((1, 0), True, [2, 3, 6]),
        ((0, 0), True, [0, 1]),
        ((0, None), False, [0, 1, 2, 3]),
        ((None, 3), False, [8, 9, 10, 11]),
        ((None, 3), True, [8, 9, 10, 11]),
        ((4, None), False, []),
        ((0, 4), False, []),
        ((None, None), False, list(range(12))),
        (None, False, []),
    ],
)
def test_the_images_of_a_place(five, pin, pairs, expected):
    assert five.members(pin, pairs=pairs).tolist() == expected


def test_five_classes_sorted_by_hand(five):
    assert five.order((None, 3), "confidence").tolist() == [11, 8, 10, 9]
    assert five.order((None, 3), "confidence", descending=True).tolist() == [9, 10, 8, 11]
    assert five.order((None, 3), "margin").tolist() == [11, 8, 10, 9]
    # The wrong ones lose more the surer they are, the right ones less.
    assert five.order((None, 3), "loss", descending=True).tolist() == [9, 8, 11, 10]


def test_figures_of_an_image_by_hand(five):
    """A score of s beside four zeros: probability e^s / (e^s + 4), lead (e^s - 1) / (e^s + 4)."""
    table = five.frame(np.array([3, 7]))
    powers = np.exp([LEAD[3], LEAD[7]])
    assert table.columns.tolist() == ["index", "true", "predicted", "confidence", "margin", "loss"]
    assert table[["index", "true", "predicted"]].to_numpy().tolist() == [[3, "a", "b"], [7, "c", "c"]]
    np.testing.assert_allclose(table["confidence"], powers / (powers + 4), rtol=1e-5)
    np.testing.assert_allclose(table["margin"], (powers - 1) / (powers + 4), rtol=1e-5)
    np.testing.assert_allclose(table["loss"], [np.log(powers[0] + 4), -np.log(powers[1] / (powers[1] + 4))], rtol=1e-5)


def test_the_matrix_is_scikit_learns():
    evaluation, _ = five_classes()
    assert confusion_matrix(TRUE, GUESS, labels=range(5)).tolist() == evaluation.confusion.tolist() == MATRIX


@pytest.mark.parametrize(("mode", "normalize"), [("count", None), ("recall", "true"), ("precision", "pred")])
def test_what_cells_show_is_scikit_learns(mode, normalize):
    expected = confusion_matrix(TRUE, GUESS, labels=range(5), normalize=normalize)
    assert np.allclose(np.nan_to_num(cell_values(np.array(MATRIX), mode=mode)), expected)
    blank = np.isnan(cell_values(np.array(MATRIX), mode=mode, hide_diagonal=True))
    assert blank.diagonal().all()


def test_pairs_show_their_sum_and_its_share_of_both_rows():
    counts = cell_values(np.array(MATRIX), mode="count", pairs=True)
    assert counts[0, 1] == counts[1, 0] == 3
    assert counts[0, 0] == 2
    shares = cell_values(np.array(MATRIX), mode="recall", pairs=True)
    assert shares[0, 1] == shares[1, 0] == 3 / 7
    assert shares[1, 1] == 2 / 3
    assert shares[4, 0] == 0
    assert np.isnan(shares[4, 4])


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_every_place_holds_what_numpy_filters_sorted(data):
    classes = data.draw(st.integers(2, 6))
    confusions = Confusions(*random_case(data.draw(st.integers(1, 60)), classes, seed=data.draw(st.integers(0, 99))))
    letters = st.none() | st.integers(0, classes - 1)
    pin = (data.draw(letters), data.draw(letters))
    pairs, descending = data.draw(st.booleans()), data.draw(st.booleans())
    sort = data.draw(st.sampled_from(["confidence", "margin", "loss"]))

    true, guess = confusions.evaluation.labels.numpy(), confusions.evaluation.predictions.numpy()
    here = fits(true, guess, *pin)
    if pairs and None not in pin:
        here |= fits(true, guess, *pin[::-1])
    order = confusions.order(pin, sort, descending=descending, pairs=pairs)
    assert np.array_equal(np.sort(order), np.flatnonzero(here))

    probabilities = np.sort(confusions.evaluation.probabilities.numpy(), axis=1)
    values = {
        "confidence": probabilities[:, -1],
        "margin": probabilities[:, -1] - probabilities[:, -2],
        "loss": confusions.evaluation.losses.numpy(),
    }[sort][order]
    assert (np.diff(-values if descending else values) >= 0).all()
    assert np.array_equal(confusions.frame(order)[sort], values)


def fits(true, guess, i, j):
    return (i is None or true == i) & (j is None or guess == j) & np.ones(len(true), dtype=bool)


def test_equals_keep_the_order_of_their_indices():
    evaluation = slw.Evaluation.from_scores([0] * 6, [[1.0, 0.0]] * 6)
    confusions = Confusions(evaluation, torch.zeros(6, 5, 7))
    for descending in (False, True):
        assert confusions.order((0, 0), "confidence", descending=descending).tolist() == list(range(6))


def test_the_top_classes_are_torchs():
    confusions = Confusions(*random_case(30, 8))
    classes, probabilities = confusions.top(np.arange(30))
    expected = confusions.evaluation.probabilities.topk(5)
    assert np.array_equal(probabilities, expected.values.numpy())
    assert np.array_equal(classes, expected.indices.numpy())
    assert confusions.top(np.arange(3), 20)[0].shape == (3, 8)


@pytest.mark.parametrize("kind", ["bytes", "floats", "rgb"])
def test_the_nearest_right_images_are_scikit_learns(kind, monkeypatch):
    monkeypatch.setattr("signlang_widgets.networks.confusions._PIXELS_AT_ONCE", 100)  # several chunks
    evaluation, split = random_case(200, 2, shape=(3, 5, 7) if kind == "rgb" else (1, 5, 7))
    images = split.images / 255 if kind == "floats" else split.images
    confusions = Confusions(evaluation, images)
    flat = images.flatten(1).double().numpy()
    right = evaluation.cell(1, 1).numpy()
    for index in (int(right[0]), int(evaluation.cell(0, 1)[0])):
        others = right[right != index]
        distances = euclidean_distances(flat[[index]], flat[others])[0]
        assert confusions.nearest_right(index, 1).tolist() == others[np.argsort(distances)[:3]].tolist()


def test_without_right_images_nothing_is_near(five):
    assert five.nearest_right(2, 4).tolist() == []
    assert five.nearest_right(7, 2).tolist() == []  # itself the only right one


@pytest.mark.parametrize("shape", [(1, 5, 7), (3, 5, 7)])
def test_pictures_are_the_bytes_of_the_images(shape):
    evaluation, split = random_case(9, 3, shape=shape)
    rows = np.array([8, 2])
    for images in (split, split.images, split.images / 255, split.images[:, 0] if shape[0] == 1 else split.images):
        assert np.array_equal(Confusions(evaluation, images).pictures(rows, 48), split.images[rows].numpy())


def test_large_pictures_shrink_and_keep_their_shape():
    evaluation, split = random_case(4, 2, shape=(3, 60, 120))
    small = Confusions(evaluation, split).pictures(np.arange(4), 60)
    assert small.shape == (4, 3, 30, 60)
    means = split.images.float().reshape(4, 3, 30, 2, 60, 2).mean((3, 5))
    assert np.abs(small - means.numpy()).max() <= 0.5


def test_another_evaluation_of_the_same_images():
    evaluation, split = five_classes()
    better = slw.Evaluation.from_scores(TRUE, torch.eye(5)[TRUE], evaluation.class_names)
    renewed = Confusions(evaluation, split).renewed(better)
    assert renewed.members((0, 1)).tolist() == []
    assert renewed.members((0, 0)).tolist() == [0, 1, 2, 3]
    with pytest.raises(slw.DataError, match="9 labels of another split than the 12 images"):
        Confusions(evaluation, split).renewed(random_case(9, 5)[0])


@pytest.mark.parametrize(
    ("images", "words"),
    [
        (torch.zeros(11, 1, 5, 7), r"12 images \(probabilities \(12, 5\)\), the images are 11 \(11, 1, 5, 7\)"),
        (five_classes()[1][:11], r"the images are 11 \(11, 1, 5, 7\)"),
        (torch.zeros(12, 35), r"got \(12, 35\)"),
        (torch.zeros(12, 2, 5, 7), r"\(12, 2, 5, 7\) have 2 channels"),
        (torch.zeros(12, 1, 0, 7), "have no pixels"),
        (torch.full((12, 5, 7), 200.0), "divide by 255"),
        ([[1, 2]], "a LabelledImages or a tensor, got list"),
        (
            slw.LabelledImages(torch.zeros(12, 1, 5, 7), torch.zeros(12, dtype=torch.int64), "ab"),
            "has 5 classes, the images 2",
        ),
        (slw.LabelledImages(torch.zeros(12, 1, 5, 7), torch.zeros(12, dtype=torch.int64), "abcde"), "other labels"),
    ],
)
def test_images_that_do_not_fit_the_evaluation_are_refused(images, words):
    with pytest.raises(slw.DataError, match=words):
        Confusions(five_classes()[0], images)


def test_one_class_or_201_are_refused():
    for classes in (1, 201):
        with pytest.raises(slw.DataError, match=f"2 to 200 classes, this evaluation has {classes}"):
            Confusions(*random_case(4, classes))


def test_200_classes():
    evaluation, split = random_case(5000, 200)
    confusions = Confusions(evaluation, split)
    for pin in [(199, 199), (199, None), (None, 0), (0, 0)]:
        here = fits(evaluation.labels.numpy(), evaluation.predictions.numpy(), *pin)
        assert np.array_equal(confusions.members(pin), np.flatnonzero(here))
