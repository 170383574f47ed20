"""The pooling stepper in a real JupyterLab: act in the page and ask Python, act in Python and read the page."""

import pytest

from .stepping import cell_centre, held, output, state, wait_for_step

SETUP = """
import torch
import signlang_widgets as slw
stepper = slw.PoolingStepper()
stepper
"""
VIEW = ".slw-pooling-stepper"
MARKS = "el => el.querySelector('.slw-stage-inputs .slw-plane-marks').getAttribute('d')"


@pytest.fixture
def stepper(notebook):
    return notebook.show(SETUP, VIEW)


def winners_marked(view):
    """How many rings lie on the image."""
    return view.evaluate(MARKS).count("M")


def test_a_step_says_its_maximum(notebook, stepper):
    output(stepper).focus()
    notebook.page.keyboard.press("ArrowRight")
    notebook.wait_for_python("stepper.step, stepper.value", "1 8.0")
    shown = state(stepper)
    assert shown["spoken"] == "row 1, column 2: maximum of 6, 8, 3, 1 is 8"
    assert shown["line"] == "maximum of 6, 8, 3, 1 = 8"
    assert shown["output"] == ["5", "8", "", ""]
    assert shown["window"] == "M2 0h2v2h-2z"


def test_winners_stay_marked_and_ties_are_said(notebook, stepper):
    output(stepper).focus()
    notebook.page.keyboard.press("End")
    wait_for_step(stepper, "step 4 of 4")
    assert winners_marked(stepper) == 4
    assert state(stepper)["spoken"].endswith("is 4, a tie: 4 stands 3 times, the first wins")
    notebook.page.keyboard.press("ArrowLeft")
    assert winners_marked(stepper) == 3
    stepper.get_by_label("Who won").uncheck()
    assert winners_marked(stepper) == 1
    ringed = stepper.locator(".slw-chain .slw-numbers span").evaluate_all(
        "cells => cells.map(c => c.style.borderRadius)"
    )
    assert ringed == ["", "", "", "50%"]


def test_the_average_adds_up_and_counts_padding(notebook, stepper):
    stepper.get_by_label("Keep").select_option("average")
    notebook.wait_for_python("stepper.mode, stepper.value", "average 2.75")
    assert state(stepper)["line"] == "(1 + 3 + 5 + 2) / 4 = 11 / 4 = 2.75"
    stepper.get_by_label("Padding").fill("1")
    notebook.wait_for_python("stepper.value", "0.25")
    assert state(stepper)["line"] == "(0 + 0 + 0 + 1) / 4 = 1 / 4 = 0.25"
    assert winners_marked(stepper) == 0


@pytest.mark.parametrize("mode", ["max", "average"])
def test_what_the_page_shows_is_torch_s_output(notebook, mode):
    code = f"""
import torch
import signlang_widgets as slw
image = torch.randint(-9, 10, (7, 9), generator=torch.Generator().manual_seed(3)) * 12
stepper = slw.PoolingStepper(image, size=4, stride=3, padding=2, ceil_mode=True, mode={mode!r})
stepper
"""
    stepper = notebook.show(code, VIEW)
    output(stepper).focus()
    notebook.page.keyboard.press("End")
    expected = held(notebook, "stepper")
    wait_for_step(stepper, f"step {len(expected)} of {len(expected)}")
    values = [float(text.replace("\u2212", "-")) for text in state(stepper)["output"]]
    assert values == pytest.approx(expected, rel=5e-3)


def test_cells_left_over_are_shown_and_ceil_takes_them_in(notebook):
    code = SETUP.replace("PoolingStepper()", "PoolingStepper(torch.arange(35.0).reshape(5, 7))")
    stepper = notebook.show(code, VIEW)
    caption = stepper.locator(".slw-stage-inputs figcaption")
    assert caption.inner_text() == "image 5\u00d77, 1 row and 1 column left over"
    assert stepper.locator(".slw-zone-left").count() == 2
    stepper.get_by_label("Ceil").check()
    wait_for_step(stepper, "step 1 of 12")
    notebook.wait_for_python("stepper.output.shape", "torch.Size([3, 4])")
    assert caption.inner_text() == "image 5\u00d77"
    assert (stepper.locator(".slw-zone-left").count(), stepper.locator(".slw-zone-beyond").count()) == (0, 2)


def test_what_does_not_fit_says_why(notebook, stepper):
    stepper.get_by_label("Size").fill("5")
    said = "The window spans 5 cells, the padded image has 4: floor((4 + 2\u00b70 \u2212 1\u00b7(5 \u2212 1) \u2212 1) / 5) + 1 = 0."
    assert state(stepper)["hint"].startswith(said)
    stepper.get_by_label("Padding").fill("2")
    assert state(stepper)["hint"].startswith("Padding is at most half the size: 1 for 2\u00d72.")
    notebook.wait_for_python("stepper.size, stepper.padding", "2 0")


def test_predict_right_and_wrong(notebook):
    stepper = notebook.show(SETUP.replace("PoolingStepper()", "PoolingStepper(predict=True)"), VIEW)
    field = stepper.get_by_label("Value at row 1, column 1")
    for answer, words in [
        ("2.75", "That is the average"),
        ("1", "That is the smallest"),
        ("6", "Wrong window: yours lies 1 cell"),
    ]:
        field.fill(answer)
        field.press("Enter")
        assert state(stepper)["hint"].startswith(words)
    field.fill("5")
    stepper.get_by_role("button", name="Check").click()
    assert state(stepper)["hint"].startswith("Right: 5.")
    notebook.wait_for_python("stepper.asked, stepper.correct", "1 0")
    stepper.get_by_role("button", name="Next").click()
    stepper.get_by_role("button", name="Show it").click()
    assert state(stepper)["hint"] == "It is 8."
    notebook.wait_for_python("stepper.asked, stepper.correct, stepper.step", "2 0 1")


def test_pooling_follows_convolution_while_its_bias_changes(notebook):
    code = """
import torch, traitlets
import signlang_widgets as slw
convolution = slw.ConvolutionStepper(torch.arange(35.0).reshape(5, 7), [[1, 0], [0, -1]])
pooling = slw.PoolingStepper()
traitlets.dlink((convolution, "output"), (pooling, "image"))
display(convolution)
display(pooling)
"""
    first = notebook.show(code, ".slw-convolution-stepper")
    second = notebook.page.locator(VIEW)
    wait_for_step(second, "step 1 of 6")
    assert state(second)["line"].startswith("maximum of \u22128, \u22128, \u22128, \u22128 = \u22128")
    first.get_by_label("Bias").fill("10")
    second.locator(".slw-sum", has_text="maximum of 2, 2, 2, 2 = 2").wait_for()
    first.get_by_label("Stride").fill("2")
    wait_for_step(second, "step 1 of 1")
    notebook.wait_for_python("pooling.step, tuple(pooling.output.shape)", "0 (1, 1)")


def test_step_back_after_play_and_scrub(notebook):
    code = SETUP.replace("PoolingStepper()", "PoolingStepper(torch.rand(26, 24))")
    stepper = notebook.show(code, VIEW)
    stepper.get_by_role("button", name="Play").click()
    notebook.page.wait_for_function("parseInt(document.querySelector('.slw-step-words').textContent.split(' ')[1]) > 3")
    notebook.page.mouse.move(*cell_centre(output(stepper), 6, 5, 13, 12))
    notebook.wait_for_python("stepper.position", "(6, 5)")
    stepper.get_by_role("button", name="Back one").click()
    notebook.wait_for_python("stepper.position", "(6, 4)")
    stepper.get_by_role("slider", name="Step").fill("156")
    notebook.wait_for_python("stepper.step", "155")
    assert winners_marked(stepper) == 156


def test_two_views_of_one_model_agree(notebook):
    notebook.show(SETUP.replace("\nstepper\n", "\ndisplay(stepper)\ndisplay(stepper)\n"), VIEW)
    views = notebook.page.locator(VIEW)
    views.nth(1).wait_for()
    views.first.get_by_label("Who won").uncheck()
    views.nth(1).get_by_role("button", name="Last").click()
    notebook.wait_for_python("stepper.step", "3")
    assert state(views.first) | {"hint": ""} == state(views.nth(1)) | {"hint": ""}
    assert not views.nth(1).get_by_label("Who won").is_checked()


def test_axe_finds_nothing_serious(notebook, stepper):
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(notebook.page, context=VIEW).response["violations"]
    assert [rule["id"] for rule in found if rule["impact"] in ("serious", "critical")] == []


def test_the_exported_page_is_alive_with_the_network_cut(page, tmp_path):
    import signlang_widgets as slw

    page.context.set_offline(True)
    page.goto(slw.PoolingStepper().to_html(tmp_path / "stepper.html").as_uri())
    stepper = page.locator(VIEW)
    stepper.get_by_role("button", name="Last").click()
    stepper.get_by_label("Keep").select_option("average")
    assert state(stepper)["line"] == "(4 + 4 + 4 + 2) / 4 = 14 / 4 = 3.5"
