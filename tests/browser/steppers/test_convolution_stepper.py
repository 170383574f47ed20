"""The convolution stepper in a real JupyterLab: act in the page and ask Python, act in Python and read the page."""

import pytest

from .stepping import cell_centre, held, output, state, wait_for_step

SETUP = """
import torch
import signlang_widgets as slw
stepper = slw.ConvolutionStepper()
stepper
"""
HAND = """
import torch
import signlang_widgets as slw
hand = torch.randint(0, 256, (28, 26), dtype=torch.uint8, generator=torch.Generator().manual_seed(0))
stepper = slw.ConvolutionStepper(hand, "vertical")
stepper
"""
VIEW = ".slw-convolution-stepper"


@pytest.fixture
def stepper(notebook):
    return notebook.show(SETUP, VIEW)


def test_keys_walk_forward_and_back(notebook, stepper):
    output(stepper).focus()
    expected = [("ArrowRight", 1), ("ArrowDown", 3), ("ArrowLeft", 2), ("Home", 0), ("End", 3), ("ArrowUp", 1)]
    for key, step in expected:
        notebook.page.keyboard.press(key)
        wait_for_step(stepper, f"step {step + 1} of 4")
        notebook.wait_for_python("stepper.step", str(step))
    assert state(stepper)["line"] == "0 + 2 + 8 + 15 = 25"
    assert state(stepper)["spoken"] == "row 1, column 2: 0 plus 2 plus 8 plus 15 is 25"
    assert state(stepper)["output"] == ["19", "25", "", ""]
    notebook.wait_for_python("stepper.position, stepper.value", "(0, 1) 25.0")


def test_the_buttons_do_what_the_keys_do(notebook, stepper):
    for name, step in [("Last", 3), ("Back one", 2), ("Row back", 0), ("Step on", 1), ("Row on", 3), ("First", 0)]:
        stepper.get_by_role("button", name=name).click()
        notebook.wait_for_python("stepper.step", str(step))


def test_step_back_after_play(notebook):
    stepper = notebook.show(HAND, VIEW)
    stepper.get_by_label("Speed").select_option("30")
    output(stepper).focus()
    notebook.page.keyboard.press("Space")
    stepper.get_by_role("button", name="Pause").wait_for()
    notebook.page.wait_for_function(
        "parseInt(document.querySelector('.slw-step-words').textContent.split(' ')[1]) > 15"
    )
    notebook.page.keyboard.press("Space")
    stepper.get_by_role("button", name="Play").wait_for()
    paused = int(state(stepper)["step"].split()[1])
    notebook.wait_for_python("stepper.step", str(paused - 1))
    notebook.page.keyboard.press("ArrowLeft")
    notebook.wait_for_python("stepper.step", str(paused - 2))


def test_playing_fills_the_output_and_stops_at_the_end(notebook, stepper):
    stepper.get_by_label("Speed").select_option("30")
    stepper.get_by_role("button", name="Play").click()
    notebook.wait_for_python("stepper.step", "3")
    stepper.get_by_role("button", name="Play").wait_for()
    assert state(stepper)["output"] == ["19", "25", "37", "43"]


def test_scrubbing_jumps(notebook):
    stepper = notebook.show(HAND, VIEW)
    stepper.get_by_role("slider", name="Step").fill("200")
    wait_for_step(stepper, "step 200 of 528")
    notebook.wait_for_python("stepper.step", "199")
    assert stepper.get_by_role("slider").get_attribute("aria-valuetext") == "step 200 of 528: row 10, column 2"


def test_pointing_at_either_grid_jumps_and_pauses(notebook):
    stepper = notebook.show(HAND, VIEW)
    stepper.get_by_role("button", name="Play").click()
    page = notebook.page
    page.mouse.move(*cell_centre(output(stepper), 5, 7, 24, 22))
    notebook.wait_for_python("stepper.position", "(5, 7)")
    stepper.get_by_role("button", name="Play").wait_for()
    page.mouse.move(*cell_centre(stepper.locator(".slw-stage-inputs .slw-plane-frame"), 12, 9, 28, 26))
    notebook.wait_for_python("stepper.position", "(10, 7)")
    page.mouse.click(*cell_centre(output(stepper), 23, 21, 24, 22))
    notebook.wait_for_python("stepper.step", "527")


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


def test_playing_tells_python_at_most_ten_times_a_second(notebook):
    stepper = notebook.show(HAND, VIEW)
    notebook.python("heard = []\nstepper.observe(lambda change: heard.append(change.new), 'step')")
    stepper.get_by_label("Speed").select_option("120")
    seconds = notebook.page.evaluate(
        """async () => {
          const words = document.querySelector('.slw-step-words');
          const start = performance.now();
          document.querySelector('.slw-play').click();
          while (!words.textContent.startsWith('step 528')) await new Promise(requestAnimationFrame);
          return (performance.now() - start) / 1000;
        }"""
    )
    notebook.wait_for_python("heard[-1]", "527")
    assert 10 < int(notebook.python("print(len(heard))")) <= 10 * seconds + 2


def test_notebook_keys_are_not_stolen_and_escape_leaves(notebook, stepper):
    count = "document.querySelectorAll('.jp-Notebook .jp-Cell').length"
    cells = notebook.page.evaluate(count)
    output(stepper).focus()
    for key in ["a", "b", "d", "d", "Shift+Enter"]:
        notebook.page.keyboard.press(key)
    assert notebook.page.evaluate(count) == cells
    notebook.page.keyboard.press("Escape")
    assert notebook.page.evaluate("document.activeElement.closest('.slw')") is None


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


def test_touch_jumps_too(notebook):
    stepper = notebook.show(HAND, VIEW)
    x, y = cell_centre(output(stepper), 3, 4, 24, 22)
    for kind in ["pointerdown", "pointermove", "pointerup"]:
        output(stepper).dispatch_event(kind, {"pointerType": "touch", "clientX": x, "clientY": y, "bubbles": True})
    notebook.wait_for_python("stepper.step", "0")
    output(stepper).dispatch_event("click", {"clientX": x, "clientY": y, "bubbles": True})
    notebook.wait_for_python("stepper.position", "(3, 4)")


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


def test_reduced_motion_starts_slowly(page, tmp_path):
    import signlang_widgets as slw

    page.emulate_media(reduced_motion="reduce")
    page.goto(slw.ConvolutionStepper().to_html(tmp_path / "stepper.html").as_uri())
    assert page.get_by_label("Speed").input_value() == "1"
