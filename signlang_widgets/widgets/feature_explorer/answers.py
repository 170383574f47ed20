"""What Python answers when the explorer's page asks: what to tell, and the bytes that go with it."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from signlang_widgets.datasets.labelled_images import DataError
from signlang_widgets.datasets.whole_numbers import as_whole
from signlang_widgets.networks.devices import model_device
from signlang_widgets.networks.explain import explain
from signlang_widgets.networks.inference import Threads
from signlang_widgets.networks.kernel_swaps import convolutions
from signlang_widgets.networks.occlusion import sweep
from signlang_widgets.widgets.common.answering import whole
from signlang_widgets.widgets.common.wire import packed, plain

from .packing import BUDGET, pack
from .recent_passes import input_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from torch import nn

    from signlang_widgets.networks.activations import ForwardPass
    from signlang_widgets.networks.inspected_model import InspectedModel
    from signlang_widgets.networks.top_activations import Survey
    from signlang_widgets.widgets.common.answering import Answer, Question

    from .image_set import Gallery
    from .recent_passes import Input, RecentPasses

SLICE = 0.15  # seconds of work between two answers: other widgets wait no longer
MOST_PICTURES = 60
MOST_CLASSES = 1000


def maps(
    passes: RecentPasses,
    given: Input,
    layer: str,
    *,
    have: Collection[str] = (),
    picture: bool = True,
    budget: int = BUDGET,
) -> Answer:
    """Return the scores and as many layers as ``budget`` bytes hold: ``layer`` first, none that the page has.

    A page that has ``layer`` already is told the scores alone. The bytes are those of all maps, of the ranges that
    their 256 steps span (``packing.py``), and of the untouched image.
    """
    found = passes.of(given)
    wanted = () if layer in have else [call for call in found.calls if call.name not in have]
    planes = pack({call.name: call.output[0] for call in wanted}, layer, budget)
    told = {**passes.at(given), "scores": scores_of(found).tolist(), "layers": planes["layers"], "picture": None}
    data = [planes["data"], planes["ranges"]]
    if picture:
        wire = packed(passes.gallery.picture(given.image))
        data.append(wire.pop("data"))
        told["picture"] = wire
    return told, data


def message(answer: Answer) -> dict[str, Any]:
    """Return maps as one trait, as a page without Python finds them."""
    told, (data, ranges, picture) = answer
    return {**plain(told), "data": data, "ranges": ranges, "picture": {**told["picture"], "data": picture}}


def chain(passes: RecentPasses, question: Question) -> Answer:
    """Return the steps behind one cell of a layer's maps, as the page counts its planes."""
    found = passes.of(input_of(question, passes.gallery))
    index = next((i for i, call in enumerate(found.calls) if call.name == question["layer"]), None)
    if index is None:
        raise DataError(f"There is no layer {question['layer']!r} in this model.")
    shape = tuple(found.calls[index].output.shape[1:])
    place = _place(question, shape)
    if not all(at < side for at, side in zip(place, shape, strict=True)):
        raise DataError(f"There is no place {place} in maps of the shape {shape}.")
    with Threads(1):
        return {"steps": [vars(step) for step in explain(found, index, place)]}, []


def pictures(gallery: Gallery, numbers: list[Any]) -> Answer:
    """Return some images, small."""
    shown = [as_whole("image", number, 0, len(gallery) - 1) for number in numbers[:MOST_PICTURES]]
    return _with_bytes({"numbers": shown}, gallery.thumbs(shown))


def search(survey: Survey) -> Answer:
    """Walk on through the set for a while; return how far the walk is."""
    end = time.monotonic() + SLICE
    while time.monotonic() < end and survey.step(32):
        pass
    return {"done": survey.done, "total": survey.total}, []


def strongest(survey: Survey, question: Question) -> Answer:
    """Return the images that excite a channel most, or None before the whole set was searched."""
    channel = whole(question, "channel")
    return {"images": None if survey.done < survey.total else survey.strongest(question["layer"], channel)}, []


def swept(passes: RecentPasses, question: Question) -> Answer:
    """Return how far the score falls with a cover at each place of the image."""
    given = input_of(question, passes.gallery)
    model = passes.inspected.model_at(given.epoch)
    image = given.read_from(passes.gallery).to(model_device(model))
    found = sweep(model, image, whole(question, "size", 1))
    told = {"predicted": found.predicted, "score": found.score, "size": found.size, "stride": found.stride}
    return _with_bytes(told, found.drops)


def kernels(model: nn.Module, question: Question) -> Answer:
    """Return the kernels of a convolution over one of its input channels."""
    layers, layer = convolutions(model), question["layer"]
    if layer not in layers:
        raise DataError(f"There is no convolution {layer!r} in this model: it has {', '.join(layers) or 'none'}.")
    in_channel = as_whole("in_channel", question["in_channel"], 0, layers[layer].weight.shape[1] - 1)
    return _with_bytes({}, kernels_over(layers[layer], in_channel))


def accuracy(inspected: InspectedModel, gallery: Gallery) -> Answer:
    """Read the set on for a while; return how far that is and, at its end, the shares read correctly."""
    split = gallery.labelled()
    done, before, after = inspected.compare(split, SLICE)
    told: dict[str, Any] = {"done": done, "total": len(split)}
    if done == len(split):
        told["accuracy"] = {"before": before / done, "after": after / done, "images": done}
    return told, []


def _with_bytes(told: dict[str, Any], values: Tensor) -> Answer:
    """An array's shape and type among what is told, its bytes beside it."""
    wire = packed(values)
    data = wire.pop("data")
    return {**told, **wire}, [data]


def _place(question: Question, shape: tuple[int, ...]) -> tuple[int, ...]:
    """A cell of the page's planes as a place in the layer's output: maps of one pixel and vectors are one row there."""
    plane, row, column = (whole(question, name, 0) for name in ("channel", "row", "column"))
    if len(shape) == 1:
        return (column,)
    if math.prod(shape[1:]) == 1:
        return (column, *(0 for _ in shape[1:]))
    if len(shape) == 2:
        return (plane, column)
    rest: list[int] = []
    for side in reversed(shape[2:]):
        column, at = divmod(column, side)
        rest.insert(0, at)
    return (plane, row, *rest)


def layers_on_wire(found: ForwardPass) -> list[dict[str, Any]]:
    """Name, type, output shape without the batch, and number of parameters of every layer, in call order."""
    return [
        {
            "name": call.name,
            "type": type(call.module).__name__,
            "shape": list(call.output.shape[1:]),
            "parameters": sum(parameter.numel() for parameter in call.module.parameters()),
        }
        for call in found.calls
    ]


def kernels_on_wire(layers: dict[str, nn.Conv2d]) -> dict[str, Any]:
    """The sizes of every convolution's kernels, and those over input channel 0 as long as they fit in a message."""
    sizes, first, room = {}, {}, BUDGET // 4
    for name, layer in layers.items():
        sizes[name] = list(layer.weight.shape)
        kernels = kernels_over(layer, 0)
        room -= kernels.nbytes
        if room >= 0:
            first[name] = packed(kernels)
    return {"layers": sizes, "first": first}


def kernels_over(layer: nn.Conv2d, in_channel: int) -> Tensor:
    """The kernels of all output channels over one input channel, (out, kh, kw) float32."""
    return layer.weight.detach()[:, in_channel].float().cpu().contiguous()


def scores_of(found: ForwardPass) -> Tensor:
    """The scores of the one image; none when the model's output is no row of scores, or a row too long to be one."""
    output = found.output
    if not isinstance(output, Tensor) or output.ndim != 2 or output.shape[1] > MOST_CLASSES:
        return torch.empty(0)
    return output[0].detach().float().cpu()
