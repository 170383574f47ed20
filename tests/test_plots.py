"""Figures, read back from matplotlib's own objects: what they show is what the data say."""

import numpy as np
import pytest
import torch
from matplotlib.figure import Figure

from signlang_widgets import LabelledImages, plots


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
    kernels = {"first": [[0.0, 1, 0], [2, -3, 1], [0, 0, 5]], "second": [[-1.0, 0, 1]] * 3}
    figure = plots.kernel_table(split[:4], kernels, figure=Figure())
    pictures = np.array(figure.axes[: 3 * 4], dtype=object).reshape(3, 4)
    images = split[:4].tensors()[0]
    scales = set()
    for row, kernel in zip(pictures[1:], kernels.values(), strict=True):
        expected = torch.nn.functional.conv2d(images, torch.tensor(kernel)[None, None])[:, 0]
        for ax, out in zip(row, expected, strict=True):
            np.testing.assert_allclose(shown(ax), out.numpy(), atol=1e-5)
            scales.add(ax.get_images()[0].get_clim())
    assert len(scales) == 1
