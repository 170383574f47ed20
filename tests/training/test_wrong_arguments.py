"""What is no model, no data, no optimizer and no number is refused at once, in words, with the documented exception."""

import numpy as np
import pytest
import torch
from torch import nn

import signlang_widgets as slw
from signlang_widgets.networks.devices import DeviceError
from signlang_widgets.training.run_code import run_code
from signlang_widgets.training.saved_weights import SavedWeights

from .small_runs import data, net, split, trainer


@pytest.mark.parametrize("splits", [torch.rand(3, 2, 5, 7), split(3, 1), None, {"train": split(3, 1)}])
def test_data_without_train_and_test(tmp_path, splits):
    with pytest.raises(slw.DataError, match="two sets of images, train and test"):
        slw.Trainer(net(), splits)
    with pytest.raises(slw.DataError, match="two sets of images, train and test"):
        slw.Trainer.load(tmp_path, net(), splits)


@pytest.mark.parametrize(
    ("model", "words"), [(slw.ConvNet, r"got ConvNet: make one with ConvNet\(\)"), ("x", "got str"), (None, "got NoneType")]
)  # fmt: skip
def test_what_is_no_model(tmp_path, model, words):
    splits = data()
    for use in (
        lambda: slw.Trainer(model, splits),
        lambda: slw.Trainer.load(tmp_path, model, splits),
        lambda: slw.fit(model, splits.train, splits.test),
        lambda: slw.evaluate(model, splits.test),
        lambda: setattr(trainer(), "model", model),
    ):
        with pytest.raises(TypeError, match=words):
            use()


@pytest.mark.parametrize("batch_size", [0, -1, 2.5, "x", None, True])
def test_evaluation_of_no_split_or_in_no_batches(batch_size):
    with pytest.raises(slw.DataError, match="LabelledImages"):
        slw.evaluate(net(), data().test.images)
    with pytest.raises(slw.DataError, match="batch_size must be a whole number of 1 or more"):
        slw.evaluate(net(), data().test, batch_size=batch_size)
    assert len(slw.evaluate(net(), data().test, batch_size=np.int64(2))) == 9


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"epochs": 10**30}, "epochs must be from 1 to 2147483647"),
        ({"epochs": 10**5000}, "epochs must be from 1"),
        ({"batch_size": 2**31}, "batch_size must be from 1"),
        ({"seed": 2**70}, "seed must be from -9223372036854775808"),
        ({"seed": -(2**70)}, "seed must be from -9223372036854775808"),
        ({"lr": 10**400}, "lr must be a number of 0 or more"),
        ({"lr": "a" * 10_000}, r"lr must be .*aaa\.\.\."),
        ({"lr": torch.tensor(0.1)}, "lr must be a number"),
        ({"momentum": np.float32(0.99999999999)}, "momentum"),
        ({"optimizer": repr}, "gave .* must be a function from parameters to an optimizer"),
        ({"optimizer": nn.Flatten()}, "made no optimizer"),
        ({"optimizer": np.arange(3)}, "optimizer must be a function"),
    ],
)
def test_settings_that_no_run_can_have(settings, words):
    with pytest.raises(slw.SettingError, match=words) as caught:
        trainer(**settings)
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize("device", [3.5, "\ud800", np.arange(3), None])
def test_what_is_no_device(device):
    with pytest.raises(DeviceError, match="no device called"):
        trainer(device=device)
    with pytest.raises(DeviceError, match="no device called"):
        slw.evaluate(net(), data().test, device=device)


def test_an_optimizer_that_has_no_learning_rate():
    class Rateless(torch.optim.Optimizer):
        def __init__(self, parameters):
            super().__init__(parameters, {})

    with pytest.raises(slw.SettingError, match="Rateless has no lr"):
        trainer(optimizer=Rateless)


@pytest.mark.parametrize("driver", ["", "nobody", None, 3, []])
def test_a_driver_that_nobody_is(driver):
    run = trainer(epochs=1)
    for use in (run.start, run.step_batch, run.step_epoch):
        with pytest.raises(slw.SettingError, match=r"There is no driver .*thread, browser"):
            use(driver)
    assert run.state == "idle"
    run.start("browser")
    with pytest.raises(TypeError):
        run.tick("long")
    run.wait(60)
    assert run.state == "finished"


def test_lines_of_code_for_something_else():
    with pytest.raises(TypeError, match="must be a Trainer, got Sequential"):
        run_code(net())


def test_saved_weights_of_something_else():
    with pytest.raises(slw.DataError, match="must be a Trainer or the folder"):
        SavedWeights.of(net())
