"""The explorer's Python side: what it shows, refuses and leaves alone, without a browser."""

import gc
import weakref

import pytest
import torch
import traitlets
from torch import nn

import signlang_widgets as slw
from signlang_widgets.networks.activations import record
from signlang_widgets.widgets.feature_explorer.packing import BUDGET

from .explorer_cases import IMAGES, LETTERS, SPLIT, assert_shows, bits


def test_it_shows_the_first_image_and_the_first_convolution(explorer, model):
    assert explorer.layer == "pipeline.0"
    assert [layer["name"] for layer in explorer.layers] == [f"pipeline.{i}" for i in range(4)]
    assert explorer.layers[0] == {"name": "pipeline.0", "type": "Conv2d", "shape": [4, 24, 24], "parameters": 104}
    assert_shows(explorer, IMAGES[0], model)
    assert explorer.maps["scores"] == pytest.approx(model(IMAGES[:1] / 255)[0].tolist(), abs=1e-5)
    assert repr(explorer) == "FeatureExplorer: 30 images, 4 layers"


def test_another_image_another_layer_a_second_image(explorer, model):
    explorer.selected_image = 17
    assert_shows(explorer, IMAGES[17], model)
    sent = explorer.maps
    explorer.layer = "pipeline.1"
    assert explorer.maps is sent
    explorer.compare_image = 3
    assert_shows(explorer, IMAGES[3], model, explorer.other_maps)
    assert explorer.other_maps["picture"]["data"] == IMAGES[3].numpy().tobytes()
    explorer.compare_image = None
    assert explorer.other_maps is None
    for name, output in record(model, IMAGES[17:18]).items():
        assert torch.equal(explorer.activations[name], output[0])


def test_what_is_painted_is_read_and_goes_with_the_image(explorer, model):
    painted = IMAGES[0].clone()
    painted[:, 3:9, 4:6] = 255
    explorer.edited = painted
    assert explorer.maps["edited"]
    assert_shows(explorer, painted, model)
    sent = explorer.maps
    explorer.edited = painted.clone()
    assert explorer.maps is sent
    explorer.selected_image = 4
    assert explorer.edited is None
    assert_shows(explorer, IMAGES[4], model)


def test_a_message_from_the_page_paints(explorer, model):
    painted = IMAGES[0].clone()
    painted[0, 5] = 0
    data = memoryview(painted.numpy().tobytes())
    explorer.set_state({"edited": {"shape": [1, 28, 28], "dtype": "uint8", "data": data}})
    assert torch.equal(explorer.edited, painted)
    assert_shows(explorer, painted, model)


def test_every_message_keeps_its_size():
    explorer = slw.FeatureExplorer(slw.ConvNet(), SPLIT)
    assert len(explorer.maps["data"]) + len(explorer.maps["ranges"]) < 110_000
    large = nn.Sequential(nn.Conv2d(3, 50, 3), nn.Conv2d(50, 50, 3), nn.AdaptiveAvgPool2d(1), nn.Flatten())
    explorer = slw.FeatureExplorer(large, torch.rand(2, 3, 120, 130))
    assert list(explorer.maps["layers"]) == ["0", "2", "3"]
    assert len(explorer.maps["data"]) + len(explorer.maps["ranges"]) <= BUDGET
    explorer.layer = "1"
    assert "1" in explorer.maps["layers"]


def test_earlier_epochs_in_a_copy(tmp_path):
    model = slw.LogisticRegression()
    trainer = slw.Trainer(model, slw.SignMNIST(SPLIT, SPLIT), epochs=2, folder=tmp_path)
    start = [p.clone() for p in model.state_dict().values()]
    trainer.run()
    end = bits(model)
    explorer = slw.FeatureExplorer(model, SPLIT, trainer=trainer)
    assert explorer.epochs == [0, 1, 2]
    now = explorer.maps["scores"]
    explorer.epoch = 0
    expected = (IMAGES[0].flatten() / 255) @ start[0].T + start[1]
    assert explorer.maps["scores"] == pytest.approx(expected.tolist(), abs=1e-5)
    assert all(torch.equal(a, b) for a, b in zip(bits(model), end, strict=True))
    assert explorer.layers == slw.FeatureExplorer(model, SPLIT, trainer=tmp_path).layers
    explorer.epoch = None
    assert explorer.maps["scores"] == now
    with pytest.raises(traitlets.TraitError, match=r"Epoch 9 was not saved: use None or one of \[0, 1, 2\]"):
        explorer.epoch = 9
    with pytest.raises(slw.DataError, match="make it with folder="):
        slw.FeatureExplorer(model, SPLIT, trainer=slw.Trainer(model, slw.SignMNIST(SPLIT, SPLIT)))


def test_plain_arrays_standardised_images_and_colours(model):
    grey = IMAGES[:, 0].numpy()
    explorer = slw.FeatureExplorer(model, grey, labels=[3] * 30)
    assert explorer.class_names == LETTERS
    standard = (IMAGES / 255 - 0.4) / 0.3
    explorer = slw.FeatureExplorer(model, standard)
    assert torch.equal(explorer.input, standard[0])
    explorer.edited = explorer.gallery.picture(0)
    torch.testing.assert_close(explorer.input, standard[0], atol=0.01, rtol=0)
    colour = slw.FeatureExplorer(nn.Sequential(nn.Conv2d(3, 2, 3)), torch.rand(2, 3, 9, 7))
    assert colour.maps["scores"] == []
    assert colour.maps["picture"]["shape"] == [3, 9, 7]


def test_no_convolution_is_fine():
    explorer = slw.FeatureExplorer(slw.LogisticRegression(), SPLIT)
    assert explorer.layer == "pipeline.0"
    assert explorer.kernels == {"layers": {}, "first": {}}


BAD = [
    ({"images": torch.rand(5, 3, 28, 28)}, slw.DataError, "reads 1 channel, but gets 3"),
    ({"images": torch.rand(5, 1, 20, 28)}, slw.DataError, "reads 2304 numbers"),
    ({"images": torch.rand(28, 28)}, slw.DataError, "got .28, 28."),
    ({"images": "hands"}, slw.DataError, "got str"),
    ({"images": SPLIT, "labels": [1] * 30}, slw.DataError, "leave labels out"),
    ({"images": IMAGES, "labels": [1]}, slw.DataError, "one label an image"),
    ({"images": IMAGES * float("nan")}, slw.DataError, "NaN"),
    ({"images": IMAGES, "hide": ["nothing"]}, ValueError, "no such control"),
    ({"images": IMAGES, "colour": 3}, TypeError, "colour"),
]


@pytest.mark.parametrize(("given", "error", "words"), BAD)
def test_nonsense_is_refused_in_words(model, given, error, words):
    with pytest.raises(error, match=words):
        slw.FeatureExplorer(model, **given)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("selected_image", 30, "images 0 to 29"),
        ("compare_image", -1, "images 0 to 29"),
        ("layer", "x", "no layer 'x': use one of pipeline.0"),
        ("letter", "?", "no class"),
        ("edited", torch.zeros(3, 3), r"has the shape \(1, 28, 28\)"),
        ("colour_range", "all", "colour_range"),
    ],
)
def test_a_choice_that_is_not_there_leaves_all_as_it_was(explorer, name, value, words):
    before = getattr(explorer, name)
    with pytest.raises(traitlets.TraitError, match=words):
        setattr(explorer, name, value)
    assert getattr(explorer, name) is before


def test_a_model_that_breaks_later_is_said(explorer, model):
    model.pipeline[3] = nn.Linear(7, 26)
    explorer.selected_image = 5
    assert "reads 7 numbers an image" in explorer.problem
    model.pipeline[3] = nn.Linear(2304, 26)
    explorer.selected_image = 6
    assert explorer.problem == ""


def test_hooks_mode_and_weights_stay(explorer, model):
    before = bits(model)
    explorer.selected_image = 3
    assert model.training
    assert all(torch.equal(a, b) for a, b in zip(bits(model), before, strict=True))
    assert not any(m._forward_hooks or m._forward_pre_hooks for m in model.modules())


def test_picture_and_page(explorer, tmp_path):
    assert explorer.png().startswith(b"\x89PNG")
    before = explorer.png()
    explorer.layer = "pipeline.3"
    assert explorer.png() != before
    assert explorer.to_html(tmp_path / "page.html").stat().st_size > 20_000


def test_close_lets_go_of_model_and_images():
    model = slw.MinimalConvNet()
    explorer = slw.FeatureExplorer(model, IMAGES.clone())
    kept = [weakref.ref(model), weakref.ref(explorer.gallery.images)]
    explorer.close()
    del model
    gc.collect()
    assert [ref() for ref in kept] == [None, None]
    explorer.close()


def test_the_docstring_s_example_runs():
    explorer = slw.FeatureExplorer(slw.MinimalConvNet(), torch.rand(9, 1, 28, 28))
    assert explorer.activations["pipeline.0"].shape == (4, 24, 24)


def test_scores_and_class_names_fit():
    model = nn.Sequential(nn.Flatten(), nn.Linear(784, 5))
    with pytest.raises(slw.DataError, match="5 scores an image but the images have 26 class names"):
        slw.FeatureExplorer(model, SPLIT)
    assert slw.FeatureExplorer(model, IMAGES).class_names == list("01234")
    wide = slw.FeatureExplorer(nn.Sequential(nn.Conv2d(1, 9, 3), nn.Flatten()), IMAGES)
    assert (wide.class_names, wide.maps["scores"]) == ([], [])
