"""The walk over the set finds what a look at all activations finds."""

import pytest
import torch
from torch import nn

import signlang_widgets as slw
from signlang_widgets.networks.activations import record
from signlang_widgets.networks.top_activations import Survey


@pytest.fixture
def model():
    torch.manual_seed(0)
    model = nn.Sequential(nn.Conv2d(2, 5, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(30, 4))
    with torch.no_grad():
        model[0].weight[3] = 0
        model[0].bias[3] = -1
    return model


IMAGES = torch.rand(150, 2, 7, 9, generator=torch.Generator().manual_seed(5))


@pytest.mark.parametrize("layer", ["0", "1", "2", "3", "4"])
def test_the_strongest_images_are_those_with_the_largest_peaks(model, layer):
    survey = Survey(model, IMAGES).finish()
    outputs = record(model, IMAGES)[layer].reshape(len(IMAGES), *record(model, IMAGES[:1])[layer].shape[1:2], -1)
    peaks = outputs.amax(2)
    for channel in (0, peaks.shape[1] - 1):
        values, images = peaks[:, channel].topk(6)
        found = survey.strongest(layer, channel)
        assert [value for _, value in found] == pytest.approx(values.tolist())
        assert {image for image, _ in found} == set(images.tolist())


def test_dead_channels_are_zero_over_the_whole_set(model):
    dead = Survey(model, IMAGES).finish().dead()
    assert dead["0"] == []
    assert dead["1"] == dead["2"] == [3]
    assert set(range(18, 24)) <= set(dead["3"])


def early_bird(model, images):
    survey = Survey(model, images)
    while survey.step(3):
        pass
    return survey


def test_it_goes_in_steps_and_one_late_image_can_bring_a_channel_to_life():
    model = nn.Sequential(nn.ReLU())
    images = torch.zeros(10, 1, 2, 3)
    images[9, 0, 1, 2] = 1
    assert early_bird(model, images.flip(0)).dead() == {"0": []}
    survey = Survey(model, images)
    assert survey.step(6)
    assert (survey.done, survey.dead()) == (6, {"0": [0]})
    assert not survey.step(6)
    assert (survey.done, survey.dead()) == (10, {"0": []})
    assert survey.strongest("0", 0)[0] == (9, 1.0)


def test_what_is_not_there_is_said(model):
    survey = Survey(model, IMAGES[:3]).finish()
    with pytest.raises(slw.DataError, match="no channel 9 of a layer '0': layers are 0, 1, 2, 3, 4"):
        survey.strongest("0", 9)
    with pytest.raises(slw.DataError, match="reads 2 channels, but gets 1"):
        Survey(model, torch.rand(3, 1, 7, 9)).step()
