"""The dashboard's Python side, without a browser: what it tells, takes, refuses and leaves behind."""

import gc
import io
import threading
import weakref

import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn

import signlang_widgets as slw
from signlang_widgets.training.settings import SettingError
from signlang_widgets.widgets.training_dashboard import report as training_report
from signlang_widgets.widgets.training_dashboard.training_dashboard import TrainingDashboard
from tests.training.small_runs import Breakable, data, net, trainer


@pytest.fixture
def run():
    return trainer()


@pytest.fixture
def dashboard(run):
    shown = TrainingDashboard(run, models={"Sequential": net, "other": lambda: net(1), "broken": Breakable})
    yield shown
    shown.close()


def told(dashboard, name="status"):
    return dashboard.get_state(name)[name]


def table(dashboard, name):
    part = told(dashboard, "curves")[name]
    return np.frombuffer(part["data"], part["dtype"]).reshape(part["shape"])


def click(dashboard, act):
    dashboard._handle_custom_msg({"do": act, "number": told(dashboard)["heard"] + 1}, [])


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


def test_every_epoch_keeps_its_matrix_and_kernels(run, dashboard):
    run.run()
    assert (dashboard.epochs_done, dashboard.epoch) == (3, 3)
    for epoch in range(4):
        picture = told(dashboard, f"epoch_{epoch}")
        packed = picture["kernels"]
        bytes_ = np.frombuffer(packed["data"], np.uint8).reshape(packed["shape"]).astype(float)
        wanted = run.kernels[epoch].detach().flatten(0, 1).numpy()
        assert packed["shape"] == [8, 2, 3]
        np.testing.assert_allclose((bytes_ - 128) / 127 * packed["limit"], wanted, atol=packed["limit"] / 127)
        if epoch:
            counts = np.frombuffer(picture["confusion"]["data"], np.float32).reshape(3, 3)
            np.testing.assert_array_equal(counts, run.evaluations[epoch].confusion)
    assert told(dashboard, "epoch_0")["confusion"] is None


def test_the_epoch_that_is_shown_has_its_evaluation(run, dashboard):
    assert dashboard.evaluation is None
    run.step_epoch()
    assert dashboard.evaluation is run.evaluations[1]
    run.step_epoch()
    assert dashboard.evaluation is run.evaluations[2]
    dashboard.epoch = 1
    run.run()
    assert (dashboard.epoch, dashboard.epochs_done) == (1, 3)
    assert dashboard.evaluation is run.evaluations[1]
    with pytest.raises(ValueError, match="no epoch 4 to look at: use 0 to 3"):
        dashboard.epoch = 4
    assert dashboard.epoch == 1


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
    assert told(dashboard)["heard"] == 5


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
    dashboard.send = answers.append
    dashboard.driver = "browser"
    click(dashboard, "start")
    assert told(dashboard)["ticking"]
    while run.state == "running":
        dashboard._handle_custom_msg({"do": "tick"}, [])
    assert answers == len(answers) * [{"ticked": True}]
    assert run.epochs_done == 3
    assert not told(dashboard)["ticking"]
    assert told(dashboard, "curves")["batches"] == 18


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


def test_another_model_lays_the_run_under_the_new_one(run, dashboard):
    run.run()
    dashboard.model = "other"
    assert torch.equal(run.model[0].weight, net(1)[0].weight)
    (earlier,) = told(dashboard, "earlier")
    assert earlier["words"] == "Sequential, SGD, lr 0.1, batches of 4, momentum 0.9"
    assert np.frombuffer(earlier["epochs"]["data"]).reshape(3, 8)[:, 0].tolist() == [1, 2, 3]
    assert (dashboard.epochs_done, told(dashboard, "epoch_3")) == (0, None)
    assert table(dashboard, "trace").shape == (5, 0)
    run.model = net()
    assert dashboard.model == "Sequential"


def test_a_model_that_cannot_be_made_is_refused_and_the_old_one_stays(run):
    dashboard = TrainingDashboard(run, models={"frozen": lambda: net().requires_grad_(requires_grad=False)})
    before = run.model
    dashboard.set_state({"model": "frozen"})
    assert run.model is before
    assert dashboard.model == ""
    assert "Every weight of the model is frozen" in told(dashboard)["problem"]
    dashboard.close()


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


def test_messages_come_at_a_civil_pace_and_small(monkeypatch, dashboard):
    clock = iter(np.arange(0, 10**6, 0.01))
    monkeypatch.setattr(training_report, "perf_counter", lambda: next(clock))
    sent = []
    monkeypatch.setattr(dashboard, "send_state", lambda key: sent.append([key] if isinstance(key, str) else key))
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


def test_a_kernel_of_a_first_linear_layer_has_the_name_of_its_class():
    images = torch.rand(6, 1, 5, 7)
    split = slw.LabelledImages(images, torch.arange(6) % 3, ("M", "N", "S"))
    run = slw.Trainer(nn.Sequential(nn.Flatten(), nn.Linear(35, 3)), slw.SignMNIST(split, split))
    dashboard = TrainingDashboard(run)
    assert told(dashboard, "about")["kernel_names"] == ["M", "N", "S"]
    dashboard.close()


def test_a_saved_notebook_keeps_a_picture_and_a_stable_line(run, dashboard):
    run.run()
    bundle, _ = dashboard._repr_mimebundle_()
    assert bundle["text/plain"] == "TrainingDashboard: Sequential, 3 of 3 epochs"
    assert Image.open(io.BytesIO(bundle["image/png"])).size[0] > 600


def test_the_page_holds_every_epoch(run, dashboard, tmp_path):
    run.run()
    text = dashboard.to_html(tmp_path / "run.html").read_text("utf-8")
    for word in ("epoch_0", "epoch_3", "torch.optim.SGD", '"saved": true'):
        assert word in text


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
