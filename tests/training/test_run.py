"""What anyone may ask a run: its history, kernels, progress, and where it stands."""

import pytest
import torch
from torch import nn

from signlang_widgets.training.events import BatchEnded, EpochEnded, Evaluating

from .small_runs import FIGURES, net, trainer


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


def test_repr_says_where_it_stands(unbroken):
    assert repr(unbroken) == "Trainer(Sequential, finished, epoch 3 of 3, batch 0, cpu)"


def test_what_a_display_reads_between_two_batches(unbroken):
    assert unbroken.batches_after(16) == [tuple(row) for row in unbroken.batch_history[16:].itertuples(index=False)]
    assert unbroken.epochs_after(2) == [tuple(unbroken.history.iloc[2])]
    assert unbroken.epochs_done == 3
    run = trainer()
    run.start("browser")
    assert (run.ticking, run.in_background) == (True, True)
    run.stop()
    assert (run.ticking, run.in_background) == (False, False)
