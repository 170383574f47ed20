"""The dashboard's Python side, without a browser: what its buttons do, and what it leaves behind."""

import gc
import io
import threading
import weakref

import pytest
from PIL import Image

from signlang_widgets.widgets.training_dashboard.training_dashboard import TrainingDashboard
from tests.training.small_runs import net, trainer

from .told import click, told


def test_observers_hear_of_epochs(run, dashboard):
    heard = []
    dashboard.observe(lambda change: heard.append(change.new), "epochs_done")
    for _ in range(3):
        run.step_epoch()
    assert heard == [1, 2, 3]


def test_buttons_do_what_the_trainer_does(run, dashboard):
    click(dashboard, "step_batch")
    run.wait(60)
    assert run.message == "Paused at batch 1 of 6 in epoch 1 of 3."
    assert told(dashboard)["message"] == run.message
    click(dashboard, "step_epoch")
    run.wait(60)
    assert (run.state, run.epochs_done) == ("paused", 1)
    click(dashboard, "stop")
    assert run.state == "stopped"
    click(dashboard, "start")
    run.wait(60)
    assert run.state == "finished"
    click(dashboard, "reset")
    assert (run.state, dashboard.epochs_done, dashboard.epoch) == ("idle", 0, 0)


def test_a_button_that_cannot_says_why(run, dashboard):
    run.start("browser")
    click(dashboard, "start")
    assert "Training is running" in told(dashboard)["problem"]
    click(dashboard, "pause")
    assert (run.state, told(dashboard)["problem"]) == ("paused", "")


def test_finish_this_epoch_then_stop(run, dashboard):
    run.start("browser")
    run.tick(0)
    click(dashboard, "finish_epoch")
    assert told(dashboard)["finishing"]
    run.wait()
    assert run.message == "Stopped after epoch 1 of 3."
    assert not told(dashboard)["finishing"]


def test_ticks_train_and_each_is_answered(run, dashboard):
    answers = []
    dashboard.send = lambda *answer: answers.append(answer)
    dashboard.driver = "browser"
    click(dashboard, "start")
    assert told(dashboard)["ticking"]
    while run.state == "running":
        dashboard._handle_custom_msg({"ask": "tick", "id": len(answers)}, [])
    assert answers == [({"id": "page-1"}, []), *(({"id": i}, []) for i in range(1, len(answers)))]
    assert run.epochs_done == 3
    assert not told(dashboard)["ticking"]
    assert told(dashboard, "curves")["batches"] == 18


def test_two_dashboards_show_one_run(run, dashboard):
    other = TrainingDashboard(run)
    click(other, "step_batch")
    run.wait(60)
    assert told(dashboard)["message"] == told(other)["message"] == "Paused at batch 1 of 6 in epoch 1 of 3."
    other.lr = 0.5
    assert dashboard.lr == 0.5
    other.close()


def test_closing_stops_the_thread_and_lets_go(run):
    run.epochs = 10**6
    dashboard = TrainingDashboard(run)
    click(dashboard, "start")
    dashboard.close()
    run.wait(60)
    assert run.state == "stopped"
    assert run._listeners == []
    assert "signlang-training" not in [thread.name for thread in threading.enumerate()]
    assert repr(dashboard).startswith("TrainingDashboard: Sequential, ")


def test_a_closed_dashboard_in_the_notebook_s_history_holds_nothing():
    run = trainer()
    dashboard = TrainingDashboard(run, models={"Sequential": net})
    click(dashboard, "step_epoch")
    run.wait(60)
    held = [weakref.ref(run), weakref.ref(run.model)]
    dashboard.close()
    del run
    gc.collect()
    assert [thing() for thing in held] == [None, None]
    gone = weakref.ref(dashboard)
    del dashboard
    gc.collect()
    assert gone() is None


def test_a_saved_notebook_keeps_a_picture_and_a_stable_line(run, dashboard):
    run.run()
    bundle, _ = dashboard._repr_mimebundle_()
    assert bundle["text/plain"] == "TrainingDashboard: Sequential, 3 of 3 epochs"
    assert Image.open(io.BytesIO(bundle["image/png"])).size[0] > 600


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda run: TrainingDashboard(run.model), TypeError, r"shows a Trainer, got Sequential: use slw\.Trainer"),
        (lambda run: TrainingDashboard(run, models={"a": 3}), TypeError, "'a' has none"),
        (lambda run: TrainingDashboard(run, hide=["wheel"]), ValueError, "wheel: no such control"),
    ],
)
def test_nonsense_is_refused_early(run, make, error, words):
    with pytest.raises(error, match=words):
        make(run)
    assert run._listeners == []
