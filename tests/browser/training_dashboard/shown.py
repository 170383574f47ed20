"""A run of a small network in a notebook, and what a test does to its dashboard."""

import io

import pandas as pd

SETUP = """
import json, threading, time, torch
import signlang_widgets as slw
from torch import nn
torch.manual_seed(0)

class Net(nn.Module):
    wait = 0.0
    def __init__(self, kernels=4):
        super().__init__()
        self.pipeline = nn.Sequential(nn.Conv2d(1, kernels, (2, 3)), nn.ReLU(), nn.Flatten(), nn.Linear(kernels * 20, 3))
    def forward(self, images):
        if self.training: time.sleep(self.wait)
        return self.pipeline(images)

def split(count):
    images = torch.randint(0, 256, (count, 1, 5, 7), dtype=torch.uint8)
    return slw.LabelledImages(images, torch.arange(count) % 3, ("M", "N", "S"))

data = slw.SignMNIST(split(22), split(9))
trainer = slw.Trainer(Net(), data, epochs=3, batch_size=4, lr=0.1)
dashboard = slw.TrainingDashboard(trainer, models={"Net": Net, "two kernels": lambda: Net(2)})
"""
SHOWN = f"{SETUP}\ndashboard\n"
SLOW = SHOWN.replace("wait = 0.0", "wait = 0.02").replace("epochs=3", "epochs=1000")
CANVASES = """el => [...el.querySelectorAll('.slw-chart-canvas, .slw-matrix-canvas, .slw-kernel')].map((canvas) =>
  Array.from(canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data).join())"""
THREADS = "'signlang-training' in [thread.name for thread in threading.enumerate()]"
PIXELS = """canvas => Array.from(
  canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data).join()"""


def show(notebook, code):
    return notebook.show(code, ".slw-training-dashboard")


def button(view, name):
    return view.get_by_role("button", name=name, exact=True)


def press(view, name):
    button(view, name).click()


def wait_for_state(view, words):
    view.locator(".slw-run-state", has_text=words).wait_for()


def field(view, name):
    return view.locator(f"[data-control='{name}'] input")


def type_in(view, name, text):
    field(view, name).fill(text)
    field(view, name).press("Enter")


def reading(view, place=0):
    return view.locator(".slw-chart-reading").nth(place)


def chart(view, place=0):
    return view.locator(".slw-chart-canvas").nth(place)


def slide_to(view, epoch):
    view.locator(".slw-scrub").fill(str(epoch))


def finished(notebook, view):
    press(view, "Start")
    wait_for_state(view, "All epochs are done (3)")


def history(notebook):
    return pd.read_json(io.StringIO(notebook.python("print(trainer.history.to_json(double_precision=15))")))
