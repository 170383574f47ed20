"""What a dashboard tells of a run: its curves, the runs before it, how often, and how much."""

import numpy as np
import pytest
import torch

import signlang_widgets as slw
from signlang_widgets.widgets.training_dashboard import pacer
from signlang_widgets.widgets.training_dashboard.training_dashboard import TrainingDashboard
from tests.training.small_runs import Breakable, data, net, trainer

from .told import click, table, told


def test_a_run_in_the_cell_is_told_as_the_trainer_has_it(run, dashboard):
    run.run()
    np.testing.assert_array_equal(table(dashboard, "epochs"), run.history.to_numpy())
    assert told(dashboard, "curves")["columns"] == list(run.history.columns)
    x, batch, mean, low, high = table(dashboard, "trace")
    rows = run.batch_history
    np.testing.assert_allclose(x, rows["epoch"] - 1 + rows["batch"] / 6, rtol=1e-6)
    np.testing.assert_array_equal(batch, rows["batch"])
    np.testing.assert_allclose(mean, rows["loss"], rtol=1e-6)
    assert (low == mean).all()
    assert (high == mean).all()
    assert told(dashboard)["state"] == "finished"
    assert told(dashboard)["message"] == run.message


def test_at_most_four_earlier_runs_stay(run, dashboard):
    for _ in range(6):
        run.step_batch()
        run.reset()
    assert [earlier["number"] for earlier in told(dashboard, "earlier")] == [3, 4, 5, 6]


def test_a_run_that_steps_back_is_drawn_as_it_goes_on():
    run = trainer(Breakable(lambda count: float("nan") if count == 9 else None))
    dashboard = TrainingDashboard(run)
    with pytest.warns(slw.TrainingWarning):
        run.run()
    assert "What usually helps" in told(dashboard)["problem"]
    run.run()
    assert told(dashboard)["problem"] == ""
    assert table(dashboard, "trace")[1].tolist() == 3 * [1, 2, 3, 4, 5, 6]
    dashboard.close()


def test_messages_come_at_a_civil_pace_and_small(monkeypatch, dashboard):
    clock = iter(np.arange(0, 10**6, 0.01))
    monkeypatch.setattr(pacer, "perf_counter", lambda: next(clock))
    sent = []
    monkeypatch.setattr(
        dashboard, "send_state", lambda key: key and sent.append([key] if isinstance(key, str) else key)
    )
    run = dashboard._trainer
    run.epochs = 100
    run.run()
    events = 100 * (6 + 6 + 1)  # batches, evaluations, epochs; a hundredth of a second each
    assert len(sent) <= events * 0.01 * 10
    assert max(training_report_size(dashboard, names) for names in sent) < 300_000


def training_report_size(dashboard, names):
    return sum(len(repr(value)) for value in dashboard.get_state(names).values())


def test_a_loaded_run_is_there_from_the_start(tmp_path):
    trainer(folder=tmp_path).run()
    loaded = slw.Trainer.load(tmp_path, net(), data())
    dashboard = TrainingDashboard(loaded)
    assert (dashboard.epochs_done, dashboard.epoch) == (3, 3)
    assert table(dashboard, "epochs").shape == (3, 8)
    assert told(dashboard, "curves")["batches"] == 18
    loaded.lr = 0.5
    assert told(dashboard, "earlier") == []
    dashboard.close()


def test_another_model_lays_the_run_under_the_new_one(run, dashboard):
    run.run()
    dashboard.model = "other"
    assert torch.equal(run.model[0].weight, net(1)[0].weight)
    (earlier,) = told(dashboard, "earlier")
    assert earlier["words"] == "Sequential, SGD, lr 0.1, batches of 4, momentum 0.9"
    assert np.frombuffer(earlier["epochs"]["data"]).reshape(3, 8)[:, 0].tolist() == [1, 2, 3]
    assert (dashboard.epochs_done, list(dashboard.pictures["epochs"])) == (0, ["0"])
    assert table(dashboard, "trace").shape == (5, 0)
    run.model = net()
    assert dashboard.model == "Sequential"


def test_an_exception_in_the_model_is_told_with_its_traceback():
    def breaks(count):
        if count == 3:
            raise ZeroDivisionError("pooling of <b>nothing</b>")

    run = trainer(Breakable(breaks))
    dashboard = TrainingDashboard(run)
    click(dashboard, "start")
    with pytest.raises(ZeroDivisionError):
        run.wait(60)
    assert told(dashboard)["state"] == "failed"
    assert "in breaks" in told(dashboard)["traceback"]
    dashboard.close()
