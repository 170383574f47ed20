"""Who hears of a run: everything in order, changes at rest too, and a display that breaks ends nothing."""

import pytest

import signlang_widgets as slw
from signlang_widgets.training.events import BatchEnded, EpochEnded, Evaluating, RunStarted, StateChanged, Warned

from .small_runs import net, same_run, trainer


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


def test_listeners_look_again_when_a_setting_or_the_model_changes_at_rest():
    run, heard = trainer(), []
    run.subscribe(lambda event: heard.append((event, run.lr, run.epochs, run.momentum)))
    run.lr, run.epochs, run.momentum = 0.5, 2, 0.1
    rest = StateChanged("idle", "")
    assert heard == [(rest, 0.5, 3, 0.9), (rest, 0.5, 2, 0.9), (rest, 0.5, 2, 0.1)]
    run.model = net(1)
    assert len(heard) == 4
