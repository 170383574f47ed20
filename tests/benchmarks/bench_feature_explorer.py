"""From a stroke of the brush to the maps of every layer of the chapter's ConvNet, in a real JupyterLab; and what travels.

Clock: a trusted press of the mouse on the image; from ``pointerdown`` (caught on the document before any widget sees it) to the
first animation frame in which the first layer's small picture is another one; that every other layer is drawn in the same frame is
checked 350 ms later, when nothing may have changed any more. Strokes come 400 to 700 ms apart. A long stroke: 60 moves a second for 6 s; messages from Python are taken from the kernel's own socket, sizes with their buffers.
"""

from __future__ import annotations

import random
import statistics
import tempfile
from pathlib import Path

from tests.browser.jupyterlab import JupyterLab, Notebook, browser

from .far_away import far_away

STROKES = 60
SECONDS = 6
SHOW = """
import torch, signlang_widgets as slw
torch.manual_seed(0)
explorer = slw.FeatureExplorer(slw.ConvNet(), slw.load_sign_mnist("bundled").test)
explorer
"""
READY = "!document.querySelector('.slw-feature-explorer [data-control=paint]').disabled"
CLOCK = """() => {
  const root = document.querySelector('.slw-feature-explorer');
  const canvases = [...root.querySelectorAll('.slw-fx-thumb canvas')];
  const look = () => [...canvases.map((canvas) => {
    const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
    let hash = 0;
    for (let i = 0; i < data.length; i++) hash = (hash * 31 + data[i]) | 0;
    return hash;
  }), root.querySelector('.slw-fx-bars').textContent];
  let before = look();
  Object.assign(window, { times: [], late: 0, changed: 0 });
  document.addEventListener('pointerdown', () => {
    const start = performance.now();
    const frame = () => {
      const now = look();
      if (now[0] === before[0]) return requestAnimationFrame(frame);
      const took = performance.now() - start;
      window.changed += now.filter((value, i) => value !== before[i]).length / now.length;
      before = now;
      setTimeout(() => {
        if (look().some((value, i) => value !== now[i])) window.late++;
        window.times.push(took);
      }, 350);
    };
    requestAnimationFrame(frame);
  }, true);
}"""
COUNT = """() => {
  window.received = [];
  const kernel = jupyterapp.shell.currentWidget.sessionContext.session.kernel;
  kernel.anyMessage.connect((_, { msg, direction }) => {
    if (direction !== 'recv' || msg.header.msg_type !== 'comm_msg') return;
    const buffers = (msg.buffers ?? []).reduce((sum, part) => sum + part.byteLength, 0);
    window.received.push([performance.now(), buffers + JSON.stringify(msg.content).length]);
  });
}"""
LONG = """async (el, seconds) => {
  const box = el.getBoundingClientRect();
  el.setPointerCapture = () => {};
  const fire = (type, i) => el.dispatchEvent(new PointerEvent(type, { bubbles: true, button: 0, pointerId: 1,
    clientX: box.left + box.width * (0.5 + 0.4 * Math.sin(i / 17)), clientY: box.top + box.height * (0.5 + 0.4 * Math.cos(i / 23)) }));
  window.received.length = 0;
  const start = performance.now();
  fire('pointerdown', 0);
  for (let i = 1; performance.now() - start < seconds * 1000; i++) {
    fire('pointermove', i);
    await new Promise(requestAnimationFrame);
  }
  fire('pointerup', 0);
  return window.received.map(([at, bytes]) => [(at - start) / 1000, bytes]);
}"""


def show(lab, chromium, port=None):
    page = chromium.new_page(viewport={"width": 1200, "height": 1200})
    notebook = Notebook(lab, page, "explorer.ipynb", port=port)
    notebook.show(SHOW, ".slw-feature-explorer")
    page.wait_for_function(READY)
    return page


def measure_strokes(lab, chromium, name, port=None):
    page, dice = show(lab, chromium, port), random.Random(0)
    canvas = page.locator(".slw-fx-input")
    page.locator("[aria-label='Side of the brush in pixels']").fill("8")
    canvas.hover()
    page.evaluate(CLOCK)
    box = canvas.bounding_box()
    for i in range(STROKES):
        row, column = (0.2 + 0.2 * (i // 4 % 4), 0.2 + 0.2 * (i % 4))
        page.mouse.move(box["x"] + box["width"] * column, box["y"] + box["height"] * row)
        page.locator(".slw-fx-left select").select_option(["255", "0", "128"][i % 3])
        page.mouse.down()
        page.mouse.up()
        page.wait_for_function("(n) => window.times.length > n", arg=i, timeout=20_000)
        page.wait_for_timeout(dice.randint(50, 350))
    times, late, changed = page.evaluate("[window.times, window.late, window.changed]")
    cuts = statistics.quantiles(times, n=20, method="inclusive")
    print(f"{name:60}{len(times):6}{statistics.median(times):9.1f}{cuts[-1]:9.1f}", flush=True)
    print(
        f"    pictures of layers, and scores, that changed: {changed / STROKES:.0%} a stroke; strokes with a layer drawn later: {late}"
    )
    page.close()


def measure_traffic(lab, chromium):
    page = show(lab, chromium)
    page.evaluate(COUNT)
    layers = page.locator(".slw-fx-layer")
    for i in range(layers.count()):
        layers.nth(i).click()
        page.wait_for_timeout(150)
    asked = page.evaluate("window.received.filter(([, bytes]) => bytes > 20_000).length")
    print(f"layer changes: {layers.count()}, messages with maps for them: {asked}")
    received = page.locator(".slw-fx-input").evaluate(LONG, SECONDS)
    early = sum(bytes_ for at, bytes_ in received if at < 2) / 2000
    late = sum(bytes_ for at, bytes_ in received if at >= 2) / 1000 / (SECONDS - 2)
    most = max(sum(at <= other < at + 1 for other, _ in received) for at, _ in received)
    largest = max(bytes_ for _, bytes_ in received) / 1000
    print(f"a stroke of {SECONDS} s: {len(received)} messages, at most {most} in one second, largest {largest:.0f} kB")
    print(f"first 2 s {early:.0f} kB/s, after that {late:.0f} kB/s")
    page.close()


def main():
    lab = JupyterLab(Path(tempfile.mkdtemp()))
    print(f"{'stroke to the maps of every layer':60}{'count':>6}{'p50 ms':>9}{'p95 ms':>9}")
    try:
        with browser() as chromium:
            measure_strokes(lab, chromium, "FeatureExplorer, ConvNet, 600 maps")
            with far_away(lab.port, 0.1) as port:
                measure_strokes(lab, chromium, "FeatureExplorer, server 100 ms away each way", port)
            measure_traffic(lab, chromium)
    finally:
        lab.close()


if __name__ == "__main__":
    main()
