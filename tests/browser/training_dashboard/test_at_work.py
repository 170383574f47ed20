"""Runs that go on while the page is reloaded, the cell trains, or Python does not answer."""

import pytest

from .shown import (
    SETUP,
    SHOWN,
    SLOW,
    THREADS,
    finished,
    press,
    reading,
    show,
    slide_to,
    type_in,
    wait_for_state,
)


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
    wait_for_state(view, "ended with a test accuracy of")
    notebook.wait_for_python("len(trainer.history) > 9", "True", 30)  # many slices: an answer asks for the next
    press(view, "Pause")
    wait_for_state(view, "Paused")
    press(view, "Resume")
    wait_for_state(view, "Training in epoch")
    press(view, "Stop")
    wait_for_state(view, "Stopped")


def test_a_click_that_python_does_not_answer_is_explained(notebook, dashboard):
    notebook.python("gate = threading.Event(); trainer.start = lambda driver: gate.wait(60)")
    press(dashboard, "Start")
    hint = dashboard.locator(".slw-hint", has_text="Python has not answered yet")
    hint.wait_for()
    notebook.python("gate.set()")
    hint.wait_for(state="detached")


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
    wait_for_state(slow, "ended with a test accuracy of")
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
