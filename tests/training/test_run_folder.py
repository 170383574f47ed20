import errno
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
from safetensors.torch import load_file
from torch import nn

import signlang_widgets as slw
from signlang_widgets.training import run_folder
from signlang_widgets.training.events import BatchEnded, EpochEnded, Warned

from .small_runs import FIGURES, Breakable, data, net, same_run, split, trainer


def load(folder, model=None, splits=None, optimizer=None):
    return slw.Trainer.load(folder, model or net(seed=9), splits or data(), optimizer)


def elsewhere():
    """What a trainer says whose folder another one has gone on to write to."""
    return pytest.warns(slw.TrainingWarning, match="does not hold this run any more")


class Killed(BaseException):
    """Nothing catches it, as nothing catches SIGKILL; what is on the disk stays as it is."""


@pytest.mark.parametrize("optimizer", [None, torch.optim.Adam])
def test_a_loaded_run_stands_where_the_saved_one_stood(tmp_path, optimizer):
    run = trainer(folder=tmp_path, optimizer=optimizer)
    run.run()
    again = load(tmp_path, optimizer=optimizer)
    assert same_run(run, again)
    assert again.history.equals(run.history)
    assert (again.epochs, again.batch_size, again.lr, again.seed) == (3, 4, run.lr, 0)
    for epoch, evaluation in run.evaluations.items():
        for name in ("labels", "predictions", "probabilities", "losses", "confusion"):
            assert torch.equal(getattr(again.evaluations[epoch], name), getattr(evaluation, name))
    assert sorted(again.kernels) == [0, 1, 2, 3]
    assert all(torch.equal(again.kernels[epoch], kernels) for epoch, kernels in run.kernels.items())
    run.epochs = again.epochs = 5
    run.run()
    with elsewhere():
        again.run()
    assert same_run(run, again)


def test_no_pickle_only_safetensors_and_json(tmp_path):
    trainer(folder=tmp_path, epochs=1).run()
    names = {"epoch-0000.json", "epoch-0000.safetensors", "epoch-0001.json", "epoch-0001.safetensors"}
    assert {file.name for file in tmp_path.iterdir()} == names
    tensors = load_file(tmp_path / "epoch-0001.safetensors")
    assert {"weights/0.weight", "optimizer/0/momentum_buffer", "generator"} <= tensors.keys()
    figures = json.loads((tmp_path / "epoch-0001.json").read_text())
    assert figures["settings"] == {
        "epochs": 1, "batch_size": 4, "lr": 0.1, "momentum": 0.9, "seed": 0, "optimizer": "SGD",
    }  # fmt: skip


@pytest.mark.parametrize("flush", [5, 6])
def test_sigkill_between_and_during_saves(tmp_path, flush):
    command = [sys.executable, "-m", "tests.training.killed_run", tmp_path, str(flush)]
    child = subprocess.run(command, cwd=Path(__file__).parents[2], check=False, timeout=120)
    assert child.returncode == -signal.SIGKILL
    again = load(tmp_path)
    assert len(again.history) == 1
    assert len(list(tmp_path.glob("*.part"))) == 1
    again.run()
    assert list(tmp_path.glob("*.part")) == []
    unbroken = trainer()
    unbroken.run()
    assert same_run(again, unbroken)


@pytest.mark.parametrize("where", ["fsync", "replace"])
@pytest.mark.parametrize("count", range(1, 9))
def test_dying_at_any_step_of_any_save_loses_no_whole_epoch(tmp_path, monkeypatch, where, count):
    steps = iter(range(1, 99))
    owner = os if where == "fsync" else Path
    real = getattr(owner, where)

    def dies(*args):
        if next(steps) == count:
            raise Killed
        return real(*args)

    with monkeypatch.context() as patch:
        patch.setattr(owner, where, dies)
        with pytest.raises(Killed):
            trainer(folder=tmp_path).run()
    if count <= 2:
        with pytest.raises(slw.SavedRunError, match="no saved run"):
            load(tmp_path)
        return
    again = load(tmp_path)
    assert len(again.history) == (count - 1) // 2 - 1
    again.run()
    unbroken = trainer()
    unbroken.run()
    assert same_run(again, unbroken)
    assert load(tmp_path).history.equals(again.history)


def test_a_run_stopped_in_the_middle_of_an_epoch_goes_on_from_its_beginning(tmp_path):
    run = trainer(folder=tmp_path)
    run.step_epoch()
    run.step_batch()
    run.lr = 0.03
    again = load(tmp_path)
    assert (len(again.batch_history), again.lr) == (6, 0.1)


def test_a_changed_learning_rate_is_saved(tmp_path):
    run = trainer(folder=tmp_path)
    run.step_epoch()
    run.lr = 0.03
    run.step_epoch()
    again = load(tmp_path)
    run.run()
    with elsewhere():
        again.run()
    assert same_run(run, again)
    assert again.history["lr"].tolist() == [0.1, 0.03, 0.03]


def test_reset_and_best_weights_after_loading(tmp_path):
    run = trainer(folder=tmp_path, epochs=6, lr=0.9)
    run.run()
    again = load(tmp_path)
    run.restore_best()
    again.restore_best()
    assert torch.equal(again.model[0].weight, run.model[0].weight)
    again.reset()
    assert torch.equal(again.model[0].weight, net()[0].weight)
    assert len(again.history) == 0


def test_a_new_run_replaces_the_one_before_it_in_the_folder(tmp_path):
    trainer(folder=tmp_path, epochs=5).run()
    run = trainer(net(seed=4), folder=tmp_path, epochs=1)
    assert len(load(tmp_path).history) == 5
    run.run()
    assert load(tmp_path).history[FIGURES].equals(run.history[FIGURES])


def test_another_trainer_of_the_same_run_replaces_nothing_by_being_made(tmp_path):
    trainer(folder=tmp_path).run()
    before = {file: file.read_bytes() for file in tmp_path.iterdir()}
    trainer(folder=tmp_path)
    load(tmp_path).run()
    assert {file: file.read_bytes() for file in tmp_path.iterdir()} == before


OTHER_PIXELS = SimpleNamespace(train=split(22, 5), test=data().test)
OTHER_NAMES = SimpleNamespace(train=split(22, 1, ("X", "Y", "Z")), test=split(9, 2, ("X", "Y", "Z")))
WIDER = nn.Sequential(nn.Conv2d(2, 4, (3, 2)), *net()[1:])
RENAMED = nn.Sequential(nn.Identity(), *net())


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"splits": data(train=21)}, r"train images are \(22, 2, 5, 7\) in the saved run but \(21, 2, 5, 7\) here"),
        ({"splits": OTHER_PIXELS}, "train split has the right size but other pixels or labels"),
        ({"splits": OTHER_NAMES}, "other class names"),
        ({"model": WIDER}, r"0\.weight has shape \(4, 2, 2, 3\) in the saved run but \(4, 2, 3, 2\)"),
        ({"model": RENAMED}, r"Only the saved run has 0\.bias, 0\.weight"),
        ({"model": Breakable()}, "Only the saved run has"),
        ({"optimizer": torch.optim.Adam}, "trained by SGD and this one by Adam"),
    ],
)
def test_what_does_not_fit_is_refused_in_words_and_the_model_stays(tmp_path, change, words):
    trainer(folder=tmp_path, epochs=1).run()
    model = change.get("model") or net(seed=9)
    before = [p.detach().clone() for p in model.parameters()]
    with pytest.raises(slw.SavedRunError, match=words):
        load(tmp_path, **{"model": model, **change})
    assert all(torch.equal(p, b) for p, b in zip(model.parameters(), before, strict=True))


def test_an_empty_folder_and_a_damaged_file_are_named(tmp_path):
    with pytest.raises(slw.SavedRunError, match="no saved run"):
        load(tmp_path / "nowhere")
    trainer(folder=tmp_path, epochs=1).run()
    (tmp_path / "epoch-0001.safetensors").write_bytes(b"half")
    with pytest.raises(slw.SavedRunError, match=r"Epoch 1 .*cannot be read"):
        load(tmp_path)


def full_disk(*_):
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_is_said_once_and_training_goes_on(tmp_path, monkeypatch):
    monkeypatch.setattr(run_folder, "whole_file", full_disk)
    run = trainer(folder=tmp_path)
    heard = []
    run.subscribe(heard.append)
    with pytest.warns(slw.TrainingWarning, match="No space left on device.*goes on") as said:
        run.run()
    assert len(said) == 1
    assert len([event for event in heard if isinstance(event, Warned)]) == 1
    assert run.state == "finished"
    assert len(run.history) == 3


def test_a_folder_that_cannot_be_made_is_said_once(tmp_path):
    (tmp_path / "file").write_text("not a folder")
    run = trainer(folder=tmp_path / "file" / "run")
    with pytest.warns(slw.TrainingWarning, match="cannot be saved"):
        run.run()
    assert len(run.history) == 3


def test_saving_takes_up_again_when_there_is_room(tmp_path, monkeypatch):
    run = trainer(folder=tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(run_folder, "whole_file", full_disk)
        with pytest.warns(slw.TrainingWarning, match="No space"):
            run.step_epoch()
    run.step_epoch()
    again = load(tmp_path)
    assert sorted(again.evaluations) == [2]
    run.run()
    with elsewhere():
        again.run()
    assert same_run(run, again)


def test_a_failed_write_leaves_no_litter(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.warns(slw.TrainingWarning, match="No space"):
        trainer(folder=tmp_path).run()
    assert list(tmp_path.iterdir()) == []


def test_each_epoch_is_on_the_disk_when_its_event_is_told(tmp_path):
    run = trainer(folder=tmp_path)
    seen = []

    def listener(event):
        if isinstance(event, EpochEnded | BatchEnded):
            seen.append((event.epoch, (tmp_path / f"epoch-{event.epoch:04d}.json").exists()))

    run.subscribe(listener)
    run.run()
    assert seen == [(epoch, done) for epoch in (1, 2, 3) for done in (*6 * [False], True)]
