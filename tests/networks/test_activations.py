"""What `record` sees is what the layers computed, and the model never notices."""

import threading

import pytest
import torch
from torch import nn
from torch.nn import functional as f

import signlang_widgets as slw
from signlang_widgets.networks.activations import IMAGE, OUTSIDE, forward_pass, record

CHAPTER = [slw.LogisticRegression, slw.MinimalConvNet, slw.ConvNet]
IMAGES = torch.randint(0, 256, (3, 1, 28, 28), dtype=torch.uint8, generator=torch.Generator().manual_seed(1))


def hooks_of(model):
    return sum(len(m._forward_hooks) + len(m._forward_pre_hooks) for m in model.modules())


@pytest.mark.parametrize("made", CHAPTER)
def test_the_chapter_s_models_layer_by_layer(made):
    model = made()
    layers = record(model, IMAGES)
    values = IMAGES / 255
    assert list(layers) == [f"pipeline.{i}" for i in range(len(model.pipeline))]
    for name, layer in zip(layers, model.pipeline, strict=True):
        values = layer(values)
        torch.testing.assert_close(layers[name], values, rtol=0, atol=0)
        assert not layers[name].requires_grad
    assert hooks_of(model) == 0


class Skipping(nn.Module):
    """A skip connection, functional calls, one convolution used twice, and a ReLU that works in place."""

    def __init__(self):
        super().__init__()
        self.first = nn.Conv2d(2, 3, 3)
        self.again = nn.Conv2d(3, 3, 3, padding=1)
        self.relu = nn.ReLU(inplace=True)
        self.fail = False

    def forward(self, x):
        start = self.relu(self.first(x))
        x = f.max_pool2d(self.again(start) + start, 2)
        if self.fail:
            raise self.fail
        return self.again(x).mean((2, 3))


def test_reuse_skips_functional_calls_and_in_place_layers():
    model, images = Skipping(), torch.randn(2, 2, 9, 7)
    layers = record(model, images)
    conv = f.conv2d(images, model.first.weight, model.first.bias)
    again = f.conv2d(conv.relu(), model.again.weight, model.again.bias, padding=1)
    pooled = f.max_pool2d(again + conv.relu(), 2)
    second = f.conv2d(pooled, model.again.weight, model.again.bias, padding=1)
    assert list(layers) == ["first", "relu", "again", "again#2"]
    for name, expected in zip(layers, [conv, conv.relu(), again, second], strict=True):
        torch.testing.assert_close(layers[name], expected)
    assert (layers["first"] < 0).any()


def test_the_trace_knows_who_read_whom():
    model, images = Skipping(), torch.randn(2, 2, 9, 7)
    found = forward_pass(model, images)
    assert [call.source for call in found.calls] == [IMAGE, 0, 1, OUTSIDE]
    torch.testing.assert_close(found.read_by(1), found.calls[0].output)
    assert found.read_by(0) is found.images
    assert found.read_by(3).shape == (2, 3, 3, 2)


@pytest.mark.parametrize("error", [RuntimeError("no"), KeyboardInterrupt()])
def test_hooks_come_off_whatever_happens(error):
    model = Skipping()
    model.fail = error
    with pytest.raises(type(error)):
        record(model, torch.randn(1, 2, 9, 7))
    assert hooks_of(model) == 0
    assert model.training


def test_mode_random_numbers_and_gradients_stay():
    model = nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.Dropout(), nn.Flatten(), nn.Linear(30, 2))
    model[1].eval()
    model(torch.randn(4, 1, 5, 7)).sum().backward()
    gradients = [p.grad.clone() for p in model.parameters()]
    buffers = [b.clone() for b in model.buffers()]
    before = torch.get_rng_state()
    layers = record(model, torch.randn(4, 1, 5, 7, generator=torch.Generator().manual_seed(0)))
    assert torch.equal(torch.get_rng_state(), before)
    assert [m.training for m in model] == [True, False, True, True, True]
    assert all(torch.equal(p.grad, g) for p, g in zip(model.parameters(), gradients, strict=True))
    assert all(torch.equal(a, b) for a, b in zip(model.buffers(), buffers, strict=True))
    assert torch.equal(layers["2"], layers["1"])


def test_a_model_without_convolution_or_weights():
    assert list(record(nn.Flatten(), torch.rand(2, 1, 5, 7))) == [""]
    assert record(nn.Sequential(nn.Flatten(), nn.Linear(35, 3)), torch.rand(2, 1, 5, 7))["1"].shape == (2, 3)


def test_several_outputs_give_their_first_tensor():
    class Rows(nn.Module):
        def __init__(self):
            super().__init__()
            self.lstm = nn.LSTM(7, 4, batch_first=True)

        def forward(self, x):
            return self.lstm(input=x[:, 0])[0]

    layers = record(Rows(), torch.rand(2, 1, 5, 7))
    assert layers["lstm"].shape == (2, 5, 4)


def test_labelled_images_are_read_too():
    split = slw.LabelledImages(IMAGES, torch.zeros(3, dtype=torch.long), ["A"])
    assert torch.equal(record(slw.LogisticRegression(), split)["pipeline.0"], (IMAGES / 255).flatten(1))


def test_another_thread_s_calls_are_not_heard():
    model = nn.Sequential(nn.Flatten(), nn.Linear(35, 3))
    inside, heard = threading.Event(), threading.Event()

    class Slow(nn.Module):
        def forward(self, x):
            inside.set()
            assert heard.wait(10)
            return x

    slow = nn.Sequential(Slow(), *model)
    found = []
    thread = threading.Thread(target=lambda: found.append(record(slow, torch.rand(1, 1, 5, 7))))
    thread.start()
    assert inside.wait(10)
    slow[1:](torch.rand(9, 1, 5, 7))
    heard.set()
    thread.join()
    assert {name: len(output) for name, output in found[0].items()} == {"0": 1, "1": 1, "2": 1}


BAD = [
    (slw.ConvNet(), torch.rand(2, 3, 28, 28), slw.DataError, "pipeline.0 .Conv2d. reads 1 channel, but gets 3"),
    (slw.ConvNet(), torch.rand(2, 1, 40, 40), slw.DataError, "pipeline.10 .Linear. reads 50 numbers an image"),
    (slw.ConvNet(), torch.rand(28, 28), slw.DataError, "images.None."),
    (slw.ConvNet(), "images", slw.DataError, "got str"),
    (slw.ConvNet().to("meta"), torch.rand(2, 1, 28, 28), slw.DeviceError, "The model is on meta and the images are on"),
]


@pytest.mark.parametrize(("model", "images", "error", "words"), BAD)
def test_what_does_not_fit_is_refused_in_words(model, images, error, words):
    with pytest.raises(error, match=words):
        record(model, images)
    assert hooks_of(model) == 0


def test_memory_is_bounded():
    with pytest.raises(slw.DataError, match="record fewer images"):
        record(slw.ConvNet(), torch.rand(8, 1, 28, 28), limit=2_000_000)
    assert record(slw.ConvNet(), torch.rand(5, 1, 28, 28), limit=2_000_000)
