"""Figures, read back from matplotlib's own objects: what they show is what the data say."""

import numpy as np
import pandas as pd
import pytest
import torch
from matplotlib.figure import Figure

from signlang_widgets import DataError, LabelledImages, plots


@pytest.fixture
def split():
    images = torch.randint(0, 256, (7, 1, 5, 7), dtype=torch.uint8, generator=torch.Generator().manual_seed(3))
    return LabelledImages(images, torch.tensor([0, 2, 2, 0, 2, 3, 0]), ["ape", "bee", "$cat", "dog"])


def shown(ax):
    return np.asarray(ax.get_images()[0].get_array())


def test_a_grid_shows_every_image_with_its_name(split):
    figure = plots.image_grid(split, columns=3, figure=Figure())
    full = [ax for ax in figure.axes if ax.get_images()]
    assert len(figure.axes) == 9
    assert [ax.get_title() for ax in full] == ["ape", "$cat", "$cat", "ape", "$cat", "dog", "ape"]
    assert all((shown(ax) == image[0].numpy()).all() for ax, image in zip(full, split.images, strict=True))


def test_a_grid_shows_colour(split):
    images = split.images.repeat(1, 3, 1, 1)
    figure = plots.image_grid(LabelledImages(images, split.labels, split.class_names), figure=Figure())
    assert shown(figure.axes[0]).shape == (5, 7, 3)


def test_counts_are_shares_and_gaps_are_named(split):
    ax = plots.label_counts(split, Figure().subplots())
    assert [bar.get_height() for bar in ax.patches] == pytest.approx([3 / 7, 0, 3 / 7, 1 / 7])
    assert [(text.get_position()[0], text.get_text().strip()) for text in ax.texts] == [(1, "none")]


def test_a_kernel_table_is_torch_s_own_answer_on_one_scale(split):
    kernels = {"first": [[0.0, 1, 0], [2, -3, 1], [0, 0, 5]], "second": torch.tensor([[-1.0, 0, 1]] * 3)}
    figure = plots.kernel_table(split[:4], kernels, figure=Figure())
    pictures = np.array(figure.axes[: 3 * 4], dtype=object).reshape(3, 4)
    images = split[:4].tensors()[0]
    scales = set()
    for row, kernel in zip(pictures[1:], kernels.values(), strict=True):
        expected = torch.nn.functional.conv2d(images, torch.as_tensor(kernel)[None, None])[:, 0]
        for ax, out in zip(row, expected, strict=True):
            np.testing.assert_allclose(shown(ax), out.numpy(), atol=1e-5)
            scales.add(ax.get_images()[0].get_clim())
    assert len(scales) == 1


def test_a_grid_takes_other_names(split):
    figure = plots.image_grid(split[:2], names=["A for B", "$"], figure=Figure())
    assert [ax.get_title() for ax in figure.axes[:2]] == ["A for B", "$"]
    with pytest.raises(DataError, match="3 images and 2 names"):
        plots.image_grid(split[:3], names=["one", "two"], figure=Figure())


def history(*train_losses):
    epochs = len(train_losses)
    figures = {"train_loss": train_losses, "test_loss": [3 * loss for loss in train_losses]}
    figures |= {"train_accuracy": [0.5] * epochs, "test_accuracy": [0.25] * epochs}
    return pd.DataFrame({"epoch": range(1, epochs + 1), **figures})


def curves(ax):
    return {line.get_label(): (line.get_xdata().tolist(), line.get_ydata().tolist()) for line in ax.lines}


def test_curves_are_the_history_and_differ_in_dash():
    loss, accuracy = plots.learning_curves(history(2.0, 1.5, 1.25), figure=Figure()).axes
    assert curves(loss) == {"training": ([1, 2, 3], [2.0, 1.5, 1.25]), "test": ([1, 2, 3], [6.0, 4.5, 3.75])}
    assert curves(accuracy) == {"training": ([1, 2, 3], [0.5] * 3), "test": ([1, 2, 3], [0.25] * 3)}
    assert [line.get_linestyle() for line in loss.lines] == ["-", "--"]
    assert (loss.get_ylabel(), accuracy.get_ylabel()) == ("Cross-entropy loss", "Accuracy")
    assert accuracy.get_ylim() == (0, 1)


def test_runs_side_by_side_share_their_scales():
    figure = plots.learning_curves({"slow": history(3.0, 2.0), "$fast": history(1.0)}, figure=Figure())
    slow, fast = figure.axes[:2]
    assert [ax.get_title() for ax in figure.axes] == ["slow", "$fast", "", ""]
    assert curves(fast)["training"] == ([1], [1.0])
    assert slow.get_ylim() == fast.get_ylim()
    assert [line.get_marker() for line in fast.lines] == ["o", "x"]  # one epoch makes no line


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (history(), "holds no epoch yet"),
        ({"mine": history(1.0).drop(columns="test_loss")}, "'mine' has no column 'test_loss': pass trainer.history"),
        (history(1.0).drop(columns="epoch"), "no column 'epoch'"),
        ([1.0, 0.5], "no column 'train_loss'"),
        ({}, "no runs"),
    ],
)
def test_a_history_that_does_not_fit_is_refused(given, said):
    with pytest.raises(DataError, match=said):
        plots.learning_curves(given, figure=Figure())


def test_kernels_are_shown_on_one_scale():
    before, after = torch.arange(-3.0, 27).reshape(2, 1, 3, 5), np.full((2, 3, 5), -40.0)
    figure = plots.kernels({"before": before, "after": after}, names=["$a", "b"], figure=Figure())
    pictures = figure.axes[:4]
    assert [shown(ax).tolist() for ax in pictures] == [*before[:, 0].tolist(), *after.tolist()]
    assert {ax.get_images()[0].get_clim() for ax in pictures} == {(-40, 40)}
    assert [ax.get_title() for ax in pictures] == ["$a", "b", "", ""]
    assert [ax.get_ylabel() for ax in pictures[::2]] == ["before", "after"]


def test_a_layer_s_own_weights_will_do():
    layer = torch.nn.Conv2d(1, 3, (3, 5))
    figure = plots.kernels(layer.weight, figure=Figure())
    np.testing.assert_array_equal(shown(figure.axes[2]), layer.weight[2, 0].detach().numpy())


@pytest.mark.parametrize(
    ("given", "names", "said"),
    [
        (torch.zeros(4, 2, 3, 3), (), r"choose one, such as weight\[:, 0\]"),
        ({"a": torch.zeros(2, 3, 3), "b": torch.zeros(3, 3, 3)}, (), "as many kernels, got {'a': 2, 'b': 3}"),
        (torch.zeros(2, 3, 3), ["one"], "2 kernels and 1 names"),
        ({}, (), "no kernels"),
    ],
)
def test_kernels_that_do_not_fit_are_refused(given, names, said):
    with pytest.raises(DataError, match=said):
        plots.kernels(given, names=names, figure=Figure())


def test_feature_maps_have_a_scale_a_row():
    signed = torch.arange(-30.0, 30).reshape(1, 4, 3, 5)
    positive = signed[0, 2:].relu() + 1
    figure = plots.feature_maps({"0 Conv2d": signed, "2 ReLU": positive}, channels=[1, 0], figure=Figure())
    pictures = figure.axes[:4]
    expected = [signed[0, 1], signed[0, 0], positive[1], positive[0]]
    assert [shown(ax).tolist() for ax in pictures] == [maps.tolist() for maps in expected]
    assert [ax.get_images()[0].get_clim() for ax in pictures] == [(-30, 30)] * 2 + [(0, 30)] * 2
    assert [ax.get_title() for ax in pictures[:2]] == ["channel 1", "channel 0"]


def test_feature_maps_share_a_scale_on_request_and_a_lone_map_has_no_number():
    rows = {"one": torch.full((1, 3, 5), 2.0), "other": torch.full((1, 3, 5), -7.0)}
    figure = plots.feature_maps(rows, channels=[0], shared=True, figure=Figure())
    assert [ax.get_images()[0].get_clim() for ax in figure.axes[:2]] == [(-7, 7)] * 2
    assert figure.axes[0].get_title() == ""


@pytest.mark.parametrize(
    ("maps", "channels", "said"),
    [
        (torch.zeros(2, 3, 5), [0, 2], "'x' has no channel 2: choose from 0 to 1"),
        (torch.zeros(2, 4, 3, 5), [0], "maps of one image"),
        (torch.zeros(26), [0], "maps of one image"),
        (torch.zeros(2, 3, 5), [], "no maps"),
    ],
)
def test_maps_that_do_not_fit_are_refused(maps, channels, said):
    with pytest.raises(DataError, match=said):
        plots.feature_maps({"x": maps}, channels=channels, figure=Figure())
