"""Maps as bytes: each map in 256 steps between its own least and largest value, as many layers as a message holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

BUDGET = 280_000  # bytes: a message stays under 300 kB


def pack(layers: Mapping[str, Tensor], first: str = "", budget: int = BUDGET) -> dict[str, Any]:
    """Return layers as they travel to the browser.

    Parameters
    ----------
    layers : mapping of str to Tensor
        One image's outputs, without the batch: (C, H, W) maps, or vectors.
    first : str
        The layer that must come along; the others follow in order while there is room.
    budget : int
        Bytes. A layer that is larger by itself is thinned: every second pixel, every third and so on.

    Returns
    -------
    dict
        ``layers``: name -> {shape, step, at, range}; ``data``: uint8 maps from byte ``at`` on; ``ranges``: float32 pairs
        (least, largest), one a map, from number ``range`` on. A value is least + byte / 255 * (largest - least).
    """
    order = sorted(layers, key=lambda name: name != first)
    entries: dict[str, Any] = {}
    maps: list[Tensor] = []
    ranges: list[Tensor] = []
    at = pairs = 0
    for name in order:
        planes, step = _thinned(planes_of(layers[name]), budget)
        size = planes.numel() + 8 * len(planes)
        if entries and size + at + 8 * pairs > budget:
            continue
        levels, ends = _levels(planes)
        entries[name] = {"shape": list(planes.shape), "step": step, "at": at, "range": 2 * pairs}
        entries[name]["broken"] = int((~planes.isfinite()).sum())
        maps.append(levels)
        ranges.append(ends)
        at, pairs = at + planes.numel(), pairs + len(planes)
    return {"layers": entries, "data": _bytes(maps), "ranges": _bytes(ranges)}


def planes_of(output: Tensor) -> Tensor:
    """One image's output as (maps, rows, columns); a vector, or maps of one pixel, are one row."""
    values = output.detach().float().cpu()
    if values.ndim < 2 or values[0].numel() == 1:
        return values.reshape(1, 1, -1)
    if values.ndim == 2:
        return values[:, None]
    return values.reshape(values.shape[0], values.shape[1], -1)


def _thinned(planes: Tensor, budget: int) -> tuple[Tensor, int]:
    step = 1
    while planes[:, ::step, ::step].numel() + 8 * len(planes) > budget and step < max(planes.shape[1:]):
        step += 1
    return planes[:, ::step, ::step], step


def _levels(planes: Tensor) -> tuple[Tensor, Tensor]:
    """Each map's 256 steps, and its two ends; what is no number counts as 0."""
    flat = torch.nan_to_num(planes.flatten(1), posinf=0.0, neginf=0.0)
    low, high = flat.aminmax(dim=1, keepdim=True)
    span = torch.where(high > low, high - low, 1.0)
    return ((flat - low) / span * 255).round().to(torch.uint8), torch.cat([low, high], 1)


def _bytes(parts: list[Tensor]) -> bytes:
    return b"".join(part.contiguous().numpy().tobytes() for part in parts)
