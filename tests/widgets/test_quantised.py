"""Numbers that travel as bytes come back within half a step: Python packs, the page reads."""

import base64

import numpy as np
import torch

from signlang_widgets.widgets.feature_explorer.packing import pack
from signlang_widgets.widgets.training_dashboard.epoch_pictures import _as_bytes
from tests.nodejs import call

VIEW = "const view = (text) => new DataView(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer);"
MAPS = f"""{VIEW}
  const layers = room.layersOf({{ ...given, data: view(given.data), ranges: view(given.ranges) }});
  return Object.fromEntries([...layers].map(([name, layer]) => [name, Array.from(
    {{ length: layer.count * layer.rows * layer.columns }},
    (_, i) => room.levelAt(layer, Math.floor(i / (layer.rows * layer.columns)), i % (layer.rows * layer.columns)),
  )]));
"""
KERNELS = f"{VIEW} return Array.from(room.weightsOf({{ ...given, data: view(given.data) }}));"


def text(data):
    return base64.b64encode(data).decode()


def test_maps_and_vectors():
    torch.manual_seed(0)
    layers = {"maps": torch.randn(3, 5, 7) * 4, "flat": torch.full((2, 5, 7), -1.5), "vector": torch.randn(35)}
    sent = pack(layers)
    back = call(
        "feature_explorer/feature_maps.js", MAPS, sent | {name: text(sent[name]) for name in ("data", "ranges")}
    )
    for name, values in layers.items():
        whole = values.flatten().numpy()
        step = float(np.ptp(whole)) / 255
        assert np.abs(np.array(back[name]) - whole).max() <= 0.51 * step + 1e-6, name


def test_kernels():
    planes = np.random.default_rng(0).normal(size=(4, 2, 3)).astype(np.float32)
    sent = _as_bytes(planes)
    back = call("training_dashboard/kernel_pictures.js", KERNELS, {**sent, "data": text(sent["data"])})
    assert np.abs(np.array(back) - planes.flatten()).max() <= 0.51 * np.abs(planes).max() / 127
    zero = _as_bytes(np.zeros((1, 2, 3), np.float32))
    assert call("training_dashboard/kernel_pictures.js", KERNELS, {**zero, "data": text(zero["data"])}) == [0] * 6
