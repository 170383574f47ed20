"""What the explorer tells the browser about a network: its layers, its learned kernels, its scores."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from signlang_widgets.widgets.common.wire import packed

from .packing import BUDGET

if TYPE_CHECKING:
    from signlang_widgets.networks.activations import ForwardPass

MOST_CLASSES = 1000


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
