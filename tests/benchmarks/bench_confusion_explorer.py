"""From a click on a cell of the matrix to its images on screen, in a real JupyterLab.

Clock: a trusted click; from the ``click`` event (caught on the document before any widget sees it) to the first animation
frame in which every tile on screen shows an image of that cell. Cells are clicked that were not seen before; "seen" clicks them again.
Floors: p95 at most 100 ms with 7,172 images, at most 1.5 times that with 1,000,000; the explorer built in under 2 s; no message over 300 kB.
"""

from __future__ import annotations

import json
import statistics
import tempfile
from pathlib import Path

from tests.browser.jupyterlab import JupyterLab, Notebook, browser

from .far_away import far_away

CLICKS = 60
SETUP = """
import time, torch, signlang_widgets as slw
random = torch.Generator().manual_seed(0)
labels = torch.randint(0, 24, (COUNT,), generator=random)
scores = torch.randn(COUNT, 26, generator=random)
scores[:, 24:] = -9
scores[torch.arange(COUNT), labels] += 2.5
images = torch.randint(0, 256, (COUNT, 1, 28, 28), dtype=torch.uint8, generator=random)
evaluation = slw.Evaluation.from_scores(labels, scores)
split = slw.LabelledImages(images, labels, evaluation.class_names)
begin = time.perf_counter()
explorer = slw.ConfusionExplorer(evaluation, split)
seconds = time.perf_counter() - begin
sizes, send = [], explorer.send
explorer.send = lambda told, buffers: (sizes.append(sum(map(len, buffers))), send(told, buffers))
explorer
"""
CLOCK = """() => {
  window.clock = { times: [] };
  const box = document.querySelector('.slw-gallery');
  document.addEventListener('click', () => {
    const started = performance.now();
    const frame = () => {
      const tiles = [...box.querySelectorAll('.slw-tile')];
      if (box.hidden || !tiles.length || tiles.some((tile) => !tile.dataset.index)) return requestAnimationFrame(frame);
      window.clock.times.push(performance.now() - started);
    };
    setTimeout(() => requestAnimationFrame(frame));
  }, true);
}"""
POINT = """(el, [row, column]) => {
  const { left, top, cell } = el.dataset;
  const box = el.getBoundingClientRect();
  return [box.left + Number(left) + (column + 0.5) * cell, box.top + Number(top) + (row + 0.5) * cell];
}"""


def clicked(page, cells):
    """Click cells, one at a time; return the milliseconds of each."""
    before = page.evaluate("window.clock.times.length")
    grid = page.locator(".slw-cm-grid")
    for done, cell in enumerate(cells, before + 1):
        page.mouse.click(*grid.evaluate(POINT, cell))
        page.wait_for_function("(n) => window.clock.times.length >= n", arg=done, timeout=20_000)
        page.wait_for_timeout(250)
    return page.evaluate("(n) => window.clock.times.slice(n)", before)


def row(name, times):
    """One line of the table; percentiles over all clicks."""
    p95 = statistics.quantiles(times, n=20, method="inclusive")[-1]
    print(f"{name:52}{len(times):7}{statistics.median(times):9.1f}{p95:9.1f}", flush=True)
    return p95


def measure(lab, chromium, name, count, *, port=None, clicks=CLICKS):
    page = chromium.new_page(viewport={"width": 1200, "height": 1000})
    notebook = Notebook(lab, page, "explorer.ipynb", port=port)
    notebook.show(SETUP.replace("COUNT", str(count)), ".slw-confusion-explorer")
    page.evaluate(CLOCK)
    cells = json.loads(notebook.python("print(evaluation.confusion.nonzero().tolist())"))  # a blank cell has no images
    cells = cells[:: len(cells) // clicks][:clicks]
    first = row(f"{name}, first click", clicked(page, cells))
    again = row(f"{name}, cell seen before", clicked(page, cells))
    seconds, largest = notebook.python("print(seconds, max(sizes))").split()
    print(f"    built in {float(seconds):.2f} s; largest answer {int(largest) / 1000:.0f} kB", flush=True)
    page.close()
    return first, again


def main():
    lab = JupyterLab(Path(tempfile.mkdtemp()))
    print(f"{'click to images on screen':52}{'clicks':>7}{'p50 ms':>9}{'p95 ms':>9}")
    try:
        with browser() as chromium:
            small = measure(lab, chromium, "7,172 images", 7172)
            large = measure(lab, chromium, "1,000,000 images", 1_000_000)
            with far_away(lab.port, 0.1) as port:
                measure(lab, chromium, "7,172 images, 100 ms away each way", 7172, port=port, clicks=20)
    finally:
        lab.close()
    print(f"1,000,000 / 7,172 images, first click, p95: {large[0] / small[0]:.2f}")


if __name__ == "__main__":
    main()
