"""The lines that do a run again: they run, and learn what the trainer learned."""

import numpy as np
import pytest
import torch
from torch import nn

from signlang_widgets.training.run_code import run_code

from .small_runs import data, net, trainer


def rerun(code, start):
    """Run the lines with a run's first weights; return each epoch's test loss and accuracy as they were printed."""
    splits, lines = data(), []
    scope = {"print": lines.append}
    for name in ("train", "test"):
        scope[f"{name}_images"], scope[f"{name}_labels"] = getattr(splits, name).tensors()
    before, optimizer, after = code.partition("\noptimizer = ")
    exec(before, scope)
    scope["model"].load_state_dict(start)
    exec(optimizer + after, scope)
    return [[float(word.rstrip("%,:")) for word in line.split() if word[0].isdigit()][1:] for line in lines]


@pytest.mark.parametrize("optimizer", [None, torch.optim.Adam, lambda p: torch.optim.SGD(p, 0.2, weight_decay=0.1)])
def test_the_lines_learn_what_the_trainer_learned(optimizer):
    run = trainer(optimizer=optimizer)
    run.run()
    found = rerun(run_code(run), net().state_dict())
    np.testing.assert_allclose([loss for loss, _ in found], run.history["test_loss"], rtol=1e-3)
    np.testing.assert_allclose([share for _, share in found], 100 * run.history["test_accuracy"], atol=0.01)


def test_changes_of_the_learning_rate_are_in_the_lines():
    run = trainer()
    run.step_batch()
    run.lr = 0.02
    run.run()
    assert "rates = {(1, 2): 0.02}" in run_code(run)
    found = rerun(run_code(run), net().state_dict())
    np.testing.assert_allclose([loss for loss, _ in found], run.history["test_loss"], rtol=1e-3)


def test_a_model_of_your_own_is_named():
    class Mine(nn.Module):
        def __init__(self):
            super().__init__()
            self.net = net()

        def forward(self, images):
            return self.net(images)

    assert "model = Mine()  # your own class" in run_code(trainer(Mine()))
