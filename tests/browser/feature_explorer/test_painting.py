"""Painting on the image, covering it, and what the maps make of that."""

import json

import pytest

from .exploring import COUNT_SENT, ROOT, THUMBS, TILES, changed, drag, edited, numbers, original


def test_paint_erase_undo_restore(notebook, explorer):
    page, canvas = notebook.page, explorer.locator(".slw-fx-input")
    thumbs, scores = explorer.evaluate(THUMBS), explorer.locator(".slw-fx-bars").inner_text()
    drag(page, canvas.bounding_box(), (5, 4), (5, 9))
    notebook.wait_for_python("explorer.edited is not None and explorer.edited[0, 5, 4:11].tolist()", str([255] * 7))
    changed(page, explorer, THUMBS, thumbs)
    found, before = edited(notebook), original(notebook)
    assert all(
        found[r][c] == 255 if r in (5, 6) and 4 <= c <= 10 else found[r][c] == before[r][c]
        for r in range(12)
        for c in range(14)
    )
    assert explorer.locator(".slw-fx-bars").inner_text() != scores
    explorer.get_by_role("button", name="Erase").click()
    drag(page, canvas.bounding_box(), (5, 4), (5, 5))
    notebook.wait_for_python("explorer.edited[0, 5, 4].item()", str(before[5][4]))
    explorer.get_by_role("button", name="Undo the last stroke").click()
    notebook.wait_for_python("explorer.edited[0, 5, 4].item()", "255")
    explorer.get_by_role("button", name="Show the untouched image").click()
    notebook.wait_for_python("explorer.edited", "None")
    changed(page, explorer, TILES, "")
    page.wait_for_function(
        f"(before) => JSON.stringify(({THUMBS})(document.querySelector('{ROOT}'))) === before",
        arg=json.dumps(thumbs, separators=(",", ":")),
    )


def test_every_map_on_screen_is_that_of_the_painted_image(notebook, explorer):
    drag(notebook.page, explorer.locator(".slw-fx-input").bounding_box(), (2, 2), (9, 9))
    notebook.wait_for_python("explorer.edited is not None and explorer.edited[0, 9, 9].item()", "255")
    expected = float(notebook.python("print(model(explorer.edited[None] / 255)[0, 1].item())"))
    shown = explorer.locator(".slw-fx-value").nth(1)
    notebook.page.wait_for_function(
        "([el, value]) => Math.abs(Number(el.textContent.replace('\u2212', '-')) - value) < 0.0051",
        arg=[shown.element_handle(), expected],
    )


def test_cover_moves_with_the_hand_and_shift_moves_all(notebook, explorer):
    page, canvas = notebook.page, explorer.locator(".slw-fx-input")
    before = original(notebook)
    explorer.get_by_role("button", name="Cover a square").click()
    drag(page, canvas.bounding_box(), (2, 2), (8, 9))
    mean = round(sum(map(sum, before)) / 168)
    notebook.wait_for_python(
        "explorer.edited[0, 7:10, 8:11].flatten().tolist() if explorer.edited is not None else 0", str([mean] * 9)
    )
    found = edited(notebook)
    assert sum(found[r][c] != before[r][c] for r in range(12) for c in range(14)) <= 9
    assert found[2][2] == before[2][2]
    explorer.get_by_role("button", name="Show the untouched image").click()
    explorer.get_by_role("button", name="Drag the whole image").click()
    drag(page, canvas.bounding_box(), (4, 4), (6, 3))
    notebook.wait_for_python(
        "explorer.edited is not None and torch.equal(explorer.edited[0, 2:, :-1], images[0, 0, :-2, 1:])", "True"
    )
    canvas.focus()
    page.keyboard.press("ArrowRight")
    notebook.wait_for_python("torch.equal(explorer.edited[0, 2:, 1:-1], images[0, 0, :-2, 1:-1])", "True")


def test_painting_by_keyboard(notebook, explorer):
    canvas = explorer.locator(".slw-fx-input")
    canvas.focus()
    for key in ["ArrowUp", "ArrowLeft", " "]:
        notebook.page.keyboard.press(key)
    notebook.wait_for_python(
        "explorer.edited is not None and explorer.edited[0, 5:7, 6:8].flatten().tolist()", str([255] * 4)
    )
    notebook.page.keyboard.press("Control+z")
    notebook.wait_for_python("explorer.edited", "None")


def test_python_paints_too(notebook, explorer):
    thumbs = explorer.evaluate(THUMBS)
    notebook.python("painted = images[0].clone(); painted[:, :4] = 0; explorer.edited = painted")
    changed(notebook.page, explorer, THUMBS, thumbs)
    pixel = "el => el.querySelector('.slw-fx-input').getContext('2d').getImageData(3, 1, 1, 1).data[0]"
    assert explorer.evaluate(pixel) == 0


def test_a_sweep_shows_where_the_answer_hangs(notebook, explorer):
    explorer.get_by_role("button", name="Slide the cover").click()
    canvas = explorer.locator(".slw-fx-sweep canvas").first
    canvas.wait_for()
    words = explorer.locator(".slw-fx-sweep p").inner_text()
    found = json.loads(
        notebook.python(
            "from signlang_widgets.networks.occlusion import sweep\n"
            "found = sweep(model, images[0], 3)\n"
            "print(json.dumps([split.class_names[found.predicted], float(found.drops.max()), found.drops.argmax().item()]))"
        )
    )
    assert words.startswith(f"The score of {found[0]} falls most")
    assert numbers(words)[0] == pytest.approx(found[1], rel=0.01)
    assert f"row {found[2] // 12}, column {found[2] % 12}" in words
    assert canvas.evaluate("el => [el.width, el.height]") == [12, 10]


def test_long_strokes_keep_to_the_budget(notebook, explorer):
    notebook.page.evaluate(COUNT_SENT)
    seconds = explorer.locator(".slw-fx-input").evaluate(
        """async (el) => {
          const box = el.getBoundingClientRect();
          const fire = (type, i) => el.dispatchEvent(new PointerEvent(type, { bubbles: true, button: 0, pointerId: 1,
            clientX: box.left + box.width * (0.1 + 0.008 * (i % 100)), clientY: box.top + box.height * (0.1 + 0.008 * (i % 90)) }));
          el.setPointerCapture = () => {};
          const start = performance.now();
          fire('pointerdown', 0);
          for (let i = 1; i < 120; i++) { fire('pointermove', i); await new Promise(requestAnimationFrame); }
          fire('pointerup', 120);
          return (performance.now() - start) / 1000;
        }"""
    )
    notebook.page.wait_for_timeout(500)
    received = notebook.page.evaluate("window.sent.filter(([way]) => way === 'recv').length")
    assert 2 <= received <= 10 * (seconds + 0.5) + 2
