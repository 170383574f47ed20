"""A learner's own notebook: run, saved, its kernel shut down, opened again another day."""

from .kernel_editor.test_kernel_editor import PIXELS, SETUP, cell, changed
from .test_lessons import wait_until

SAVE = "jupyterapp.commands.execute('docmanager:save')"
SHUT_DOWN = "jupyterapp.shell.currentWidget.sessionContext.shutdown()"
ERRORS = "() => document.body.innerText.includes('Error displaying widget')"


def save_and_shut_down(chromium, lab, name):
    """Run a notebook, touch its widget, save it, end the kernel and close the page."""
    context = chromium.new_context(viewport={"width": 1200, "height": 1000})
    page = context.new_page()
    lab.run(page, name, SETUP)
    editor = page.locator(".slw-kernel-editor").first
    cell(editor, 1, 3).click()
    page.keyboard.type("2.5")
    wait_until(page, "editor.kernel[1, 3] == 2.5")
    page.evaluate(SAVE)
    page.evaluate(SHUT_DOWN)
    context.close()


def test_its_widgets_are_alive_again(chromium, lab, page):
    save_and_shut_down(chromium, lab, "mine.ipynb")
    lab.open(page, "mine.ipynb")
    editor = page.locator(".slw-kernel-editor").first
    editor.wait_for()
    assert not page.evaluate(ERRORS)
    assert cell(editor, 1, 3).input_value() == "2.5"
    before = editor.evaluate(PIXELS)
    cell(editor, 0, 2).click()
    page.keyboard.type("7")
    assert all(changed(before, editor.evaluate(PIXELS)))
