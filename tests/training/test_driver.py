"""Ways to move a run on: in the cell, in a thread, in ticks; single steps, pauses, stops, interrupts, errors."""

import signal
import threading

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

import signlang_widgets as slw
from signlang_widgets.networks import inference
from signlang_widgets.training import driver
from signlang_widgets.training.events import BatchEnded, Evaluating

from .small_runs import Breakable, data, drive, is_batch, net, same_run, trainer, when


@pytest.mark.parametrize("way", ["cell", "thread", "browser"])
@pytest.mark.parametrize("optimizer", [None, torch.optim.Adam])
def test_three_ways_give_the_same_history_bit_for_bit(way, optimizer):
    first, other = trainer(optimizer=optimizer), trainer(optimizer=optimizer)
    first.run()
    drive(other, way)
    assert other.state == "finished"
    assert len(other.history) == 3
    assert same_run(first, other)


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
