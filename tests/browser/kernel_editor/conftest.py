"""The editor that each test gets anew, in the notebook of its file."""

import pytest

from .editing import SETUP


@pytest.fixture
def editor(notebook):
    return notebook.show(SETUP, ".slw-kernel-editor")
