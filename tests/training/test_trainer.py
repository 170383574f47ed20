import math
import signal
import threading

import pandas as pd
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

import signlang_widgets as slw
from signlang_widgets.networks import inference
from signlang_widgets.networks.devices import DeviceError
from signlang_widgets.training import driver
from signlang_widgets.training.events import BatchEnded, EpochEnded, Evaluating, RunStarted, StateChanged, Warned

from .small_runs import FIGURES, Breakable, data, net, same_run, split, trainer


@pytest.fixture(scope="module")
def unbroken():
    run = trainer()
    run.run()
    return run


def when(run, happens, then):
    """Call ``then`` the first time that ``happens(event)``."""

    def listener(event):
        if happens(event):
            leave()
            then()

    leave = run.subscribe(listener)


def is_batch(epoch, batch):
    return lambda event: isinstance(event, BatchEnded) and (event.epoch, event.batch) == (epoch, batch)


def drive(run, way):
    if way == "cell":
        run.run()
    elif way == "thread":
        run.start("thread")
        run.wait(60)
    else:
        run.start("browser")
        while run.tick(0.001):
            pass
        run.wait()


@pytest.mark.parametrize("way", ["cell", "thread", "browser"])
@pytest.mark.parametrize("optimizer", [None, torch.optim.Adam])
def test_three_ways_give_the_same_history_bit_for_bit(way, optimizer):
    first, other = trainer(optimizer=optimizer), trainer(optimizer=optimizer)
    first.run()
    drive(other, way)
    assert other.state == "finished"
    assert len(other.history) == 3
    assert same_run(first, other)


def test_fit_tells_the_same_figures(unbroken):
    splits = data()
    events = list(slw.fit(net(), splits.train, splits.test, epochs=3, batch_size=4, lr=0.1))
    rows = [[getattr(e, name) for name in FIGURES] for e in events if isinstance(e, EpochEnded)]
    assert rows == unbroken.history[FIGURES].to_numpy().tolist()


MOVES = st.lists(st.sampled_from(["batch", "epoch", "tick", "pause", "stop", "thread"]), max_size=12)


@settings(max_examples=25, deadline=None)
@given(MOVES)
def test_no_way_of_going_on_changes_the_history(unbroken, moves):
    run = trainer()
    for move in moves:
        if move == "batch":
            run.step_batch()
        elif move == "epoch":
            run.step_epoch()
        elif move == "tick":
            run.start("browser")
            run.tick(0)
            run.pause()
        elif move == "thread":
            run.start("thread")
            run.pause()
            run.wait(60)
        else:
            when(run, lambda event: isinstance(event, Evaluating | BatchEnded), getattr(run, move))
            run.run()
    run.run()
    assert run.state == "finished"
    assert same_run(run, unbroken)


def test_history_has_a_row_an_epoch_and_batch_history_a_row_a_batch(unbroken):
    columns = [*FIGURES, "seconds", "images_per_second"]
    assert list(unbroken.history.columns) == columns
    assert unbroken.history["epoch"].tolist() == [1, 2, 3]
    assert unbroken.batch_history["batch"].tolist() == 3 * [1, 2, 3, 4, 5, 6]
    assert list(trainer().history.columns) == columns
    assert sorted(unbroken.evaluations) == [1, 2, 3]
    assert unbroken.evaluations[3].loss == unbroken.history["test_loss"][2]


def test_kernels_of_every_epoch_from_the_untrained_to_the_last(unbroken):
    assert sorted(unbroken.kernels) == [0, 1, 2, 3]
    assert torch.equal(unbroken.kernels[0], net()[0].weight)
    assert torch.equal(unbroken.kernels[3], unbroken.model[0].weight)
    assert not torch.equal(unbroken.kernels[2], unbroken.kernels[3])


def test_a_linear_first_layer_shows_one_picture_an_output():
    model = nn.Sequential(nn.Flatten(), nn.Linear(70, 3))
    assert torch.equal(trainer(model).kernels[0], model[1].weight.reshape(3, 2, 5, 7))
    assert trainer(nn.Sequential(nn.AvgPool2d(5), nn.Flatten(), nn.Linear(2, 3))).kernels == {}


def test_one_batch_then_one_epoch():
    run = trainer(epochs=2)
    run.step_batch()
    assert (run.state, len(run.batch_history), run.message) == (
        "paused", 1, "Paused at batch 1 of 6 in epoch 1 of 2.",
    )  # fmt: skip
    run.step_epoch()
    assert (run.state, len(run.batch_history), len(run.history)) == ("paused", 6, 1)
    for _ in range(6):
        run.step_batch()
    assert (run.state, len(run.history)) == ("finished", 2)


def test_pause_and_resume_in_a_thread(unbroken):
    run = trainer()
    when(run, is_batch(2, 3), run.pause)
    run.start("thread")
    run.wait(60)
    assert (run.state, run.message) == ("paused", "Paused at batch 3 of 6 in epoch 2 of 3.")
    assert len(run.batch_history) == 9
    run.resume()
    run.wait(60)
    assert same_run(run, unbroken)


def test_stop_now_and_at_the_end_of_the_epoch(unbroken):
    run = trainer()
    when(run, is_batch(1, 2), run.stop)
    run.run()
    assert (run.state, run.message) == ("stopped", "Stopped at batch 2 of 6 in epoch 1 of 3.")
    when(run, is_batch(2, 2), lambda: run.stop(finish_epoch=True))
    run.run()
    assert (run.state, run.message, len(run.history)) == ("stopped", "Stopped after epoch 2 of 3.", 2)
    run.run()
    assert same_run(run, unbroken)


def test_stop_takes_effect_within_an_evaluation_too():
    run = trainer(splits=data(train=4, test=9))
    when(run, lambda event: isinstance(event, Evaluating), run.stop)
    run.run()
    assert (run.state, len(run.batch_history), len(run.history)) == ("stopped", 1, 0)


def test_commands_between_ticks_take_effect_at_once():
    run = trainer()
    run.start("browser")
    run.tick(0)
    run.pause()
    assert run.state == "paused"
    assert not run.tick()
    run.resume()
    assert run.state == "running"
    run.stop()
    assert run.state == "stopped"
    assert not run.tick()


def test_wait_finishes_what_the_browser_cannot_drive_meanwhile(unbroken):
    run = trainer()
    run.start("browser")
    run.tick(0)
    run.wait()
    assert same_run(run, unbroken)


def test_colab_is_driven_by_ticks(monkeypatch):
    monkeypatch.setitem(driver.sys.modules, "google.colab", object())
    run = trainer()
    run.start()
    assert (run.state, len(run.batch_history)) == ("running", 0)
    while run.tick():
        pass
    assert run.state == "finished"


def test_interrupting_the_kernel_is_a_clean_stop_and_run_goes_on(unbroken):
    run = trainer()
    usual = signal.getsignal(signal.SIGINT)
    when(run, is_batch(2, 1), lambda: signal.raise_signal(signal.SIGINT))
    with pytest.warns(slw.TrainingWarning, match=r"Stopped at batch 1 of 6 in epoch 2 of 3\. Run again"):
        run.run()
    assert signal.getsignal(signal.SIGINT) is usual
    assert run.state == "stopped"
    run.run()
    assert same_run(run, unbroken)


def test_interrupting_wait_stops_the_thread():
    run = trainer(epochs=10**6)
    usual, waits = signal.getsignal(signal.SIGINT), threading.Event()

    def interrupt_once_the_cell_waits(_):
        if signal.getsignal(signal.SIGINT) is not usual and not waits.is_set():
            waits.set()
            signal.raise_signal(signal.SIGINT)

    run.subscribe(interrupt_once_the_cell_waits)
    run.start("thread")
    with pytest.warns(slw.TrainingWarning, match="Stopped"):
        run.wait(60)
    assert run.state == "stopped"


def test_a_second_interrupt_inside_the_model_stops_as_well():
    def breaks(count):
        if count == 3:
            raise KeyboardInterrupt

    run = trainer(Breakable(breaks))
    with pytest.warns(slw.TrainingWarning, match="Stopped at batch 2"):
        run.run()
    run.run()
    assert run.state == "finished"
    assert len(run.batch_history) == 18


@pytest.mark.parametrize("way", ["cell", "thread", "browser"])
def test_an_exception_in_the_model_arrives_with_its_traceback(way):
    def breaks(count):
        if count == 3:
            raise ZeroDivisionError("pooling of nothing")

    run = trainer(Breakable(breaks))
    with pytest.raises(ZeroDivisionError, match="pooling of nothing") as caught:
        drive(run, way)
    assert "breaks" in [entry.name for entry in caught.traceback]
    assert (run.state, run.message) == ("failed", "ZeroDivisionError: pooling of nothing")
    assert "in breaks" in run.traceback
    assert len(run.batch_history) == 2
    run.run()
    assert (run.state, run.error, run.traceback) == ("finished", None, "")


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


def test_listeners_hear_everything_in_order():
    run = trainer(epochs=1, batch_size=11)
    heard = []
    leave = run.subscribe(heard.append)
    run.run()
    kinds = [StateChanged, RunStarted, BatchEnded, BatchEnded, Evaluating, Evaluating, EpochEnded, StateChanged]
    assert [type(event) for event in heard] == kinds
    assert [e.done for e in heard if isinstance(e, Evaluating)] == [22, 31]
    assert [e.state for e in heard if isinstance(e, StateChanged)] == ["running", "finished"]
    leave()
    leave()
    run.reset()
    assert len(heard) == len(kinds)


def test_a_broken_display_does_not_end_the_training(unbroken):
    run = trainer()
    heard = []
    run.subscribe(lambda event: heard.append(event) or 1 / 0)
    others = []
    run.subscribe(others.append)
    with pytest.warns(slw.TrainingWarning, match="division by zero"):
        run.run()
    assert same_run(run, unbroken)
    assert len(heard) == 1
    assert any(isinstance(event, Warned) for event in others)


def test_progress_counts_evaluations_and_leaves_warm_up_out(monkeypatch):
    run = trainer(epochs=2)
    assert (run.progress.eta_seconds, run.progress.images_per_second) == (None, None)
    seconds = iter([50.0, 50.0, 50.0, 2.0, 2.0, 2.0])  # three warm-up batches of 4 images, then the pace
    for batch, images in enumerate([4, 4, 4, 4, 4, 2], 1):
        run._pace.take(BatchEnded(1, batch, 6, 0.0, 0.1, images, next(seconds)))
    assert run.progress.images_per_second == pytest.approx(10 / 6)
    monkeypatch.setattr(run._loop, "seen", 22)
    # 22 images to come at 10/6 a second; no evaluation was timed: twice 31 images at a third of the cost of learning.
    assert run.progress.eta_seconds == pytest.approx(22 * 0.6 + 2 * 31 * 0.6 / 3)
    run._pace.take(EpochEnded(1, 0, 0, 0, 0, 0.1, seconds=15.2, images_per_second=22 / 13.2, evaluation=None))
    monkeypatch.setattr(run._loop, "epoch", 1)
    monkeypatch.setattr(run._loop, "seen", 0)
    assert run.progress.eta_seconds == pytest.approx(22 * 0.6 + 2)
    run._pace.take(Evaluating(2, 31, 62))
    assert run.progress.eta_seconds == pytest.approx(22 * 0.6 + 1)


def test_progress_of_a_finished_run_is_full(unbroken):
    progress = unbroken.progress
    assert (progress.state, progress.epoch, progress.batch, progress.batches) == ("finished", 3, 6, 6)
    assert progress.eta_seconds == 0


def test_a_finished_run_says_how_to_go_on(unbroken):
    run = trainer(epochs=1)
    first = run.run()
    pd.testing.assert_frame_equal(run.run(), first)
    assert "raise epochs" in run.message
    run.epochs = 3
    run.run()
    assert same_run(run, unbroken)


def test_wait_says_that_training_still_runs():
    run = trainer(epochs=10**6)
    run.start("thread")
    with pytest.raises(TimeoutError, match="still runs"):
        run.wait(0.01)
    run.stop()
    run.wait(60)
    assert run.state == "stopped"


class Counting(nn.Module):
    """Notes how many threads each forward pass may use."""

    def __init__(self):
        super().__init__()
        self.net, self.counts = net(), []

    def forward(self, images):
        self.counts.append((self.training, torch.get_num_threads()))
        return self.net(images)


@pytest.mark.parametrize("way", ["cell", "thread", "browser"])
@pytest.mark.parametrize(("light", "batches", "evaluations"), [(0, 2, 2), (10**12, 1, 1), (10_000, 1, 2)])
def test_threads_are_those_of_the_cell_but_one_for_light_batches(monkeypatch, way, light, batches, evaluations):
    monkeypatch.setattr(inference, "LIGHT_BATCH", light)
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        model = Counting()
        run = trainer(model, epochs=1)
        torch.set_num_threads(3)
        drive(run, way)
        assert torch.get_num_threads() == 3
    finally:
        torch.set_num_threads(before)
    after_the_look = model.counts[2:]
    assert {count for training, count in after_the_look if training} == {batches}
    assert {count for training, count in after_the_look if not training} == {evaluations}


def test_nonsense_is_refused_at_once():
    with pytest.raises(slw.SettingError, match="epochs"):
        trainer(epochs=0)
    with pytest.raises(DeviceError, match="no device called"):
        trainer(device="gpu9")
    with pytest.raises(slw.DataError, match="empty"):
        trainer(splits=type("D", (), {"train": split(0, 1), "test": split(2, 1)}))


def test_repr_says_where_it_stands(unbroken):
    assert repr(unbroken) == "Trainer(Sequential, finished, epoch 3 of 3, batch 0, cpu)"


def test_listeners_look_again_when_a_setting_or_the_model_changes_at_rest():
    run, heard = trainer(), []
    run.subscribe(lambda event: heard.append((event, run.lr, run.epochs, run.momentum)))
    run.lr, run.epochs, run.momentum = 0.5, 2, 0.1
    rest = StateChanged("idle", "")
    assert heard == [(rest, 0.5, 3, 0.9), (rest, 0.5, 2, 0.9), (rest, 0.5, 2, 0.1)]
    run.model = net(1)
    assert len(heard) == 4


def test_what_a_display_reads_between_two_batches(unbroken):
    assert unbroken.batches_after(16) == [tuple(row) for row in unbroken.batch_history[16:].itertuples(index=False)]
    assert unbroken.epochs_after(2) == [tuple(unbroken.history.iloc[2])]
    assert unbroken.epochs_done == 3
    run = trainer()
    run.start("browser")
    assert (run.ticking, run.in_background) == (True, True)
    run.stop()
    assert (run.ticking, run.in_background) == (False, False)
