"""Walking a stepper in a real JupyterLab: keys, buttons, play, scrub bar, pointer; Python hears where it stands."""

import pytest

from .convolution import HAND, SETUP, VIEW
from .stepping import cell_centre, output, state, wait_for_step


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


def test_touch_jumps_too(notebook):
    stepper = notebook.show(HAND, VIEW)
    x, y = cell_centre(output(stepper), 3, 4, 24, 22)
    for kind in ["pointerdown", "pointermove", "pointerup"]:
        output(stepper).dispatch_event(kind, {"pointerType": "touch", "clientX": x, "clientY": y, "bubbles": True})
    notebook.wait_for_python("stepper.step", "0")
    output(stepper).dispatch_event("click", {"clientX": x, "clientY": y, "bubbles": True})
    notebook.wait_for_python("stepper.position", "(3, 4)")


def test_reduced_motion_starts_slowly(page, tmp_path):
    import signlang_widgets as slw

    page.emulate_media(reduced_motion="reduce")
    page.goto(slw.ConvolutionStepper().to_html(tmp_path / "stepper.html").as_uri())
    assert page.get_by_label("Speed").input_value() == "1"
