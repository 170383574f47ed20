"""What the tests of the feature explorer share: images, questions as the page asks them, maps as it reads them."""

import json

import numpy as np
import torch

import signlang_widgets as slw
from signlang_widgets.networks.activations import record

LETTERS = list("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
IMAGES = torch.randint(0, 256, (30, 1, 28, 28), dtype=torch.uint8, generator=torch.Generator().manual_seed(2))
SPLIT = slw.LabelledImages(IMAGES, torch.arange(30) % 26, LETTERS)


def ask(explorer, kind, pixels=None, **question):
    """What the page would get for an answer about the shown image, or about what was painted on it."""
    sent, question = [], {"image": explorer.selected_image, "epoch": explorer.epoch, **question}
    given = [] if pixels is None else [memoryview(pixels.numpy().tobytes())]
    explorer.send = lambda content, buffers=None: sent.append((content, buffers))
    explorer._handle_custom_msg({"id": 7, "ask": kind, **question}, given)
    del explorer.send
    (answer, buffers), *_ = sent
    assert answer["id"] == 7
    json.dumps(answer, allow_nan=False)
    return answer, buffers


def shown(explorer, name, maps=None):
    """A layer's maps as the browser reads them."""
    maps = maps or explorer.maps
    entry = maps["layers"][name]
    count, rows, columns = entry["shape"]
    data = np.frombuffer(maps["data"], np.uint8, count * rows * columns, entry["at"]).reshape(count, -1)
    ends = np.frombuffer(maps["ranges"], np.float32)[entry["range"] : entry["range"] + 2 * count].reshape(count, 2)
    return ends[:, :1] + data / 255 * (ends[:, 1:] - ends[:, :1]), (ends[:, 1] - ends[:, 0]).max() / 255


def assert_shows(explorer, image, model, maps=None):
    for name, output in record(model, image[None]).items():
        found, step = shown(explorer, name, maps)
        assert np.abs(found.ravel() - output.numpy().ravel()).max() <= 0.51 * step + 1e-6


def bits(model):
    return [tensor.clone() for tensor in model.state_dict().values()]
