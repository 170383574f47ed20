"""Curves, epochs and what a learner takes along: the page shows Python's figures."""

import json
import re

import pandas as pd
import pytest

from .shown import (
    PIXELS,
    SHOWN,
    chart,
    finished,
    history,
    press,
    reading,
    show,
    slide_to,
)


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


def test_a_finger_reads_a_curve(notebook, dashboard):
    finished(notebook, dashboard)
    chart(dashboard).scroll_into_view_if_needed()
    box = chart(dashboard).bounding_box()
    touch = notebook.page.context.new_cdp_session(notebook.page)
    at = [{"x": box["x"] + 52, "y": box["y"] + 100}]
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": at})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    dashboard.locator(".slw-chart-reading", has_text="Epoch 1, batch 1: loss").wait_for()


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


def test_after_a_reload_what_is_shown_comes_first_and_any_epoch_on_request(notebook):
    """300 kernels' 256 pictures of 2x3 and a matrix make 1.6 kB an epoch: 60 epochs' do not fit into one message."""
    view = show(notebook, SHOWN.replace("epochs=3", "epochs=99").replace("Net(),", "Net(300),"))
    notebook.python("trainer.run()")
    view.locator(".slw-epoch-words", has_text="epoch 99 of 99").wait_for()
    stored = int(notebook.python("print(len(dashboard.pictures['epochs']))"))
    assert 10 < stored < 90
    notebook.page.evaluate("jupyterapp.commands.execute('docmanager:save')")
    notebook.page.reload()
    view = notebook.page.locator(".slw-training-dashboard").first
    view.wait_for(timeout=30_000)
    view.locator(".slw-chart-reading", has_text="Commonest mistake").or_(
        view.locator(".slw-chart-reading", has_text="No mistake")
    ).wait_for()
    slide_to(view, 0)
    notebook.page.wait_for_function("jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel != null")
    view.locator(".slw-kernel").nth(255).wait_for()
    weight = float(notebook.python("print(trainer.kernels[0][0, 0, 0, 0].item())"))
    first = view.locator(".slw-kernel").first
    first.hover(position={"x": 2, "y": 2})
    words = reading(view, 3).inner_text().replace("\u2212", "-")
    assert float(words.rpartition(" ")[2]) == pytest.approx(weight, abs=0.02)
