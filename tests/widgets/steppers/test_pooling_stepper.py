"""The pooling stepper's Python side: what it takes, refuses, computes and tells, without a browser."""

import numpy as np
import pytest
import torch
import traitlets
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn.functional import avg_pool2d, max_pool2d

import signlang_widgets as slw


def test_without_arguments_it_is_a_4x4_example_pooled_2x2():
    stepper = slw.PoolingStepper()
    assert stepper.output.tolist() == [[5, 8], [9, 4]]
    stepper.step = 1
    assert (stepper.position, stepper.value) == ((0, 1), 8)
    assert stepper.winners.tolist() == [[4, 3], [13, 10]]
    assert repr(stepper) == "PoolingStepper: image 4x4, max of 2x2, output 2x2, step 2 of 4"


@st.composite
def settings_of(draw):
    size = draw(st.integers(1, 5))
    height, width = draw(st.integers(size, 12)), draw(st.integers(size, 9))
    generator = torch.Generator().manual_seed(draw(st.integers(0, 2**31)))
    stride = draw(st.none() | st.integers(1, 4))
    padding = draw(st.integers(0, size // 2))
    return torch.randn(height, width, generator=generator), size, stride, padding, draw(st.booleans())


@settings(deadline=None, max_examples=60)
@given(settings_of(), st.sampled_from(["max", "average"]), st.floats(0, 1))
def test_output_and_value_are_torch_s(case, mode, where):
    image, size, stride, padding, ceil_mode = case
    apply = max_pool2d if mode == "max" else avg_pool2d
    expected = apply(image[None], size, stride, padding, ceil_mode=ceil_mode)[0]
    stepper = slw.PoolingStepper(image, size=size, stride=stride, mode=mode, padding=padding, ceil_mode=ceil_mode)
    torch.testing.assert_close(stepper.output, expected)
    stepper.step = int(where * (expected.numel() - 1))
    assert stepper.value == pytest.approx(float(expected[stepper.position]), abs=1e-6)
    won = stepper.winners
    assert won is None if mode == "average" else torch.equal(image.flatten()[won], expected)
    stepper.close()


def test_it_follows_a_convolution():
    convolution = slw.ConvolutionStepper(torch.rand(8, 9), torch.rand(3, 3))
    pooling = slw.PoolingStepper()
    link = traitlets.dlink((convolution, "output"), (pooling, "image"))
    pooling.step = 8
    assert torch.equal(pooling.output, max_pool2d(convolution.output[None], 2)[0])
    convolution.relu = True
    convolution.bias = -2.0
    assert torch.equal(pooling.output, max_pool2d(convolution.output[None], 2)[0])
    assert pooling.step == 8
    convolution.stride = 2
    assert (pooling.step, pooling.position, pooling.output.shape) == (0, (0, 0), (1, 2))
    link.unlink()


def test_an_output_too_small_to_pool_says_so_and_both_stay_whole():
    convolution = slw.ConvolutionStepper(torch.rand(5, 7), torch.rand(3, 3))
    pooling = slw.PoolingStepper(torch.rand(4, 4))
    traitlets.dlink((convolution, "output"), (pooling, "image"))
    convolution.step = 14
    with pytest.raises(ValueError, match="2x2 window does not fit on a 1x3 image"):
        convolution.dilation = 2
    assert (convolution.step, convolution.output.shape) == (0, (1, 3))
    assert pooling.image.shape == (3, 5)


BAD = [
    ({"image": torch.zeros(3, 5, 5)}, ValueError, "3 channels. Pool one at a time"),
    ({"image": torch.zeros(2, 5, 5, 5)}, ValueError, r"must have the shape \(H, W\)"),
    ({"image": [[float("nan")] * 4] * 4}, ValueError, "must not hold NaN"),
    ({"size": 5}, ValueError, r"5x5 window does not fit on a 4x4 image.*floor\(\(4 \+ 2\*0 - 1\*\(5 - 1\) - 1\) / 5\)"),
    ({"size": 5, "ceil_mode": True}, ValueError, "does not fit"),
    ({"size": 0}, ValueError, "size must be a whole number from 1"),
    ({"size": (2, 2)}, TypeError, "size must be a whole number"),
    ({"stride": 0}, ValueError, "stride must be"),
    ({"padding": -1}, ValueError, "padding must be"),
    ({"padding": 2}, ValueError, "For a 2x2 window use at most 1, half its size"),
    ({"mode": "min"}, ValueError, "no pooling mode 'min'"),
    ({"lock": ["bias"]}, ValueError, "bias: no such control"),
    ({"kernel": 1}, TypeError, "kernel"),
]


@pytest.mark.parametrize(("options", "error", "words"), BAD, ids=[", ".join(case[0]) for case in BAD])
def test_bad_input_is_refused_before_anything_is_drawn(options, error, words):
    with pytest.raises(error, match=words):
        slw.PoolingStepper(**options)


@pytest.mark.parametrize(("name", "value"), [("size", 5), ("stride", 0), ("padding", 2), ("image", [[1.0]])])
def test_a_refused_setting_leaves_everything_as_it_was(name, value):
    stepper = slw.PoolingStepper()
    before = stepper.get_state()
    with pytest.raises(ValueError, match=r"[Uu]se|must be"):
        setattr(stepper, name, value)
    assert stepper.get_state() == before
    assert stepper.output.tolist() == [[5, 8], [9, 4]]


def test_numpy_s_integers_are_settings_too():
    stepper = slw.PoolingStepper(torch.rand(6, 9), size=np.int64(3))
    stepper.stride = np.int32(1)
    assert stepper.output.shape == (4, 7)
    assert (type(stepper.size), type(stepper.stride)) == (int, int)
    with pytest.raises(traitlets.TraitError, match="stride must be a whole number, got True"):
        stepper.stride = True


def test_stride_follows_size_until_it_is_set():
    stepper = slw.PoolingStepper(torch.rand(6, 9))
    stepper.size = 3
    assert stepper.output.shape == (2, 3)
    stepper.stride = 1
    assert stepper.output.shape == (4, 7)


def test_modes_and_pictures():
    stepper = slw.PoolingStepper(torch.rand(1, 26, 24))
    picture = stepper.png()
    stepper.mode = "average"
    assert stepper.png() != picture
    with pytest.raises(traitlets.TraitError, match="mode"):
        stepper.mode = "min"
