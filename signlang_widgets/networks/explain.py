"""The arithmetic behind one number that a layer puts out, followed back as far as it stays one short chain."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from math import prod
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import pad

from .activations import IMAGE, ForwardPass

MOST_TERMS = 6  # larger ones are listed one by one, the rest in one sum
Place = tuple[int, ...]


@dataclass(frozen=True)
class LayerStep:
    """What one layer did for one number: ``value`` is the sum (or winner, or ...) of what ``parts`` lists.

    ``kind`` is one of conv, linear, max, average, relu, norm, pass, other; ``place`` is where in the layer's output the
    number stands, such as (channel, row, column). ``parts`` holds plain numbers and lists, ready for JSON.
    """

    layer: str
    type: str
    kind: str
    place: Place
    value: float
    parts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class _Reading:
    """One call of a layer for one image: what it read and what it put out, without the batch."""

    forward: ForwardPass
    index: int
    image: int

    @property
    def module(self) -> Any:
        return self.forward.calls[self.index].module

    @property
    def input(self) -> Tensor:
        return self.forward.read_by(self.index)[self.image].double()

    @property
    def output(self) -> Tensor:
        return self.forward.calls[self.index].output[self.image].double()


Explained = tuple[
    str, float, dict[str, Any], Place | None
]  # kind, value, parts, the input's place that the chain goes on with


def explain(forward: ForwardPass, index: int, place: Place, *, image: int = 0) -> list[LayerStep]:
    """Follow one number back: through ReLU, pooling and reshaping to the convolution or linear layer that made it.

    >>> found = forward_pass(nn.Sequential(nn.Conv2d(1, 1, 2), nn.ReLU()), torch.ones(1, 1, 2, 2))
    >>> [step.kind for step in explain(found, 1, (0, 0, 0))]
    ['conv', 'relu']

    Parameters
    ----------
    forward : ForwardPass
        From :func:`signlang_widgets.networks.activations.forward`.
    index : int
        Which call of the forward pass.
    place : tuple of int
        Where in its output, without the image's own number: (channel, row, column) for a map.
    image : int
        Which of the forward's images.

    Returns
    -------
    list of LayerStep
        In the order of the layers; the last one is the call asked for. Each step's arithmetic is done in float64 over the
        float32 numbers that the layer read.
    """
    steps: list[LayerStep] = []
    at: Place | None = tuple(place)
    while at is not None and index >= 0:
        reading = _Reading(forward, index, image)
        kind, value, parts, behind = _explained(reading, at)
        call = forward.calls[index]
        steps.insert(0, LayerStep(call.name, type(call.module).__name__, kind, at, value, parts))
        at, index = behind, call.source
        if kind == "other":
            break
        parts["from"] = "image" if index == IMAGE else forward.calls[index].name if index >= 0 else ""
    return steps


def _explained(reading: _Reading, place: Place) -> Explained:
    for kinds, way in _WAYS:
        if isinstance(reading.module, kinds):
            found = way(reading, place)
            if found is not None:
                return found
    return "other", float(reading.output[place]), {}, None


def _conv(reading: _Reading, place: Place) -> Explained | None:
    """Patch x kernel of every input channel of the group, then bias."""
    layer, image = reading.module, reading.input
    if image.ndim != 3:
        return None
    channel, row, column = place
    group = channel // (layer.out_channels // layer.groups)
    width = layer.in_channels // layer.groups
    patch, inside = _patch(layer, image[group * width : (group + 1) * width], row, column)
    kernel = layer.weight[channel].detach().double()
    sums = (patch * kernel).flatten(1).sum(1)
    listed, rest = _largest(sums)
    channels = [
        {
            "channel": group * width + i,
            "sum": float(sums[i]),
            "patch": [v if real else None for v, real in zip(patch[i].flatten().tolist(), inside, strict=True)],
            "kernel": kernel[i].flatten().tolist(),
        }
        for i in listed
    ]
    bias = _bias(layer, channel)
    parts = {"channels": channels, "rest": rest, "bias": bias, "columns": kernel.shape[2]}
    parts["span"] = _span(layer, row, column)
    return "conv", float(sums.sum()) + (bias or 0.0), parts, None


def _patch(layer: nn.Conv2d, image: Tensor, row: int, column: int) -> tuple[Tensor, list[bool]]:
    """What lies under the kernel, (C, kh, kw), and which of its cells are no zero padding."""
    mode = "constant" if layer.padding_mode == "zeros" else layer.padding_mode
    padded = pad(image[None], _around(layer), mode=mode)[0]
    real = pad(torch.ones_like(image[:1])[None], _around(layer), mode=mode)[0, 0]
    rows, columns = (
        torch.arange(size) * step + place * stride
        for size, step, place, stride in zip(
            layer.kernel_size, layer.dilation, (row, column), layer.stride, strict=True
        )
    )
    cells = (rows[:, None], columns[None, :])
    return padded[(slice(None), *cells)], real[cells].flatten().bool().tolist()


def _around(layer: nn.Conv2d) -> list[int]:
    """Padding as torch's ``pad`` takes it: left, right, top, bottom."""
    if layer.padding == "same":
        spans = [d * (k - 1) for d, k in zip(layer.dilation, layer.kernel_size, strict=True)]
        return [spans[1] // 2, spans[1] - spans[1] // 2, spans[0] // 2, spans[0] - spans[0] // 2]
    if isinstance(layer.padding, str):
        return [0, 0, 0, 0]
    vertical, horizontal = layer.padding
    return [horizontal, horizontal, vertical, vertical]


def _span(layer: nn.Conv2d, row: int, column: int) -> list[int]:
    """Where the kernel lies on the input: top, left, height, width."""
    left, _, top, _ = _around(layer)
    places = [at * stride - edge for at, stride, edge in zip((row, column), layer.stride, (top, left), strict=True)]
    return [*places, *(d * (k - 1) + 1 for d, k in zip(layer.dilation, layer.kernel_size, strict=True))]


def _linear(reading: _Reading, place: Place) -> Explained:
    layer = reading.module
    inputs = reading.input[place[:-1]]
    weights = layer.weight[place[-1]].detach().double()
    products = inputs * weights
    listed, rest = _largest(products)
    shape = _shape_before_flatten(reading)
    terms = [
        {
            "index": i,
            "place": _short(_unravelled(i, shape), shape) if shape else None,
            "input": float(inputs[i]),
            "weight": float(weights[i]),
            "product": float(products[i]),
        }
        for i in listed
    ]
    bias = _bias(layer, place[-1])
    return "linear", float(products.sum()) + (bias or 0.0), {"terms": terms, "rest": rest, "bias": bias}, None


def _shape_before_flatten(reading: _Reading) -> tuple[int, ...] | None:
    """The maps that a linear layer's numbers were, if they were just flattened."""
    source = reading.forward.calls[reading.index].source
    if source < 0 or not isinstance(reading.forward.calls[source].module, nn.Flatten):
        return None
    return tuple(reading.forward.read_by(source).shape[1:])


def _short(place: Place, shape: tuple[int, ...]) -> Place:
    """A map of one pixel needs no row and column."""
    return place[:1] if prod(shape[1:]) == 1 else place


def _bias(layer: Any, channel: int) -> float | None:
    return None if layer.bias is None else float(layer.bias[channel].detach())


def _largest(terms: Tensor) -> tuple[list[int], dict[str, Any]]:
    """The places of the terms of largest size, largest first, and the sum of all others."""
    order = terms.abs().argsort(descending=True, stable=True)
    others = order[MOST_TERMS:]
    return order[:MOST_TERMS].tolist(), {"count": len(others), "sum": float(terms[others].sum())}


def _max_pool(reading: _Reading, place: Place) -> Explained | None:
    layer = reading.module
    if reading.input.ndim != 3:
        return None
    tops, cells = _window(layer, reading.input[place[0]], place, _pair(layer.dilation))
    winner = max((i for i, cell in enumerate(cells) if cell is not None), key=lambda i: (cells[i] or 0.0, -i))
    (top, left), columns = tops, _pair(layer.kernel_size)[1]
    down, right = _pair(layer.dilation)
    behind = (place[0], top + winner // columns * down, left + winner % columns * right)
    return "max", float(cells[winner] or 0.0), {"window": cells, "columns": columns, "winner": winner}, behind


def _average_pool(reading: _Reading, place: Place) -> Explained | None:
    layer = reading.module
    if reading.input.ndim != 3:
        return None
    (top, left), cells = _window(layer, reading.input[place[0]], place, (1, 1))
    real = [cell for cell in cells if cell is not None]
    sizes, pads, sides = _pair(layer.kernel_size), _pair(layer.padding), reading.input.shape[1:]
    counted = prod(min(at + k, side + p) - at for at, k, side, p in zip((top, left), sizes, sides, pads, strict=True))
    divisor = layer.divisor_override or (counted if layer.count_include_pad else len(real))
    total = float(sum(real))
    parts = {"window": cells, "columns": sizes[1], "divisor": divisor, "sum": total}
    return "average", total / divisor, parts, None


def _window(layer: Any, plane: Tensor, place: Place, dilation: Place) -> tuple[Place, list[float | None]]:
    """Where a pooling window begins on the plane, and its cells; None stands for what lies outside."""
    strides, pads, sizes = _pair(layer.stride), _pair(layer.padding), _pair(layer.kernel_size)
    top, left = (at * stride - p for at, stride, p in zip(place[1:], strides, pads, strict=True))
    cells = [(top + y * dilation[0], left + x * dilation[1]) for y in range(sizes[0]) for x in range(sizes[1])]
    height, width = plane.shape
    return (top, left), [float(plane[y, x]) if 0 <= y < height and 0 <= x < width else None for y, x in cells]


def _pair(value: Any) -> tuple[int, int]:
    return (value, value) if isinstance(value, int) else (int(value[0]), int(value[-1]))


def _relu(reading: _Reading, place: Place) -> Explained:
    value = float(reading.input[place])
    return "relu", max(0.0, value), {"input": value}, place


def _norm(reading: _Reading, place: Place) -> Explained | None:
    layer = reading.module
    if layer.running_mean is None:
        return None
    value = float(reading.input[place])
    mean, variance = float(layer.running_mean[place[0]]), float(layer.running_var[place[0]])
    weight = 1.0 if layer.weight is None else float(layer.weight[place[0]].detach())
    bias = 0.0 if layer.bias is None else float(layer.bias[place[0]].detach())
    spread = (variance + layer.eps) ** 0.5
    parts = {"input": value, "mean": mean, "spread": spread, "weight": weight, "bias": bias}
    return "norm", (value - mean) / spread * weight + bias, parts, place


def _flatten(reading: _Reading, place: Place) -> Explained | None:
    if reading.module.start_dim != 1 or len(place) != 1:
        return None
    behind = _unravelled(place[0], tuple(reading.input.shape))
    return "pass", float(reading.input[behind]), {"input_place": list(behind)}, behind


def _passing(reading: _Reading, place: Place) -> Explained:
    return "pass", float(reading.input[place]), {"input_place": list(place)}, place


def _unravelled(index: int, shape: tuple[int, ...]) -> Place:
    place: list[int] = []
    for side in reversed(shape):
        index, at = divmod(index, side)
        place.insert(0, at)
    return tuple(place)


_WAYS: tuple[tuple[Any, Callable[[_Reading, Place], Explained | None]], ...] = (
    (nn.Conv2d, _conv),
    (nn.Linear, _linear),
    (nn.MaxPool2d, _max_pool),
    (nn.AvgPool2d, _average_pool),
    (nn.ReLU, _relu),
    ((nn.BatchNorm1d, nn.BatchNorm2d), _norm),
    (nn.Flatten, _flatten),
    ((nn.Dropout, nn.Dropout2d, nn.Identity), _passing),
)
