"""Every epoch's confusion matrix and kernels: the newest told, the others answered, all of them in a page."""

import json
import re
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from torch import nn

import signlang_widgets as slw
from signlang_widgets.widgets.common.wire import unpacked
from signlang_widgets.widgets.training_dashboard.epoch_pictures import A_MESSAGE
from signlang_widgets.widgets.training_dashboard.training_dashboard import TrainingDashboard

from .told import told


def test_every_epoch_keeps_its_matrix_and_kernels(run, dashboard):
    run.run()
    assert (dashboard.epochs_done, dashboard.epoch) == (3, 3)
    for epoch in range(4):
        picture = dashboard.pictures["epochs"][str(epoch)]
        packed = picture["kernels"]
        bytes_ = np.frombuffer(packed["data"], np.uint8).reshape(packed["shape"]).astype(float)
        wanted = run.kernels[epoch].detach().flatten(0, 1).numpy()
        assert packed["shape"] == [8, 2, 3]
        np.testing.assert_allclose((bytes_ - 128) / 127 * packed["limit"], wanted, atol=packed["limit"] / 127)
        if epoch:
            np.testing.assert_array_equal(unpacked(picture["confusion"]), run.evaluations[epoch].confusion)
    assert dashboard.pictures["epochs"]["0"]["confusion"] is None
    largest = max(float(kernels.abs().max()) for kernels in run.kernels.values())
    assert dashboard.pictures["limit"] == pytest.approx(largest)


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


def test_a_kernel_of_a_first_linear_layer_has_the_name_of_its_class():
    images = torch.rand(6, 1, 5, 7)
    split = slw.LabelledImages(images, torch.arange(6) % 3, ("M", "N", "S"))
    run = slw.Trainer(nn.Sequential(nn.Flatten(), nn.Linear(35, 3)), slw.SignMNIST(split, split))
    dashboard = TrainingDashboard(run)
    assert told(dashboard, "about")["kernel_names"] == ["M", "N", "S"]
    dashboard.close()


def test_the_page_holds_every_epoch(run, dashboard, tmp_path):
    run.run()
    text = dashboard.to_html(tmp_path / "run.html").read_text("utf-8")
    state = json.loads(re.search(r'application/json">(.*?)</script>', text).group(1))
    assert list(state["pictures"]["epochs"]) == ["0", "1", "2", "3"]
    assert "torch.optim.SGD" in state["code"]


def answered(dashboard, **question):
    answers = []
    dashboard.send = lambda *answer: answers.append(answer)
    dashboard._handle_custom_msg({"ask": "pictures", "id": "page-1", **question}, [])
    ((told, buffers),) = answers
    return told, buffers


def test_any_epoch_is_answered_as_the_trainer_has_it(run, dashboard):
    run.run()
    told, buffers = answered(dashboard, run=dashboard.pictures["run"], epochs=[2, 0, 9, -1])
    assert list(told["epochs"]) == ["2", "0"]
    confusion, kernels, first = buffers
    np.testing.assert_array_equal(np.frombuffer(confusion, np.int32).reshape(3, 3), run.evaluations[2].confusion)
    assert told["epochs"]["2"]["confusion"]["shape"] == [3, 3]
    for epoch, data in ((2, kernels), (0, first)):
        packed = told["epochs"][str(epoch)]["kernels"]
        grey = np.frombuffer(data, np.uint8).reshape(8, 2, 3).astype(float)
        wanted = run.kernels[epoch].flatten(0, 1).numpy()
        np.testing.assert_allclose((grey - 128) / 127 * packed["limit"], wanted, atol=packed["limit"] / 127)
    assert told["epochs"]["0"]["confusion"] is None


def test_pictures_of_a_run_that_is_gone_are_not_mistaken_for_those_of_the_next(run, dashboard):
    run.run()
    before = dashboard.pictures["run"]
    run.reset()
    run.run()
    told, buffers = answered(dashboard, run=before, epochs=[1])
    assert (told["epochs"], buffers) == ({}, [])
    assert told["run"] == dashboard.pictures["run"] != before


@pytest.fixture
def large():
    """Kernels of 24 x 30 = 720 bytes each, 26 of them: 18,720 bytes an epoch, and 9 counts of 4 bytes."""
    images = torch.rand(6, 1, 24, 30)
    images = slw.LabelledImages(images, torch.arange(6) % 3, ("M", "N", "S"))
    layers = nn.Sequential(nn.Flatten(), nn.Linear(720, 26), nn.Linear(26, 3))
    dashboard = TrainingDashboard(slw.Trainer(layers, SimpleNamespace(train=images, test=images), epochs=9))
    yield dashboard
    dashboard.close()


def test_a_stored_notebook_holds_the_newest_epochs_and_no_message_all_of_them(large):
    large._trainer.run()
    assert list(large.pictures["epochs"]) == ["9", "8", "7", "6", "5"]
    run = large.pictures["run"]
    told, buffers = answered(large, run=run, epochs=range(9))
    assert list(told["epochs"]) == ["0", "1", "2", "3", "4"]
    assert 18_720 * 5 < sum(map(len, buffers)) <= A_MESSAGE
    assert len(large.page_state()["pictures"]["epochs"]) == 10


def test_while_it_trains_the_newest_epoch_alone_travels(large):
    sent = []
    send_state = large.send_state
    large.send_state = lambda names: (sent.append({n: getattr(large, n) for n in names}), send_state(names))
    large._trainer.start("browser")
    while large._trainer.state == "running":
        large._trainer.tick(0)
    told = [message["pictures"]["epochs"] for message in sent if "pictures" in message]
    assert all(len(epochs) == 1 for epochs in told[:-1])
    assert len(told[-1]) == 5
