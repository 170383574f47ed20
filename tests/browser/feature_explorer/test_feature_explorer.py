"""The explorer in a real JupyterLab: act in the page and ask Python, act in Python and look at the page."""

import json
import re

import pytest

SETUP = """
import json, torch
import signlang_widgets as slw
torch.manual_seed(0)
images = torch.randint(0, 256, (40, 1, 12, 14), dtype=torch.uint8)
split = slw.LabelledImages(images, torch.arange(40) % 3, ["A", "B", "C"])
model = torch.nn.Sequential(
    torch.nn.Conv2d(1, 6, 3), torch.nn.MaxPool2d(2), torch.nn.ReLU(),
    torch.nn.Conv2d(6, 4, 3), torch.nn.ReLU(), torch.nn.Flatten(), torch.nn.Linear(48, 3),
)
with torch.no_grad():
    model[3].weight[2], model[3].bias[2] = 0, -1
explorer = slw.FeatureExplorer(model, split)
explorer
"""
ROOT = ".slw-feature-explorer"
TILES = """el => { const canvas = el.querySelector('.slw-fx-tiles');
  return Array.from(canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data).join(); }"""
THUMBS = """el => [...el.querySelectorAll('.slw-fx-thumb canvas')].map(canvas =>
  Array.from(canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data).join())"""
COUNT_SENT = """() => {
  window.sent = [];
  const kernel = jupyterapp.shell.currentWidget.sessionContext.session.kernel;
  window.counter ??= kernel.anyMessage.connect((_, { msg, direction }) => {
    if (msg.header.msg_type === 'comm_msg') window.sent.push([direction, msg]);
  });
}"""


@pytest.fixture
def explorer(notebook):
    return show(notebook, SETUP)


def show(notebook, code):
    view = notebook.show(code, ROOT)
    notebook.page.wait_for_function("!document.querySelector('.slw-feature-explorer [data-control=paint]').disabled")
    return view


def layer(view, name):
    view.locator(".slw-fx-layer").nth(int(name)).click()


def walk_to(view, page, channel, row, column):
    """Look at a pixel by keyboard."""
    box = view.locator(".slw-fx-mosaic")
    box.focus()
    page.keyboard.press("Home")
    for key, times in (("PageDown", channel), ("ArrowDown", row), ("ArrowRight", column)):
        for _ in range(times):
            page.keyboard.press(key)


def changed(page, view, script, before):
    page.wait_for_function(
        f"(before) => JSON.stringify(({script})(document.querySelector('{ROOT}'))) !== before",
        arg=json.dumps(before, separators=(",", ":")),
    )


def numbers(text):
    return [float(n.replace("\u2212", "-")) for n in re.findall(r"[\u2212-]?\d+\.\d+", text)]


def test_picking_an_image_tells_python_and_python_moves_the_page(notebook, explorer):
    before = explorer.evaluate(THUMBS)
    explorer.locator("[data-image='3']").click()
    notebook.wait_for_python("explorer.selected_image", "3")
    changed(notebook.page, explorer, THUMBS, before)
    notebook.python("explorer.selected_image = 39")
    chosen = explorer.locator("[role='option'][aria-selected='true']")
    notebook.page.wait_for_function(
        "document.querySelector('.slw-fx-slot[aria-selected=true]')?.dataset.image === '39'"
    )
    assert chosen.get_attribute("aria-label") == "image 39, A"
    assert chosen.is_visible()
    notebook.page.wait_for_function("document.querySelector('.slw-fx-slot[aria-selected=true] canvas[data-shown]')")
    grey = "el => [...el.getContext('2d').getImageData(0, 0, 14, 12).data].filter((_, i) => i % 4 === 0)"
    assert chosen.locator("canvas").evaluate(grey) == [value for row in original(notebook, 39) for value in row]


def test_a_layer_change_sends_nothing(notebook, explorer):
    notebook.page.evaluate(COUNT_SENT)
    layer(explorer, 1)
    notebook.wait_for_python("explorer.layer", "1")
    before = explorer.evaluate(TILES)
    layer(explorer, 2)
    changed(notebook.page, explorer, TILES, before)
    notebook.wait_for_python("explorer.layer", "2")
    received = notebook.page.evaluate(
        "window.sent.filter(([way, msg]) => way === 'recv' && (msg.buffers ?? []).length)"
    )
    assert received == []
    assert "6 maps of 5\u00d76" in explorer.locator(".slw-fx-middle h3").inner_text()


def test_the_numbers_behind_a_pixel_add_up_and_are_torch_s(notebook, explorer):
    layer(explorer, 4)
    walk_to(explorer, notebook.page, 1, 1, 2)
    notebook.page.wait_for_function(
        "document.querySelector('.slw-fx-chain h3').textContent.includes('map 1, row 1, column 2')"
    )
    lines = explorer.locator(".slw-fx-step .slw-sum")
    assert [lines.nth(i).get_attribute("data-kind") for i in range(2)] == ["conv", "relu"]
    conv, relu = lines.all_inner_texts()
    *terms, total = numbers(conv)
    assert sum(terms) == pytest.approx(total, abs=1e-9)
    before = float(notebook.python("print(explorer.activations['3'][1, 1, 2].item())"))
    assert total == pytest.approx(before, abs=1e-4)
    expected = float(notebook.python("print(float(explorer.activations['4'][1, 1, 2]))"))
    assert numbers(relu)[-1] == pytest.approx(expected, abs=1e-4)
    products = explorer.locator(".slw-products .slw-table").nth(2).locator("span").all_inner_texts()
    said = numbers(explorer.locator(".slw-fx-products").inner_text())[-1]
    assert sum(float(p.replace("\u2212", "-")) for p in products) == pytest.approx(said, abs=1e-9)
    spoken = explorer.locator(".slw-fx-middle .slw-spoken").inner_text()
    assert spoken.startswith("map 1, row 1, column 2: about")


def test_hovering_asks_and_a_click_pins_and_opens(notebook, explorer):
    tiles = explorer.locator(".slw-fx-tiles")
    tiles.hover(position={"x": 20, "y": 20})
    notebook.page.wait_for_function(
        "document.querySelector('.slw-fx-chain h3').textContent.startsWith('Behind 0, map 0, row')"
    )
    head = explorer.locator(".slw-fx-chain h3")
    tiles.click(position={"x": 40, "y": 30})
    notebook.wait_for_python("explorer.channel", "0")
    text = head.inner_text()
    tiles.hover(position={"x": 60, "y": 60})
    assert head.inner_text() == text
    explorer.locator(".slw-fx-mosaic").focus()
    notebook.page.keyboard.press("Escape")
    notebook.wait_for_python("explorer.channel", "None")


def test_colour_ranges_and_order(notebook, explorer):
    pictures = {}
    for value in ("layer", "map", "network"):
        explorer.locator("[data-control='colour_range'] select").select_option(value)
        notebook.wait_for_python("explorer.colour_range", value)
        pictures[value] = explorer.evaluate(TILES)
    assert len(set(pictures.values())) == 3
    assert "one scale for all layers" in explorer.locator(".slw-fx-middle .slw-legend").inner_text()
    explorer.locator("[data-control='order'] select").select_option("strength")
    notebook.wait_for_python("explorer.order", "strength")
    strongest = int(notebook.python("print(int(explorer.activations['0'].abs().amax((1, 2)).argmax()))"))
    explorer.locator(".slw-fx-mosaic").focus()
    notebook.page.keyboard.press("Home")
    notebook.page.keyboard.press("ArrowRight")
    assert explorer.locator(".slw-fx-middle .slw-spoken").inner_text().startswith(f"map {strongest},")


def test_dead_channels_are_crossed_out_and_named(notebook, explorer):
    layer(explorer, 4)
    notebook.wait_for_python("explorer.dead and explorer.dead['4']", "[2]")
    explorer.locator(".slw-legend", has_text="crossed out: 1 dead").first.wait_for()
    middle = explorer.evaluate(
        """el => {  // tiles of 4 by 3 cells, 36 pixels each, with a label and a gap
          const canvas = el.querySelector('.slw-fx-tiles');
          const across = Math.round(canvas.clientWidth / 148);
          const at = (tile) => [...canvas.getContext('2d').getImageData(
            (tile % across) * 148 + 72, Math.floor(tile / across) * 128 + 54, 1, 1).data].slice(0, 3);
          return [at(1), at(2)];
        }"""
    )
    assert max(middle[1]) < 90 < max(middle[0])  # ink on one, a colour on the other
    walk_to(explorer, notebook.page, 2, 0, 1)
    assert explorer.locator(".slw-fx-middle .slw-spoken").inner_text().endswith("about 0, dead")


def test_the_images_that_excite_a_map_most(notebook, explorer):
    notebook.wait_for_python("explorer.dead is not None", "True")
    explorer.locator(".slw-fx-tiles").click(position={"x": 20, "y": 20})
    expected = json.loads(notebook.python("print(json.dumps([i for i, _ in explorer.strongest('0', 0)]))"))
    notebook.page.wait_for_function("document.querySelectorAll('.slw-fx-card').length === 6")
    cards = explorer.locator(".slw-fx-card")
    assert [int(cards.nth(i).get_attribute("data-image")) for i in range(6)] == expected
    cards.nth(1).click()
    notebook.wait_for_python("explorer.selected_image", str(expected[1]))


def drag(page, box, start, end, steps=4):
    """Drag on the image from one pixel (row, column) to another; 12 x 14 pixels."""
    at = [
        (box["x"] + box["width"] * (c + 0.5) / 14, box["y"] + box["height"] * (r + 0.5) / 12) for r, c in (start, end)
    ]
    page.mouse.move(*at[0])
    page.mouse.down()
    page.mouse.move(*at[1], steps=steps)
    page.mouse.up()


def edited(notebook):
    return json.loads(notebook.python("print(json.dumps(explorer.edited[0].tolist()))"))


def original(notebook, image=0):
    return json.loads(notebook.python(f"print(json.dumps(images[{image}, 0].tolist()))"))


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


def test_two_images_and_their_difference(notebook, explorer):
    before = explorer.evaluate(TILES)
    explorer.locator("[data-image='2']").click(modifiers=["Shift"])
    notebook.wait_for_python("explorer.compare_image", "2")
    changed(notebook.page, explorer, TILES, before)
    assert "image 0 less image 2" in explorer.locator(".slw-fx-middle h3").inner_text()
    walk_to(explorer, notebook.page, 3, 2, 4)
    spoken = explorer.locator(".slw-fx-middle .slw-spoken").inner_text().replace("minus ", "-")
    code = "from signlang_widgets.networks.activations import record\nboth = record(model, images[[0, 2]])['0'][:, 3, 2, 4]\nprint(float(both[0] - both[1]))"
    assert float(spoken.rpartition("about ")[2]) == pytest.approx(float(notebook.python(code)), abs=0.02)
    explorer.get_by_role("button", name="Stop comparing").click()
    notebook.wait_for_python("explorer.compare_image", "None")
    explorer.get_by_role("button", name="Compare").click()
    explorer.locator("[data-image='5']").click()
    notebook.wait_for_python("explorer.compare_image", "5")
    notebook.wait_for_python("explorer.selected_image", "0")


def test_a_kernel_is_picked_put_back_and_undone(notebook, explorer):
    notebook.python("bits = [tensor.clone() for tensor in model.state_dict().values()]")
    explorer.locator("summary", has_text="Learned kernels").click()
    assert explorer.locator(".slw-fx-kernel").count() == 6
    explorer.locator(".slw-fx-kernel").nth(4).click()
    picked = "explorer.picked_kernel and (explorer.picked_kernel['layer'], explorer.picked_kernel['channel'], explorer.picked_kernel['in_channel'])"
    notebook.wait_for_python(picked, "('0', 4, 0)")
    notebook.wait_for_python("explorer.edited_kernel == model[0].weight[4, 0].tolist()", "True")
    put_back = explorer.get_by_role("button", name="Put the edited kernel back")
    assert put_back.is_disabled()
    scores = explorer.locator(".slw-fx-bars").inner_text()
    notebook.python("explorer.edited_kernel = torch.full((3, 3), -3.0)")
    put_back.click()
    notebook.wait_for_python("model[0].weight[4, 0].tolist()", str([[-3.0] * 3] * 3))
    notebook.page.wait_for_function(
        "(before) => document.querySelector('.slw-fx-bars').innerText !== before", arg=scores
    )
    explorer.get_by_role("button", name="Measure the accuracy").click()
    explorer.locator(".slw-fx-verdict", has_text="of 40 images").wait_for()
    after = float(notebook.python("print(slw.evaluate(model, split).accuracy)"))
    assert f"{100 * after:.2f} %" in explorer.locator(".slw-fx-verdict").inner_text()
    explorer.get_by_role("button", name="Undo: restore the kernel").click()
    notebook.wait_for_python("all(torch.equal(a, b) for a, b in zip(bits, model.state_dict().values()))", "True")
    notebook.page.wait_for_function(
        "(before) => document.querySelector('.slw-fx-bars').innerText === before", arg=scores
    )


def test_kernels_over_another_input_map(notebook, explorer):
    explorer.locator("summary", has_text="Learned kernels").click()
    explorer.locator("[data-control='kernels'] select").select_option("3")
    assert explorer.locator(".slw-fx-kernel").count() == 4
    explorer.locator(".slw-fx-kernels .slw-number").fill("5")
    notebook.page.keyboard.press("Tab")
    explorer.locator(".slw-fx-kernel").nth(1).click()
    notebook.wait_for_python(
        "explorer.picked_kernel and explorer.picked_kernel['kernel'] == model[3].weight[1, 5].tolist()", "True"
    )


def test_letters_filter_the_strip(notebook, explorer):
    explorer.locator("[data-control='letter'] select").select_option("B")
    notebook.wait_for_python("explorer.letter", "B")
    names = explorer.locator("[role='option']").evaluate_all(
        "all => all.map(el => el.getAttribute('aria-label').split(', ')[1])"
    )
    assert set(names) == {"B"}
    explorer.locator("[role='option']").first.focus()
    notebook.page.keyboard.press("ArrowRight")
    notebook.wait_for_python("explorer.selected_image", "4")


def test_the_scrubber_shows_an_earlier_epoch(notebook):
    code = SETUP.replace(
        "explorer = slw.FeatureExplorer(model, split)",
        "import tempfile\ntrainer = slw.Trainer(model, slw.SignMNIST(split, split), epochs=2, folder=tempfile.mkdtemp())\n"
        "trainer.run()\nbits = [t.clone() for t in model.state_dict().values()]\n"
        "explorer = slw.FeatureExplorer(model, split, trainer=trainer)",
    )
    explorer = show(notebook, code)
    thumbs = explorer.evaluate(THUMBS)
    slider = explorer.get_by_label("Epoch")
    slider.focus()
    notebook.page.keyboard.press("Home")
    notebook.wait_for_python("explorer.epoch", "0")
    changed(notebook.page, explorer, THUMBS, thumbs)
    assert "before training" in explorer.locator("[data-control='epoch']").inner_text()
    notebook.wait_for_python("all(torch.equal(a, b) for a, b in zip(bits, model.state_dict().values()))", "True")
    slider.focus()
    notebook.page.keyboard.press("End")
    notebook.wait_for_python("explorer.epoch", "None")


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


def test_teachers_hide_and_lock(notebook):
    explorer = show(
        notebook,
        SETUP.replace(
            "FeatureExplorer(model, split)",
            "FeatureExplorer(model, split, hide=['kernels', 'order'], lock=['cover', 'images'])",
        ),
    )
    assert explorer.locator("summary", has_text="Learned kernels").is_hidden()
    assert explorer.locator("[data-control='order']").is_hidden()
    assert explorer.get_by_role("button", name="Cover a square").is_disabled()
    explorer.locator("[data-image='3']").click()
    notebook.wait_for_python("explorer.selected_image", "0")


def test_notebook_keys_are_not_stolen(notebook, explorer):
    cells = notebook.page.evaluate("document.querySelectorAll('.jp-Notebook .jp-Cell').length")
    for place in [".slw-fx-mosaic", ".slw-fx-input", "[role='option'][tabindex='0']", ".slw-fx-layer[tabindex='0']"]:
        explorer.locator(place).first.focus()
        for key in ["a", "b", "d", "d", "Shift+Enter"]:
            notebook.page.keyboard.press(key)
    assert notebook.page.evaluate("document.querySelectorAll('.jp-Notebook .jp-Cell').length") == cells


def test_two_views_show_the_same(notebook, explorer):
    notebook.show(SETUP.replace("\nexplorer\n", "\ndisplay(explorer)\ndisplay(explorer)\n"), ROOT)
    views = notebook.page.locator(ROOT)
    views.nth(1).wait_for()
    views.nth(0).locator(".slw-fx-layer").nth(2).click()
    notebook.page.wait_for_function(
        f"[...document.querySelectorAll('{ROOT}')].every(el => el.querySelectorAll('.slw-fx-layer')[2].ariaChecked === 'true')"
    )


def test_running_again_leaves_no_comm(notebook, explorer):
    count = "import ipywidgets; print(len(getattr(ipywidgets.Widget, '_active_widgets', None) or ipywidgets.widgets.widget._instances))"
    before = notebook.python(count)
    for _ in range(3):
        show(notebook, SETUP)
    assert notebook.python(count) == before


def test_a_page_of_its_own_stays_alive(notebook, explorer, page, tmp_path):
    notebook.python("explorer.layer = '0'")
    target = tmp_path / "page.html"
    notebook.python(f"explorer.to_html({str(target)!r})")
    page.context.set_offline(True)
    page.goto(target.as_uri())
    view = page.locator(ROOT)
    first = view.evaluate(TILES)
    view.locator(".slw-fx-layer").nth(3).click()
    changed(page, view, TILES, first)
    for control, value in (("colour_range", "map"), ("order", "strength")):
        before = view.evaluate(TILES)
        view.locator(f"[data-control='{control}'] select").select_option(value)
        changed(page, view, TILES, before)
    before = view.evaluate(TILES)
    view.get_by_label("Zoom of the maps").fill("4")
    changed(page, view, TILES, before)
    view.locator(".slw-fx-tiles").hover(position={"x": 10, "y": 10})
    view.locator(".slw-fx-chain", has_text="need Python").wait_for()
    assert view.get_by_role("button", name="Paint over").is_disabled()
    view.locator("[data-image='3']").click()
    assert "needs Python" in view.locator(".slw-hint").inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(notebook, explorer, page, tmp_path, scheme):
    from axe_playwright_python.sync_playwright import Axe

    target = tmp_path / "page.html"
    notebook.python(f"explorer.to_html({str(target)!r})")
    page.emulate_media(color_scheme=scheme)
    page.goto(target.as_uri())
    page.locator(".slw-fx-kernels summary").click()
    found = [*Axe().run(page, context=ROOT).response["violations"]]
    if scheme == "light":
        found += Axe().run(notebook.page, context=ROOT).response["violations"]
    assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found if rule["impact"] in ("serious", "critical")] == []


def test_nothing_sticks_out_at_360_pixels(notebook, explorer, page, tmp_path):
    target = tmp_path / "page.html"
    notebook.python(f"explorer.to_html({str(target)!r})")
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(target.as_uri())
    page.locator(".slw-fx-tiles").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_what_python_changed_too_quickly_is_asked_for(notebook, explorer):
    notebook.python("for i in range(30): explorer.selected_image = i % 40")
    notebook.python("explorer.selected_image = 31")
    notebook.wait_for_python("explorer.maps['image']", "31")
    expected = float(notebook.python("print(model(images[31:32] / 255)[0, 1].item())"))
    notebook.page.wait_for_function(
        "([el, value]) => Math.abs(Number(el.textContent.replace('\u2212', '-')) - value) < 0.0051",
        arg=[explorer.locator(".slw-fx-value").nth(1).element_handle(), expected],
    )


def test_the_second_image_stands_beside_the_first(notebook, explorer):
    notebook.wait_for_python("explorer.dead is not None", "True")
    explorer.get_by_role("progressbar", include_hidden=True).wait_for(state="hidden")
    height = explorer.evaluate("el => el.clientHeight")
    notebook.python("explorer.compare_image = 7")
    explorer.locator("figcaption", has_text="less image 7").wait_for()
    pixels = "el => [...el.querySelector('.slw-fx-other').getContext('2d').getImageData(0, 0, 14, 12).data].filter((_, i) => i % 4 === 0)"
    assert explorer.evaluate(pixels) == json.loads(
        notebook.python("print(json.dumps(images[7, 0].flatten().tolist()))")
    )
    assert explorer.evaluate("el => el.clientHeight") == height
    with_names = explorer.locator(".slw-fx-second").first
    assert with_names.is_visible()


def test_a_large_network_comes_layer_by_layer(notebook):
    code = SETUP.replace(
        "explorer = slw.FeatureExplorer(model, split)",
        """
model = torch.nn.Sequential(torch.nn.Conv2d(3, 90, 3), torch.nn.ReLU(), torch.nn.Conv2d(90, 120, 3), torch.nn.Flatten())
images = torch.rand(4, 3, 60, 64)
explorer = slw.FeatureExplorer(model, images)""",
    )
    explorer = show(notebook, code)
    before = explorer.evaluate(TILES)
    explorer.locator(".slw-fx-layer").nth(2).click()
    changed(notebook.page, explorer, TILES, before)
    assert "101 to 120" not in explorer.locator(".slw-fx-pages").inner_text()
    before = explorer.evaluate(TILES)
    explorer.get_by_role("button", name="Later maps").click()
    changed(notebook.page, explorer, TILES, before)
    assert "101 to 120 of 120" in explorer.locator(".slw-fx-pages").inner_text()
    assert explorer.locator(".slw-fx-scores").is_hidden()
    walk_to(explorer, notebook.page, 3, 2, 4)
    head = explorer.locator(".slw-fx-chain h3", has_text="map 103, row ")
    head.wait_for()
    place = [int(n) for n in re.findall(r"\d+", head.inner_text())[-3:]]
    expected = float(notebook.python(f"print(explorer.activations['2'][{place[0]}, {place[1]}, {place[2]}].item())"))
    assert numbers(explorer.locator(".slw-fx-step .slw-sum").last.inner_text())[-1] == pytest.approx(expected, abs=1e-4)
