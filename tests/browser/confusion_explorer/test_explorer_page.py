"""The explorer in a page of its own, from disk, with no Python behind it."""

import pytest
from axe_playwright_python.sync_playwright import Axe

import signlang_widgets as slw
from signlang_widgets.widgets.common.base import Widget
from tests.networks.confusion_cases import five_classes, random_case

from .explorer_page import heading, place, tiles


@pytest.fixture
def exported(page, tmp_path):
    """A page of its own, opened from disk with the network cut; whatever it asks for or complains of is noted."""
    explorer = slw.ConfusionExplorer(*five_classes(), pinned=("a", None))
    page.notes = []
    page.context.set_offline(True)
    page.on("request", lambda request: page.notes.append(request.url))
    page.on("pageerror", lambda error: page.notes.append(str(error)))
    page.on("console", lambda message: message.type == "error" and page.notes.append(message.text))
    page.goto(explorer.to_html(tmp_path / "explorer.html").as_uri())
    page.locator(".slw-tile").first.wait_for()
    return page


def test_the_exported_page_is_alive_offline(exported):
    view = exported.locator(".slw-confusion-explorer")
    tiles(view, 2, 1, 3, 0)
    view.get_by_label("Sort").select_option("loss true")
    tiles(view, 3, 2, 1, 0)
    exported.mouse.click(*place(view, 2, 3))
    tiles(view, 9, 8)
    view.locator(".slw-tile").first.click()
    view.get_by_text("Image 9: \u2717 true c, predicted d").wait_for()
    assert view.locator(".slw-detail-bars li").count() == 5
    view.get_by_role("button", name="Unclear").click()
    view.locator(".slw-tile-flag", has_text="unclear").wait_for()
    assert exported.notes == [exported.url]


def test_the_exported_page_says_what_was_left_out(page, tmp_path, monkeypatch):
    monkeypatch.setattr("signlang_widgets.widgets.confusion_explorer.confusion_explorer.PAGE_BYTES", 20_000)
    evaluation, split = random_case(400, 2)
    explorer = slw.ConfusionExplorer(evaluation, split, pinned=(0, None))
    page.goto(explorer.to_html(tmp_path / "explorer.html").as_uri())
    inside = sum(int(t == 0) for t in evaluation.labels[explorer_page_indices(explorer)])
    heading(page.locator(".slw-confusion-explorer"), f"images, {inside} of them in this page")
    kept = len(explorer_page_indices(explorer))
    page.get_by_text(f"This page holds {kept} of 400 images: mistakes first, then the surest of the others.").wait_for()


def explorer_page_indices(explorer):
    import numpy as np

    return np.frombuffer(explorer.page_state()["preloaded"]["tiles"][0], "<i4").copy()


def test_a_stored_notebook_shows_what_was_pinned_and_says_what_it_lacks(page, tmp_path, monkeypatch):
    """Without a kernel and without the images of a page: all that JupyterLab has of a lesson not yet run."""
    monkeypatch.setattr(slw.ConfusionExplorer, "page_state", Widget.page_state)
    explorer = slw.ConfusionExplorer(*five_classes(), pinned=("c", "d"), selected_image=9)
    page.goto(explorer.to_html(tmp_path / "stored.html").as_uri())
    view = page.locator(".slw-confusion-explorer")
    tiles(view, 8, 9)
    view.get_by_text("Image 9: \u2717 true c, predicted d").wait_for()
    page.mouse.click(*place(view, 0, 1))
    view.get_by_text("Without a kernel, run this cell again").wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1000])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(page, tmp_path, scheme, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    explorer = slw.ConfusionExplorer(*random_case(300, 24, shape=(1, 28, 28)), pinned=(0, None), selected_image=3)
    explorer.flags = {3: "unclear"}
    page.goto(explorer.to_html(tmp_path / "explorer.html").as_uri())
    page.locator(".slw-tile").first.wait_for()
    found = Axe().run(page, context=".slw-confusion-explorer").response["violations"]
    assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
