"""Maps, numbers and layers in a real JupyterLab: act in the page and ask Python, act in Python and look at the page."""

import json
import re

import pytest

from .exploring import COUNT_SENT, SETUP, THUMBS, TILES, changed, layer, numbers, original, show, walk_to


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
