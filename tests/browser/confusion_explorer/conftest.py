"""The explorer of five classes in a real JupyterLab."""

import pytest

from .explorer_page import SETUP


@pytest.fixture
def explorer(notebook):
    return notebook.show(SETUP, ".slw-confusion-explorer")
