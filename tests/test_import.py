"""Opening a lesson must be quick: the package costs nothing until a name is used."""

import subprocess
import sys

import signlang_widgets as slw

HEAVY = {"torch", "numpy", "pandas", "matplotlib", "ipywidgets", "anywidget", "IPython", "pooch"}


def loaded_after(code):
    listing = f"import sys; {code}; print(*sorted({HEAVY!r} & set(sys.modules)))"
    return subprocess.run([sys.executable, "-c", listing], capture_output=True, text=True, check=True).stdout.split()


def test_importing_loads_nothing_heavy():
    assert loaded_after("import signlang_widgets") == []


def test_using_a_name_loads_what_it_needs():
    assert "torch" in loaded_after("import signlang_widgets; signlang_widgets.LabelledImages")


def test_data_need_no_widgets():
    assert {"ipywidgets", "matplotlib"}.isdisjoint(
        loaded_after("import signlang_widgets; signlang_widgets.load_sign_mnist")
    )


def test_every_public_name_exists():
    for name in slw.__all__:
        assert getattr(slw, name) is not None
