import pytest
import torch
from torch import nn

import signlang_widgets as slw

FACTS = [
    (slw.LogisticRegression, 20_410, [nn.Flatten, nn.Linear]),
    (slw.MinimalConvNet, 60_034, [nn.Conv2d, nn.ReLU, nn.Flatten, nn.Linear]),
    (slw.ConvNet, 71_526, [nn.Conv2d, nn.MaxPool2d, nn.ReLU] * 3 + [nn.Flatten, nn.Linear]),
]


@pytest.mark.parametrize(("network", "parameters", "layers"), FACTS)
def test_layers_and_parameter_count_are_the_chapters(network, parameters, layers):
    model = network()
    assert sum(p.numel() for p in model.parameters()) == parameters
    assert [type(layer) for layer in model.pipeline] == layers


@pytest.mark.parametrize("network", [slw.LogisticRegression, slw.MinimalConvNet, slw.ConvNet])
def test_scores_are_those_of_the_layers_one_after_another(network):
    model, images = network(), torch.rand(3, 1, 28, 28)
    by_hand = images
    for layer in model.pipeline:
        by_hand = layer(by_hand)
    assert by_hand.shape == (3, 26)
    assert torch.equal(model(images), by_hand)


def test_logistic_scores_are_pixels_times_weights_plus_bias():
    model, images = slw.LogisticRegression(), torch.rand(2, 1, 28, 28)
    weight, bias = model.pipeline[1].weight, model.pipeline[1].bias
    torch.testing.assert_close(model(images), torch.einsum("nchw,kchw->nk", images, weight.view(26, 1, 28, 28)) + bias)


def test_minimal_kernels_are_four_of_five_by_five():
    assert slw.MinimalConvNet().pipeline[0].weight.shape == (4, 1, 5, 5)


def test_convnet_channels_and_kernel_sides():
    shapes = [tuple(layer.weight.shape) for layer in slw.ConvNet().pipeline if isinstance(layer, nn.Conv2d)]
    assert shapes == [(100, 1, 5, 5), (50, 100, 3, 3), (50, 50, 3, 3)]
