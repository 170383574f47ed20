"""One module, several models, several views; and front ends whose model refuses to save, to send or to forget."""

import pytest

from tests.browser.kernel_editor.editing import cell
from tests.browser.steppers.stepping import output, wait_for_step

from .pages import PIXELS, editor, opened, stepper

FAULTS = ["save_changes", "off", "send"]


@pytest.fixture
def errors(page):
    """What the page complains of; nothing, or the test fails."""
    found = []
    page.on("pageerror", lambda error: found.append(str(error)))
    yield found
    assert found == []


def mounted(page, folder, widget, code):
    """Open a page of the widget's class, mount views on it, return them."""
    views = opened(page, folder, widget, mount=True)
    page.evaluate(code)
    return views


def test_the_default_export_is_an_object_of_initialize_and_render(page, tmp_path):
    opened(page, tmp_path, editor(), mount=True)
    kinds = page.evaluate("Object.entries(widget).map(([name, part]) => [name, typeof part])")
    assert dict(kinds) == {"initialize": "function", "render": "function"}


def test_two_editors_of_one_module_share_nothing(page, tmp_path, errors):
    views = mounted(page, tmp_path, editor(), "for (const i of [1, 2]) mount(newModel())")
    before = views.nth(1).evaluate(PIXELS)
    cell(views.first, 0, 0).fill("9")
    assert views.first.evaluate(PIXELS) != before
    assert views.nth(1).evaluate(PIXELS) == before
    assert views.first.get_by_role("button", name="Undo").is_enabled()
    assert views.nth(1).get_by_role("button", name="Undo").is_disabled()


def test_two_views_of_one_editor_share_all(page, tmp_path, errors):
    views = mounted(page, tmp_path, editor(), "const model = newModel(); for (const i of [1, 2]) mount(model)")
    cell(views.first, 0, 0).fill("9")
    assert views.first.evaluate(PIXELS) == views.nth(1).evaluate(PIXELS)
    views.nth(1).get_by_role("button", name="Undo").click()
    assert cell(views.first, 0, 0).input_value() == "\u22121"


def test_two_steppers_of_one_module_walk_alone_and_two_views_walk_together(page, tmp_path, errors):
    code = "const shared = newModel(); for (const model of [newModel(), shared, shared]) mount(model)"
    views = mounted(page, tmp_path, stepper(), code)
    output(views.nth(1)).focus()
    page.keyboard.press("ArrowRight")
    for view, step in zip(views.all(), [1, 2, 2], strict=True):
        wait_for_step(view, f"step {step} of ")


def test_the_editor_follows_the_hand_where_the_model_refuses(page, tmp_path, errors):
    (view,) = mounted(page, tmp_path, editor(), f"globalThis.drawn = mount(newModel({FAULTS}))").all()
    before = view.evaluate(PIXELS)
    cell(view, 0, 0).fill("9")
    assert view.evaluate(PIXELS) != before
    view.get_by_role("button", name="Undo").click()
    assert view.evaluate(PIXELS) == before
    page.evaluate("drawn.dispose()")
    assert page.locator(".slw").count() == 0


def test_a_stepper_steps_where_the_model_refuses(page, tmp_path, errors):
    (view,) = mounted(page, tmp_path, stepper(), f"globalThis.drawn = mount(newModel({FAULTS}))").all()
    output(view).focus()
    page.keyboard.press("ArrowDown")
    wait_for_step(view, "step 12 of 154")
    view.get_by_label("Speed").select_option("120")
    view.get_by_role("button", name="Play").click()
    wait_for_step(view, "step 154 of 154")
    view.get_by_label("Padding").fill("1")
    wait_for_step(view, "of 208")
    page.evaluate("drawn.dispose()")
    assert page.locator(".slw").count() == 0


def test_menu_and_keyboard_work_inside_a_shadow_root(page, tmp_path, errors):
    code = "mountInShadow(document.querySelector('main').appendChild(document.createElement('section')))"
    (view,) = mounted(page, tmp_path, editor(), code).all()
    view.get_by_text("More").click()
    view.get_by_role("button", name="Transpose").click()
    assert view.locator("select").first.input_value() == "horizontal"
    view.get_by_role("button", name="Undo").focus()
    page.keyboard.press("Enter")
    focused = "document.querySelector('section').shadowRoot.activeElement.textContent"
    assert page.evaluate(focused) == "Redo"
