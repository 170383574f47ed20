"""The convolution stepper in a real JupyterLab: act in the page and ask Python, act in Python and read the page."""

import pytest

from .convolution import HAND, SETUP, VIEW
from .stepping import held, output, state, wait_for_step


@pytest.fixture
def stepper(notebook):
    return notebook.show(SETUP, VIEW)


def test_what_the_page_shows_is_torch_s_output(notebook):
    code = """
import torch
import signlang_widgets as slw
torch.manual_seed(1)
image, kernel = torch.randint(-5, 9, (3, 5, 7)), torch.randint(-3, 4, (3, 3, 2))
stepper = slw.ConvolutionStepper(image, kernel, stride=2, padding=1, bias=-4, relu=True, flip=True)
stepper
"""
    stepper = notebook.show(code, VIEW)
    output(stepper).focus()
    notebook.page.keyboard.press("End")
    wait_for_step(stepper, "step 12 of 12")
    values = [float(text) for text in state(stepper)["output"]]
    assert values == held(notebook, "stepper")
    assert any(values)
    assert stepper.locator(".slw-chain .slw-products").count() == 3
    assert "\u2192 ReLU \u2192" in state(stepper)["line"]


def test_the_chain_adds_up_over_channels_bias_and_relu(notebook):
    code = """
import torch
import signlang_widgets as slw
torch.manual_seed(2)
stepper = slw.ConvolutionStepper(torch.randn(2, 5, 7), torch.randn(2, 3, 2), bias=0.3)
stepper
"""
    stepper = notebook.show(code, VIEW)
    tables = [
        row.locator(".slw-table").nth(2).locator("span") for row in stepper.locator(".slw-chain .slw-products").all()
    ]
    products = [[number(text) for text in table.all_inner_texts()] for table in tables]
    sums = [number(text.removeprefix("sum ")) for text in stepper.locator(".slw-channel-sum").all_inner_texts()]
    assert [sum(row) for row in products] == pytest.approx(sums, abs=1e-9)
    line = state(stepper)["line"]
    assert line.endswith("(rounded)")
    left, bias, total = line.removesuffix(" (rounded)").split(" = ")[1].split(" + bias ")[0], 0.3, line.split(" = ")[2]
    assert sum(sums) == pytest.approx(number(left), abs=1e-9)
    assert number(left) + bias == pytest.approx(number(total.removesuffix(" (rounded)")), abs=1e-9)


def number(text):
    return float(text.replace("\u2212", "-").replace(" ", ""))


def test_settings_change_live_and_what_does_not_fit_says_why(notebook, stepper):
    stepper.get_by_label("Padding").fill("1")
    notebook.wait_for_python("stepper.padding, tuple(stepper.output.shape)", "1 (4, 4)")
    stepper.get_by_label("Dilation").fill("5")
    said = "The kernel spans 6 cells, the padded image has 5: floor((3 + 2\u00b71 \u2212 5\u00b7(2 \u2212 1) \u2212 1) / 1) + 1 = 0."
    assert state(stepper)["hint"].startswith(said)
    assert stepper.get_by_label("Dilation").get_attribute("aria-invalid") is not None
    notebook.wait_for_python("stepper.dilation", "1")
    stepper.get_by_label("Dilation").blur()
    assert stepper.get_by_label("Dilation").input_value() == "1"
    stepper.get_by_label("Stride").fill("0")
    assert state(stepper)["hint"] == "Stride goes from 1 to 32. The old setting stays."
    stepper.get_by_label("Flip").check()
    notebook.wait_for_python("stepper.flip, float(stepper.output[1, 1])", "True 5.0")


def test_predict_right_and_wrong(notebook):
    code = SETUP.replace("ConvolutionStepper()", "ConvolutionStepper(bias=1, flip=True, predict=True)")
    stepper = notebook.show(code, VIEW)
    field = stepper.get_by_label("Value at row 1, column 1")
    assert state(stepper)["window"] == ""
    assert state(stepper)["output"] == ["?", "", "", ""]
    answers = {
        "20": "You forgot the flip",
        "5": "You forgot the bias: add 1",
        "12": "Wrong window: yours lies 1 cell too far right.",
        "99": "Not 99.",
        "x": '"x" is not a number.',
    }
    for answer, words in answers.items():
        field.fill(answer)
        field.press("Enter")
        assert state(stepper)["hint"].startswith(words)
    assert state(stepper)["output"][0] == "?"
    notebook.wait_for_python("stepper.asked, stepper.correct", "1 0")
    field.fill("6")
    field.press("Enter")
    assert state(stepper)["hint"].startswith("Right: 6.")
    assert state(stepper)["output"] == ["6", "", "", ""]
    assert state(stepper)["line"] == "0 + 2 + 3 + 0 = 5 + bias 1 = 6"
    field.press("Enter")
    second = stepper.get_by_label("Value at row 1, column 2")
    second.fill("12")
    second.press("Enter")
    notebook.wait_for_python("stepper.asked, stepper.correct, stepper.step", "2 1 1")
    assert stepper.locator(".slw-score").inner_text() == "1 of 2 right"


def test_forgotten_relu_is_named(notebook):
    code = SETUP.replace("ConvolutionStepper()", "ConvolutionStepper(bias=-30, relu=True, predict=True)")
    stepper = notebook.show(code, VIEW)
    field = stepper.get_by_label("Value at row 1, column 1")
    field.fill("-11")
    field.press("Enter")
    assert state(stepper)["hint"].startswith("You forgot ReLU")


def test_two_views_of_one_model_agree(notebook):
    notebook.show(SETUP.replace("\nstepper\n", "\ndisplay(stepper)\ndisplay(stepper)\n"), VIEW)
    views = notebook.page.locator(VIEW)
    views.nth(1).wait_for()
    notebook.python("stepper.step = 2")
    for view in views.all():
        wait_for_step(view, "step 3 of 4")
    views.first.get_by_label("Padding").fill("1")
    views.nth(1).get_by_role("button", name="Play").click()
    views.first.get_by_role("button", name="Pause").click()
    assert state(views.first) | {"hint": ""} == state(views.nth(1)) | {"hint": ""}
    ids = notebook.page.evaluate(
        "[...document.querySelectorAll('[role=grid]')].map(el => el.getAttribute('aria-activedescendant'))"
    )
    assert len(set(ids)) == 2


def test_python_sets_image_kernel_and_step(notebook, stepper):
    notebook.python("stepper.step = 3")
    wait_for_step(stepper, "step 4 of 4")
    notebook.python("stepper.image = [[1, 0], [0, 1]]")
    wait_for_step(stepper, "step 1 of 1")
    assert state(stepper)["output"] == ["3"]
    notebook.python("stepper.kernel = [[5]]")
    wait_for_step(stepper, "step 1 of 4")
    assert state(stepper)["output"] == ["5", "", "", ""]


def test_a_cell_run_again_leaves_nothing_behind(notebook, stepper):
    count = "import ipywidgets; print(len(getattr(ipywidgets.Widget, '_active_widgets', None) or ipywidgets.widgets.widget._instances))"
    notebook.show(SETUP, VIEW)
    before = notebook.python(count)
    stepper.get_by_role("button", name="Play").click()
    for _ in range(10):
        notebook.show(SETUP, VIEW)
    assert notebook.python(count) == before
    assert state(notebook.page.locator(VIEW).first)["step"] == "step 1 of 4"


def test_teachers_hide_and_lock(notebook):
    code = SETUP.replace("ConvolutionStepper()", "ConvolutionStepper(hide=['bias', 'last'], lock=['stride', 'play'])")
    stepper = notebook.show(code, VIEW)
    assert stepper.get_by_label("Bias").is_hidden()
    assert stepper.get_by_label("Stride").is_disabled()
    output(stepper).focus()
    notebook.page.keyboard.press("End")
    notebook.page.keyboard.press("Space")
    notebook.page.keyboard.press("ArrowRight")
    notebook.wait_for_python("stepper.step", "1")


def test_axe_finds_nothing_serious(notebook):
    from axe_playwright_python.sync_playwright import Axe

    for code in (SETUP, HAND.replace('"vertical"', '"vertical", predict=True')):
        notebook.show(code, VIEW)
        found = Axe().run(notebook.page, context=VIEW).response["violations"]
        assert [rule["id"] for rule in found if rule["impact"] in ("serious", "critical")] == []


def test_the_exported_page_walks_with_the_network_cut(page, tmp_path):
    import signlang_widgets as slw

    page.context.set_offline(True)
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(slw.ConvolutionStepper(predict=True).to_html(tmp_path / "stepper.html").as_uri())
    stepper = page.locator(VIEW)
    field = stepper.get_by_label("Value at row 1, column 1")
    field.fill("19")
    field.press("Enter")
    assert stepper.locator(".slw-score").inner_text() == "1 of 1 right"
    stepper.get_by_label("Predict").uncheck()
    stepper.get_by_label("Padding").fill("1")
    output(stepper).focus()
    page.keyboard.press("End")
    assert state(stepper)["step"] == "step 16 of 16"
    assert errors == []
