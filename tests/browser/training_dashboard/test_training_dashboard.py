"""The dashboard in a real JupyterLab: act in the page and ask the trainer, train in Python and look at the page."""

import io
import json
import re

import pandas as pd
import pytest

SETUP = """
import json, threading, time, torch
import signlang_widgets as slw
from torch import nn
torch.manual_seed(0)

class Net(nn.Module):
    wait = 0.0
    def __init__(self, kernels=4):
        super().__init__()
        self.pipeline = nn.Sequential(nn.Conv2d(1, kernels, (2, 3)), nn.ReLU(), nn.Flatten(), nn.Linear(kernels * 20, 3))
    def forward(self, images):
        if self.training: time.sleep(self.wait)
        return self.pipeline(images)

def split(count):
    images = torch.randint(0, 256, (count, 1, 5, 7), dtype=torch.uint8)
    return slw.LabelledImages(images, torch.arange(count) % 3, ("M", "N", "S"))

data = slw.SignMNIST(split(22), split(9))
trainer = slw.Trainer(Net(), data, epochs=3, batch_size=4, lr=0.1)
dashboard = slw.TrainingDashboard(trainer, models={"Net": Net, "two kernels": lambda: Net(2)})
"""
SHOWN = f"{SETUP}\ndashboard\n"
SLOW = SHOWN.replace("wait = 0.0", "wait = 0.02").replace("epochs=3", "epochs=1000")
CANVASES = """el => [...el.querySelectorAll('.slw-chart-canvas, .slw-matrix-canvas, .slw-kernel')].map((canvas) =>
  Array.from(canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data).join())"""
THREADS = "'signlang-training' in [thread.name for thread in threading.enumerate()]"


@pytest.fixture
def dashboard(notebook):
    """A run of three epochs of six batches, over in a moment."""
    return show(notebook, SHOWN)


@pytest.fixture
def slow(notebook):
    """A run that is still going, whatever a test does."""
    yield show(notebook, SLOW)
    notebook.python("trainer.stop()")


def show(notebook, code):
    return notebook.show(code, ".slw-training-dashboard")


def button(view, name):
    return view.get_by_role("button", name=name, exact=True)


def press(view, name):
    button(view, name).click()


def wait_for_state(view, words):
    view.locator(".slw-run-state", has_text=words).wait_for()


def field(view, name):
    return view.locator(f"[data-control='{name}'] input")


def type_in(view, name, text):
    field(view, name).fill(text)
    field(view, name).press("Enter")


def reading(view, place=0):
    return view.locator(".slw-chart-reading").nth(place)


def chart(view, place=0):
    return view.locator(".slw-chart-canvas").nth(place)


def slide_to(view, epoch):
    view.locator(".slw-scrub").fill(str(epoch))


def finished(notebook, view):
    press(view, "Start")
    wait_for_state(view, "All epochs are done (3)")


def history(notebook):
    return pd.read_json(io.StringIO(notebook.python("print(trainer.history.to_json(double_precision=15))")))


def test_start_trains_to_the_end_and_the_page_shows_python_s_figures(notebook, dashboard):
    before = dashboard.evaluate(CANVASES)
    finished(notebook, dashboard)
    notebook.wait_for_python("trainer.state", "finished")
    last = history(notebook).iloc[-1]
    words = reading(dashboard).inner_text()
    found = [float(number) for number in re.findall(r"[\d.]+", words)]
    assert found == pytest.approx([3, last["train_loss"], last["test_loss"]], rel=5e-3)
    found = [float(number) / 100 for number in re.findall(r"[\d.]+", reading(dashboard, 1).inner_text())][1:]
    assert found == pytest.approx([last["train_accuracy"], last["test_accuracy"]], abs=5e-4)
    assert all(a != b for a, b in zip(before, dashboard.evaluate(CANVASES), strict=True))
    assert dashboard.get_by_role("progressbar").get_attribute("aria-valuenow") == "100"
    assert dashboard.locator(".slw-run-facts").inner_text().startswith("3 of 3 epochs")


def test_pause_and_resume(notebook, slow):
    press(slow, "Start")
    wait_for_state(slow, "Training in epoch")
    press(slow, "Pause")
    wait_for_state(slow, "Paused")
    assert slow.locator(".slw-run-state").inner_text() == notebook.python("print(trainer.message)")
    done = int(notebook.python("print(len(trainer.batch_history))"))
    press(slow, "Resume")
    notebook.wait_for_python(f"len(trainer.batch_history) > {done}", "True")
    press(slow, "Stop")
    wait_for_state(slow, "Stopped")
    assert notebook.python("print(trainer.state)") == "stopped"


def test_one_batch_and_one_epoch(notebook, dashboard):
    press(dashboard, "One batch")
    wait_for_state(dashboard, "Paused at batch 1 of 6 in epoch 1 of 3.")
    assert notebook.python("print(len(trainer.batch_history))") == "1"
    press(dashboard, "One epoch")
    wait_for_state(dashboard, "Paused after epoch 1 of 3.")
    assert notebook.python("print(len(trainer.history), len(trainer.batch_history))") == "1 6"


def test_finish_this_epoch_then_stop(notebook, slow):
    press(slow, "Start")
    wait_for_state(slow, "Training in epoch")
    notebook.python("Net.wait = 0.3")
    press(slow, "Finish epoch")
    wait_for_state(slow, "It stops when this epoch is done.")
    wait_for_state(slow, "Stopped after epoch")
    notebook.wait_for_python("trainer.progress.batch", "0")


def test_reset_goes_back_to_the_first_weights_and_keeps_the_run_under_the_next(notebook, dashboard):
    notebook.python("first = trainer.model.pipeline[0].weight.detach().clone()")
    finished(notebook, dashboard)
    press(dashboard, "Reset")
    wait_for_state(dashboard, "Ready to train: 3 epochs of 6 batches.")
    assert notebook.python("print(torch.equal(first, trainer.model.pipeline[0].weight))") == "True"
    assert "Run 1: Net, SGD, lr 0.1, batches of 4" in dashboard.locator(".slw-earlier").inner_text()
    press(dashboard, "Start")
    wait_for_state(dashboard, "All epochs are done (3)")
    assert "run 1: test" in reading(dashboard).inner_text()


def test_lr_changes_while_it_trains_and_is_marked(notebook, slow):
    press(slow, "Start")
    wait_for_state(slow, "Training in epoch")
    before = slow.evaluate(CANVASES)
    type_in(slow, "lr", "0.02")
    notebook.wait_for_python("trainer.lr", "0.02")
    notebook.wait_for_python("trainer.batch_history['lr'].iloc[-1]", "0.02")
    notebook.wait_for_python("dashboard.curves['marks'][0][1]", "0.02")
    press(slow, "Pause")
    wait_for_state(slow, "Paused")
    assert before[0] != slow.evaluate(CANVASES)[0]


def test_settings_reach_the_trainer_and_come_back(notebook, dashboard):
    for name, text, value in [("epochs", "5", "5"), ("batch_size", "11", "11"), ("momentum", "0,5", "0.5")]:
        type_in(dashboard, name, text)
        notebook.wait_for_python(f"trainer.{name}", value)
    notebook.python("trainer.lr = 0.25")
    notebook.page.wait_for_function("document.querySelector(\"[data-control='lr'] input\").value === '0.25'")
    wait_for_state(dashboard, "Ready to train: 5 epochs of 2 batches.")


@pytest.mark.parametrize(
    ("name", "text", "words", "old"),
    [
        ("lr", "-1", "lr must be a number of 0 or more, got -1: try 0.01.", "0.1"),
        ("epochs", "2.5", "epochs must be a whole number of 1 or more, got 2.5.", "3"),
        ("momentum", "1", "momentum must be from 0 up to but not 1, got 1: try 0.9.", "0.9"),
        ("batch_size", "many", 'Batch size is a number, "many" is not. The old setting stays.', "4"),
    ],
)
def test_an_impossible_setting_is_refused_in_words_and_the_old_one_comes_back(
    notebook, dashboard, name, text, words, old
):
    type_in(dashboard, name, text)
    dashboard.locator(".slw-problem", has_text=words).wait_for()
    field(dashboard, name).blur()
    notebook.page.wait_for_function(f"document.querySelector(\"[data-control='{name}'] input\").value === '{old}'")
    assert notebook.python(f"print(trainer.{name})") == old


def test_buttons_that_can_do_nothing_are_grey(notebook, slow):
    grey = {name: button(slow, name).is_disabled() for name in ["Start", "Pause", "Stop", "Reset", "One batch"]}
    assert grey == {"Start": False, "Pause": True, "Stop": True, "Reset": True, "One batch": False}
    press(slow, "Start")
    wait_for_state(slow, "Training in epoch")
    grey = {name: button(slow, name).is_disabled() for name in ["Start", "Pause", "Stop", "Reset", "One batch"]}
    assert grey == {"Start": True, "Pause": False, "Stop": False, "Reset": False, "One batch": True}
    assert field(slow, "epochs").is_disabled()
    assert field(slow, "lr").is_enabled()


def test_another_model_from_the_menu(notebook, dashboard):
    finished(notebook, dashboard)
    dashboard.locator("[data-control='model'] select").select_option("two kernels")
    wait_for_state(dashboard, "Ready to train")
    notebook.wait_for_python("trainer.model.pipeline[0].out_channels", "2")
    assert dashboard.locator(".slw-kernel").count() == 2
    assert dashboard.locator(".slw-earlier li").count() == 1


def test_the_scrubber_shows_each_epoch_s_matrix_and_kernels(notebook, dashboard):
    finished(notebook, dashboard)
    notebook.wait_for_python("dashboard.epoch", "3")
    pictures = {}
    for epoch in (1, 3):
        slide_to(dashboard, epoch)
        notebook.wait_for_python("dashboard.epoch", str(epoch))
        dashboard.locator(".slw-epoch-words", has_text=f"epoch {epoch} of 3").wait_for()
        dashboard.locator(".slw-cm-grid").focus()
        counts = json.loads(notebook.python("print(json.dumps(dashboard.evaluation.confusion.tolist()))"))
        for key in ("PageUp", "Home", "ArrowDown", "ArrowRight"):
            notebook.page.keyboard.press(key)
        words = reading(dashboard, 2).inner_text()
        row = counts[0]
        assert words.startswith(f"true M, predicted N: {row[1]} of {sum(row)} (")
        pictures[epoch] = [locator.evaluate(PIXELS) for locator in dashboard.locator(".slw-kernel").all()]
    assert pictures[1] != pictures[3]
    notebook.python("dashboard.epoch = 0")
    dashboard.locator(".slw-epoch-words", has_text="before training").wait_for()
    assert reading(dashboard, 2).inner_text() == "The model is tested after each epoch."
    assert [locator.evaluate(PIXELS) for locator in dashboard.locator(".slw-kernel").all()] != pictures[1]


PIXELS = """canvas => Array.from(
  canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data).join()"""


def test_kernels_have_the_signs_that_python_has(notebook, dashboard):
    finished(notebook, dashboard)
    weights = json.loads(notebook.python("print(json.dumps(trainer.kernels[3].flatten(1).tolist()))"))
    limit = max(abs(weight) for kernel in weights for weight in kernel)
    for kernel, canvas in zip(weights, dashboard.locator(".slw-kernel").all(), strict=True):
        colours = [int(part) for part in canvas.evaluate(PIXELS).split(",")]
        for i, weight in enumerate(kernel):
            red, blue = colours[4 * i], colours[4 * i + 2]
            assert (red > blue) if weight > 0.05 * limit else True
            assert (blue > red) if weight < -0.05 * limit else True


def test_log_scale_on_both_sides(notebook, dashboard):
    finished(notebook, dashboard)
    before = chart(dashboard).evaluate(PIXELS)
    dashboard.get_by_label("Log loss").check()
    notebook.wait_for_python("dashboard.log_scale", "True")
    notebook.page.wait_for_function(
        "([before, pixels]) => eval(pixels)(document.querySelector('.slw-chart-canvas')) !== before",
        arg=[before, PIXELS],
    )
    notebook.python("dashboard.log_scale = False")
    notebook.page.wait_for_function("!document.querySelector(\"[data-control='log_scale'] input\").checked")


def test_hovering_a_curve_reads_a_value(notebook, dashboard):
    finished(notebook, dashboard)
    box = chart(dashboard).bounding_box()
    rows = history(notebook)
    for epoch in (1, 2):
        across = 48 + (box["width"] - 48 - 12) * epoch / 3
        chart(dashboard).hover(position={"x": across, "y": 100})
        numbers = [float(number) for number in re.findall(r"[\d.]+", reading(dashboard).inner_text())]
        row = rows.iloc[epoch - 1]
        assert numbers == pytest.approx([epoch, row["train_loss"], row["test_loss"]], rel=5e-3)


def test_arrow_keys_read_batches_and_epochs_aloud(notebook, dashboard):
    finished(notebook, dashboard)
    losses = json.loads(notebook.python("print(json.dumps(trainer.batch_history['loss'].tolist()))"))
    chart(dashboard).focus()
    spoken = dashboard.locator(".slw-chart .slw-spoken").first
    notebook.page.keyboard.press("Home")
    assert spoken.inner_text().startswith("Epoch 1, batch 1: loss ")
    notebook.page.keyboard.press("ArrowRight")
    found = float(spoken.inner_text().rpartition(" ")[2])
    assert found == pytest.approx(losses[1], rel=5e-3)
    notebook.page.keyboard.press("Shift+ArrowRight")
    assert spoken.inner_text().startswith("Epoch 1: train ")
    notebook.page.keyboard.press("End")
    assert spoken.inner_text().startswith("Epoch 3: train ")


def test_the_csv_is_the_history(notebook, dashboard):
    finished(notebook, dashboard)
    dashboard.get_by_text("More").click()
    with notebook.page.expect_download() as saved:
        press(dashboard, "History as CSV")
    found = pd.read_csv(saved.value.path())
    assert list(found.columns) == json.loads(notebook.python("print(json.dumps(list(trainer.history.columns)))"))
    assert found.to_numpy().tolist() == json.loads(
        notebook.python("print(json.dumps(trainer.history.to_numpy().tolist()))")
    )


def test_the_curves_are_saved_as_a_picture(notebook, dashboard):
    from PIL import Image

    finished(notebook, dashboard)
    dashboard.get_by_text("More").click()
    with notebook.page.expect_download() as saved:
        press(dashboard, "Curves as PNG")
    picture = Image.open(saved.value.path()).convert("RGB")
    assert picture.size == (1920, 520)
    assert len(picture.getcolors(1_000_000)) > 20


def test_the_run_as_pytorch_code(notebook, dashboard):
    dashboard.get_by_text("More").click()
    press(dashboard, "This run as PyTorch code")
    box = dashboard.get_by_label("This run as PyTorch code").and_(notebook.page.locator("textarea"))
    assert "torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)" in box.input_value()
    assert box.get_attribute("readonly") is not None
    press(dashboard, "Close")
    assert box.is_hidden()


def test_two_dashboards_at_once(notebook):
    code = SETUP + "other = slw.TrainingDashboard(slw.Trainer(Net(), data, epochs=2, batch_size=4))\n"
    show(notebook, code + "display(dashboard, other)")
    views = notebook.page.locator(".slw-training-dashboard")
    views.nth(1).wait_for()
    press(views.first, "Start")
    press(views.nth(1), "Start")
    wait_for_state(views.first, "All epochs are done (3)")
    wait_for_state(views.nth(1), "All epochs are done (2)")
    assert notebook.python("print(len(trainer.history), len(other._trainer.history))") == "3 2"


def test_two_views_of_one_dashboard(notebook):
    show(notebook, SETUP + "display(dashboard, dashboard)")
    views = notebook.page.locator(".slw-training-dashboard")
    views.nth(1).wait_for()
    press(views.first, "Start")
    wait_for_state(views.nth(1), "All epochs are done (3)")
    slide_to(views.nth(1), 1)
    views.first.locator(".slw-epoch-words", has_text="epoch 1 of 3").wait_for()


def test_running_the_cell_again_closes_the_predecessor_and_stops_its_thread(notebook, slow):
    press(slow, "Start")
    notebook.wait_for_python(THREADS, "True")
    notebook.python("old, old_trainer = dashboard, trainer")
    show(notebook, SLOW)
    notebook.wait_for_python("(old.comm is None, old_trainer.state)", "(True, 'stopped')")
    notebook.wait_for_python(THREADS, "False")
    count = "print(threading.active_count(), len(__import__('ipywidgets').widgets.widget._instances))"
    before = notebook.python(count)
    for _ in range(5):
        show(notebook, SLOW)
    assert notebook.python(count) == before


IN_CELL = """code => {
  const notebook = jupyterapp.shell.currentWidget.content;
  notebook.activeCellIndex = 0;
  notebook.activeCell.model.sharedModel.setSource(code);
  jupyterapp.commands.execute('notebook:run-cell');
}"""


@pytest.mark.parametrize("act", ["Pause", "Stop"])
def test_buttons_are_heard_while_the_cell_itself_trains(notebook, act):
    notebook.page.evaluate(IN_CELL, SLOW.replace("\ndashboard\n", "\ndisplay(dashboard)\ntrainer.run()\n"))
    view = notebook.page.locator(".slw-training-dashboard").first
    wait_for_state(view, "Training in epoch")
    type_in(view, "lr", "0.03")
    press(view, act)
    wait_for_state(view, {"Pause": "Paused", "Stop": "Stopped"}[act])
    assert notebook.python("print(trainer.state, trainer.lr)") == {"Pause": "paused 0.03", "Stop": "stopped 0.03"}[act]


def test_the_browser_s_ticks_train_as_in_colab(notebook):
    code = SHOWN.replace("\ndashboard\n", "\ndashboard.driver = 'browser'\ndashboard\n")
    view = show(notebook, code)
    finished(notebook, view)
    assert notebook.python(f"print({THREADS}, len(trainer.history))") == "False 3"
    slowly = code.replace("wait = 0.0", "wait = 0.02").replace("epochs=3", "epochs=1000")
    view = show(notebook, slowly)
    press(view, "Start")
    wait_for_state(view, "Epoch 1 ended with a test accuracy of")
    press(view, "Pause")
    wait_for_state(view, "Paused")
    press(view, "Resume")
    wait_for_state(view, "Training in epoch")
    press(view, "Stop")
    wait_for_state(view, "Stopped")


def test_a_loss_that_is_no_number_stops_with_advice(notebook):
    spoilt = "if self.training: return self.pipeline(images) * torch.nan"
    view = show(notebook, SHOWN.replace("if self.training: time.sleep(self.wait)", spoilt))
    press(view, "Start")
    view.locator(".slw-problem", has_text="What usually helps: a learning rate ten times lower").wait_for()
    assert notebook.python("print(trainer.state)") == "stopped"


def test_an_exception_in_the_model_is_shown_as_text(notebook):
    broken = 'if self.training: raise ZeroDivisionError("pooling of <b>nothing</b>")'
    view = show(notebook, SHOWN.replace("if self.training: time.sleep(self.wait)", broken))
    press(view, "Start")
    wait_for_state(view, "ZeroDivisionError: pooling of <b>nothing</b>")
    text = view.locator(".slw-crash pre")
    assert text.is_hidden()
    view.locator(".slw-crash summary").click()
    assert "in forward" in text.inner_text()
    assert view.locator("b").count() == 0


def test_momentum_shows_only_where_the_optimizer_has_it(notebook):
    view = show(notebook, SHOWN.replace("lr=0.1", "optimizer=torch.optim.Adam"))
    assert field(view, "momentum").is_hidden()
    assert field(view, "lr").input_value() == "0.001"


def test_a_finger_reads_a_curve(notebook, dashboard):
    finished(notebook, dashboard)
    chart(dashboard).scroll_into_view_if_needed()
    box = chart(dashboard).bounding_box()
    touch = notebook.page.context.new_cdp_session(notebook.page)
    at = [{"x": box["x"] + 52, "y": box["y"] + 100}]
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": at})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    dashboard.locator(".slw-chart-reading", has_text="Epoch 1, batch 1: loss").wait_for()


def test_teachers_hide_and_lock(notebook):
    code = SHOWN.replace(
        "models=", 'hide=["stop", "kernels", "csv"], lock=["lr", "start", "scrubber", "model"], models='
    )
    view = show(notebook, code)
    assert button(view, "Stop").is_hidden()
    assert view.locator(".slw-kernels").is_hidden()
    assert button(view, "Start").is_disabled()
    assert field(view, "lr").get_attribute("readonly") is not None
    press(view, "One epoch")
    wait_for_state(view, "Paused after epoch 1")
    assert view.locator(".slw-scrub").is_disabled()
    assert button(view, "Resume").is_disabled()
    assert view.locator("[data-control='model'] select").is_disabled()
    notebook.python("dashboard.lock = []")
    notebook.page.wait_for_function("!document.querySelector('.slw-start').disabled")


def test_the_keyboard_alone_trains_and_looks_back(notebook, dashboard):
    keyboard = notebook.page.keyboard
    button(dashboard, "Start").focus()
    keyboard.press("Enter")
    wait_for_state(dashboard, "All epochs are done (3)")
    notebook.page.wait_for_function("document.activeElement.textContent === 'Reset'")
    while notebook.page.evaluate("document.activeElement.type") != "range":
        keyboard.press("Tab")
    keyboard.press("ArrowLeft")
    notebook.wait_for_python("dashboard.epoch", "2")
    keyboard.press("Home")
    notebook.wait_for_python("dashboard.epoch", "0")


def test_space_starts_and_pauses_from_a_chart(notebook, slow):
    chart(slow).focus()
    notebook.page.keyboard.press(" ")
    wait_for_state(slow, "Training in epoch")
    notebook.page.keyboard.press(" ")
    wait_for_state(slow, "Paused")
    notebook.page.keyboard.press("Escape")
    assert notebook.page.evaluate("document.activeElement.tagName") != "CANVAS"


def test_a_click_that_python_does_not_answer_is_explained(notebook, dashboard):
    notebook.python("gate = threading.Event(); trainer.start = lambda driver: gate.wait(60)")
    press(dashboard, "Start")
    hint = dashboard.locator(".slw-hint", has_text="Python has not answered yet")
    hint.wait_for()
    notebook.python("gate.set()")
    hint.wait_for(state="detached")


def test_notebook_keys_are_not_stolen(notebook, dashboard):
    count = "document.querySelectorAll('.jp-Notebook .jp-Cell').length"
    cells = notebook.page.evaluate(count)
    for place in [button(dashboard, "Start"), chart(dashboard), dashboard.locator(".slw-cm-grid")]:
        place.focus()
        for key in ["a", "b", "d", "d"]:
            notebook.page.keyboard.press(key)
    assert notebook.page.evaluate(count) == cells


def test_axe_finds_nothing_serious_in_light_and_dark(notebook, dashboard):
    from axe_playwright_python.sync_playwright import Axe

    finished(notebook, dashboard)
    press(dashboard, "Reset")
    press(dashboard, "One epoch")
    wait_for_state(dashboard, "Paused after epoch 1")
    for theme in ("JupyterLab Dark", "JupyterLab Light"):
        notebook.page.evaluate("theme => jupyterapp.commands.execute('apputils:change-theme', { theme })", theme)
        light = str("Light" in theme).lower()
        notebook.page.wait_for_function(f"document.body.dataset.jpThemeLight === '{light}'")
        found = Axe().run(notebook.page, context=".slw-training-dashboard").response["violations"]
        assert [rule["id"] for rule in found if rule["impact"] in ("serious", "critical")] == []


def test_messages_stay_civil_while_it_trains(notebook, slow):
    """At most 10 messages and 300 kB a second reach the page."""
    notebook.page.evaluate(COUNT_MESSAGES)
    press(slow, "Start")
    notebook.page.wait_for_function("window.counted.seconds() > 3")
    count, size, seconds = notebook.page.evaluate(
        "[window.counted.messages, window.counted.bytes, window.counted.seconds()]"
    )
    assert 2 * seconds < count <= 10 * seconds + 5
    assert size <= 300_000 * seconds


COUNT_MESSAGES = """() => {
  const kernel = jupyterapp.shell.currentWidget.sessionContext.session.kernel;
  const counted = { messages: 0, bytes: 0, from: performance.now() };
  counted.seconds = () => (performance.now() - counted.from) / 1000;
  kernel.anyMessage.connect((_, { msg, direction }) => {
    if (direction !== 'recv' || msg.header.msg_type !== 'comm_msg') return;
    counted.messages += 1;
    counted.bytes += JSON.stringify(msg.content).length + msg.buffers.reduce((sum, part) => sum + part.byteLength, 0);
  });
  window.counted = counted;
}"""


def test_a_page_reload_finds_the_run_running(notebook, slow):
    press(slow, "Start")
    wait_for_state(slow, "Epoch 1 ended with a test accuracy of")
    notebook.page.evaluate("jupyterapp.commands.execute('docmanager:save')")
    notebook.page.reload()
    view = notebook.page.locator(".slw-training-dashboard").first
    view.wait_for(timeout=30_000)
    wait_for_state(view, "Training in epoch")
    assert reading(view).inner_text().startswith("Epoch")
    press(view, "Pause")
    wait_for_state(view, "Paused")
    notebook.page.wait_for_function("jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel != null")
    notebook.wait_for_python("trainer.state", "paused")
    slide_to(view, 1)
    notebook.wait_for_python("dashboard.epoch", "1")
