"""The explorer as a guest: in a notebook, in a page of its own, beside other views, on a small screen."""

import pytest

from .exploring import ROOT, SETUP, TILES, changed, show


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
