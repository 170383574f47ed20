"""Models that instructors bring: counted, trained and looked into, or refused in words."""

import pytest
import torch
from torch import nn
from torch.nn.utils import parametrizations, prune, spectral_norm, weight_norm

import signlang_widgets as slw
from signlang_widgets.networks.activations import record
from signlang_widgets.networks.inference import plan_for
from signlang_widgets.networks.occlusion import sweep
from signlang_widgets.networks.top_activations import Survey
from tests.training.small_runs import data, net


def with_layer(place, change):
    model = net()
    model[place] = change(model[place])
    return model


class Remembering(nn.Module):
    """Keeps a number of its own beside the tensors."""

    def __init__(self):
        super().__init__()
        self.net, self.seen = net(), [0]

    def forward(self, images):
        self.seen[0] += self.training
        return self.net(images)

    def get_extra_state(self):
        return {"seen": self.seen}

    def set_extra_state(self, state):
        self.seen = state["seen"]


MODELS = {
    "weight_norm": lambda: with_layer(0, weight_norm),
    "spectral_norm": lambda: with_layer(4, spectral_norm),
    "parametrized": lambda: with_layer(0, parametrizations.weight_norm),
    "parametrized spectral": lambda: with_layer(4, parametrizations.spectral_norm),
    "pruned": lambda: with_layer(0, lambda layer: prune.l1_unstructured(layer, "weight", amount=0.3)),
    "extra state": Remembering,
    "lazy": lambda: nn.Sequential(nn.LazyConv2d(4, 3), nn.Flatten(), nn.LazyLinear(3)),
    "double": lambda: net().double(),
    "half": lambda: net().half(),
    "bfloat16": lambda: net().bfloat16(),
    "scripted": lambda: torch.jit.script(net()),
}
pytestmark = pytest.mark.filterwarnings("ignore:.*weight_norm.*is deprecated:FutureWarning")


@pytest.mark.parametrize("name", MODELS)
def test_evaluate_and_train_and_go_back_to_the_start(name):
    model, splits = MODELS[name](), data()
    slw.evaluate(model, splits.test)
    run = slw.Trainer(model, splits, epochs=2, batch_size=4, lr=0.05)
    start = {key: value.clone() for key, value in model.state_dict().items() if isinstance(value, torch.Tensor)}
    first = run.run()["test_loss"].tolist()
    run.restore_best()
    run.reset()
    assert all(torch.equal(value, model.state_dict()[key]) for key, value in start.items())
    assert run.run()["test_loss"].tolist() == pytest.approx(first)
    assert all(kernels.dtype == torch.float32 for kernels in run.kernels.values())


@pytest.mark.parametrize("name", MODELS)
def test_look_inside_or_say_why_not(name):
    model, images = MODELS[name](), data().test.images
    if name == "scripted":
        for look in (record, lambda *pair: Survey(*pair).finish()):
            with pytest.raises(slw.DataError, match="the one that it was made from"):
                look(model, images)
        return
    layers = record(model, images)
    assert all(output.isfinite().all() for output in layers.values())
    assert Survey(model, images).finish().done == len(images)
    assert sweep(model, images[0], 2).drops.isfinite().all()


def test_figures_in_another_type_are_those_of_the_model_itself():
    splits = data()
    evaluation = slw.evaluate(net().double(), splits.test)
    witness = net().double()(splits.test.images.double() / 255).softmax(1)
    torch.testing.assert_close(evaluation.probabilities, witness.float().detach())


def test_work_is_counted_alike_with_and_without_a_norm():
    images = data().test.images
    work = [plan_for(model, images, 3, torch.device("cpu"), 1).work for model in (net(), MODELS["weight_norm"]())]
    assert work == [4 * 2 * 2 * 3 * 4 * 5 + 16 * 3] * 2


@pytest.mark.filterwarnings("ignore:Complex modules")
def test_complex_weights_are_refused_in_words():
    with pytest.raises(slw.DataError, match=r"complex64.*model\.float"):
        slw.evaluate(net().to(torch.complex64), data().test)


def test_a_run_that_keeps_more_than_tensors_says_that_it_is_not_saved(tmp_path):
    (tmp_path / "epoch-0000.json").write_text("of an earlier run")
    run = slw.Trainer(Remembering(), data(), epochs=2, batch_size=11, folder=tmp_path)
    with pytest.warns(slw.TrainingWarning, match="_extra_state is no tensor") as caught:
        run.run()
    assert len(caught) == 1
    assert (tmp_path / "epoch-0000.json").read_text() == "of an earlier run"
    assert run.model.seen == [4]
    run.reset()
    assert run.model.seen == [0]


def normed():
    torch.manual_seed(0)
    return nn.Sequential(nn.Flatten(), nn.Linear(70, 5), nn.BatchNorm1d(5), nn.Linear(5, 3))


@pytest.mark.parametrize(("images", "batch_size", "cure"), [(21, 4, 6), (22, 1, 2), (13, 6, 7), (22, 21, 22)])
def test_a_lone_last_image_is_said_before_the_first_batch(images, batch_size, cure):
    splits = data(train=images)
    run = slw.Trainer(normed(), splits, batch_size=batch_size)
    before = {key: value.clone() for key, value in run.model.state_dict().items()}
    with pytest.raises(slw.SettingError, match=f"BatchNorm1d cannot learn.*batch_size={cure}, for example"):
        run.run()
    assert len(run.batch_history) == 0
    assert all(torch.equal(value, before[key]) for key, value in run.model.state_dict().items())
    run.batch_size = cure
    run.run()
    assert run.state == "finished"


def test_one_training_image_and_a_norm_that_sees_many_pixels():
    with pytest.raises(slw.SettingError, match="more training images"):
        slw.Trainer(normed(), data(train=1)).run()
    many_pixels = nn.Sequential(nn.BatchNorm2d(2), nn.Flatten(), nn.Linear(70, 3))
    slw.Trainer(many_pixels, data(train=21), batch_size=4).run()


class Bent(nn.Module):
    """Gives something else than scores."""

    def __init__(self, bend):
        super().__init__()
        self.net, self.bend = net(), bend

    def forward(self, images):
        return self.bend(self.net(images))


BENDS = {
    "one row": (lambda scores: scores.mean(0, keepdim=True), "1 rows of scores for"),
    "half the rows": (lambda scores: scores[::2], "rows of scores for"),
    "integers": (lambda scores: (9 * scores).long(), "int64.*floating-point"),
    "complex": (lambda scores: scores.to(torch.complex64), "complex64.*floating-point"),
    "two": (lambda scores: (scores, scores), "got tuple"),
}


@pytest.mark.parametrize("bend", BENDS)
def test_what_are_no_scores_is_refused_in_evaluation_and_training(bend):
    change, words = BENDS[bend]
    splits = data()
    with pytest.raises(slw.DataError, match=words):
        slw.evaluate(Bent(change), splits.test)
    with pytest.raises(slw.DataError, match=words):
        slw.Trainer(Bent(change), splits, batch_size=4).run()


def test_scores_without_gradient_can_be_evaluated_but_not_learned_from():
    splits = data()
    slw.evaluate(Bent(torch.Tensor.detach), splits.test)
    with pytest.raises(slw.DataError, match=r"no weight that can learn: leave out detach\(\)"):
        slw.Trainer(Bent(torch.Tensor.detach), splits).run()


def test_complex_scores_of_another_classifier_are_refused():
    with pytest.raises(slw.DataError, match="real numbers"):
        slw.Evaluation.from_scores([0, 1], torch.zeros(2, 2, dtype=torch.complex64))
