"""Several widgets in one box: they follow each other, and they close together."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch
from torch import nn

import signlang_widgets as slw
from tests.faults.widgets import open_widgets
from tests.training import small_runs

NAMES = ("M", "N", "S")


def grey_split(count, seed):
    generator = torch.Generator().manual_seed(seed)
    images = torch.randint(0, 256, (count, 1, 9, 7), dtype=torch.uint8, generator=generator)
    return slw.LabelledImages(images, torch.randint(0, 3, (count,), generator=generator), NAMES)


@pytest.fixture
def model():
    torch.manual_seed(0)
    return nn.Sequential(nn.Conv2d(1, 2, 3), nn.ReLU(), nn.Flatten(), nn.Linear(2 * 7 * 5, 3))


def test_the_explorer_follows_the_run_and_its_slider_and_the_pin_stays():
    trainer = small_runs.trainer(
        splits=SimpleNamespace(train=grey_split(22, 1), test=grey_split(9, 2)), model=fit_net()
    )
    bench = slw.TrainingBench(trainer)
    untrained = slw.evaluate(trainer.model, trainer.data.test)
    assert np.array_equal(shown(bench), untrained.confusion)
    bench.explorer.pinned = ("M", "N")
    trainer.run()
    assert np.array_equal(shown(bench), trainer.evaluations[3].confusion)
    bench.dashboard.epoch = 1
    assert np.array_equal(shown(bench), trainer.evaluations[1].confusion)
    assert bench.explorer.pinned is not None


def shown(bench):
    return bench.explorer._confusions.evaluation.confusion


def fit_net():
    torch.manual_seed(0)
    return nn.Sequential(nn.Flatten(), nn.Linear(63, 3))


def test_an_opened_image_is_looked_at_from_inside(model):
    bench = slw.MistakeBench(model, grey_split(9, 2))
    bench.confusions.selected_image = 4
    assert bench.features.selected_image == 4
    bench.confusions.selected_image = None
    assert bench.features.selected_image == 4


def test_a_learned_kernel_goes_to_the_editor_and_back(model):
    bench = slw.KernelBench(model, grey_split(9, 2))
    before = model[0].weight.detach().clone()
    bench.features.pick_kernel("0", 1, 0)
    assert np.array_equal(bench.editor.kernel, before[1, 0].double().numpy())
    bench.editor.kernel = np.eye(3)
    bench.features.put_back()
    assert torch.equal(model[0].weight[1, 0], torch.eye(3))
    bench.features.undo()
    assert torch.equal(model[0].weight, before)


def test_a_model_without_kernels_is_refused_in_words():
    with pytest.raises(ValueError, match="has no convolution, so it has no kernels to edit"):
        slw.KernelBench(fit_net(), grey_split(9, 2))


@pytest.mark.parametrize("panel", [slw.MistakeBench, slw.KernelBench])
def test_a_panel_shows_a_picture_writes_a_page_and_closes_its_widgets(model, panel, tmp_path):
    bench = panel(model, grey_split(9, 2))
    bundle = bench._repr_mimebundle_()
    assert bundle["image/png"].startswith(b"\x89PNG")
    assert "0x" not in bundle["text/plain"]
    page = bench.to_html(tmp_path / "bench.html").read_text("utf-8")
    assert page.count("data-widget=") >= 2
    children = bench.children
    bench.close()
    bench.close()
    assert all(widget.comm is None for widget in children)


def test_one_name_alone_is_a_control_not_its_letters(model):
    split = grey_split(9, 2)
    trainer = small_runs.trainer(splits=SimpleNamespace(train=split, test=split), model=fit_net())
    assert slw.FeatureExplorer(model, split, hide="sweep").hide == ("sweep",)
    assert slw.ConfusionExplorer(slw.evaluate(model, split), split, lock="sort").lock == ("sort",)
    assert slw.TrainingDashboard(trainer, hide="reset").hide == ("reset",)


def test_a_refused_panel_leaves_no_widget_open_and_no_listener():
    split = slw.LabelledImages(torch.zeros(9, 1, 9, 7, dtype=torch.uint8), torch.zeros(9, dtype=torch.int64), ("a",))
    net = nn.Sequential(nn.Flatten(), nn.Linear(63, 1))
    trainer = small_runs.trainer(splits=SimpleNamespace(train=split, test=split), model=net)
    before, heard = open_widgets(), len(trainer._listeners)
    for _ in range(20):
        with pytest.raises(slw.DataError, match="shown for 2 to 200 classes, this evaluation has 1"):
            slw.TrainingBench(trainer)
    assert (open_widgets(), len(trainer._listeners)) == (before, heard)


@pytest.mark.parametrize("given", [None, 5, "run", object()])
def test_what_is_no_trainer_no_model_no_split_is_said(model, given):
    before = open_widgets()
    for refused in (
        lambda: slw.TrainingBench(given),
        lambda: slw.MistakeBench(given, grey_split(9, 2)),
        lambda: slw.MistakeBench(model, given),
        lambda: slw.KernelBench(given, grey_split(9, 2)),
        lambda: slw.KernelBench(model, given),
    ):
        with pytest.raises((TypeError, ValueError), match=rf"got (<class )?{type(given).__name__}|got \(\)"):
            refused()
    assert open_widgets() == before
