"""Where things are on the page of the explorer of five classes, and how to wait for them."""

import json

SETUP = """
import torch, signlang_widgets as slw
from tests.networks.confusion_cases import five_classes, random_case, TRUE
from signlang_widgets.widgets.confusion_explorer import kept_flags
kept_flags._kept.clear()
explorer = slw.ConfusionExplorer(*five_classes())
explorer
"""
MADE = "explorer = slw.ConfusionExplorer(*five_classes())"
SHOWN = "el => [...el.querySelectorAll('.slw-tile')].map(tile => Number(tile.dataset.index))"


def place(view, row, column):
    """A point of the page over a cell of the five-class matrix (four classes show); -1 is a letter."""
    layout = view.evaluate(
        """el => { const grid = el.querySelector('.slw-cm-grid'); const box = grid.getBoundingClientRect();
          const [left, top, cell] = ['left', 'top', 'cell'].map(name => Number(grid.dataset[name]));
          return [box.left + left, box.top + top, cell]; }"""
    )
    left, top, cell = layout
    return [corner + (i + 0.5) * cell if i >= 0 else corner - 8 for corner, i in ((left, column), (top, row))]


def click(notebook, view, row, column):
    notebook.page.mouse.click(*place(view, row, column))


def tiles(view, *indices):
    """Wait until just these images show, in this order."""
    wanted = json.dumps(indices, separators=(",", ":"))
    view.page.wait_for_function(
        f"([el, wanted]) => JSON.stringify(({SHOWN})(el)) === wanted", arg=[view.element_handle(), wanted]
    )


def heading(view, text):
    view.locator(".slw-cm-heading", has_text=text).wait_for()
