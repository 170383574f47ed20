"""A small run, and a dashboard that shows it."""

import pytest

from signlang_widgets.widgets.training_dashboard.training_dashboard import TrainingDashboard
from tests.training.small_runs import Breakable, net, trainer


@pytest.fixture
def run():
    return trainer()


@pytest.fixture
def dashboard(run):
    shown = TrainingDashboard(run, models={"Sequential": net, "other": lambda: net(1), "broken": Breakable})
    yield shown
    shown.close()
