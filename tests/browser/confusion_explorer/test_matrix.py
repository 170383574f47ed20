"""The explorer's matrix in a real JupyterLab: what is pinned, read, counted and kept."""

import json

from tests.browser.jupyterlab import KERNEL_IDLE

from .explorer_page import SETUP, click, heading, place, tiles


def test_a_click_shows_the_images_behind_a_cell(notebook, explorer):
    click(notebook, explorer, 2, 3)
    tiles(explorer, 8, 9)
    heading(explorer, "true c, predicted d: 2 images")
    notebook.wait_for_python("explorer.pinned, explorer.selection.tolist()", "(2, 3) [8, 9]")
    words = explorer.locator(".slw-tile-words").evaluate_all("els => els.map(el => el.title)")
    shares = json.loads(notebook.python("print(explorer.selected.confidence.tolist())"))
    assert words == [f"c \u2192 d {100 * share:.1f} %" for share in shares]
    pixels = explorer.evaluate(
        "el => [...el.querySelectorAll('.slw-tile canvas')].map(c => c.getContext('2d').getImageData(0, 0, 7, 5).data[0])"
    )
    assert pixels == [8, 9]
    click(notebook, explorer, 2, 3)
    notebook.wait_for_python("explorer.pinned", "None")


def test_hover_says_the_figures_and_pins_nothing(notebook, explorer):
    notebook.page.mouse.move(*place(explorer, 0, 1))
    assert explorer.locator(".slw-hint").inner_text() == "true a, predicted b: 2 of 4 (50.0 %)"
    notebook.page.mouse.move(*place(explorer, 2, -1))
    assert explorer.locator(".slw-hint").inner_text() == "true c: 3 images, recall 33.3 %"
    notebook.page.mouse.move(*place(explorer, -1, 3))
    assert explorer.locator(".slw-hint").inner_text() == "predicted d: 4 images, precision 50.0 %"
    assert notebook.python("print(explorer.pinned)") == "None"


def test_a_letter_pins_its_row_or_column(notebook, explorer):
    click(notebook, explorer, 0, -1)
    tiles(explorer, 2, 1, 3, 0)
    heading(explorer, "true a: 4 images")
    click(notebook, explorer, -1, 3)
    tiles(explorer, 11, 8, 10, 9)
    notebook.wait_for_python("explorer.pinned", "(None, 3)")


def test_keys_walk_pin_and_let_go(notebook, explorer):
    grid = explorer.get_by_role("grid")
    grid.focus()
    press = notebook.page.keyboard.press
    for key in ["ArrowDown", "ArrowRight", "ArrowLeft"]:
        press(key)
    spoken = explorer.locator(".slw-cm-side > .slw-spoken")
    assert spoken.inner_text() == "true b, predicted a: 1 of 3 (33.3 %)"
    assert grid.locator("[role='gridcell']").inner_text() == spoken.inner_text()
    press("Enter")
    tiles(explorer, 6)
    assert spoken.inner_text() == "Pinned: true b, predicted a: 1 of 3 (33.3 %)"
    press("ArrowLeft")
    assert grid.locator("[role='rowheader']").inner_text() == "true b: 3 images, recall 66.7 %"
    press("Enter")
    tiles(explorer, 5, 6, 4)
    press("Escape")
    notebook.wait_for_python("explorer.pinned", "None")
    assert spoken.inner_text() == "Let go"
    press("a")
    assert notebook.page.locator(".jp-Cell").count() == 1  # "a" would insert a cell


def test_pairs_count_and_show_both_ways(notebook, explorer):
    explorer.get_by_label("Pairs").check()
    click(notebook, explorer, 1, 0)
    tiles(explorer, 2, 6, 3)
    heading(explorer, "b and a mixed up: 3 images")
    assert explorer.locator(".slw-hint").inner_text() == "b and a mixed up: 3 of 7 (42.9 %); b for a 2, a for b 1"
    assert explorer.locator(".slw-cm-pin:not([hidden])").count() == 2
    notebook.wait_for_python("explorer.pairs, sorted(explorer.selection.tolist())", "True [2, 3, 6]")


def test_the_strip_jumps_to_the_commonest_mistakes(notebook, explorer):
    strip = explorer.get_by_role("group", name="Most confused")
    assert strip.get_by_role("button").all_inner_texts() == ["a \u2192 b\n2", "c \u2192 d\n2", "b \u2192 a\n1"]
    strip.get_by_role("button", name="true c, predicted d, 2").click()
    tiles(explorer, 8, 9)
    assert strip.locator("[aria-pressed='true']").all_inner_texts() == ["c \u2192 d\n2"]
    explorer.get_by_label("Pairs").check()
    assert strip.get_by_role("button").all_inner_texts() == ["a \u2194 b\n3", "c \u2194 d\n2"]


def test_shares_and_the_blank_diagonal(notebook, explorer):
    explorer.get_by_label("Cells show").select_option("precision")
    notebook.page.mouse.move(*place(explorer, 2, 3))
    assert explorer.locator(".slw-hint").inner_text() == "predicted d, true c: 2 of 4 (50.0 %)"
    notebook.wait_for_python("explorer.mode", "precision")
    explorer.get_by_label("Hide diagonal").check()
    diagonal = "el => { const [c, x, y] = [el.querySelector('canvas'), %f, %f]; return [...c.getContext('2d').getImageData(x, y, 1, 1).data]; }"
    grid = explorer.get_by_role("grid")
    box = grid.bounding_box()
    x, y = place(explorer, 1, 1)
    assert grid.evaluate(diagonal % (x - box["x"] + 12, y - box["y"] + 12)) == [0, 0, 0, 0]
    notebook.python("explorer.hide_diagonal = False; explorer.mode = 'recall'")
    explorer.page.wait_for_function(
        f"([el]) => ({diagonal % (x - box['x'] + 12, y - box['y'] + 12)})(el)[3] === 255", arg=[grid.element_handle()]
    )


def test_all_classes_on_request_and_a_dash_for_no_images(notebook, explorer):
    grid = explorer.get_by_role("grid")
    assert grid.get_attribute("aria-rowcount") == "5"
    explorer.get_by_label("All classes").check()
    assert grid.get_attribute("aria-rowcount") == "6"
    notebook.page.mouse.move(*place(explorer, 4, -1))
    assert explorer.locator(".slw-hint").inner_text() == "true e: 0 images, recall \u2013"
    click(notebook, explorer, 4, 0)
    explorer.get_by_text("No image is in this cell.").wait_for()


def test_a_second_view_shows_the_same(notebook):
    code = SETUP.replace("\nexplorer\n", "\nimport ipywidgets\nipywidgets.VBox([explorer, explorer])\n")
    view = notebook.show(code, ".slw-confusion-explorer")
    other = notebook.page.locator(".slw-confusion-explorer").nth(1)
    view.get_by_label("Cells show").select_option("recall")
    click(notebook, view, 2, 3)
    tiles(other, 8, 9)
    assert other.get_by_label("Cells show").input_value() == "recall"
    other.locator(".slw-tile").first.click()
    view.get_by_text("Image 8: ").wait_for()


def test_a_reloaded_page_shows_the_same(notebook):
    # ipywidgets brings nothing back where a box outlived its children: an earlier test's box goes first.
    notebook.python("import ipywidgets; ipywidgets.Widget.close_all()")
    explorer = notebook.show(SETUP, ".slw-confusion-explorer")
    click(notebook, explorer, 2, 3)
    tiles(explorer, 8, 9)
    explorer.locator(".slw-tile").first.click()
    notebook.wait_for_python("explorer.selected_image", "8")
    notebook.page.evaluate("jupyterapp.commands.execute('docmanager:save')")
    notebook.page.reload()
    notebook.page.locator(".slw-confusion-explorer").wait_for(timeout=60_000)
    tiles(explorer, 8, 9)
    explorer.get_by_text("Image 8: ").wait_for()
    notebook.page.wait_for_function(KERNEL_IDLE)


def test_teachers_hide_and_lock(notebook):
    code = SETUP.replace(
        "five_classes())", "five_classes(), pinned=(0, 1), hide=['strip', 'nearest'], lock=['mode', 'matrix'])"
    )
    view = notebook.show(code, ".slw-confusion-explorer")
    assert view.locator(".slw-cm-strip").is_hidden()
    assert view.get_by_label("Cells show").is_disabled()
    click(notebook, view, 2, 3)
    assert notebook.python("print(explorer.pinned)") == "(0, 1)"
    notebook.python("explorer.lock = []; explorer.hide = []")
    view.locator(".slw-cm-strip").wait_for()
    click(notebook, view, 2, 3)
    notebook.wait_for_python("explorer.pinned", "(2, 3)")


def test_a_finger_pins_a_cell(notebook, explorer):
    x, y = place(explorer, 2, 3)
    touch = notebook.page.context.new_cdp_session(notebook.page)
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    tiles(explorer, 8, 9)


def test_twenty_runs_leave_no_extra_comm(notebook, explorer):
    comms = "import comm; print(len(comm.get_comm_manager().comms))"
    before = notebook.python(comms)
    for _ in range(20):
        notebook.show(SETUP, ".slw-confusion-explorer")
    assert notebook.python(comms) == before
