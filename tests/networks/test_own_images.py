"""Images stay as they are, whatever a model does to what it reads, and what is said about it stays true."""

import pytest
import torch
from torch import nn

import signlang_widgets as slw
from signlang_widgets.networks.activations import forward_pass, record
from signlang_widgets.networks.explain import explain
from signlang_widgets.networks.inference import as_input
from signlang_widgets.networks.kernel_swaps import count_correct
from signlang_widgets.networks.occlusion import sweep
from signlang_widgets.networks.top_activations import Survey

NAMES = ("M", "N", "S")


class Overwriting(nn.Module):
    """Its first operation works in place, and so does one between two layers."""

    def __init__(self, channels=2):
        super().__init__()
        torch.manual_seed(3)
        self.conv, self.linear = nn.Conv2d(channels, 4, (2, 3)), nn.Linear(80, 3)

    def forward(self, images):
        images.sub_(0.5)
        maps = self.conv(images)
        return self.linear(torch.relu_(maps).flatten(1))


class Careful(Overwriting):
    """The same arithmetic on a copy."""

    def forward(self, images):
        return super().forward(images.clone())


def split(dtype=torch.float32, channels=2, count=9):
    generator = torch.Generator().manual_seed(4)
    images = torch.rand(count, channels, 5, 7, generator=generator)
    images = (images * 255).to(torch.uint8) if dtype == torch.uint8 else images.to(dtype)
    return slw.LabelledImages(images, torch.arange(count) % 3, NAMES)


def whole_training(model, data):
    list(slw.fit(model, data, data, epochs=2, batch_size=4))


def stepwise_training(model, data):
    run = slw.Trainer(model, slw.SignMNIST(data, data), epochs=2, batch_size=4)
    run.step_batch()
    run.run()


WAYS = {
    "evaluate": slw.evaluate,
    "fit": whole_training,
    "Trainer": stepwise_training,
    "record": record,
    "sweep": lambda model, data: sweep(model, data.images[0], 2),
    "survey": lambda model, data: Survey(model, data.images).finish(),
    "comparison": lambda model, data: list(count_correct(model, data)),
    "explorer": slw.FeatureExplorer,
}


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.uint8])
@pytest.mark.parametrize("way", WAYS)
def test_images_are_as_they_were_after_every_entry(way, dtype):
    data = split(dtype)
    before, numbers = data.images.clone(), data.images._version
    WAYS[way](Overwriting(), data)
    assert torch.equal(data.images, before)
    assert data.images._version == numbers


@pytest.mark.parametrize("channels", [1, 2])
def test_figures_are_those_of_the_model_that_copies(channels):
    data = split(channels=channels)
    ours, witness = slw.evaluate(Overwriting(channels), data), slw.evaluate(Careful(channels), data)
    assert torch.equal(ours.probabilities, witness.probabilities)
    drops = [sweep(kind(channels), data.images[0], 2).drops for kind in (Overwriting, Careful)]
    assert torch.equal(*drops)
    trained = [Overwriting(channels), Careful(channels)]
    for model in trained:
        whole_training(model, data)
    assert torch.equal(trained[0].conv.weight, trained[1].conv.weight)


def test_what_a_layer_read_is_what_it_got_after_an_operation_in_place():
    images = split().images
    found = forward_pass(Overwriting(), images)
    assert torch.equal(found.images, images)
    assert torch.equal(found.read_by(0), images - 0.5)
    step = explain(found, 0, (1, 2, 3))[-1]
    assert step.value == pytest.approx(float(found.calls[0].output[0, 1, 2, 3]), abs=1e-6)
    step = explain(found, 1, (2,))[-1]
    assert step.value == pytest.approx(float(found.calls[1].output[0, 2]), abs=1e-6)


def test_only_what_is_lent_is_copied():
    own = torch.rand(4, 1, 5, 7)
    assert as_input(own, channels_last=False).data_ptr() != own.data_ptr()
    assert as_input(own, channels_last=True, lent=False).data_ptr() == own.data_ptr()
    learning = own.requires_grad_()
    assert not as_input(learning, channels_last=False).requires_grad
