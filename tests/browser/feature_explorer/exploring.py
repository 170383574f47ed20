"""What the browser tests of the feature explorer share: a small network, what hands do, what is on screen."""

import json
import re

SETUP = """
import json, torch
import signlang_widgets as slw
torch.manual_seed(0)
images = torch.randint(0, 256, (40, 1, 12, 14), dtype=torch.uint8)
split = slw.LabelledImages(images, torch.arange(40) % 3, ["A", "B", "C"])
model = torch.nn.Sequential(
    torch.nn.Conv2d(1, 6, 3), torch.nn.MaxPool2d(2), torch.nn.ReLU(),
    torch.nn.Conv2d(6, 4, 3), torch.nn.ReLU(), torch.nn.Flatten(), torch.nn.Linear(48, 3),
)
with torch.no_grad():
    model[3].weight[2], model[3].bias[2] = 0, -1
explorer = slw.FeatureExplorer(model, split)
explorer
"""
ROOT = ".slw-feature-explorer"
TILES = """el => { const canvas = el.querySelector('.slw-fx-tiles');
  return Array.from(canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data).join(); }"""
THUMBS = """el => [...el.querySelectorAll('.slw-fx-thumb canvas')].map(canvas =>
  Array.from(canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data).join())"""
COUNT_SENT = """() => {
  window.sent = [];
  const kernel = jupyterapp.shell.currentWidget.sessionContext.session.kernel;
  window.counter ??= kernel.anyMessage.connect((_, { msg, direction }) => {
    if (msg.header.msg_type === 'comm_msg') window.sent.push([direction, msg]);
  });
}"""


def show(notebook, code):
    view = notebook.show(code, ROOT)
    notebook.page.wait_for_function("!document.querySelector('.slw-feature-explorer [data-control=paint]').disabled")
    return view


def layer(view, name):
    view.locator(".slw-fx-layer").nth(int(name)).click()


def walk_to(view, page, channel, row, column):
    """Look at a pixel by keyboard."""
    box = view.locator(".slw-fx-mosaic")
    box.focus()
    page.keyboard.press("Home")
    for key, times in (("PageDown", channel), ("ArrowDown", row), ("ArrowRight", column)):
        for _ in range(times):
            page.keyboard.press(key)


def changed(page, view, script, before):
    page.wait_for_function(
        f"(before) => JSON.stringify(({script})(document.querySelector('{ROOT}'))) !== before",
        arg=json.dumps(before, separators=(",", ":")),
    )


def numbers(text):
    return [float(n.replace("\u2212", "-")) for n in re.findall(r"[\u2212-]?\d+\.\d+", text)]


def drag(page, box, start, end, steps=4):
    """Drag on the image from one pixel (row, column) to another; 12 x 14 pixels."""
    at = [
        (box["x"] + box["width"] * (c + 0.5) / 14, box["y"] + box["height"] * (r + 0.5) / 12) for r, c in (start, end)
    ]
    page.mouse.move(*at[0])
    page.mouse.down()
    page.mouse.move(*at[1], steps=steps)
    page.mouse.up()


def edited(notebook):
    return json.loads(notebook.python("print(json.dumps(explorer.edited[0].tolist()))"))


def original(notebook, image=0):
    return json.loads(notebook.python(f"print(json.dumps(images[{image}, 0].tolist()))"))
