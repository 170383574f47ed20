"""The editor's Python side, without a browser: what it takes, refuses, computes and leaves behind."""

import gc
import io
import weakref

import numpy as np
import pytest
import torch
import traitlets
from PIL import Image
from torch.nn.functional import conv2d

import signlang_widgets as slw


@pytest.fixture
def images():
    return torch.randint(0, 256, (3, 1, 9, 12), dtype=torch.uint8, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize("flip", [False, True])
def test_output_is_conv2d_of_images_from_0_to_1_before_relu(images, flip):
    kernel = np.random.default_rng(0).normal(size=(5, 5))
    editor = slw.KernelEditor(images, kernel, flip=flip, relu=True)
    weight = torch.tensor(kernel, dtype=torch.float32)
    expected = conv2d(images / 255, (weight.flip(0, 1) if flip else weight)[None, None])[:, 0]
    torch.testing.assert_close(editor.output, expected)
    assert editor.output.min() < 0
    torch.testing.assert_close(editor.as_conv2d()(images / 255)[:, 0].detach(), expected)
    assert editor.as_conv2d().bias is None


def test_code_does_what_the_editor_shows(images):
    editor = slw.KernelEditor(images, "emboss", flip=True, relu=True)
    scope = {"images": images / 255}
    exec(editor.code(), scope)
    torch.testing.assert_close(scope["output"][:, 0], editor.output.relu())


@pytest.mark.parametrize(
    "make",
    [lambda x: x[0, 0], lambda x: x[:, 0], lambda x: x, lambda x: x.numpy(), lambda x: x / 255, lambda x: x.tolist()],
)
def test_images_of_every_shape_and_kind(images, make):
    assert slw.KernelEditor(make(images), "sobel_x").output.shape[1:] == (7, 10)


def test_labelled_images_bring_their_letters(images):
    split = slw.LabelledImages(images, torch.tensor([0, 2, 1]), ["A", "<b>B</b>", "C"])
    assert slw.KernelEditor(split).names == ["A", "C", "<b>B</b>"]


def test_divided_grey_values_travel_as_bytes_and_other_floats_as_they_are(images):
    assert slw.KernelEditor(images / 255).images == slw.KernelEditor(images).images
    for floats in (images / 200, images / 255 - 1, torch.eye(9)):
        editor = slw.KernelEditor(floats)
        assert editor.images["dtype"] == "float32"
        expected = conv2d(floats.reshape(-1, 1, *floats.shape[-2:]), torch.tensor(editor.kernel)[None, None].float())
        torch.testing.assert_close(editor.output, expected[:, 0])


@pytest.mark.parametrize(
    ("bad", "error", "words"),
    [
        (torch.zeros(2, 3, 9, 9), ValueError, "3 channels"),
        (torch.zeros(13, 9, 9), ValueError, "13 images are too many"),
        (torch.zeros(9, 129), ValueError, "9x129. Shrink or crop"),
        (torch.full((9, 9), torch.nan), ValueError, "NaN or infinity"),
        (torch.zeros(0, 9, 9), ValueError, r"got \(0, 9, 9\)"),
        (torch.zeros(9), ValueError, r"got \(9,\)"),
        (torch.zeros(3, 4), ValueError, "5x5 kernel does not fit on 3x4"),
        ("hands.png", TypeError, "LabelledImages, a tensor or an array"),
    ],
)
def test_images_that_cannot_be_shown_are_refused(bad, error, words):
    with pytest.raises(error, match=words):
        slw.KernelEditor(bad)


def test_unknown_words_are_refused(images):
    with pytest.raises(TypeError, match="colour"):
        slw.KernelEditor(images, colour="red")
    with pytest.raises(ValueError, match="wheel: no such control"):
        slw.KernelEditor(images, hide=["wheel"])
    assert slw.KernelEditor(images, hide="random").hide == ("random",)
    with pytest.raises(TypeError, match="scale"):
        slw.KernelEditor(images, scale="none")


@pytest.mark.parametrize("bad", [[[np.nan]], [[np.inf]], np.zeros((2, 2)), "nonsense", np.zeros((9, 9)) + 1e7])
def test_a_refused_kernel_leaves_the_old_one(images, bad):
    editor = slw.KernelEditor(images)
    heard = []
    editor.observe(heard.append, "kernel")
    with pytest.raises((ValueError, TypeError)):
        editor.kernel = bad
    np.testing.assert_array_equal(editor.kernel, slw.kernels.KERNELS["vertical"])
    assert heard == []


def test_setting_the_same_kernel_tells_nobody(images):
    editor = slw.KernelEditor(images)
    heard = []
    editor.observe(heard.append, "kernel")
    editor.kernel = "vertical"
    editor.kernel = "horizontal"
    assert len(heard) == 1


def test_editors_can_be_linked(images):
    one, other = slw.KernelEditor(images), slw.KernelEditor(images)
    traitlets.dlink((one, "kernel"), (other, "kernel"))
    traitlets.dlink((other, "kernel"), (one, "kernel"))
    one.kernel = "laplacian"
    np.testing.assert_array_equal(other.kernel, slw.kernels.KERNELS["laplacian"])
    other.kernel = "emboss"
    np.testing.assert_array_equal(one.kernel, slw.kernels.KERNELS["emboss"])


def test_the_state_that_a_browser_sends_arrives(images):
    editor = slw.KernelEditor(images)
    editor.set_state({"kernel": [[1, 2, 3], [4, 5, 6], [7, 8, 9.5]], "flip": True})
    np.testing.assert_array_equal(editor.kernel, [[1, 2, 3], [4, 5, 6], [7, 8, 9.5]])
    assert editor.get_state("kernel") == {"kernel": [[1, 2, 3], [4, 5, 6], [7, 8, 9.5]]}


def test_a_learned_kernel_opens_from_its_layer(images):
    layer = torch.nn.Conv2d(2, 4, 3)
    editor = slw.KernelEditor.from_conv2d(layer, images, channel=3, in_channel=1)
    np.testing.assert_allclose(editor.kernel, layer.weight[3, 1].detach().numpy(), rtol=1e-6)


@pytest.mark.parametrize(
    ("layer", "channel", "words"),
    [
        (torch.nn.Conv2d(1, 4, 3, stride=2), 0, "stride"),
        (torch.nn.Conv2d(1, 4, 3, padding=1), 0, "padding"),
        (torch.nn.Conv2d(1, 4, 3, padding="same"), 0, "padding"),
        (torch.nn.Conv2d(1, 4, 3, dilation=2), 0, "dilation"),
        (torch.nn.Conv2d(1, 4, (3, 5)), 0, "3x5"),
        (torch.nn.Conv2d(1, 4, 3), 4, r"kernels 0\.\.3"),
    ],
)
def test_layers_that_the_editor_cannot_show_are_refused(images, layer, channel, words):
    with pytest.raises(ValueError, match=words):
        slw.KernelEditor.from_conv2d(layer, images, channel)


def test_a_saved_notebook_keeps_a_picture_and_a_stable_line(images):
    data, _ = slw.KernelEditor(images)._repr_mimebundle_()
    assert data["text/plain"] == "KernelEditor: 3 images 9x12, kernel 5x5"
    picture = np.asarray(Image.open(io.BytesIO(data["image/png"])).convert("RGB"))
    assert len(np.unique(picture.reshape(-1, 3), axis=0)) > 50


def test_the_picture_shows_the_present_kernel(images):
    editor = slw.KernelEditor(images)
    before = editor.png()
    editor.kernel = "horizontal"
    assert editor.png() != before


def test_close_lets_go_of_images_and_observers(images):
    editor = slw.KernelEditor(images)
    editor.observe(lambda _: None, "kernel")
    pixels = weakref.ref(editor._pixels)
    editor.close()
    editor.close()
    gc.collect()
    assert pixels() is None


def test_the_docstring_s_example_runs():
    editor = slw.KernelEditor(torch.rand(5, 9, 7), "sobel_x")
    assert editor.output.shape == (5, 7, 5)
