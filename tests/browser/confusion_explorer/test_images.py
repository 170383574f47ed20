"""The explorer's images in a real JupyterLab: which come, in which order, at what pace, and what is done with them."""

import json

import pytest

from tests.networks.confusion_cases import NAMES

from .explorer_page import MADE, SETUP, click, heading, tiles


def test_another_order(notebook, explorer):
    click(notebook, explorer, -1, 3)
    for value, indices in [("confidence true", [9, 10, 8, 11]), ("loss true", [9, 8, 11, 10])]:
        explorer.get_by_label("Sort").select_option(value)
        tiles(explorer, *indices)
        notebook.wait_for_python("explorer.selection.tolist()", str(indices))
    notebook.python("explorer.descending = False; explorer.sort = 'margin'")
    tiles(explorer, 11, 8, 10, 9)
    assert explorer.get_by_label("Sort").input_value() == "margin false"


def test_an_opened_image_tells_torchs_probabilities(notebook, explorer):
    click(notebook, explorer, 2, 3)
    tiles(explorer, 8, 9)
    explorer.locator(".slw-tile").nth(1).click()
    explorer.get_by_text("Image 9: \u2717 true c, predicted d").wait_for()
    notebook.wait_for_python("explorer.selected_image", "9")
    expected = json.loads(
        notebook.python(
            "v = explorer._confusions.evaluation.probabilities[9].topk(5); print([v.indices.tolist(), v.values.tolist()])"
        )
    )
    names = explorer.locator(".slw-detail-name").all_inner_texts()
    shares = explorer.locator(".slw-detail-share").all_inner_texts()
    assert dict(zip(names, shares, strict=True)) == {
        NAMES[c]: f"{100 * share:.1f} %" for c, share in zip(*expected, strict=True)
    }
    assert names[0] == "d"
    assert explorer.locator(".slw-detail-bars li", has_text="true").locator(".slw-detail-name").inner_text() == "c"
    near = explorer.locator(".slw-near").evaluate_all("els => els.map(el => Number(el.dataset.index))")
    assert near == [7, 10, 11]
    explorer.locator(".slw-near").first.click()
    explorer.get_by_text("Image 7: \u2713 c, read correctly").wait_for()
    explorer.get_by_role("button", name="Close").click()
    notebook.wait_for_python("explorer.selected_image", "None")


def test_arrows_walk_between_images_enter_opens_escape_goes_back(notebook, explorer):
    notebook.python("explorer.pinned = ('a', None)")
    tiles(explorer, 2, 1, 3, 0)
    explorer.get_by_role("listbox").focus()
    press = notebook.page.keyboard.press
    press("ArrowRight")
    press("ArrowRight")
    active = explorer.get_by_role("listbox").get_attribute("aria-activedescendant")
    option = explorer.locator(f"#{active}")
    assert [option.get_attribute(name) for name in ("aria-posinset", "aria-setsize")] == ["3", "4"]
    assert "a \u2192 b" in option.get_attribute("aria-label")
    press("Enter")
    notebook.wait_for_python("explorer.selected_image", "3")
    press("Escape")
    notebook.wait_for_python("explorer.selected_image", "None")
    press("Escape")
    assert explorer.get_by_role("grid").evaluate("el => el === document.activeElement")


def test_flags_reach_python_and_survive_another_run(notebook, explorer):
    notebook.python("explorer.pinned = (2, 3)")
    tiles(explorer, 8, 9)
    explorer.locator(".slw-tile").first.click()
    explorer.get_by_role("button", name="Wrong label?").click()
    explorer.locator(".slw-tile-flag", has_text="wrong label?").wait_for()
    notebook.wait_for_python(
        "explorer.flagged[['index', 'flag']].to_csv(index=False).split()[1:]", "['8,wrong', 'label?']"
    )
    again = SETUP.replace("kept_flags._kept.clear()", "")
    view = notebook.show(again.replace("five_classes())", "five_classes(), pinned=(2, 3), selected_image=8)"))
    view.locator(".slw-tile-flag", has_text="wrong label?").wait_for()
    assert view.get_by_role("button", name="Wrong label?").get_attribute("aria-pressed") == "true"
    view.get_by_role("button", name="No flag").click()
    notebook.wait_for_python("explorer.flags", "{}")


def test_the_open_image_is_linked_to_another_widget(notebook):
    view = notebook.show(
        SETUP.replace(
            "\nexplorer\n",
            "\nimport traitlets, ipywidgets\nother = ipywidgets.IntText()\nexplorer.selected_image = 0\n"
            "link = traitlets.link((explorer, 'selected_image'), (other, 'value'))\nipywidgets.VBox([explorer, other])\n",
        ),
        ".slw-confusion-explorer",
    )
    view.get_by_text("Image 0: ").wait_for()
    notebook.python("explorer.pinned = (2, 3)")
    tiles(view, 8, 9)
    view.locator(".slw-tile").first.click()
    notebook.wait_for_python("other.value", "8")
    field = notebook.page.locator("input[type='number']")
    field.fill("4")
    field.press("Enter")
    view.get_by_text("Image 4: \u2713 b, read correctly").wait_for()


def test_every_image_of_a_large_cell_is_reached_by_scrolling(notebook):
    code = SETUP.replace(MADE, "explorer = slw.ConfusionExplorer(*random_case(900, 2), pinned=(0, None))")
    view = notebook.show(code, ".slw-confusion-explorer")
    wanted = json.loads(notebook.python("print(explorer.selection.tolist())"))
    box = view.get_by_role("listbox")
    found = {}
    for top in range(0, box.evaluate("el => el.scrollHeight"), box.evaluate("el => el.clientHeight")):
        box.evaluate("(el, top) => { el.scrollTop = top; el.dispatchEvent(new Event('scroll')); }", top)
        seen = notebook.page.wait_for_function(
            """el => {
              const seen = [...el.querySelectorAll('.slw-tile')].map(tile => [tile.dataset.place, tile.dataset.index]);
              return seen.every(([, index]) => index) && seen;
            }""",
            arg=box.element_handle(),
        ).json_value()
        assert len(seen) < 60
        found |= {int(place): int(index) for place, index in seen}
    assert [found.get(i) for i in range(len(wanted))] == wanted


def test_a_cell_longer_than_a_page_can_be_is_reached_to_its_end(notebook):
    code = """
labels = torch.zeros(400_000, dtype=torch.int64)
evaluation = slw.Evaluation.from_scores(labels, torch.randn(400_000, 2, generator=torch.Generator().manual_seed(0)))
explorer = slw.ConfusionExplorer(evaluation, torch.zeros(400_000, 5, 7, dtype=torch.uint8), pinned=(0, None))
"""
    view = notebook.show(SETUP.replace(MADE, code), ".slw-confusion-explorer")
    box = view.get_by_role("listbox")
    assert box.evaluate("el => el.scrollHeight") <= 8_000_000
    box.focus()
    notebook.page.keyboard.press("End")
    box.locator("[aria-posinset='400000']").wait_for()
    notebook.page.keyboard.press("Enter")
    notebook.wait_for_python("explorer.selected_image == explorer.selection[-1]", "True")


def test_fast_scrolling_asks_at_a_civil_pace(notebook):
    code = "explorer = slw.ConfusionExplorer(*random_case(5000, 2), pinned=(0, None))\nsent, send = [], explorer.send\nexplorer.send = lambda *a: (sent.append(sum(map(len, a[1]))), send(*a))"
    view = notebook.show(SETUP.replace(MADE, code), ".slw-confusion-explorer")
    view.locator(".slw-tile[data-index]").first.wait_for()
    seconds = view.get_by_role("listbox").evaluate(
        """async el => {
          const begin = performance.now();
          for (let i = 0; i < 120; i++) {
            el.scrollTop += 200;
            await new Promise(requestAnimationFrame);
          }
          return (performance.now() - begin) / 1000;
        }"""
    )
    notebook.page.wait_for_function(
        "el => [...el.querySelectorAll('.slw-tile')].every(tile => tile.dataset.index)", arg=view.element_handle()
    )
    sizes = json.loads(notebook.python("print(sent)"))
    assert len(sizes) <= 7 * seconds + 4
    assert max(sizes) < 300_000


def test_a_cell_seen_before_needs_no_python(notebook, explorer):
    notebook.python(
        "sent, send = [], explorer.send\nexplorer.send = lambda *a: (sent.append('start' in a[0] and 'tiles'), send(*a))"
    )
    for row, column, indices in [(2, 3, [8, 9]), (0, 1, [2, 3]), (2, 3, [8, 9]), (0, 1, [2, 3])]:
        click(notebook, explorer, row, column)
        tiles(explorer, *indices)
    assert notebook.python("print(sent)") == "['tiles', 'tiles']"


def test_update_keeps_the_pin_and_shows_the_new_images(notebook, explorer):
    click(notebook, explorer, 0, 0)
    tiles(explorer, 1, 0)
    notebook.python("explorer.update(slw.Evaluation.from_scores(TRUE, torch.eye(5)[TRUE]))")
    tiles(explorer, 0, 1, 2, 3)
    heading(explorer, "a, read correctly: 4 images")
    assert (
        explorer.get_by_role("group", name="Most confused").inner_text()
        == "No mistakes: every image was read correctly."
    )


def test_names_are_text_never_markup(notebook):
    code = """
evaluation, split = five_classes()
names = ["<img src=x onerror=alert(1)>", "<b>b</b>", "c", "d", "e"]
explorer = slw.ConfusionExplorer(evaluation, slw.LabelledImages(split.images, split.labels, names), pinned=(0, 1), selected_image=2)
"""
    view = notebook.show(SETUP.replace(MADE, code), ".slw-confusion-explorer")
    heading(view, "true <img src=x onerror=alert(1)>, predicted <b>b</b>: 2 images")
    view.locator(".slw-detail-name", has_text="<b>b</b>").wait_for()
    assert view.locator("img, .slw-tile b, .slw-detail b").count() == 0


@pytest.mark.parametrize("shape", ["(1, 5, 7)", "(3, 5, 7)"])
def test_pictures_are_the_images_pixels(notebook, shape):
    code = f"explorer = slw.ConfusionExplorer(*random_case(40, 2, shape={shape}), pinned=(0, 1))"
    view = notebook.show(SETUP.replace(MADE, code), ".slw-confusion-explorer")
    first = view.locator(".slw-tile[data-index] canvas").first
    first.wait_for()
    data = first.evaluate("c => Array.from(c.getContext('2d').getImageData(0, 0, c.width, c.height).data)")
    expected = json.loads(
        notebook.python(
            "i = explorer.selection[0]; p = explorer._confusions.pixels[i].expand(3, 5, 7).permute(1, 2, 0); print(p.tolist())"
        )
    )
    assert [data[i : i + 3] for i in range(0, len(data), 4)] == [pixel for row in expected for pixel in row]
