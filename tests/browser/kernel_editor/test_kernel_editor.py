"""The editor in a real JupyterLab: act in the page and ask Python, act in Python and look at the pixels."""

import json

import pytest

from .editing import KERNEL, PIXELS, SETUP, cell, changed, kernel_with, paste


def test_python_shows_in_every_view(notebook):
    notebook.show(SETUP.replace("\neditor\n", "\ndisplay(editor)\ndisplay(editor)\n"), ".slw-kernel-editor")
    views = notebook.page.locator(".slw-kernel-editor")
    views.nth(1).wait_for()
    before = views.nth(1).evaluate(PIXELS)
    notebook.python("editor.kernel = 'horizontal'")
    notebook.page.wait_for_function(
        "document.querySelectorAll('.slw-kernel-editor select')[2 + 1].value === 'horizontal'"
    )
    assert all(changed(before, views.nth(1).evaluate(PIXELS)))
    cell(views.first, 0, 0).fill("7")
    assert cell(views.nth(1), 0, 0).input_value() == "7"
    assert views.first.evaluate(PIXELS) == views.nth(1).evaluate(PIXELS)


def test_pixels_are_torch_s_numbers(notebook, editor):
    """Every output pixel, read back through the colour map, agrees with conv2d."""
    editor.locator(".slw-picture canvas").nth(1).focus()
    limits = float(notebook.python("print(float(editor.output.abs().max()))"))
    shown = editor.evaluate("el => el.querySelector('.slw-legend span:nth-of-type(2)').textContent")
    assert float(shown) == pytest.approx(limits, rel=5e-3)
    expected = json.loads(notebook.python("print(json.dumps(editor.output[1].flatten().tolist()))"))
    colours = editor.evaluate(PIXELS)[1].split(",")
    for i, value in enumerate(expected):
        red, blue = int(colours[4 * i]), int(colours[4 * i + 2])
        assert (red >= blue) if value > 0.02 * limits else True
        assert (blue >= red) if value < -0.02 * limits else True


def test_products_on_screen_add_up(notebook, editor):
    editor.locator(".slw-picture canvas").nth(3).focus()
    notebook.page.keyboard.press("ArrowRight")
    texts = editor.locator(".slw-products .slw-table").nth(2).locator("span").all_inner_texts()
    total = sum(int(text.replace("\u2212", "-")) for text in texts)
    line = editor.locator(".slw-sum").inner_text()
    assert f"25 products add up to {total}".replace("-", "\u2212") in line
    spoken = editor.locator(".slw-spoken").inner_text()
    assert spoken.startswith("B, row 3, column 6:")
    expected = float(notebook.python("print(float(editor.output[1, 2, 5]))"))
    assert float(spoken.rpartition(": ")[2].replace("minus ", "-")) == pytest.approx(expected, rel=1e-3)


def test_menu_actions(notebook, editor):
    def act(name):
        editor.get_by_text("More").click()
        editor.get_by_role("button", name=name).click()

    act("Transpose")
    notebook.wait_for_python("editor.kernel.tolist() == slw.kernels.KERNELS['horizontal']", "True")
    act("Change all signs")
    notebook.wait_for_python("editor.kernel[2].tolist()", "[-4.0, -4.0, -4.0, -4.0, -4.0]")
    act("Set all to 0")
    notebook.wait_for_python("abs(editor.kernel).sum()", "0.0")
    act("Start again")
    notebook.wait_for_python(KERNEL, kernel_with())


def test_flip_and_relu_reach_python(notebook, editor):
    editor.locator("select").nth(1).select_option("true")
    notebook.wait_for_python("editor.flip", "True")
    editor.get_by_label("ReLU").check()
    notebook.wait_for_python("editor.relu", "True")


def test_notebook_keys_are_not_stolen(notebook, editor):
    count = "document.querySelectorAll('.jp-Notebook .jp-Cell').length"
    cells = notebook.page.evaluate(count)
    cell(editor, 2, 2).click()
    for key in ["a", "b", "d", "d", "Shift+Enter"]:
        notebook.page.keyboard.press(key)
    assert notebook.page.evaluate(count) == cells
    notebook.page.keyboard.press("Escape")
    notebook.page.keyboard.press("Escape")
    assert notebook.page.evaluate("document.activeElement.tagName") != "INPUT"
    notebook.wait_for_python(KERNEL, kernel_with())


def test_no_control_leaves_its_keys_to_the_notebook(notebook, editor):
    """d d deletes a cell, m turns it into text, 0 0 restarts the kernel, arrows leave it: not from inside a widget."""
    controls = editor.locator("button:visible, select, input[type=checkbox], summary")
    assert controls.count() >= 5
    for i in range(controls.count()):
        controls.nth(i).evaluate("el => el.focus()")
        for key in ["m", "x", "d", "d", "0", "0", "ArrowDown", "ArrowUp"]:
            notebook.page.keyboard.press(key)
        assert notebook.page.evaluate("document.activeElement.closest('.slw') !== null")
    assert notebook.page.evaluate("document.querySelectorAll('.jp-CodeCell .slw-kernel-editor').length") == 1
    notebook.page.keyboard.press("Escape")
    assert notebook.page.evaluate("document.activeElement.closest('.slw') === null")


def test_the_keyboard_stays_where_it_was_when_things_change(notebook, editor):
    cell(editor, 1, 1).click()
    paste(editor, "1 2 3\n4 5 6\n7 8 9")
    focused = notebook.page.evaluate("[document.activeElement.dataset.row, document.activeElement.dataset.column]")
    assert focused == ["1", "1"]
    editor.get_by_role("button", name="Undo").focus()
    notebook.page.keyboard.press("Enter")
    assert notebook.page.evaluate("document.activeElement.textContent") == "Redo"
    assert editor.locator(".slw-hint").inner_text() == ""


def test_the_menu_is_walked_by_arrows_and_closes_behind_the_keyboard(notebook, editor):
    menu = editor.locator(".slw-menu")
    menu.locator("summary").focus()
    for key in ["Enter", "ArrowDown", "ArrowDown"]:
        notebook.page.keyboard.press(key)
    assert notebook.page.evaluate("document.activeElement.textContent") == "Flip left to right"
    cell(editor, 0, 0).focus()
    assert menu.get_attribute("open") is None


def test_pinning_is_said(notebook, editor):
    output = editor.locator(".slw-picture canvas").nth(1)
    output.focus()
    output.press("Enter")
    assert "Pinned" in editor.locator(".slw-spoken").inner_text()
    output.press("Escape")
    assert "Let go" in editor.locator(".slw-spoken").inner_text()


def test_teachers_hide_and_lock(notebook):
    editor = notebook.show(
        SETUP.replace("KernelEditor(split)", "KernelEditor(split, hide=['relu'], lock=['grid', 'undo'])")
    )
    assert editor.get_by_text("ReLU").is_hidden()
    assert cell(editor, 0, 0).get_attribute("readonly") is not None
    notebook.python("editor.lock = []")
    notebook.page.wait_for_function("!document.querySelector('.slw-kernel-grid input').readOnly")


def test_twenty_runs_leave_no_extra_comm_thread_or_observer(notebook, editor):
    count = "import threading, ipywidgets; print(len(getattr(ipywidgets.Widget, '_active_widgets', None) or ipywidgets.widgets.widget._instances), threading.active_count())"
    notebook.show(SETUP)
    before = notebook.python(count)
    for _ in range(20):
        notebook.show(SETUP)
    assert notebook.python(count) == before


def test_observers_hear_the_last_value_and_not_too_often(notebook, editor):
    notebook.python("heard = []\neditor.observe(lambda change: heard.append(change.new[0, 0]), 'kernel')")
    seconds = notebook.page.evaluate(
        """async () => {
          const el = document.querySelector('.slw-kernel-grid input');
          const start = performance.now();
          for (let i = 0; i < 120; i++) {
            el.value = String(i);
            el.dispatchEvent(new Event('input', { bubbles: true }));
            await new Promise(requestAnimationFrame);
          }
          return (performance.now() - start) / 1000;
        }"""
    )
    notebook.wait_for_python("heard[-1]", "119.0")
    assert int(notebook.python("print(len(heard))")) <= 20 * seconds + 2


def test_axe_finds_nothing_serious(notebook, editor):
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(notebook.page, context=".slw-kernel-editor").response["violations"]
    assert [rule["id"] for rule in found if rule["impact"] in ("serious", "critical")] == []
