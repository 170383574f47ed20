"""What the editor's browser tests share: an editor, its cells, its pixels, and the kernel that Python holds."""

import json

SETUP = """
import json, torch
import signlang_widgets as slw
torch.manual_seed(0)
images = torch.randint(0, 256, (5, 1, 9, 12), dtype=torch.uint8)
split = slw.LabelledImages(images, torch.tensor([0, 1, 11, 22, 24]), list("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
editor = slw.KernelEditor(split)
editor
"""
KERNEL = "json.dumps(editor.kernel.tolist())"
PIXELS = """el => [...el.querySelectorAll('.slw-picture')].map(figure => {
  const canvas = figure.querySelectorAll('canvas')[1];
  return Array.from(canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data).join();
})"""


def cell(editor, row, column):
    return editor.locator(f"input[data-row='{row}'][data-column='{column}']")


def changed(a, b):
    return [x != y for x, y in zip(a, b, strict=True)]


def kernel_with(**cells):
    rows = [[-1.0, -1.0, 4.0, -1.0, -1.0] for _ in range(5)]
    for place, value in cells.items():
        rows[int(place[1])][int(place[2])] = value
    return json.dumps(rows)


def paste(editor, text):
    cell(editor, 0, 0).evaluate(
        """(el, text) => {
          const clipboardData = new DataTransfer();
          clipboardData.setData('text', text);
          el.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
        }""",
        text,
    )
