"""The chain behind a number adds up to torch's own number."""

import itertools
import json
import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

import signlang_widgets as slw
from signlang_widgets.networks.activations import forward_pass
from signlang_widgets.networks.explain import explain

CHAPTER = [slw.LogisticRegression, slw.MinimalConvNet, slw.ConvNet]


def places_of(output, count=12):
    generator = torch.Generator().manual_seed(0)
    for _ in range(count):
        yield tuple(int(torch.randint(side, (1,), generator=generator)) for side in output.shape[1:])


def added(step):
    """The step's arithmetic done again from what it lists."""
    parts = step.parts
    if step.kind == "conv":
        for part in parts["channels"]:
            products = [(p or 0.0) * k for p, k in zip(part["patch"], part["kernel"], strict=True)]
            assert math.fsum(products) == pytest.approx(part["sum"], abs=1e-9)
        return math.fsum([c["sum"] for c in parts["channels"]] + [parts["rest"]["sum"], parts["bias"] or 0.0])
    if step.kind == "linear":
        for term in parts["terms"]:
            assert term["input"] * term["weight"] == pytest.approx(term["product"])
        return math.fsum([t["product"] for t in parts["terms"]] + [parts["rest"]["sum"], parts["bias"] or 0.0])
    if step.kind == "max":
        return max(cell for cell in parts["window"] if cell is not None)
    if step.kind == "average":
        return math.fsum(cell or 0.0 for cell in parts["window"]) / parts["divisor"]
    if step.kind == "norm":
        return (parts["input"] - parts["mean"]) / parts["spread"] * parts["weight"] + parts["bias"]
    return max(0.0, parts["input"]) if step.kind == "relu" else step.value


def check(model, images, **tolerance):
    found = forward_pass(model, images)
    for image in range(len(images)):
        for index, call in enumerate(found.calls):
            for place in places_of(call.output):
                steps = explain(found, index, place, image=image)
                json.dumps([step.parts for step in steps])
                outputs = {c.name: c.output for c in found.calls}
                for step in steps:
                    expected = float(outputs[step.layer][(image, *step.place)])
                    assert step.value == pytest.approx(expected, **(tolerance or {"rel": 1e-5, "abs": 1e-5}))
                    assert added(step) == pytest.approx(step.value, abs=1e-9)
                for before, after in itertools.pairwise(steps):
                    assert after.parts["from"] == before.layer
                    taken = after.parts.get("input", after.value)
                    assert taken == pytest.approx(before.value, rel=1e-5, abs=1e-5)
    return found


@pytest.mark.parametrize("made", CHAPTER)
def test_every_layer_of_the_chapter_s_models(made):
    torch.manual_seed(3)
    check(made(), torch.rand(2, 1, 28, 28))


def test_the_chain_of_a_relu_begins_at_its_convolution():
    found = forward_pass(slw.ConvNet(), torch.rand(1, 1, 28, 28))
    steps = explain(found, 5, (7, 2, 3))
    assert [step.kind for step in steps] == ["conv", "max", "relu"]
    assert [step.layer for step in steps] == ["pipeline.3", "pipeline.4", "pipeline.5"]
    assert len(steps[0].parts["channels"]) == 6
    assert steps[0].parts["rest"]["count"] == 94
    sizes = [abs(part["sum"]) for part in steps[0].parts["channels"]]
    assert sizes == sorted(sizes, reverse=True)
    first = explain(found, 0, (3, 1, 2))
    assert first[0].parts["from"] == "image"


def test_a_linear_layer_knows_which_map_its_numbers_came_from():
    found = forward_pass(slw.MinimalConvNet(), torch.rand(1, 1, 28, 28))
    term = explain(found, 3, (5,))[0].parts["terms"][0]
    channel, row, column = term["place"]
    assert term["index"] == (channel * 24 + row) * 24 + column
    assert term["input"] == float(found.calls[1].output[0, channel, row, column])


@st.composite
def convolutions(draw):
    groups = draw(st.integers(1, 3))
    kernel = (draw(st.integers(1, 4)), draw(st.integers(1, 3)))
    dilation = (draw(st.integers(1, 2)), draw(st.integers(1, 2)))
    padding = draw(st.sampled_from(["same", "valid", (0, 1), (2, 0), (1, 2)]))
    stride = 1 if padding == "same" else (draw(st.integers(1, 3)), draw(st.integers(1, 3)))
    torch.manual_seed(draw(st.integers(0, 2**31)))
    return nn.Conv2d(
        groups * draw(st.integers(1, 9)),
        groups * draw(st.integers(1, 3)),
        kernel,
        stride=stride,
        padding=padding,
        dilation=dilation,
        groups=groups,
        bias=draw(st.booleans()),
        padding_mode=draw(st.sampled_from(["zeros", "reflect", "replicate", "circular"])),
    )


@settings(deadline=None, max_examples=60)
@given(convolutions())
def test_any_convolution(layer):
    check(nn.Sequential(layer), torch.randn(2, layer.in_channels, 9, 11))


@st.composite
def poolings(draw):
    size = (draw(st.integers(1, 4)), draw(st.integers(1, 3)))
    stride = (draw(st.integers(1, 3)), draw(st.integers(1, 3)))
    padding = tuple(draw(st.integers(0, k // 2)) for k in size)
    ceil = draw(st.booleans())
    if draw(st.booleans()):
        dilation = (draw(st.integers(1, 2)), draw(st.integers(1, 2)))
        return nn.MaxPool2d(size, stride, padding, dilation, ceil_mode=ceil)
    override = draw(st.sampled_from([None, 5]))
    return nn.AvgPool2d(size, stride, padding, ceil, draw(st.booleans()), override)


@settings(deadline=None, max_examples=60)
@given(poolings())
def test_any_pooling(layer):
    check(nn.Sequential(nn.Conv2d(3, 3, 1), layer), torch.randn(2, 3, 9, 11))


def test_whole_number_pooling_settings():
    check(nn.Sequential(nn.MaxPool2d(3, padding=1), nn.AvgPool2d(2, 1)), torch.randn(2, 3, 9, 11))


def test_norm_dropout_in_place_relu_and_what_is_not_taken_apart():
    torch.manual_seed(0)
    model = nn.Sequential(
        *(nn.Conv2d(1, 3, 3), nn.BatchNorm2d(3), nn.ReLU(inplace=True), nn.Dropout(), nn.Sigmoid()),
        *(nn.Flatten(), nn.BatchNorm1d(105, affine=False), nn.Linear(105, 4)),
    )
    model(torch.randn(8, 1, 7, 9))
    found = check(model, torch.randn(2, 1, 7, 9))
    assert [s.kind for s in explain(found, 3, (1, 2, 3))] == ["conv", "norm", "relu", "pass"]
    assert [s.kind for s in explain(found, 5, (40,))] == ["other", "pass"]


def test_a_batch_norm_without_running_figures_is_not_taken_apart():
    model = nn.Sequential(nn.BatchNorm2d(1, track_running_stats=False))
    found = forward_pass(model, torch.randn(2, 1, 4, 5))
    (step,) = explain(found, 0, (0, 1, 2))
    assert (step.kind, step.value) == ("other", float(found.calls[0].output[0, 0, 1, 2]))
