"""From a key press to five changed pictures, in a real JupyterLab, beside FloatText boxes with ipympl.

Clock: a trusted key press; from the ``input`` event (caught on the document before any widget sees it) to the first animation
frame in which all five output pictures have other pixels. Drag: 60 changes a second for 3 s; frames with new pixels are counted.
"""

from __future__ import annotations

import random
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.browser.jupyterlab import JupyterLab, Notebook, browser

from .far_away import far_away

EDITS = 100
PEER_EDITS = 40

OURS = """
import torch, signlang_widgets as slw
editor = slw.KernelEditor(slw.load_sign_mnist("bundled").train[:5])
editor
"""

TRAIN = """
import threading, torch
def train():
    model = torch.nn.Sequential(torch.nn.Conv2d(1, 32, 5), torch.nn.ReLU(), torch.nn.Flatten(), torch.nn.Linear(32 * 576, 26))
    while training:
        model(torch.rand(64, 1, 28, 28)).square().mean().backward()
training = True
torch.set_num_threads(torch.get_num_threads())
threading.Thread(target=train, daemon=True).start()
"""

# The peer: what a teacher would build from stock parts. Five output pictures in one ipympl figure, 25 number boxes.
PEER = """
%matplotlib widget
import torch, ipywidgets, matplotlib.pyplot as plt, signlang_widgets as slw
from torch.nn.functional import conv2d
images = slw.load_sign_mnist("bundled").train[:5].tensors()[0]
boxes = [ipywidgets.FloatText(value=4 if i % 5 == 2 else -1, layout={"width": "60px"}) for i in range(25)]
def filtered():
    return conv2d(images, torch.tensor([box.value for box in boxes]).reshape(1, 1, 5, 5))[:, 0].numpy()
with plt.ioff():
    figure, axes = plt.subplots(1, 5, figsize=(8, 2))
figure.canvas.header_visible = figure.canvas.toolbar_visible = False
figure.subplots_adjust(0, 0, 1, 1, 0, 0)
for ax in axes: ax.set_axis_off()
shown = [ax.imshow(out, vmin=-8, vmax=8, animated=ANIMATED) for ax, out in zip(axes, filtered())]
def update(_):
    for picture, out in zip(shown, filtered()): picture.set_data(out)
    SHOW
for box in boxes: box.observe(update, "value")
display(ipywidgets.GridBox(boxes, layout={"grid_template_columns": "repeat(5, 64px)"}), figure.canvas)
"""
BLIT = """figure.canvas.restore_region(empty)
    for ax, picture in zip(axes, shown): ax.draw_artist(picture)
    figure.canvas.blit(figure.bbox)"""
WAYS = {"draw_idle": "figure.canvas.draw_idle()", "draw": "figure.canvas.draw()", "blit": BLIT}

CLOCK = """(patches) => {
  const look = () => patches().map((data) => data.join());
  let before = look(), times = [], started = null;
  window.clock = { times, frames: 0, done: null };
  document.addEventListener('input', () => {
    if (started !== null) return;
    started = performance.now();
    const frame = () => {
      const now = look();
      if (now.some((text, i) => text === before[i])) return requestAnimationFrame(frame);
      times.push(performance.now() - started);
      before = now;
      started = null;
    };
    requestAnimationFrame(frame);
  }, true);
  window.countFrames = async (input, change) => {
    let last = look().join(), frames = 0, changes = 0;
    const begin = performance.now();
    while (performance.now() - begin < 3000) {
      await new Promise(requestAnimationFrame);
      const now = look().join();
      if (now !== last) frames++;
      last = now;
      if (changes < ((performance.now() - begin) / 1000) * 60) change(input, changes++);
    }
    return frames / 3;
  };
}"""
OUR_PATCHES = """() => [...document.querySelectorAll('.slw-picture')].map((figure) => {
  const canvas = figure.querySelectorAll('canvas')[1];
  return canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
})"""
PEER_PATCHES = """() => {
  const canvas = document.querySelector('.jupyter-matplotlib canvas, .jupyter-matplotlib-canvas-container canvas');
  const side = Math.floor(canvas.width / 5);
  return [0, 1, 2, 3, 4].map((i) => canvas.getContext('2d').getImageData(i * side + side / 4, canvas.height / 4, side / 2, canvas.height / 2).data);
}"""


def start_clock(page, patches):
    page.evaluate(f"({CLOCK})({patches})")


def edits(page, count, press):
    """Press, wait until the pictures have changed, pause 150 to 350 ms; return the milliseconds of each edit."""
    pauses = random.Random(0)
    for i in range(count):
        press(i)
        page.wait_for_function("(n) => window.clock.times.length > n", arg=i, timeout=20_000)
        page.wait_for_timeout(pauses.randint(150, 350))
    return page.evaluate("window.clock.times")


def row(name, times, frames=None):
    """One line of the table; percentiles over all edits."""
    cuts = statistics.quantiles(times, n=20, method="inclusive")
    drag = f"{frames:10.0f}" if frames is not None else " " * 10
    print(f"{name:44}{len(times):6}{statistics.median(times):9.1f}{cuts[-1]:9.1f}{drag}", flush=True)
    return statistics.median(times), cuts[-1]


def measure_ours(lab, chromium, name, *, port=None, before="", drag=True, count=EDITS):
    page = chromium.new_page(viewport={"width": 1200, "height": 900})
    notebook = Notebook(lab, page, "ours.ipynb", port=port)
    notebook.show(OURS, ".slw-kernel-editor")
    if before:
        notebook.python(before)
    start_clock(page, OUR_PATCHES)
    middle = page.locator(".slw-kernel-grid input[data-row='2'][data-column='2']")

    def press(i):
        middle.evaluate("(el) => { el.focus(); el.select(); }")
        page.keyboard.press(str(3 + i % 2))

    times = edits(page, count, press)
    change = "(el, i) => { el.value = String((i % 80) / 10); el.dispatchEvent(new Event('input', { bubbles: true })); }"
    frames = middle.evaluate(f"(el) => window.countFrames(el, {change})") if drag else None
    page.close()
    return row(name, times, frames)


def measure_peer(lab, chromium, way):
    page = chromium.new_page(viewport={"width": 1200, "height": 900})
    notebook = Notebook(lab, page, "peer.ipynb")
    code = PEER.replace("SHOW", WAYS[way]).replace("ANIMATED", str(way == "blit"))
    notebook.show(code, ".jupyter-matplotlib canvas, .jupyter-matplotlib-canvas-container canvas")
    page.wait_for_timeout(1500)
    if way == "blit":
        notebook.python("figure.canvas.draw(); empty = figure.canvas.copy_from_bbox(figure.bbox); update(None)")
        page.wait_for_timeout(500)
    start_clock(page, PEER_PATCHES)
    box = page.locator(".widget-text input[type='number']").nth(12)
    box.focus()
    times = edits(page, PEER_EDITS, lambda i: page.keyboard.press("ArrowUp" if i % 2 else "ArrowDown"))
    change = """(el, i) => {
      el.value = String((i % 80) / 10);
      for (const type of ['input', 'change']) el.dispatchEvent(new Event(type, { bubbles: true }));
    }"""
    frames = box.evaluate(f"(el) => window.countFrames(el, {change})")
    page.close()
    return row(f"25 FloatText boxes with ipympl, {way}", times, frames)


def import_seconds():
    """Seconds to import the package, best of five fresh interpreters, and whether torch came along."""
    code = "import time; t = time.perf_counter(); import signlang_widgets, sys; print(time.perf_counter() - t, 'torch' in sys.modules)"
    runs = [
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
        for _ in range(5)
    ]
    return min(float(seconds) for seconds, _ in runs), {torch for _, torch in runs}


def main():
    folder = Path(tempfile.mkdtemp())
    lab = JupyterLab(folder)
    print(f"{'edit to five changed pictures':44}{'edits':>6}{'p50 ms':>9}{'p95 ms':>9}{'frames/s':>10}")
    try:
        with browser() as chromium:
            ours = measure_ours(lab, chromium, "KernelEditor")
            peers = [measure_peer(lab, chromium, way) for way in WAYS]
            with far_away(lab.port, 0.1) as port:
                far = measure_ours(lab, chromium, "KernelEditor, server 100 ms away each way", port=port)
            measure_ours(lab, chromium, "KernelEditor, torch trains on all cores", before=TRAIN, drag=False)
    finally:
        lab.close()
    print(f"fastest peer / KernelEditor, p50: {min(p50 for p50, _ in peers) / ours[0]:.1f}")
    print(f"far away / here, p50: {far[0] / ours[0]:.2f}")
    seconds, torch = import_seconds()
    print(f"import signlang_widgets: {seconds * 1000:.0f} ms, torch loaded with it: {torch}")


if __name__ == "__main__":
    main()
