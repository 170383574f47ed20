"""A small network and an explorer of it."""

import pytest
import torch

import signlang_widgets as slw

from .explorer_cases import SPLIT


@pytest.fixture
def model():
    torch.manual_seed(0)
    return slw.MinimalConvNet()


@pytest.fixture
def explorer(model):
    explorer = slw.FeatureExplorer(model, SPLIT)
    yield explorer
    explorer.close()
