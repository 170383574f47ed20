"""The page that a dashboard's to_html() writes: a finished run to look back at, with the network cut and no kernel."""

import re

import pandas as pd
import pytest
import torch

import signlang_widgets as slw

from .shown import CANVASES, PIXELS, button, chart, reading, slide_to

NAMES = ("<b>M</b>", "</script>", "S")


def split(count, seed):
    generator = torch.Generator().manual_seed(seed)
    images = torch.randint(0, 256, (count, 1, 5, 7), dtype=torch.uint8, generator=generator)
    return slw.LabelledImages(images, torch.arange(count) % 3, NAMES)


@pytest.fixture(scope="module")
def run():
    torch.manual_seed(0)
    layers = [torch.nn.Conv2d(1, 4, (2, 3)), torch.nn.ReLU(), torch.nn.Flatten(), torch.nn.Linear(80, 3)]
    trainer = slw.Trainer(
        torch.nn.Sequential(*layers), slw.SignMNIST(split(22, 0), split(9, 1)), epochs=3, batch_size=4
    )
    dashboard = slw.TrainingDashboard(trainer)
    trainer.run()
    yield dashboard
    dashboard.close()


@pytest.fixture
def saved(page, run, tmp_path):
    """The exported page, opened from disk; whatever it asks for or complains of is noted."""
    page.notes = []
    page.context.set_offline(True)
    page.on("request", lambda request: page.notes.append(request.url))
    page.on("pageerror", lambda error: page.notes.append(str(error)))
    page.on("console", lambda message: message.type == "error" and page.notes.append(message.text))
    page.goto(run.to_html(tmp_path / "run.html").as_uri())
    view = page.locator(".slw-training-dashboard")
    view.wait_for()
    yield view
    downloads = [note for note in page.notes if note.startswith("blob:")]
    assert [note for note in page.notes if note not in downloads] == [page.url]


def test_the_scrubber_shows_every_epoch(run, saved):
    pictures = []
    for epoch in (1, 2, 3):
        slide_to(saved, epoch)
        saved.locator(".slw-epoch-words", has_text=f"epoch {epoch} of 3").wait_for()
        saved.locator(".slw-cm-grid").focus()
        for key in ("Home", "ArrowRight"):
            saved.page.keyboard.press(key)
        counts = run._trainer.evaluations[epoch].confusion
        assert f": {int(counts[0, 0])} of {int(counts[0].sum())} (" in reading(saved, 2).inner_text()
        pictures.append([canvas.evaluate(PIXELS) for canvas in saved.locator(".slw-kernel").all()])
    assert pictures[0] != pictures[1] != pictures[2]


def test_names_are_text(saved):
    saved.locator(".slw-cm-grid").focus()
    saved.page.keyboard.press("Home")
    assert reading(saved, 2).inner_text().startswith("true <b>M</b>: ")
    assert saved.locator("b").count() == 0


def test_curves_are_read_and_rescaled(run, saved):
    chart(saved).focus()
    saved.page.keyboard.press("End")
    row = run._trainer.history.iloc[-1]
    numbers = [float(number) for number in re.findall(r"[\d.]+", reading(saved).inner_text())]
    assert numbers == pytest.approx([3, row["train_loss"], row["test_loss"]], rel=5e-3)
    before = saved.evaluate(CANVASES)[0]
    saved.get_by_label("Log loss").check()
    saved.page.evaluate("new Promise(requestAnimationFrame)")
    assert saved.evaluate(CANVASES)[0] != before


def test_training_is_explained_not_offered(saved):
    for name in ("Go on", "Pause", "One batch", "Reset"):
        assert button(saved, name).is_disabled()
    assert "Training needs the notebook" in saved.locator(".slw-hint").inner_text()


def test_history_and_code_can_be_taken_along(run, saved):
    saved.get_by_text("More").click()
    with saved.page.expect_download() as download:
        button(saved, "History as CSV").click()
    found = pd.read_csv(download.value.path())
    assert found.to_numpy().tolist() == run._trainer.history.to_numpy().tolist()
    saved.get_by_text("More").click()
    button(saved, "This run as PyTorch code").click()
    assert "nn.Conv2d(1, 4" in saved.locator("textarea").input_value()
