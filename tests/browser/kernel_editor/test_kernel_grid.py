"""The kernel's numbers under the hand, in a real JupyterLab: typed, nudged, dragged and pasted."""

import json

import pytest

from .editing import KERNEL, PIXELS, cell, changed, kernel_with, paste


def test_typing_changes_every_picture_and_python(notebook, editor):
    before = editor.evaluate(PIXELS)
    cell(editor, 1, 3).click()
    notebook.page.keyboard.type("2.5")
    assert all(changed(before, editor.evaluate(PIXELS)))
    notebook.wait_for_python(KERNEL, kernel_with(c13=2.5))


def test_minus_then_digit_makes_a_negative_number(notebook, editor):
    cell(editor, 0, 2).click()
    notebook.page.keyboard.type("-3")
    notebook.wait_for_python(KERNEL, kernel_with(c02=-3.0))


def test_plus_and_minus_nudge(notebook, editor):
    cell(editor, 0, 2).click()
    notebook.page.keyboard.press("+")
    notebook.page.keyboard.press("+")
    notebook.page.keyboard.press("-")
    notebook.wait_for_python(KERNEL, kernel_with(c02=5.0))


def test_arrows_walk_and_stop_at_the_edge(notebook, editor):
    cell(editor, 3, 3).click()
    for key in ["ArrowDown", "ArrowDown", "ArrowRight", "ArrowUp"]:
        notebook.page.keyboard.press(key)
    focused = notebook.page.evaluate("[document.activeElement.dataset.row, document.activeElement.dataset.column]")
    assert focused == ["3", "4"]
    assert editor.locator("input[tabindex='0']").count() == 1


def test_dragging_sideways_follows_the_hand_beyond_the_widget(notebook, editor):
    box = cell(editor, 2, 4).bounding_box()
    mouse = notebook.page.mouse
    mouse.move(box["x"] + 10, box["y"] + 10)
    mouse.down()
    mouse.move(box["x"] + 10 + 40, box["y"] - 400, steps=5)
    mouse.up()
    notebook.wait_for_python(KERNEL, kernel_with(c24=0.0))
    assert editor.get_by_role("button", name="Undo").is_enabled()
    editor.get_by_role("button", name="Undo").click()
    notebook.wait_for_python(KERNEL, kernel_with())


def test_a_finger_drags_too(notebook, editor):
    box = cell(editor, 2, 4).bounding_box()
    touch = notebook.page.context.new_cdp_session(notebook.page)

    def finger(kind, by):
        points = [] if kind == "touchEnd" else [{"x": box["x"] + 10 + by, "y": box["y"] + 10}]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    finger("touchStart", 0)
    for by in range(8, 81, 8):
        finger("touchMove", by)
    finger("touchEnd", 0)
    notebook.wait_for_python(KERNEL, kernel_with(c24=1.0))


def test_pasting_a_matrix_replaces_the_kernel_and_undo_brings_it_back(notebook, editor):
    cell(editor, 0, 0).click()
    paste(editor, "1 2 3\n4 5 6\n7 8 9")
    notebook.wait_for_python(KERNEL, json.dumps([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]]))
    cell(editor, 0, 0).press("Control+z")
    notebook.wait_for_python(KERNEL, kernel_with())
    cell(editor, 0, 0).press("Control+Shift+z")
    notebook.wait_for_python("editor.kernel.shape", "(3, 3)")


def test_pasting_what_is_no_kernel_says_what_to_do(notebook, editor):
    paste(editor, "1 2 3\n4 5 6")
    assert "Use a square with odd sides" in editor.locator(".slw-hint").inner_text()
    notebook.wait_for_python(KERNEL, kernel_with())


@pytest.mark.parametrize("word", ["abc", "1e9", "nan", "Infinity"])
def test_words_in_a_cell_are_refused_and_the_kernel_stays(notebook, editor, word):
    cell(editor, 2, 2).fill(word)
    assert cell(editor, 2, 2).get_attribute("aria-invalid") == "true"
    assert "is not a number" in editor.locator(".slw-hint").inner_text()
    cell(editor, 2, 2).press("Escape")
    assert cell(editor, 2, 2).input_value() == "4"
    notebook.wait_for_python(KERNEL, kernel_with())


def test_a_click_on_the_chosen_cell_keeps_it_chosen(notebook, editor):
    cell(editor, 0, 0).click()
    cell(editor, 0, 0).click()
    notebook.page.keyboard.type("3")
    notebook.wait_for_python(KERNEL, kernel_with(c00=3.0))


def test_a_slip_of_the_hand_is_a_click(notebook, editor):
    box = cell(editor, 2, 4).bounding_box()
    notebook.page.mouse.move(box["x"] + 10, box["y"] + 10)
    notebook.page.mouse.down()
    notebook.page.mouse.move(box["x"] + 13, box["y"] + 10)
    notebook.page.mouse.up()
    assert editor.get_by_role("button", name="Undo").is_disabled()


def test_small_numbers_fit_their_cells_and_move_in_small_steps(notebook, editor):
    notebook.python("editor.kernel = [[-0.00677, 0.0123, 0.03], [0, 0.000012, 0], [0, 0, 0]]")
    notebook.page.wait_for_function("document.querySelectorAll('.slw-kernel-grid input').length === 9")
    assert [cell(editor, 0, i).input_value() for i in range(3)] == ["\u2212.0068", "0.0123", "0.03"]
    overflow = "cells => cells.filter(c => c.scrollWidth > c.clientWidth).map(c => c.value)"
    assert editor.locator(".slw-kernel-grid input").evaluate_all(overflow) == []
    cell(editor, 0, 2).click()
    notebook.page.keyboard.press("+")
    notebook.wait_for_python("editor.kernel[0, 2]", "0.04")
