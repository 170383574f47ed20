"""The page that to_html() writes: alive with the network cut, under its own strict policy, with text as text."""

import pytest
import torch

import signlang_widgets as slw
from tests.browser.kernel_editor.editing import PIXELS, cell, changed


@pytest.fixture
def exported(page, tmp_path):
    """The exported page, opened from disk; whatever it asks for or complains of is noted."""
    images = torch.randint(0, 256, (5, 1, 9, 12), dtype=torch.uint8, generator=torch.Generator().manual_seed(0))
    names = ["</script><script>alert(1)</script>", "<b>B</b>", "C", "D", "<!--"]
    editor = slw.KernelEditor(slw.LabelledImages(images, torch.arange(5), names))
    page.notes = []
    page.context.set_offline(True)
    page.on("request", lambda request: page.notes.append(request.url))
    page.on("pageerror", lambda error: page.notes.append(str(error)))
    page.on("console", lambda message: message.type == "error" and page.notes.append(message.text))
    page.goto(editor.to_html(tmp_path / "editor.html").as_uri())
    page.locator(".slw-kernel-editor").wait_for()
    return page


def test_the_editor_is_alive_and_asks_for_nothing(exported):
    editor = exported.locator(".slw-kernel-editor")
    before = editor.evaluate(PIXELS)
    cell(editor, 1, 3).fill("2.5")
    assert all(changed(before, editor.evaluate(PIXELS)))
    editor.get_by_role("button", name="Undo").click()
    assert editor.evaluate(PIXELS) == before
    editor.locator("select").first.select_option("sobel_x")
    assert editor.get_by_role("row").count() == 3
    assert exported.notes == [exported.url]


def test_names_are_text_never_markup(exported):
    captions = exported.locator(".slw-picture figcaption").all_inner_texts()
    assert [caption.strip() for caption in captions] == [
        "</script><script>alert(1)</script>",
        "<b>B</b>",
        "C",
        "D",
        "<!--",
    ]


def test_the_policy_forbids_everything_else(exported):
    blocked = exported.evaluate(
        """async () => {
          const script = document.createElement('script');
          script.textContent = 'window.intruder = true';
          document.body.append(script);
          const fetched = await fetch('data:text/plain,hello').then(() => true, () => false);
          return [window.intruder === undefined, !fetched];
        }"""
    )
    assert blocked == [True, True]


def test_pixels_agree_with_torch(exported):
    """What the page shows in grey is the image; what it shows in colour has the sign that conv2d gives."""
    images = torch.randint(0, 256, (5, 1, 9, 12), dtype=torch.uint8, generator=torch.Generator().manual_seed(0))
    shown = exported.evaluate(
        """() => [...document.querySelectorAll('.slw-picture')].map((figure) => {
          const canvas = figure.querySelector('canvas');
          return Array.from(canvas.getContext('2d').getImageData(0, 0, 12, 9).data).filter((_, i) => i % 4 === 0);
        })"""
    )
    assert torch.equal(torch.tensor(shown, dtype=torch.uint8).reshape(5, 1, 9, 12), images)
