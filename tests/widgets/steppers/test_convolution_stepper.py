"""The convolution stepper's Python side: what it takes, refuses, computes and tells, without a browser."""

import io
import json

import numpy as np
import pytest
import torch
import traitlets
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from torch.nn.functional import conv2d

import signlang_widgets as slw


def test_without_arguments_it_is_the_chapter_s_worked_example():
    stepper = slw.ConvolutionStepper()
    assert stepper.output.tolist() == [[19, 25], [37, 43]]
    assert stepper.output.dtype == torch.float32
    assert (stepper.step, stepper.position, stepper.value) == (0, (0, 0), 19)
    assert repr(stepper) == "ConvolutionStepper: image 3x3, kernel 2x2, output 2x2, step 1 of 4"


def test_a_step_moves_row_by_row_and_observers_hear():
    stepper = slw.ConvolutionStepper(torch.arange(35.0).reshape(5, 7))
    heard = []
    stepper.observe(lambda change: heard.append((change.name, change.new)), ["position", "value"])
    stepper.step = 8
    assert stepper.position == (1, 2)
    assert stepper.value == float(stepper.output[1, 2])
    assert heard == [("position", (1, 2)), ("value", stepper.value)]


@st.composite
def settings_of(draw):
    moves = {name: draw(st.integers(low, 3)) for name, low in [("stride", 1), ("padding", 0), ("dilation", 1)]}
    channels, kh, kw = draw(st.integers(1, 4)), draw(st.integers(1, 5)), draw(st.integers(1, 4))
    spans = [max(1, moves["dilation"] * (k - 1) + 1 - 2 * moves["padding"]) for k in (kh, kw)]
    height, width = (span + draw(st.integers(0, 7)) for span in spans)
    generator = torch.Generator().manual_seed(draw(st.integers(0, 2**31)))
    image = torch.randn(channels, height, width, generator=generator)
    kernel = torch.randn(channels, kh, kw, generator=generator)
    flags = {name: draw(st.booleans()) for name in ("relu", "flip", "normalize")}
    return image, kernel, moves, draw(st.floats(-3, 3)), flags, draw(st.floats(0, 1))


@settings(deadline=None, max_examples=60)
@given(settings_of())
def test_output_and_value_are_conv2d_plus_bias_and_relu(case):
    image, kernel, moves, bias, flags, where = case
    weight = kernel.flip(1, 2) if flags["flip"] else kernel
    pixels = image / 255 if flags["normalize"] else image
    expected = conv2d(pixels[None], weight[None], torch.tensor([bias]), **moves)[0, 0]
    expected = expected.relu() if flags["relu"] else expected
    stepper = slw.ConvolutionStepper(image, kernel, bias=bias, **moves, **flags)
    torch.testing.assert_close(stepper.output, expected)
    stepper.step = int(where * (expected.numel() - 1))
    row, column = stepper.position
    assert stepper.value == pytest.approx(float(expected[row, column]), abs=1e-5)
    stepper.close()


def test_values_are_taken_as_given_and_normalize_divides():
    hand = torch.full((1, 5, 7), 200, dtype=torch.uint8)
    one = torch.ones(1, 1)
    assert slw.ConvolutionStepper(hand, one).value == 200
    assert slw.ConvolutionStepper(hand, one, normalize=True).value == pytest.approx(200 / 255)
    split = slw.LabelledImages(hand[None], torch.tensor([0]), ["A"])
    assert slw.ConvolutionStepper(split, "sobel_x").output.shape == (3, 5)


def test_a_named_kernel_lies_on_every_channel():
    stepper = slw.ConvolutionStepper(torch.rand(3, 6, 7), "vertical")
    assert stepper.kernel.shape == (3, 5, 5)


BAD = [
    (
        {"image": torch.zeros(2, 3, 5, 5)},
        ValueError,
        r"image must have the shape \(H, W\) or \(C, H, W\), got \(2, 3, 5, 5\)",
    ),
    ({"image": torch.zeros(0, 5)}, ValueError, r"image must have the shape .* got \(0, 5\)"),
    ({"image": [[1, np.nan], [1, 1]]}, ValueError, "image must not hold NaN"),
    ({"image": [[1, np.inf], [1, 1]]}, ValueError, "image must not hold NaN or infinity"),
    ({"image": torch.zeros(5, 129)}, ValueError, "5x129. Shrink or crop"),
    ({"image": torch.zeros(17, 5, 5)}, ValueError, "17 channels are too many"),
    ({"image": "hand.png"}, TypeError, "image must be a LabelledImages, a tensor or an array"),
    ({"image": [[1, 2], [3]]}, TypeError, "image must be a LabelledImages, a tensor or an array"),
    ({"image": torch.zeros(3, 5, 5), "kernel": torch.zeros(2, 2)}, ValueError, "3 channels, the kernel 1 channel"),
    ({"kernel": torch.zeros(5, 4)}, ValueError, r"5x4 kernel does not fit on a 3x3 image.*floor\(\(3 \+ 2\*0"),
    ({"kernel": torch.zeros(5, 4), "padding": 1, "dilation": 2}, ValueError, "less dilation or more padding"),
    ({"kernel": "nope"}, ValueError, "no kernel named 'nope'"),
    ({"kernel": [1, 2]}, ValueError, r"kernel must have the shape .* got \(2,\)"),
    ({"kernel": [[1 + 1j]]}, TypeError, "kernel must be a LabelledImages, a tensor.*complex"),
    ({"stride": 0}, ValueError, "stride must be a whole number from 1 to 32, got 0"),
    ({"stride": "2"}, TypeError, "stride must be a whole number from 1 to 32, got '2'"),
    ({"dilation": 0}, ValueError, "dilation must be"),
    ({"padding": -1}, ValueError, "padding must be a whole number from 0 to 32, got -1"),
    ({"padding": 1.5}, TypeError, "padding must be a whole number"),
    ({"bias": float("nan")}, ValueError, "bias is nan"),
    ({"bias": "1"}, TypeError, "bias is a number"),
    ({"hide": ["sidebar"]}, ValueError, "sidebar: no such control. Use some of first, row_back"),
    ({"colour": 1}, TypeError, "colour"),
]


@pytest.mark.parametrize(("options", "error", "words"), BAD, ids=[", ".join(case[0]) for case in BAD])
def test_bad_input_is_refused_before_anything_is_drawn(options, error, words):
    with pytest.raises(error, match=words):
        slw.ConvolutionStepper(**options)


def test_several_images_are_refused():
    split = slw.LabelledImages(torch.zeros(2, 1, 5, 7), torch.tensor([0, 0]), ["A"])
    with pytest.raises(ValueError, match=r"2 images are given[.] Step through one"):
        slw.ConvolutionStepper(split)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *[("stride", 0), ("dilation", 3), ("padding", -1), ("bias", float("inf")), ("step", 4), ("step", -1)],
        *[("image", [[1.0]]), ("image", torch.zeros(2, 3, 3)), ("kernel", torch.zeros(4, 4))],
    ],
)
def test_a_refused_setting_leaves_everything_as_it_was(name, value):
    stepper = slw.ConvolutionStepper()
    stepper.step = 2
    before = stepper.get_state()
    heard = []
    stepper.observe(heard.append)
    with pytest.raises(ValueError, match=r"Use|Give|must be|There is no step"):
        setattr(stepper, name, value)
    assert stepper.get_state() == before
    assert (stepper.output.tolist(), stepper.value, heard) == ([[19, 25], [37, 43]], 37, [])


def test_a_message_with_one_bad_setting_is_taken_back_whole():
    stepper = slw.ConvolutionStepper()
    stepper.set_state({"stride": 2, "dilation": 3, "step": 1})
    assert (stepper.stride, stepper.dilation, stepper.step, stepper.value) == (1, 1, 0, 19)


def test_settings_from_the_browser_change_the_output():
    stepper = slw.ConvolutionStepper()
    stepper.set_state({"padding": 1, "step": 7, "relu": True, "bias": -9.0})
    expected = conv2d(torch.arange(9.0).reshape(1, 1, 3, 3), torch.arange(4.0).reshape(1, 1, 2, 2), None, 1, 1) - 9
    assert torch.equal(stepper.output, expected.relu()[0, 0])
    assert (stepper.position, stepper.value) == ((1, 3), float(stepper.output[1, 3]))


def test_another_image_keeps_a_step_that_exists_and_restarts_otherwise():
    stepper = slw.ConvolutionStepper(torch.rand(5, 7))
    stepper.step = 20
    stepper.image = torch.rand(6, 7)
    assert (stepper.step, stepper.position) == (20, (3, 2))
    stepper.image = torch.rand(3, 4)
    assert (stepper.step, stepper.position, stepper.value) == (0, (0, 0), float(stepper.output[0, 0]))


def test_image_and_kernel_change_together():
    stepper = slw.ConvolutionStepper()
    with stepper.hold_trait_notifications():
        stepper.image, stepper.kernel = torch.rand(2, 5, 7), torch.rand(2, 4, 4)
    assert stepper.output.shape == (2, 4)


def test_an_image_of_equal_content_is_no_change():
    stepper = slw.ConvolutionStepper()
    heard = []
    stepper.observe(heard.append, ["image", "output"])
    stepper.image = torch.arange(9.0).reshape(3, 3)
    assert heard == []
    given = torch.zeros(3, 3)
    stepper.image = given
    given += 1
    assert stepper.image.max() == 0


def test_what_python_alone_says_cannot_be_set():
    stepper = slw.ConvolutionStepper()
    for name in ("output", "value", "position", "asked", "correct"):
        with pytest.raises(traitlets.TraitError, match="read-only"):
            setattr(stepper, name, getattr(stepper, name))


def test_the_learner_s_score_reaches_python():
    stepper = slw.ConvolutionStepper(predict=True)
    stepper.set_state({"asked": 3, "correct": 2})
    assert (stepper.asked, stepper.correct) == (3, 2)


def test_the_picture_shows_the_state_it_has():
    stepper = slw.ConvolutionStepper(torch.rand(5, 7))
    first = stepper.png()
    assert Image.open(io.BytesIO(first)).size[0] > 500
    stepper.step = 3
    assert stepper.png() != first
    hidden = slw.ConvolutionStepper(torch.rand(5, 7), predict=True)
    assert hidden.png() != slw.ConvolutionStepper(hidden.image).png()


def test_the_page_holds_everything_the_browser_needs(tmp_path):
    stepper = slw.ConvolutionStepper([[0.1, 0.2], [0.3, 0.4]], [[1.0]])
    text = stepper.to_html(tmp_path / "stepper.html").read_text()
    state = json.loads(text.partition('type="application/json">')[2].partition("</script>")[0])
    assert state["image"]["dtype"] == "float64"
    assert set(slw.ConvolutionStepper.CONTROLS) >= {"play", "scrub", "speed", "stride", "predict"}
    assert {"step", "kernel", "stride", "padding", "dilation", "bias", "relu", "flip", "predict"} <= set(state)
