"""Maps travel in 256 steps and in messages of bounded size."""

import numpy as np
import torch

import signlang_widgets as slw
from signlang_widgets.networks.activations import record
from signlang_widgets.widgets.feature_explorer.packing import BUDGET, pack, planes_of


def unpacked(packed, name):
    entry = packed["layers"][name]
    count, rows, columns = entry["shape"]
    data = np.frombuffer(packed["data"], np.uint8, count * rows * columns, entry["at"]).reshape(count, rows, columns)
    ranges = np.frombuffer(packed["ranges"], np.float32)[entry["range"] : entry["range"] + 2 * count].reshape(count, 2)
    low, high = ranges[:, :1, None], ranges[:, 1:, None]
    return low + data / 255 * (high - low)


def test_every_map_of_the_convnet_in_one_message():
    layers = {name: output[0] for name, output in record(slw.ConvNet(), torch.rand(1, 1, 28, 28)).items()}
    packed = pack(layers)
    assert list(packed["layers"]) == list(layers)
    assert len(packed["data"]) + len(packed["ranges"]) < 110_000
    for name, output in layers.items():
        planes = planes_of(output).numpy()
        steps = (planes.max((1, 2)) - planes.min((1, 2))) / 255
        assert (np.abs(unpacked(packed, name) - planes) <= steps[:, None, None] * 0.51 + 1e-6).all()


def test_shapes():
    assert planes_of(torch.rand(5)).shape == planes_of(torch.rand(5, 1, 1)).shape == (1, 1, 5)
    assert planes_of(torch.tensor(2.0)).shape == (1, 1, 1)
    assert planes_of(torch.rand(3, 4)).shape == (3, 1, 4)
    assert planes_of(torch.rand(3, 4, 5, 6)).shape == (3, 4, 30)


def test_a_message_keeps_its_size_and_the_shown_layer_comes_first():
    layers = {
        "a": torch.rand(40, 50, 60),
        "b": torch.rand(64, 100, 120),
        "c": torch.rand(40, 50, 60),
        "d": torch.rand(9),
    }
    packed = pack(layers, "c")
    assert list(packed["layers"]) == ["c", "a", "d"]
    packed = pack(layers, "b")
    assert packed["layers"]["b"]["step"] == 2
    assert packed["layers"]["b"]["shape"] == [64, 50, 60]
    assert len(packed["data"]) + len(packed["ranges"]) <= BUDGET


def test_constant_maps_and_what_is_no_number():
    packed = pack({"a": torch.tensor([[[3.0, 3.0]], [[float("nan"), 1.0]]])})
    assert unpacked(packed, "a").tolist() == [[[3, 3]], [[0, 1]]]
    assert packed["layers"]["a"]["broken"] == 1
