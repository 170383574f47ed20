import pytest

from .small_runs import trainer


@pytest.fixture(scope="module")
def unbroken():
    """A run that nobody touched, to hold others against."""
    run = trainer()
    run.run()
    return run
