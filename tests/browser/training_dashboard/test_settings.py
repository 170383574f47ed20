"""Settings, the menu of models and a teacher's choices: in the page and in Python they mean the same."""

import pytest

from .shown import (
    CANVASES,
    SHOWN,
    button,
    field,
    finished,
    press,
    show,
    type_in,
    wait_for_state,
)


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


def test_another_model_from_the_menu(notebook, dashboard):
    finished(notebook, dashboard)
    dashboard.locator("[data-control='model'] select").select_option("two kernels")
    wait_for_state(dashboard, "Ready to train")
    notebook.wait_for_python("trainer.model.pipeline[0].out_channels", "2")
    assert dashboard.locator(".slw-kernel").count() == 2
    assert dashboard.locator(".slw-earlier li").count() == 1


def test_momentum_shows_only_where_the_optimizer_has_it(notebook):
    view = show(notebook, SHOWN.replace("lr=0.1", "optimizer=torch.optim.Adam"))
    assert field(view, "momentum").is_hidden()
    assert field(view, "lr").input_value() == "0.001"


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
