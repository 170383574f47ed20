"""Settings and models: one owner, the trainer; what it refuses is said where it was chosen."""

import pytest
import torch

from signlang_widgets.training.settings import SettingError
from signlang_widgets.widgets.training_dashboard.training_dashboard import TrainingDashboard
from tests.training.small_runs import net, trainer

from .told import told


def test_settings_mean_the_same_on_both_sides(run, dashboard):
    dashboard.lr, dashboard.epochs, dashboard.batch_size, dashboard.momentum = 0.02, 2, 11, 0.5
    assert (run.lr, run.epochs, run.batch_size, run.momentum) == (0.02, 2, 11, 0.5)
    run.lr, run.epochs, run.batch_size, run.momentum = 0.03, 4, 5, 0
    assert (dashboard.lr, dashboard.epochs, dashboard.batch_size, dashboard.momentum) == (0.03, 4, 5, 0)


@pytest.mark.parametrize(
    ("name", "bad", "words"),
    [
        ("lr", -1, "lr must be a number of 0 or more"),
        ("lr", "fast", "lr must be a number of 0 or more"),
        ("epochs", 2.5, "epochs must be a whole number of 1 or more"),
        ("batch_size", 0, "batch_size must be a whole number"),
        ("momentum", 1, "momentum must be from 0 up to but not 1"),
        ("model", "ResNet", "no model called 'ResNet': use one of Sequential, other"),
    ],
)
def test_impossible_settings_are_refused_in_python_and_in_the_page(dashboard, name, bad, words):
    before = getattr(dashboard, name)
    with pytest.raises(SettingError, match=words):
        setattr(dashboard, name, bad)
    assert getattr(dashboard, name) == before
    dashboard.set_state({name: bad})
    assert getattr(dashboard, name) == before
    assert words in told(dashboard)["problem"]
    dashboard.set_state({"lr": 0.5})
    assert told(dashboard)["problem"] == ""


def test_only_lr_changes_while_training_runs(run, dashboard):
    run.start("browser")
    run.tick(0)
    dashboard.lr = 0.5
    dashboard.set_state({"batch_size": 7})
    assert "Training is running" in told(dashboard)["problem"]
    assert (dashboard.batch_size, run.batch_size) == (4, 4)
    run.wait()
    first = run.batch_history.query("lr == 0.5").iloc[0]
    x = first["epoch"] - 1 + (first["batch"] - 1) / 6
    assert told(dashboard, "curves")["marks"] == [(x, 0.5)]


def test_momentum_that_the_optimizer_lacks_is_refused():
    run = trainer(optimizer=torch.optim.Adam)
    dashboard = TrainingDashboard(run)
    with pytest.raises(SettingError, match="Adam has no momentum"):
        dashboard.momentum = 0.5
    dashboard.close()


def test_a_model_that_cannot_be_made_is_refused_and_the_old_one_stays(run):
    dashboard = TrainingDashboard(run, models={"frozen": lambda: net().requires_grad_(requires_grad=False)})
    before = run.model
    dashboard.set_state({"model": "frozen"})
    assert run.model is before
    assert dashboard.model == ""
    assert "Every weight of the model is frozen" in told(dashboard)["problem"]
    dashboard.close()
