"""A dashboard in the notebook: one whose run is over in a moment, one that goes on."""

import pytest

from .shown import (
    SHOWN,
    SLOW,
    show,
)


@pytest.fixture
def dashboard(notebook):
    """A run of three epochs of six batches, over in a moment."""
    return show(notebook, SHOWN)


@pytest.fixture
def slow(notebook):
    """A run that is still going, whatever a test does."""
    yield show(notebook, SLOW)
    notebook.python("trainer.stop()")
