"""Panels in a real JupyterLab: what is done in one widget shows in the other."""

import pytest

SETUP = """
import torch, signlang_widgets as slw
from types import SimpleNamespace
from torch import nn
torch.manual_seed(0)
def split(count, seed):
    generator = torch.Generator().manual_seed(seed)
    images = torch.randint(0, 256, (count, 1, 9, 12), dtype=torch.uint8, generator=generator)
    return slw.LabelledImages(images, torch.arange(count) % 3, ("M", "N", "S"))
data = SimpleNamespace(train=split(24, 1), test=split(9, 2))
model = nn.Sequential(nn.Conv2d(1, 2, 3), nn.ReLU(), nn.Flatten(), nn.Linear(140, 3))
"""
TRAINING = f"{SETUP}\nbench = slw.TrainingBench(slw.Trainer(model, data, epochs=3, batch_size=4, lr=0.1))\nbench\n"
MISTAKES = f"{SETUP}\nbench = slw.MistakeBench(model, data.test)\nbench\n"
KERNELS = f"{SETUP}\nbench = slw.KernelBench(model, data.test)\nbench\n"
SAME = "bench.explorer._confusions.evaluation is bench.dashboard._trainer.evaluations.get({epoch})"


def test_the_explorer_follows_the_run_and_the_slider(notebook):
    dashboard = notebook.show(TRAINING, ".slw-training-dashboard")
    explorer = notebook.page.locator(".slw-confusion-explorer")
    explorer.wait_for()
    notebook.python("bench.explorer.pinned = ('M', None)")
    dashboard.get_by_role("button", name="Start").click()
    notebook.wait_for_python(SAME.format(epoch=3), "True", 30)
    dashboard.get_by_role("slider").focus()
    notebook.page.keyboard.press("Home")
    notebook.page.keyboard.press("ArrowRight")
    notebook.wait_for_python(SAME.format(epoch=1), "True")
    explorer.locator(".slw-cm-heading", has_text="true M: 3 images").wait_for()


def test_an_image_opened_in_the_matrix_opens_inside_the_network(notebook):
    explorer = notebook.show(MISTAKES, ".slw-confusion-explorer")
    notebook.page.locator(".slw-feature-explorer").wait_for()
    notebook.python("bench.confusions.pinned = ('N', None)")
    tile = explorer.locator(".slw-tile[data-index='4']")
    tile.click()
    notebook.wait_for_python("bench.features.selected_image", "4")


def test_a_learned_kernel_is_edited_and_put_back(notebook):
    explorer = notebook.show(KERNELS, ".slw-feature-explorer")
    explorer.locator("summary", has_text="Learned kernels").click()
    explorer.locator(".slw-fx-kernel").nth(1).click()
    notebook.wait_for_python("bench.editor.kernel.tolist() == model[0].weight[1, 0].tolist()", "True")
    editor = notebook.page.locator(".slw-kernel-editor")
    editor.locator("input[data-row='0'][data-column='2']").fill("5")
    notebook.wait_for_python("bench.features.edited_kernel and bench.features.edited_kernel[0][2]", "5.0")
    explorer.get_by_role("button", name="Put the edited kernel back").click()
    notebook.wait_for_python("float(model[0].weight[1, 0, 0, 2])", "5.0")


@pytest.mark.parametrize("code", [TRAINING, MISTAKES, KERNELS], ids=["training", "mistakes", "kernels"])
def test_running_the_cell_again_leaves_nothing_behind(notebook, code):
    count = "import ipywidgets; print(len(ipywidgets.widgets.widget._instances))"
    notebook.show(code, ".slw")
    before = notebook.python(count)
    notebook.show(code, ".slw")
    assert notebook.python(count) == before
