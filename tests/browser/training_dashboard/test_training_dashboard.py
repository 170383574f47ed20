"""The dashboard in a real JupyterLab: act in the page and ask the trainer, train in Python and look at the page."""

import re

import pytest

from .shown import (
    CANVASES,
    SHOWN,
    button,
    chart,
    field,
    finished,
    history,
    press,
    reading,
    show,
    wait_for_state,
)


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


def test_buttons_that_can_do_nothing_are_grey(notebook, slow):
    grey = {name: button(slow, name).is_disabled() for name in ["Start", "Pause", "Stop", "Reset", "One batch"]}
    assert grey == {"Start": False, "Pause": True, "Stop": True, "Reset": True, "One batch": False}
    press(slow, "Start")
    wait_for_state(slow, "Training in epoch")
    grey = {name: button(slow, name).is_disabled() for name in ["Start", "Pause", "Stop", "Reset", "One batch"]}
    assert grey == {"Start": True, "Pause": False, "Stop": False, "Reset": False, "One batch": True}
    assert field(slow, "epochs").is_disabled()
    assert field(slow, "lr").is_enabled()


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
