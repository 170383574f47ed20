"""Covering a region does to the score what covering it by hand does."""

import pytest
import torch
from torch import nn

import signlang_widgets as slw
from signlang_widgets.networks.occlusion import sweep


def test_drops_are_those_of_images_covered_by_hand():
    torch.manual_seed(0)
    model, image = slw.MinimalConvNet(), torch.rand(1, 28, 28)
    found = sweep(model, image, 5, stride=3)
    scores = model(image[None])[0]
    assert found.predicted == int(scores.argmax())
    assert found.score == pytest.approx(float(scores.max()))
    assert found.drops.shape == (8, 8)
    for row, column in [(0, 0), (2, 7), (7, 3)]:
        covered = image.clone()
        covered[:, 3 * row : 3 * row + 5, 3 * column : 3 * column + 5] = image.mean()
        drop = scores.max() - model(covered[None])[0, found.predicted]
        assert float(found.drops[row, column]) == pytest.approx(float(drop), abs=1e-5)


def test_it_points_at_the_one_pixel_that_counts():
    model = nn.Sequential(nn.Flatten(), nn.Linear(35, 2, bias=False))
    with torch.no_grad():
        model[1].weight.zero_()
        model[1].weight[1, 3 * 7 + 5] = 2
    image = torch.zeros(1, 5, 7)
    image[0, 3, 5] = 1
    drops = sweep(model, image, 1, fill=0).drops
    assert drops.nonzero().tolist() == [[3, 5]]
    assert float(drops[3, 5]) == 2


def test_large_images_take_larger_steps():
    model = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())
    found = sweep(model, torch.rand(3, 70, 90), 8)
    assert found.stride > 1
    assert found.drops.numel() <= 1024


def test_what_cannot_be_done_is_said():
    with pytest.raises(slw.DataError, match="does not fit on 5x7: use 1 to 5"):
        sweep(nn.Flatten(), torch.rand(1, 5, 7), 6)
    with pytest.raises(slw.DataError, match="no scores"):
        sweep(nn.ReLU(), torch.rand(1, 5, 7), 2)
