"""The first cell of a lesson, run by IPython as Colab would run it and as everyone else does."""

import sys
from importlib import metadata, util
from types import ModuleType

import pytest
from IPython.core.interactiveshell import InteractiveShell

from .build import address, first_cell


@pytest.fixture
def commands(monkeypatch):
    """Shell commands that the cell gives, noted instead of run."""
    noted = []
    shell = InteractiveShell.instance()
    monkeypatch.setattr(shell, "system", lambda command: noted.append(shell.var_expand(command)))
    yield noted
    InteractiveShell.clear_instance()


def run_first_cell():
    InteractiveShell.instance().run_cell(first_cell()).raise_error()


def be_colab(monkeypatch, *, installed):
    monkeypatch.setitem(sys.modules, "google.colab", ModuleType("google.colab"))
    found = util.find_spec
    monkeypatch.setattr(
        util, "find_spec", lambda name: found(name) if installed or name != "signlang_widgets" else None
    )


def test_elsewhere_it_does_nothing_and_prints_nothing(commands, capsys):
    run_first_cell()
    assert commands == []
    assert capsys.readouterr() == ("", "")


def test_colab_gets_the_package_and_keeps_its_ipywidgets(commands, monkeypatch):
    be_colab(monkeypatch, installed=False)
    run_first_cell()
    assert commands == [f'pip install --quiet "git+{address()}" ipywidgets=={metadata.version("ipywidgets")}']


def test_colab_installs_once(commands, monkeypatch):
    be_colab(monkeypatch, installed=True)
    run_first_cell()
    assert commands == []
