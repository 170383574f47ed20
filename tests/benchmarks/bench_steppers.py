"""From a key press to the next step on screen, here and far away; and how steadily a convolution plays at 30 steps a second.

Clock: a trusted key press; from ``keydown`` (caught on the document before any widget sees it) to the first animation frame in
which both the sum and the output's outline have changed. Playing: 5 s at 30 steps a second; a frame is dropped where two
animation frames lie more than 25 ms apart; messages to Python are counted by an observer in the kernel.
"""

from __future__ import annotations

import random
import statistics
import tempfile
from pathlib import Path

from tests.browser.jupyterlab import JupyterLab, Notebook, browser

from .far_away import far_away

STEPS = 60
SECONDS = 5
HAND = 'slw.load_sign_mnist("bundled").train[0]'
SUBJECTS = {
    "ConvolutionStepper, hand 28x28, kernel 5x5": f'slw.ConvolutionStepper({HAND}, "vertical")',
    "ConvolutionStepper, 8 channels, kernel 3x3": "slw.ConvolutionStepper(torch.rand(8, 12, 12), torch.rand(8, 3, 3))",
    "PoolingStepper, hand 28x28": f"slw.PoolingStepper({HAND})",
}
CLOCK = """() => {
  const root = document.querySelector('.slw');
  const look = () => [root.querySelector('.slw-step-words').textContent,
    [...root.querySelectorAll('.slw-plane-line')].at(-1).getAttribute('d')].join();
  window.times = [];
  document.addEventListener('keydown', () => {
    const [before, start] = [look(), performance.now()];
    const frame = () => look() === before ? requestAnimationFrame(frame) : window.times.push(performance.now() - start);
    requestAnimationFrame(frame);
  }, true);
}"""
PLAY = """async (seconds) => {
  const words = document.querySelector('.slw-step-words');
  const step = () => Number(words.textContent.split(' ')[1]);
  document.querySelector('.slw-play').click();
  await new Promise(requestAnimationFrame);
  const start = performance.now();
  const first = step();
  let last = start, longest = 0, dropped = 0, frames = 0, jumps = 0, seen = first;
  while (last - start < seconds * 1000) {
    const now = await new Promise(requestAnimationFrame);
    longest = Math.max(longest, now - last);
    if (now - last > 25) dropped++;
    if (step() - seen > 1) jumps++;
    [seen, last, frames] = [step(), now, frames + 1];
  }
  const steps = step() - first;
  document.querySelector('.slw-play').click();
  return { steps: steps / seconds, frames: frames / seconds, dropped, longest, jumps };
}"""


def show(lab, chromium, subject, port=None):
    page = chromium.new_page(viewport={"width": 1200, "height": 900})
    notebook = Notebook(lab, page, "stepper.ipynb", port=port)
    notebook.show(f"import torch, signlang_widgets as slw\nstepper = {subject}\nstepper", ".slw")
    return notebook


def measure_steps(lab, chromium, name, port=None):
    notebook = show(lab, chromium, SUBJECTS[name], port)
    page, pauses = notebook.page, random.Random(0)
    page.evaluate(CLOCK)
    page.locator(".slw-plane-frame").last.focus()
    for i in range(STEPS):
        page.keyboard.press("ArrowRight" if i % 20 else "ArrowDown")
        page.wait_for_function("(n) => window.times.length > n", arg=i)
        page.wait_for_timeout(pauses.randint(100, 250))
    times = page.evaluate("window.times")
    page.close()
    cuts = statistics.quantiles(times, n=20, method="inclusive")
    far = ", 100 ms away each way" if port else ""
    print(f"{name + far:68}{len(times):6}{statistics.median(times):9.1f}{cuts[-1]:9.1f}", flush=True)


def measure_playing(lab, chromium, name):
    notebook = show(lab, chromium, SUBJECTS[name])
    notebook.python("heard = []\nstepper.observe(lambda change: heard.append(change.new), 'step')")
    notebook.page.get_by_label("Speed").select_option("30")
    seen = notebook.page.evaluate(PLAY, SECONDS)
    heard = int(notebook.python("print(len(heard))")) / SECONDS
    notebook.page.close()
    print(
        f"{name:68}{seen['steps']:8.1f}{seen['frames']:9.1f}{seen['dropped']:9}{seen['jumps']:8}"
        f"{seen['longest']:11.1f}{heard:11.1f}",
        flush=True,
    )


def main():
    lab = JupyterLab(Path(tempfile.mkdtemp()))
    try:
        with browser() as chromium:
            print(f"{'key to next step on screen':68}{'steps':>6}{'p50 ms':>9}{'p95 ms':>9}")
            for name in SUBJECTS:
                measure_steps(lab, chromium, name)
            with far_away(lab.port, 0.1) as port:
                measure_steps(lab, chromium, next(iter(SUBJECTS)), port)
            print(
                f"{'playing 30 steps a second':68}{'steps/s':>8}{'frames/s':>9}{'dropped':>9}{'skipped':>8}"
                f"{'longest ms':>11}{'messages/s':>11}"
            )
            for name in SUBJECTS:
                measure_playing(lab, chromium, name)
    finally:
        lab.close()


if __name__ == "__main__":
    main()
