"""A feature explorer in an open notebook."""

import pytest

from .exploring import SETUP, show


@pytest.fixture
def explorer(notebook):
    return show(notebook, SETUP)
