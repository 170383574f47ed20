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
    page.sent = []
    page.on("requestfinished", lambda request: page.sent.append(request.url))
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


INTRUSIONS = {
    "a script": "const s = document.createElement('script'); s.textContent = 'window.intruder = 1'; document.body.append(s)",
    "a module": "const s = document.createElement('script'); s.type = 'module'; s.textContent = 'window.intruder = 1'; document.body.append(s)",
    "a script from elsewhere": "const s = document.createElement('script'); s.src = 'data:,window.intruder=1'; document.body.append(s)",
    "a handler": "const b = document.createElement('button'); b.setAttribute('onclick', 'window.intruder = 1'); document.body.append(b); b.click()",
    "a link of script": "const a = document.createElement('a'); a.href = 'javascript:window.intruder = 1'; document.body.append(a); a.click()",
    "text as code": "try { setTimeout('window.intruder = 1') } catch {}",
    "an object": "const o = document.createElement('object'); o.data = 'data:text/html,<script>top.intruder=1</' + 'script>'; document.body.append(o)",
    "a form": "const f = document.createElement('form'); f.action = 'http://127.0.0.1:9/'; document.body.append(f); f.submit()",
    "a picture": "new Image().src = 'http://127.0.0.1:9/picture'",
    "a style": "const l = document.createElement('link'); l.rel = 'stylesheet'; l.href = 'http://127.0.0.1:9/style'; document.head.append(l)",
    "a request": "await fetch('http://127.0.0.1:9/').catch(() => {})",
    "a socket": "try { new WebSocket('ws://127.0.0.1:9/') } catch {}",
    "a beacon": "try { navigator.sendBeacon('http://127.0.0.1:9/', 'x') } catch {}",
    "a worker": "try { new Worker('data:,postMessage(1)').onmessage = () => { window.intruder = 1 } } catch {}",
}


@pytest.mark.parametrize("intrusion", INTRUSIONS.values(), ids=INTRUSIONS.keys())
def test_the_policy_forbids_everything_else(exported, intrusion):
    """Each is reported as a violation; no request leaves the page and nothing runs."""
    told = exported.evaluate(
        f"""async () => {{
          const told = new Promise((done) => document.addEventListener('securitypolicyviolation', () => done(true)));
          {intrusion};
          return Promise.race([told, new Promise((done) => setTimeout(() => done(false), 3000))]);
        }}"""
    )
    assert told
    assert exported.evaluate("window.intruder === undefined")
    assert set(exported.sent) <= {exported.url}


def test_a_frame_runs_nothing(exported):
    exported.evaluate(
        """() => new Promise((done) => {
          const frame = document.createElement('iframe');
          frame.srcdoc = '<script>parent.intruder = 1</' + 'script>';
          frame.onload = done;
          document.body.append(frame);
        })"""
    )
    assert exported.evaluate("window.intruder === undefined")


def test_another_base_is_ignored(exported):
    where = """() => {
      const base = document.createElement('base');
      base.href = 'http://127.0.0.1:9/';
      document.head.append(base);
      return document.baseURI;
    }"""
    assert exported.evaluate(where) == exported.url
    assert exported.locator("meta[http-equiv=refresh i]").count() == 0


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
