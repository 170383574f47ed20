"""Whatever is raised, by whom and when: the run rests, says why, and whoever waits gets an answer."""

import asyncio
import threading
from fractions import Fraction

import numpy as np
import pytest
import torch

import signlang_widgets as slw
from signlang_widgets.training.events import BatchEnded, EpochEnded, Failed, StateChanged
from signlang_widgets.training.records import Records

from .small_runs import Breakable, drive, is_batch, same_run, trainer, when


def raising(error, at=3):
    def breaks(count):
        if count == at:
            raise error

    return Breakable(breaks)


class SpeechlessError(Exception):
    def __str__(self):
        raise RuntimeError("nothing to say")


KINDS = [
    SystemExit(3),
    asyncio.CancelledError("enough"),
    GeneratorExit(),
    MemoryError(),
    SpeechlessError(),
    OSError("\ud800"),
]


@pytest.mark.parametrize("way", ["cell", "thread", "browser"])
@pytest.mark.parametrize("error", KINDS, ids=lambda error: type(error).__name__)
def test_any_exception_in_the_model_ends_in_failed_and_the_next_run_goes_on(way, error, unbroken):
    run = trainer(raising(error))
    heard = []
    run.subscribe(heard.append)
    with pytest.raises(type(error)):
        drive(run, way)
    assert (run.state, run.error) == ("failed", error)
    assert run.message.startswith(type(error).__name__)
    assert "in breaks" in run.traceback
    (run.message + run.traceback).encode()
    assert [type(event) for event in heard[-2:]] == [Failed, StateChanged]
    assert len(run.batch_history) == 2
    run.run()
    assert same_run(run, unbroken)


def test_numpy_numbers_and_fractions_are_numbers(tmp_path):
    given = {"lr": np.float32(0.5), "momentum": Fraction(1, 2), "batch_size": np.int64(4), "seed": np.uint8(0)}
    run = trainer(**given, epochs=np.int16(2), folder=tmp_path)
    run.start("thread")
    run.wait(60)
    assert run.state == "finished"
    assert slw.Trainer.load(tmp_path, run.model, run.data).history.equals(run.history)
    found = run.settings
    assert (found.lr, found.momentum, found.batch_size, found.seed, found.epochs) == (0.5, 0.5, 4, 0, 2)
    assert {type(value) for value in (found.lr, found.momentum)} == {float}
    assert {type(value) for value in (found.batch_size, found.seed, found.epochs)} == {int}
    run.lr, run.momentum = np.float16(0.25), np.float64(0.75)
    assert (type(run.settings.lr), type(run.settings.momentum)) == (float, float)


@pytest.mark.parametrize("held", [np.arange(3), lambda: 1], ids=["an array", "a function"])
def test_what_no_file_can_hold_costs_the_saving_and_not_the_training(tmp_path, held):
    def factory(parameters):
        optimizer = torch.optim.SGD(parameters, lr=0.1, momentum=0.9)
        optimizer.param_groups[0]["held"] = held
        return optimizer

    run = trainer(optimizer=factory, folder=tmp_path)
    run.start("thread")
    with pytest.warns(slw.TrainingWarning, match=r"cannot be saved in .*JSON.*Training goes on") as caught:
        run.wait(60)
    assert len(caught) == 1
    assert (run.state, len(run.history)) == ("finished", 3)


@pytest.mark.parametrize("folder", ["a\0b", "a\ud800b", 3])
def test_a_folder_that_cannot_be_is_refused_at_once(folder):
    with pytest.raises(slw.SettingError, match="folder must be a path"):
        trainer(folder=folder)


def test_a_thread_that_cannot_start(monkeypatch, unbroken):
    def no_thread(_):
        raise RuntimeError("can't start new thread")

    run = trainer()
    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", no_thread)
        with pytest.raises(RuntimeError, match="can't start"):
            run.start("thread")
    assert (run.state, run.message) == ("failed", "RuntimeError: can't start new thread")
    with pytest.raises(RuntimeError, match="can't start"):
        run.wait(60)
    run.start("thread")
    run.wait(60)
    assert same_run(run, unbroken)


@pytest.mark.parametrize("kind", [BatchEnded, EpochEnded, StateChanged])
@pytest.mark.parametrize("error", [SystemExit, asyncio.CancelledError, SpeechlessError])
def test_a_listener_that_raises_anything_is_not_told_any_more(kind, error, unbroken):
    run, told = trainer(), []

    def listener(event):
        if isinstance(event, kind):
            told.append(event)
            raise error

    run.subscribe(listener)
    with pytest.warns(slw.TrainingWarning, match="is not told any more"):
        drive(run, "thread")
    assert len(told) == 1
    assert same_run(run, unbroken)


def test_a_listener_that_leaves_and_then_raises():
    run = trainer(epochs=1)

    def listener(_):
        leave()
        raise ValueError("gone")

    leave = run.subscribe(listener)
    with pytest.warns(slw.TrainingWarning, match="gone"):
        run.run()
    assert run.state == "finished"


@pytest.mark.parametrize("call", ["wait", "reset", "run", "restore_best"])
def test_a_listener_that_would_wait_for_itself_is_refused(call):
    run, refused = trainer(epochs=1), []

    def ask():
        with pytest.raises(slw.BusyError, match="listener"):
            getattr(run, call)()
        refused.append(call)

    when(run, is_batch(1, 2), ask)
    run.start("thread")
    run.wait(60)
    assert refused == [call]


@pytest.mark.parametrize("epoch", [2, 3])
def test_an_epoch_for_which_there_was_no_memory_is_kept_later(monkeypatch, epoch, unbroken):
    """Both in the middle and at the very end, where no other epoch follows."""
    real, failed = Records.add_kernels, []

    def add_kernels(self, number, weights):
        if number == epoch and not failed:
            failed.append(number)
            raise MemoryError
        real(self, number, weights)

    monkeypatch.setattr(Records, "add_kernels", add_kernels)
    run = trainer()
    with pytest.raises(MemoryError):
        run.run()
    run.run()
    assert failed == [epoch]
    assert run.history["epoch"].tolist() == [1, 2, 3]
    assert sorted(run.evaluations) == [1, 2, 3]
    assert same_run(run, unbroken)
