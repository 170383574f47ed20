"""What the running notebook can show: figures that zoom where they can, plain pictures everywhere else."""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec
from threading import RLock, get_ident
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

from .common import cell_runs

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_noted: WeakSet[Figure] = WeakSet()
_running: set[int] = set()  # the threads that run a cell now
_showing = RLock()  # no cell begins while figures are being shown from another thread


def zoomable_figures() -> None:
    """From here on, figures have buttons to zoom and move, and tell the values under the pointer.

    That needs ipympl and a Jupyter server (JupyterLab, Notebook 7, Binder). Elsewhere figures stay the plain pictures
    that they were. Nothing is printed. A cell that runs again closes the figures of its earlier run.

    >>> zoomable_figures()
    """
    from IPython import get_ipython

    shell = get_ipython()
    if shell is None or not _can_zoom():
        return
    shell.run_line_magic("matplotlib", "widget")
    _running.add(get_ident())  # the cell that asks for this
    _show_under_cells(shell.events)
    for event, callback in (("pre_run_cell", _begin), ("post_run_cell", _end)):
        if callback not in shell.events.callbacks[event]:
            shell.events.register(event, callback)


def _can_zoom() -> bool:
    """Tell whether a Jupyter server started this kernel: it names the notebook in JPY_SESSION_NAME."""
    on_colab = "google.colab" in sys.modules  # ipympl breaks there from time to time
    return "JPY_SESSION_NAME" in os.environ and not on_colab and find_spec("ipympl") is not None


def _show_under_cells(events: Any) -> None:
    """Let ``_show_figures`` stand where ipympl's own callback stood."""
    from ipympl.backend_nbagg import flush_figures

    if flush_figures in events.callbacks["post_execute"]:
        events.unregister("post_execute", flush_figures)
        events.register("post_execute", _show_figures)


def _show_figures() -> None:
    """Show a cell's figures under that cell, not under a widget's message that the kernel answers meanwhile.

    JupyterLab's messages are answered on another thread, and IPython calls this after each: what ipympl showed there
    would belong to the message and be seen nowhere (ipykernel#1564).
    """
    from ipympl.backend_nbagg import flush_figures

    with _showing:
        if _running <= {get_ident()}:
            flush_figures()


def _begin(_info: Any) -> None:
    with _showing:
        _running.add(get_ident())
    cell_runs.begin()


def _end(_result: Any) -> None:
    _running.discard(get_ident())
    _note_figures()


def _close(figure: Figure) -> None:
    """Close a figure and every widget of its canvas: closing the canvas alone leaves its toolbar and layouts behind."""
    from ipywidgets import DOMWidget
    from matplotlib import pyplot as plt

    canvas: Any = figure.canvas
    plt.close(figure)
    if isinstance(canvas, DOMWidget):
        for part in (canvas.layout, canvas.toolbar.layout, canvas.toolbar):
            part.close()


def _note_figures() -> None:
    from matplotlib._pylab_helpers import Gcf

    for figure in {manager.canvas.figure for manager in Gcf.get_all_fig_managers()} - set(_noted):
        _noted.add(figure)
        cell_runs.adopt(figure, _close)
