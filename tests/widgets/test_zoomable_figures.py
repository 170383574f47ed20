"""Which places get zoomable figures, and that a cell's re-run closes its earlier figures. (browser/test_lessons.py zooms.)"""

import sys
from collections import defaultdict
from itertools import count
from types import ModuleType, SimpleNamespace

import pytest
from ipywidgets.widgets import widget
from matplotlib import pyplot as plt

from signlang_widgets.widgets import zoomable_figures as notebook
from signlang_widgets.widgets.common import cell_runs


EXECUTIONS = count()


@pytest.fixture
def shell(monkeypatch):
    """An IPython shell that notes what it is asked, inside a Jupyter server."""
    asked = []
    callbacks = defaultdict(list)
    events = SimpleNamespace(
        callbacks=callbacks,
        register=lambda event, callback: callbacks[event].append(callback),
        unregister=lambda event, callback: callbacks[event].remove(callback),
    )
    shell = SimpleNamespace(asked=asked, events=events, run_line_magic=lambda *words: asked.append(words))
    shell.kernel = SimpleNamespace(get_parent=lambda _: shell.request)
    shell.request = {}
    monkeypatch.setattr(cell_runs, "_last_runs", {})
    monkeypatch.setattr("IPython.get_ipython", lambda: shell)
    monkeypatch.setenv("JPY_SESSION_NAME", "lessons/01.ipynb")
    plt.switch_backend("agg")
    yield shell
    plt.close("all")
    plt.switch_backend("agg")


def run(shell, cell, code):
    header = {"msg_type": "execute_request", "msg_id": next(EXECUTIONS)}
    shell.request = {"header": header, "metadata": {"cellId": cell}}
    for callback in shell.events.callbacks["pre_run_cell"]:
        callback(SimpleNamespace())
    code()
    for callback in shell.events.callbacks["post_run_cell"]:
        callback(SimpleNamespace())
    shell.request = {}


def test_a_jupyter_server_gets_them(shell):
    notebook.zoomable_figures()
    assert shell.asked == [("matplotlib", "widget")]


def test_without_a_server_figures_stay_plain(shell, monkeypatch):
    monkeypatch.delenv("JPY_SESSION_NAME")
    notebook.zoomable_figures()
    assert shell.asked == []


def test_colab_stays_plain(shell, monkeypatch):
    monkeypatch.setitem(sys.modules, "google.colab", ModuleType("google.colab"))
    notebook.zoomable_figures()
    assert shell.asked == []


def test_without_ipympl_figures_stay_plain(shell, monkeypatch):
    monkeypatch.setattr(notebook, "find_spec", lambda _: None)
    notebook.zoomable_figures()
    assert shell.asked == []


def test_a_script_is_left_alone(monkeypatch):
    monkeypatch.setenv("JPY_SESSION_NAME", "lessons/01.ipynb")
    notebook.zoomable_figures()
    assert "ipympl" not in plt.get_backend()


def test_a_second_run_closes_only_its_own_figures(shell):
    notebook.zoomable_figures()
    notebook.zoomable_figures()
    run(shell, "other", plt.figure)
    for _ in range(20):
        run(shell, "mine", plt.figure)
    assert len(plt.get_fignums()) == 2
    assert len(shell.events.callbacks["pre_run_cell"]) == 1


@pytest.mark.filterwarnings("ignore:Passing unrecognized arguments:DeprecationWarning")  # ipympl's own toolbar
def test_a_second_run_leaves_no_widget_of_its_first(shell):
    plt.switch_backend("module://ipympl.backend_nbagg")
    notebook.zoomable_figures()
    run(shell, "mine", plt.figure)
    held = len(widget._instances)
    run(shell, "mine", plt.figure)
    assert len(widget._instances) == held


def test_a_figure_that_took_a_closed_one_s_number_stays(shell):
    notebook.zoomable_figures()
    run(shell, "mine", plt.figure)
    plt.close("all")
    run(shell, "other", plt.figure)
    run(shell, "mine", list)
    assert len(plt.get_fignums()) == 1
