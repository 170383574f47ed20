"""Exchanged kernels come back bit by bit, and earlier epochs leave the model alone."""

import pytest
import torch
from torch import nn

import signlang_widgets as slw
from signlang_widgets.networks.kernel_swaps import KernelSwaps, convolutions, count_correct
from signlang_widgets.training.saved_weights import SavedWeights


def bits(model):
    return [p.detach().clone() for p in model.state_dict().values()]


def same(a, b):
    return all(torch.equal(x, y) for x, y in zip(a, b, strict=True))


def test_put_and_undo_restore_the_exact_bits():
    model = slw.ConvNet()
    before = bits(model)
    swaps = KernelSwaps(model)
    swaps.put("pipeline.3", 7, 42, torch.randn(3, 3).tolist())
    swaps.put("pipeline.0", 1, 0, torch.zeros(5, 5))
    swaps.put("pipeline.0", 1, 0, torch.ones(5, 5))
    assert float(model.pipeline[0].weight[1].detach().sum()) == 25
    assert model.pipeline[0].weight.grad is None
    assert model.pipeline[0].weight.requires_grad
    assert same(bits(swaps.original(model)), before)
    assert [swaps.undo() for _ in range(3)] == [("pipeline.0", 1, 0), ("pipeline.0", 1, 0), ("pipeline.3", 7, 42)]
    assert same(bits(model), before)
    assert len(swaps) == 0


def test_kernels_that_do_not_fit_are_refused():
    swaps = KernelSwaps(nn.Sequential(nn.Conv2d(2, 3, (3, 5))))
    for bad in (torch.zeros(3, 3), torch.full((3, 5), float("nan"))):
        with pytest.raises(slw.DataError, match="0 takes 3x5 finite numbers"):
            swaps.put("0", 0, 0, bad)
    with pytest.raises(slw.DataError, match=r"kernels 0\.\.2 over input channels 0\.\.1"):
        swaps.kernel("0", 3, 0)
    with pytest.raises(slw.DataError, match="no convolution 'x' in this model: it has 0"):
        swaps.kernel("x", 0, 0)
    assert len(swaps) == 0


def test_saved_epochs_come_in_a_copy(tmp_path):
    torch.manual_seed(0)
    split = slw.LabelledImages(torch.rand(40, 1, 28, 28), torch.arange(40) % 26, list("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    model = slw.LogisticRegression()
    start = bits(model)
    slw.Trainer(model, slw.SignMNIST(split, split), epochs=2, folder=tmp_path).run()
    end = bits(model)
    saved = SavedWeights(tmp_path)
    assert saved.epochs() == [0, 1, 2]
    assert same(bits(saved.model_at(model, 0)), start)
    assert same(bits(saved.model_at(model, 2)), end)
    assert same(bits(model), end)
    with pytest.raises(slw.SavedRunError, match="load with the model that was trained"):
        saved.model_at(slw.ConvNet(), 1)


def test_counting_agrees_with_evaluate():
    model = slw.MinimalConvNet()
    split = slw.LabelledImages(torch.rand(300, 1, 28, 28), torch.arange(300) % 26, list("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    *_, (seen, right) = count_correct(model, split)
    assert seen == 300
    assert right / seen == pytest.approx(slw.evaluate(model, split).accuracy)
    assert list(convolutions(model)) == ["pipeline.0"]
