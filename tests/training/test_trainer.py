"""What an owner may change about a run: settings, the model, back to the start, the best weights."""

import math
import threading

import pandas as pd
import pytest
import torch
from torch import nn

import signlang_widgets as slw
from signlang_widgets.networks.devices import DeviceError
from signlang_widgets.training.events import EpochEnded

from .small_runs import FIGURES, Breakable, data, is_batch, net, same_run, split, trainer, when


def test_fit_tells_the_same_figures(unbroken):
    splits = data()
    events = list(slw.fit(net(), splits.train, splits.test, epochs=3, batch_size=4, lr=0.1))
    rows = [[getattr(e, name) for name in FIGURES] for e in events if isinstance(e, EpochEnded)]
    assert rows == unbroken.history[FIGURES].to_numpy().tolist()


def test_a_loss_that_is_no_number_is_said_in_the_cell_and_lower_lr_goes_on():
    model = Breakable(lambda count: math.nan if count == 9 else None)
    run = trainer(model)
    with pytest.warns(slw.TrainingWarning, match=r"nan at batch 3 of 6 in epoch 2.*What usually helps"):
        run.run()
    assert run.state == "stopped"
    assert torch.equal(run.kernels[1], model.net[0].weight)
    assert len(run.batch_history) == 8
    run.lr = 0.01
    run.run()
    assert run.state == "finished"
    assert run.batch_history["batch"].tolist() == 3 * [1, 2, 3, 4, 5, 6]
    assert run.history["lr"].tolist() == [0.1, 0.01, 0.01]


def test_lr_changes_from_the_next_batch_on():
    run = trainer()
    when(run, is_batch(1, 4), lambda: setattr(run, "lr", 0.02))
    run.run()
    assert run.batch_history["lr"].tolist() == 4 * [0.1] + 14 * [0.02]
    assert run.lr == 0.02


def test_settings_change_between_runs_and_hold_after_a_reset():
    run = trainer(epochs=1)
    run.run()
    run.epochs, run.batch_size, run.momentum, run.lr = 2, 11, 0.5, 0.05
    run.run()
    assert len(run.batch_history) == 6 + 2
    run.reset()
    assert (run.state, len(run.history), len(run.batch_history), run.evaluations) == ("idle", 0, 0, {})
    run.run()
    fresh = trainer(epochs=2, batch_size=11, momentum=0.5, lr=0.05)
    fresh.run()
    assert same_run(run, fresh)


def test_batch_size_may_change_in_the_middle_of_an_epoch():
    run = trainer(epochs=1)
    run.step_batch()
    run.batch_size = 10
    run.run()
    assert run.batch_history["batch"].tolist() == [1, 2, 3]


def test_another_model_begins_another_run():
    run = trainer()
    run.run()
    other = nn.Sequential(nn.Flatten(), nn.Linear(70, 3))
    before = other[1].weight.clone()
    run.model = other
    assert (run.state, len(run.history), len(run.batch_history)) == ("idle", 0, 0)
    run.run()
    assert not torch.equal(other[1].weight, before)
    run.reset()
    assert torch.equal(other[1].weight, before)


def test_reset_while_a_thread_trains(unbroken):
    run = trainer(epochs=10**6)
    reached = threading.Event()
    when(run, is_batch(2, 1), reached.set)
    run.start("thread")
    assert reached.wait(60)
    run.reset()
    assert run.state == "idle"
    run.epochs = 3
    run.run()
    assert same_run(run, unbroken)


def test_nothing_but_lr_changes_while_training_runs():
    run = trainer()
    refused = []

    def try_all():
        for change in (
            lambda: setattr(run, "epochs", 5),
            lambda: setattr(run, "batch_size", 5),
            lambda: setattr(run, "momentum", 0.5),
            lambda: setattr(run, "model", net()),
            run.run,
            run.start,
        ):
            with pytest.raises(slw.BusyError, match="stop"):
                change()
            refused.append(change)

    when(run, is_batch(1, 1), try_all)
    run.run()
    assert len(refused) == 6
    assert run.state == "finished"


@pytest.mark.parametrize(("name", "value"), [("lr", -1), ("epochs", 0), ("batch_size", "x"), ("momentum", 1.5)])
def test_a_refused_setting_leaves_the_old_one(name, value):
    run = trainer()
    before = getattr(run, name)
    with pytest.raises(slw.SettingError, match=name):
        setattr(run, name, value)
    assert getattr(run, name) == before


def test_momentum_of_an_optimizer_that_has_none_is_refused():
    run = trainer(optimizer=torch.optim.Adam)
    with pytest.raises(slw.SettingError, match="Adam has no momentum"):
        run.momentum = 0.5
    assert run.lr == 0.001


def test_the_best_weights_are_those_of_the_lowest_test_loss():
    run = trainer(epochs=6, lr=0.9)
    run.run()
    losses = run.history["test_loss"]
    best = int(losses.idxmin()) + 1
    assert best < 6, "the fixture must overshoot for this test to mean anything"
    run.restore_best()
    assert torch.equal(run.model[0].weight, run.kernels[best])
    assert slw.evaluate(run.model, run.data.test).loss == pytest.approx(losses[best - 1])


def test_no_best_weights_before_the_first_epoch():
    with pytest.raises(slw.SettingError, match="at least one epoch"):
        trainer().restore_best()


def test_a_finished_run_says_how_to_go_on(unbroken):
    run = trainer(epochs=1)
    first = run.run()
    pd.testing.assert_frame_equal(run.run(), first)
    assert "raise epochs" in run.message
    run.epochs = 3
    run.run()
    assert same_run(run, unbroken)


def test_nonsense_is_refused_at_once():
    with pytest.raises(slw.SettingError, match="epochs"):
        trainer(epochs=0)
    with pytest.raises(DeviceError, match="no device called"):
        trainer(device="gpu9")
    with pytest.raises(slw.DataError, match="empty"):
        trainer(splits=type("D", (), {"train": split(0, 1), "test": split(2, 1)}))


def test_a_learning_rate_set_between_two_slices_holds_for_the_next_batch():
    run = trainer(epochs=1)
    run.start("browser")
    run.tick(0)
    run.tick(0)
    assert len(run.batch_history) == 1
    run.lr = 0.02
    run.wait()
    assert run.batch_history["lr"].tolist() == [0.1] + 5 * [0.02]
    assert run.history["lr"].tolist() == [0.02]


def test_the_optimizer_is_where_the_learning_rate_stands():
    """A schedule of your own may write it there, and a rate that is chosen again is written again."""
    run = trainer(epochs=2)
    run.step_epoch()
    run.optimizer.param_groups[0]["lr"] /= 2
    assert run.lr == 0.05
    run.epochs = 3
    assert run.lr == 0.05
    run.lr = 0.1
    assert run.optimizer.param_groups[0]["lr"] == 0.1
