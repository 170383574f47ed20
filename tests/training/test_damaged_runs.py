"""What happens to the files of a saved run is said in words, and the model that should take the weights stays as it is."""

import json
import shutil

import pytest
import torch

import signlang_widgets as slw
from signlang_widgets.training import run_folder
from signlang_widgets.training.saved_weights import SavedWeights

from .small_runs import data, net, same_run, trainer


@pytest.fixture
def folder(tmp_path):
    trainer(folder=tmp_path).run()
    return tmp_path


def load(folder, model=None):
    return slw.Trainer.load(folder, model or net(seed=9), data())


def refusal(folder):
    """The words, and a look at the model: not a weight of it may have changed."""
    model = net(seed=9)
    with pytest.raises(slw.SavedRunError) as caught:
        load(folder, model)
    assert all(torch.equal(p, q) for p, q in zip(model.parameters(), net(seed=9).parameters(), strict=True))
    assert str(folder) in str(caught.value)
    return str(caught.value)


def rewritten(path, change):
    """A JSON file whose own checksum is right, and whose content is not what a run leaves."""
    figures = json.loads(path.read_text())
    figures.pop("checksum")
    change(figures)
    text = json.dumps(figures)
    path.write_text(json.dumps({**figures, "checksum": run_folder._checksum(text.encode())}))


@pytest.mark.parametrize("epoch", [0, 1, 3])
def test_a_flipped_bit_of_any_weight_is_seen(folder, epoch):
    path = folder / f"epoch-{epoch:04d}.safetensors"
    content = bytearray(path.read_bytes())
    content[-30] ^= 1
    path.write_bytes(content)
    assert f"Epoch {epoch}" in refusal(folder)


def test_a_changed_figure_is_seen(folder):
    path = folder / "epoch-0002.json"
    path.write_text(path.read_text().replace('"lr": 0.1', '"lr": 0.2', 1))
    assert "Epoch 2" in refusal(folder)


def test_another_layout_of_the_same_figures_is_none(folder):
    for path in folder.glob("*.json"):
        path.write_bytes(json.dumps(json.loads(path.read_text()), indent=3).replace("\n", "\r\n").encode())
    assert len(load(folder).history) == 3


def test_weights_under_another_epochs_name_are_seen(folder):
    shutil.copy(folder / "epoch-0001.safetensors", folder / "epoch-0003.safetensors")
    assert "those of another epoch" in refusal(folder)


def test_an_epoch_under_another_epochs_name_is_seen(folder):
    for kind in ("json", "safetensors"):
        shutil.copy(folder / f"epoch-0001.{kind}", folder / f"epoch-0003.{kind}")
    assert "those of epoch 1" in refusal(folder)


def test_an_epoch_of_another_run_is_seen(folder, tmp_path_factory):
    other = tmp_path_factory.mktemp("other")
    trainer(net(seed=4), folder=other).run()
    for file in other.glob("epoch-0002.*"):
        shutil.copy(file, folder)
    assert "Epoch 2" in refusal(folder)
    assert "another run" in refusal(folder)


def test_an_epoch_of_the_same_run_that_went_on_otherwise_is_seen(folder, tmp_path_factory):
    other = tmp_path_factory.mktemp("other") / "copy"
    shutil.copytree(folder, other)
    for place, lr in ((folder, 0.1), (other, 0.01)):
        run = load(place)
        run.epochs, run.lr = 5, lr
        run.run()
    for file in other.glob("epoch-0005.*"):
        shutil.copy(file, folder)
    assert "Epoch 5" in refusal(folder)


def test_copies_by_other_names_are_nobodys(folder):
    for name in ("epoch-0003 (1).json", "epoch-3.json", "epoch-00003.json", "epoch-last.json"):
        shutil.copy(folder / "epoch-0002.json", folder / name)
    assert len(load(folder).history) == 3
    assert SavedWeights(folder).epochs() == [0, 1, 2, 3]


def test_a_new_run_leaves_what_is_not_its_own(folder):
    (folder / "epoch-0003 (1).json").write_text("mine")
    (folder / "film.mp4.part").write_text("mine, too")
    trainer(folder=folder, epochs=1).run()
    assert {file.name for file in folder.iterdir() if file.name[:10] not in ("epoch-0000", "epoch-0001")} == {
        "epoch-0003 (1).json",
        "film.mp4.part",
    }


def test_weights_that_went_while_their_figures_stayed_are_missed(folder):
    (folder / "epoch-0003.safetensors").unlink()
    assert "epoch-0003.safetensors is missing" in refusal(folder)
    (folder / "epoch-0003.json").unlink()
    assert len(load(folder).history) == 2


def test_an_epoch_that_is_gone_from_the_middle_is_no_hindrance(folder):
    for file in folder.glob("epoch-0002.*"):
        file.unlink()
    again = load(folder)
    assert sorted(again.evaluations) == [1, 3]
    assert len(again.history) == 3


def test_best_weights_whose_files_are_gone_are_not_taken_from_another_epoch(tmp_path):
    run = trainer(folder=tmp_path, epochs=6, lr=0.9)
    run.run()
    best = int(run.history["test_loss"].idxmin()) + 1
    assert 1 < best < 6
    for file in tmp_path.glob(f"epoch-{best:04d}.*"):
        file.unlink()
    with pytest.raises(slw.SettingError, match="no best weights"):
        load(tmp_path).restore_best()


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{}", b"null", b"\xff", b"[" * 100_000, b'{"format": 2}', b"1" * 5000]
)
def test_what_is_no_epoch_is_refused(folder, content):
    (folder / "epoch-0002.json").write_bytes(content)
    assert "Epoch 2" in refusal(folder)


@pytest.mark.parametrize("version", [1, 3, "2", None])
def test_another_version_is_named(folder, version):
    rewritten(folder / "epoch-0000.json", lambda figures: figures.update(format=version))
    assert "another version" in refusal(folder)


def test_a_run_of_the_version_without_checksums_is_named(folder):
    path = folder / "epoch-0000.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "format": 1, "checksum": None}))
    assert "another version" in refusal(folder)


def keys(folder):
    return sorted(json.loads((folder / "epoch-0003.json").read_text()).keys() - {"checksum", "format"})


def test_a_missing_key_or_a_wrong_type_is_refused(folder):
    before = (folder / "epoch-0003.json").read_text()
    for key in keys(folder):
        for value in ("gone", [], None, 7, "seven", {"a": 1}):
            (folder / "epoch-0003.json").write_text(before)
            change = (lambda f, k=key: f.pop(k)) if value == "gone" else (lambda f, k=key, v=value: f.update({k: v}))
            rewritten(folder / "epoch-0003.json", change)
            model = net(seed=9)
            try:
                load(folder, model)
            except slw.SavedRunError:
                assert torch.equal(model[0].weight, net(seed=9)[0].weight), key


def test_a_state_that_the_optimizer_cannot_take_leaves_the_model_alone(folder, monkeypatch):
    take, calls = torch.optim.SGD.load_state_dict, []

    def fails_once(*args):
        calls.append(args)
        if len(calls) == 1:
            raise ValueError("of another torch")
        take(*args)

    monkeypatch.setattr(torch.optim.SGD, "load_state_dict", fails_once)
    assert "of another torch" in refusal(folder)


def test_the_second_trainer_is_told_at_its_start_and_the_first_one_s_run_stays_whole(tmp_path):
    first, second = trainer(folder=tmp_path, epochs=4), trainer(net(seed=4), folder=tmp_path, epochs=4)
    first.start("browser")
    while first.epochs_done < 2:
        first.tick(0.001)
    with pytest.warns(slw.TrainingWarning, match="Another trainer in this kernel is saving .*without saving"):
        second.run()
    assert len(second.history) == 4
    while first.tick(0.001):
        pass
    assert same_run(load(tmp_path), first)


def test_the_one_that_was_told_saves_again_once_it_begins_anew(tmp_path):
    first, second = trainer(folder=tmp_path), trainer(net(seed=4), folder=tmp_path)
    first.start("browser")
    with pytest.warns(slw.TrainingWarning, match="Another trainer"):
        second.step_epoch()
    first.stop()
    second.run()  # it has been told
    with pytest.raises(slw.SavedRunError, match="no saved run"):
        load(tmp_path)
    second.reset()
    second.run()
    assert same_run(load(tmp_path), second)


def test_one_that_rests_while_another_saves_a_run_is_told_when_it_goes_on(tmp_path):
    first, second = trainer(folder=tmp_path), trainer(net(seed=4), folder=tmp_path)
    first.step_epoch()
    second.run()
    with pytest.warns(slw.TrainingWarning, match="does not hold this run any more"):
        first.run()
    assert same_run(load(tmp_path), second)
