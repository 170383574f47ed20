"""The lessons in a real JupyterLab: alive before anything has run, and whole after Run All."""

import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.lessons.build import LESSONS, REPO

from .jupyterlab import RUN_CODE

PIXELS = """el => [...el.querySelectorAll('.slw-picture')].map(figure => {
  const canvas = figure.querySelectorAll('canvas')[1];
  return Array.from(canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data).join();
})"""
SHOW = """id => {
  const notebook = jupyterapp.shell.currentWidget.content;
  notebook.activeCellIndex = notebook.widgets.findIndex(cell => cell.model.id === id);
  return notebook.scrollToItem(notebook.activeCellIndex, 'start');
}"""
OUTPUTS = "() => jupyterapp.shell.currentWidget.content.model.toJSON().cells.flatMap(cell => cell.outputs ?? [])"
COUNTS = (
    "len(__import__('ipywidgets').widgets.widget._instances), len(__import__('matplotlib.pyplot').pyplot.get_fignums())"
)
RUN_ALL = "jupyterapp.commands.execute('notebook:run-all-cells')"


@pytest.fixture(scope="module")
def trusted(lab):
    """The lessons in the server's folder, trusted as README's command does it."""
    copies = Path(shutil.copytree(REPO / "lessons", lab.root / "lessons")).glob("*.ipynb")
    subprocess.run([sys.executable, "-m", "jupyter", "trust", *copies], env=lab._environment(), check=True)
    return lab


def says(page, expression):
    return page.evaluate(RUN_CODE, f"print({expression})")


def test_the_stored_editor_answers_before_anything_has_run(trusted, page):
    trusted.open(page, "lessons/03-convolution.ipynb")
    page.evaluate(SHOW, "editor")
    editor = page.locator(".slw-kernel-editor").first
    editor.wait_for()
    before = editor.evaluate(PIXELS)
    editor.locator("input[data-row='1'][data-column='3']").click()
    page.keyboard.type("2.5")
    after = editor.evaluate(PIXELS)
    assert len(before) == 5
    assert all(old != new for old, new in zip(before, after, strict=True))
    assert says(page, "'slw' in dir()") == "False"


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.stem)
def test_run_all_leaves_no_complaint(trusted, page, lesson):
    trusted.open(page, f"lessons/{lesson.name}")
    page.evaluate(RUN_ALL)
    outputs = page.evaluate(OUTPUTS)
    assert len(outputs) > 5
    assert [out for out in outputs if out["output_type"] == "error" or out.get("name") == "stderr"] == []


def wait_until(page, expression, seconds=20):
    """Ask Python until it agrees: what a hand does reaches it in its own time."""
    deadline = time.monotonic() + seconds
    while says(page, expression) != "True":
        assert time.monotonic() < deadline, f"not true: {expression}"


def drag_across(page, picture):
    """Drag over a corner; hover() waits until the picture has stopped moving on the page."""
    box = picture.bounding_box()
    for share, then in ((0.07, page.mouse.down), (0.14, page.mouse.up)):
        picture.hover(position={"x": share * box["width"], "y": share * box["height"]})
        then()


def test_a_figure_zooms_and_a_second_run_replaces_it(trusted, page):
    trusted.open(page, "lessons/01-images-as-tensors.ipynb")
    page.evaluate(RUN_ALL)
    page.evaluate(SHOW, "letters")
    figure = page.locator(".jp-CodeCell", has_text="train[:25]").locator(".jupyter-matplotlib").last
    figure.hover()
    figure.locator("button[title^='Zoom to']").click()
    assert says(page, "figure.axes[0].get_xlim()") == "(np.float64(-0.5), np.float64(27.5))"
    wait_until(page, "figure.canvas.toolbar.mode.name == 'ZOOM'")
    drag_across(page, figure.locator(".jupyter-matplotlib-canvas-div"))
    wait_until(page, "figure.axes[0].get_xlim()[1] < 27")

    held = says(page, COUNTS)
    for _ in range(2):
        page.evaluate("jupyterapp.commands.execute('notebook:run-cell')")
    assert says(page, COUNTS) == held
