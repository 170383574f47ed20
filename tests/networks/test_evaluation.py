import dataclasses

import numpy as np
import pytest
import sklearn.metrics
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

import signlang_widgets as slw
from signlang_widgets.networks.devices import DeviceError

NAMES = ("M", "N", "S", "T", "E")
# Five classes, worked by hand: class 4 (E) has no image and is predicted once; class 2 (S) is never predicted.
TRUE = [0, 0, 0, 1, 1, 2, 3, 3]
TAKEN = [0, 1, 1, 1, 0, 1, 3, 4]
CONFUSION = [[1, 2, 0, 0, 0], [1, 1, 0, 0, 0], [0, 1, 0, 0, 0], [0, 0, 0, 1, 1], [0, 0, 0, 0, 0]]


def scores_for(predictions, classes=5):
    return 3.0 * nn.functional.one_hot(torch.tensor(predictions), classes).float()


@pytest.fixture
def five():
    return slw.Evaluation.from_scores(TRUE, scores_for(TAKEN), NAMES)


def small_split(count=7, classes=3, dtype=torch.uint8):
    torch.manual_seed(1)
    images = torch.randint(0, 256, (count, 2, 5, 7), dtype=torch.uint8)
    images = images if dtype == torch.uint8 else images.to(dtype) / 255
    return slw.LabelledImages(images, torch.arange(count) % classes, NAMES[:classes])


def small_net(classes=3):
    torch.manual_seed(2)
    return nn.Sequential(nn.Conv2d(2, 4, 3), nn.BatchNorm2d(4), nn.Dropout(0.5), nn.Flatten(), nn.Linear(60, classes))


def test_confusion_has_true_rows_and_predicted_columns(five):
    assert five.confusion.tolist() == CONFUSION
    assert five.confusion.dtype == torch.int64


def test_accuracy_loss_and_cells_by_hand(five):
    right, wrong = -np.log(np.exp(3) / (np.exp(3) + 4)), -np.log(1 / (np.exp(3) + 4))
    assert five.accuracy == 3 / 8
    assert five.loss == pytest.approx((3 * right + 5 * wrong) / 8, rel=1e-6)
    assert five.cell(0, 1).tolist() == [1, 2]
    assert five.cell(1, 0).tolist() == [4]
    assert five.cell(4, 4).tolist() == []


def test_most_confused_by_hand(five):
    top = five.most_confused(3)
    assert top[["true", "predicted", "count"]].to_numpy().tolist() == [["M", "N", 2], ["N", "M", 1], ["S", "N", 1]]
    assert top["share"].tolist() == pytest.approx([2 / 3, 1 / 2, 1])
    assert len(five.most_confused(99)) == 4
    assert len(five.most_confused(0)) == 0


def test_report_of_a_class_without_images_is_zero_not_an_error(five):
    report = five.report()
    assert report.loc["E"].tolist() == [0, 0, 0, 0]
    assert report.loc["M"].tolist() == pytest.approx([1 / 2, 1 / 3, 2 / 5, 3])


@settings(deadline=None)
@given(st.data())
def test_scikit_learn_agrees_on_every_figure(data):
    classes = data.draw(st.integers(2, 9))
    one = st.integers(0, classes - 1)
    pairs = data.draw(st.lists(st.tuples(one, one), min_size=1, max_size=40))
    true, taken = zip(*pairs, strict=True)
    evaluation = slw.Evaluation.from_scores(true, scores_for(list(taken), classes))
    witness = sklearn.metrics.precision_recall_fscore_support(true, taken, labels=range(classes), zero_division=0)
    np.testing.assert_allclose(evaluation.report().to_numpy().T, np.array(witness, dtype=float))
    assert (evaluation.confusion.numpy() == sklearn.metrics.confusion_matrix(true, taken, labels=range(classes))).all()
    assert evaluation.accuracy == pytest.approx(sklearn.metrics.accuracy_score(true, taken))
    cells = [evaluation.cell(i, j) for i in range(classes) for j in range(classes)]
    assert sorted(torch.cat(cells).tolist()) == list(range(len(true)))
    shown = evaluation.most_confused(classes**2)
    assert shown["count"].sum() == len(true) - evaluation.confusion.diagonal().sum()
    assert shown["count"].is_monotonic_decreasing


@settings(deadline=None)
@given(st.lists(st.lists(st.floats(-50, 50), min_size=3, max_size=3), min_size=1, max_size=20))
def test_probabilities_and_losses_are_torchs(rows):
    scores = torch.tensor(rows)
    labels = torch.arange(len(rows)) % 3
    evaluation = slw.Evaluation.from_scores(labels, scores)
    torch.testing.assert_close(evaluation.probabilities, scores.softmax(1))
    witness = nn.CrossEntropyLoss(reduction="none")(scores, labels)
    torch.testing.assert_close(evaluation.losses, witness)
    assert evaluation.loss == pytest.approx(float(nn.CrossEntropyLoss()(scores, labels)), rel=1e-5, abs=1e-6)


def test_scores_from_numpy_and_scikit_learn(five):
    scores = scores_for(TAKEN).numpy()
    scores.flags.writeable = False
    other = slw.Evaluation.from_scores(np.array(TRUE, dtype=np.int32), scores.astype(np.float64))
    assert other.class_names == ("0", "1", "2", "3", "4")
    assert torch.equal(other.confusion, five.confusion)
    with_logs = slw.Evaluation.from_scores([0, 1], np.log([[0.25, 0.75], [1e-9, 1]]))
    torch.testing.assert_close(with_logs.probabilities, torch.tensor([[0.25, 0.75], [1e-9, 1]]))


def test_repr_is_stable_and_the_object_frozen(five):
    assert repr(five) == "Evaluation(8 images, 5 classes, accuracy 37.50 %, loss 2.0566)"
    with pytest.raises(dataclasses.FrozenInstanceError):
        five.labels = torch.zeros(8)


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_useless_scores_are_counted_in_words(bad):
    scores = scores_for([0, 1, 2])
    scores[1, 4] = bad
    with pytest.raises(slw.DataError, match="1 of 3 images have scores that are NaN or infinite"):
        slw.Evaluation.from_scores([0, 1, 2], scores)


def test_a_score_of_minus_infinity_is_a_probability_of_zero():
    evaluation = slw.Evaluation.from_scores([0, 0], [[1.0, -np.inf], [2.0, 1.0]])
    assert evaluation.probabilities[0].tolist() == [1, 0]


@pytest.mark.parametrize(
    ("labels", "scores", "names", "words"),
    [
        ([], torch.empty(0, 3), None, "no images"),
        ([0, 1], torch.zeros(3, 2), None, r"shape \(3,\).*got \(2,\)"),
        ([0, 2], torch.zeros(2, 2), None, r"0\.\.1.*got 0\.\.2"),
        ([0, -1], torch.zeros(2, 2), None, r"got -1\.\.0"),
        ([0, 1], torch.zeros(2, 2), ("M",), "2 scores an image but 1 class names"),
        ([0, 1], torch.zeros(2), None, "shape"),
        ([0.5, 1.0], torch.zeros(2, 2), None, "whole numbers"),
        ([0, 1], [["a", "b"], ["c", "d"]], None, "array of numbers"),
    ],
)
def test_bad_input_is_refused_in_words(labels, scores, names, words):
    with pytest.raises(slw.DataError, match=words):
        slw.Evaluation.from_scores(labels, scores, names)


@pytest.mark.parametrize("index", [-1, 5])
def test_a_cell_outside_the_matrix_is_refused(five, index):
    with pytest.raises(slw.DataError, match="use 0 to 4"):
        five.cell(0, index)


@pytest.mark.parametrize("batch_size", [1, 3, 7, 100])
@pytest.mark.parametrize("dtype", [torch.uint8, torch.float32, torch.float64])
def test_evaluate_is_the_plain_forward_pass(batch_size, dtype):
    model, split = small_net(), small_split(dtype=dtype)
    evaluation = slw.evaluate(model, split, batch_size=batch_size)
    model.eval()
    witness = model(split.tensors()[0]).detach()
    torch.testing.assert_close(evaluation.probabilities, witness.softmax(1))
    assert torch.equal(evaluation.predictions, witness.argmax(1))
    assert evaluation.class_names == NAMES[:3]


def test_evaluate_leaves_modes_random_numbers_and_gradients_as_found():
    model, split = small_net(), small_split()
    model.train()
    model[1].eval()
    model(split.tensors()[0]).sum().backward()
    gradients = [p.grad.clone() for p in model.parameters()]
    state = {name: value.clone() for name, value in model.state_dict().items()}
    strides = [p.stride() for p in model.parameters()]
    torch.manual_seed(5)
    before = torch.get_rng_state()
    slw.evaluate(nn.Sequential(model, nn.Softmax(1)), split)
    assert [m.training for m in model] == [True, False, True, True, True]
    assert torch.equal(torch.get_rng_state(), before)
    assert all(torch.equal(p.grad, g) for p, g in zip(model.parameters(), gradients, strict=True))
    assert all(torch.equal(value, state[name]) for name, value in model.state_dict().items())
    assert [p.stride() for p in model.parameters()] == strides
    assert torch.is_grad_enabled()


class Noisy(nn.Module):
    def forward(self, images):
        return nn.functional.dropout(images.flatten(1)[:, :3])


def test_random_numbers_stay_even_when_the_model_draws_some():
    split = small_split()
    before = torch.get_rng_state()
    slw.evaluate(Noisy(), split)
    assert torch.equal(torch.get_rng_state(), before)


def test_modes_come_back_after_an_exception():
    model = nn.Sequential(nn.Flatten(), nn.Linear(3, 3))
    model.train()
    with pytest.raises(slw.DataError, match="reads 3 numbers"):
        slw.evaluate(model, small_split())
    assert model.training
    assert model[1].training


class Viewing(nn.Module):
    """Flattens with ``view``, which refuses tensors whose channels are innermost."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(2, 4, 3)
        self.linear = nn.Linear(60, 3)

    def forward(self, images):
        return self.linear(self.conv(images).view(len(images), -1))


def test_a_model_that_needs_the_usual_memory_order_gets_it():
    model, split = Viewing(), small_split()
    witness = model(split.tensors()[0]).detach().softmax(1)
    torch.testing.assert_close(slw.evaluate(model, split).probabilities, witness)


def test_a_model_that_is_always_right_and_one_that_is_always_wrong():
    labels = torch.arange(6) % 3
    images = nn.functional.one_hot(labels, 3).float().reshape(6, 1, 1, 3)
    split = slw.LabelledImages(images, labels, NAMES[:3])
    assert slw.evaluate(nn.Flatten(), split).accuracy == 1
    wrong = slw.evaluate(nn.Sequential(nn.Flatten(), nn.Linear(3, 3)).apply(roll), split)
    assert wrong.accuracy == 0
    assert wrong.most_confused()["count"].tolist() == [2, 2, 2]


def roll(layer):
    if isinstance(layer, nn.Linear):
        layer.weight.data, layer.bias.data = torch.eye(3).roll(1, 0), torch.zeros(3)


@pytest.mark.parametrize(
    ("model", "split", "options", "error", "words"),
    [
        (small_net(), small_split()[[]], {}, slw.DataError, "no images"),
        (small_net(4), small_split(), {}, slw.DataError, "4 scores an image but the data have 3 class names"),
        (nn.Conv2d(2, 3, 3), small_split(), {}, slw.DataError, r"\(N, classes\)"),
        (small_net(), small_split(), {"batch_size": 0}, slw.DataError, "1 or more"),
        (small_net(), small_split(), {"device": "quantum"}, DeviceError, "no device called 'quantum'"),
        (small_net(), small_split(), {"device": "cuda:99"}, DeviceError, "device='auto'"),
        (small_net().to("meta"), small_split(), {"device": "cpu"}, DeviceError, "on meta, but cpu.*model.to"),
    ],
)
def test_what_does_not_fit_is_refused_in_words(model, split, options, error, words):
    with pytest.raises(error, match=words):
        slw.evaluate(model, split, **options)


def test_nan_weights_are_reported_not_shown_as_figures():
    model = small_net()
    nn.init.constant_(model[4].bias, float("nan"))
    with pytest.raises(slw.DataError, match="7 of 7 images"):
        slw.evaluate(model, small_split())


@pytest.mark.parametrize(
    ("model", "words"),
    [
        (torch.nn.Linear(3, 2), r"The model \(Linear\) reads 3 numbers an image, but gets 7 from images of 1x5x7"),
        (
            torch.nn.Sequential(torch.nn.Conv2d(3, 2, 3)),
            r"0 \(Conv2d\) reads 3 channels, but gets 1 from images of 1x5x7",
        ),
    ],
)
def test_a_model_that_is_made_for_other_images_is_refused_in_words(model, words):
    split = slw.LabelledImages(torch.zeros(4, 1, 5, 7), torch.tensor([0, 1, 0, 1]), ("M", "N"))
    with pytest.raises(slw.DataError, match=words):
        slw.evaluate(model, split)
