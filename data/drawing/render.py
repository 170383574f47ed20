"""Light on round bones: depth, shape and shadow, averaged down to a small grey picture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .hand import Bone, Point

SIDE = 28
FINE = 3  # rays a pixel, each way
Grid = NDArray[np.float64]


@dataclass(frozen=True)
class Scene:
    """What surrounds the hand: all brightness from 0 to 1."""

    light: Point  # direction to the lamp, length 1
    skin: float
    ambient: float
    backdrop: Grid  # (SIDE * FINE, SIDE * FINE)


def picture(hand: list[Bone], sleeve: list[Bone], scene: Scene, sleeve_tone: float) -> NDArray[np.uint8]:
    """The grey picture (28, 28) of bones given in picture units: x right, y down, 0..28."""
    depth, normals, tone = _surface(hand, sleeve, scene.skin, sleeve_tone)
    lit = _lambert(normals, scene.light) * _unshadowed(depth, scene.light)
    rim = 0.5 + 0.5 * normals[2]  # round edges turn dark: this parts the fingers
    shade = tone * (scene.ambient + (1 - scene.ambient) * lit) * rim
    shown = np.where(np.isfinite(depth), shade, scene.backdrop)
    return _averaged(np.clip(shown, 0, 1))


def _surface(hand: list[Bone], sleeve: list[Bone], skin: float, sleeve_tone: float) -> tuple[Grid, Grid, Grid]:
    size = SIDE * FINE
    depth = np.full((size, size), -np.inf)
    normals = np.zeros((3, size, size))
    tone = np.zeros((size, size))
    for bones, own in ((sleeve, sleeve_tone), (hand, skin)):
        for bone in bones:
            _add(bone, own, depth, normals, tone)
    return depth, normals, tone


def _add(bone: Bone, own: float, depth: Grid, normals: Grid, tone: Grid) -> None:
    """Put one bone into the picture where it is the nearest thing so far."""
    rows, columns = _window(bone, 1), _window(bone, 0)
    y = (np.arange(rows.start, rows.stop)[:, None] + 0.5) / FINE
    x = (np.arange(columns.start, columns.stop)[None, :] + 0.5) / FINE
    z, normal = _nearest(bone, x, y)
    window = depth[rows, columns]
    nearer = z > window
    window[nearer] = z[nearer]
    for axis in range(3):
        normals[axis, rows, columns][nearer] = normal[axis][nearer]
    tone[rows, columns][nearer] = own


def _window(bone: Bone, axis: int) -> slice:
    low = min(bone.start[axis] - bone.start_radius, bone.end[axis] - bone.end_radius)
    high = max(bone.start[axis] + bone.start_radius, bone.end[axis] + bone.end_radius)
    edge = SIDE * FINE
    return slice(min(edge, max(0, int(low * FINE))), max(0, min(edge, int(high * FINE) + 1)))


def _nearest(bone: Bone, x: Grid, y: Grid) -> tuple[Grid, tuple[Grid, Grid, Grid]]:
    """Height and normal of a bone's surface under each ray; -inf where the ray misses."""
    dx, dy, dz = (end - start for start, end in zip(bone.start, bone.end, strict=True))
    length = max((dx * dx + dy * dy) ** 0.5, 1e-3)
    along = ((x - bone.start[0]) * dx + (y - bone.start[1]) * dy) / length
    across = ((x - bone.start[0]) * dy - (y - bone.start[1]) * dx) / length
    radius = bone.start_radius + (bone.end_radius - bone.start_radius) * np.clip(along / length, 0, 1)
    # On a bone that leans towards the eye the nearest round slice is not the one right under the ray.
    slope = dz / length
    ahead = slope / (1 + slope * slope) ** 0.5 * np.sqrt(np.maximum(radius * radius - across * across, 0))
    place = np.clip((along + ahead) / length, 0, 1)
    cx, cy, cz = (start + place * step for start, step in zip(bone.start, (dx, dy, dz), strict=True))
    radius = bone.start_radius + (bone.end_radius - bone.start_radius) * place
    inside = radius * radius - (x - cx) * (x - cx) - (y - cy) * (y - cy)
    rise = np.sqrt(np.maximum(inside, 0))
    return np.where(inside > 0, cz + rise, -np.inf), ((x - cx) / radius, (y - cy) / radius, rise / radius)


def _lambert(normals: Grid, light: Point) -> Grid:
    return np.maximum(normals[0] * light[0] + normals[1] * light[1] + normals[2] * light[2], 0)


def _unshadowed(depth: Grid, light: Point) -> Grid:
    """How much of the lamp each point sees: walk towards it and look for something in the way."""
    lit = np.ones_like(depth)
    padded = np.pad(depth, SIDE, constant_values=-np.inf)
    size = depth.shape[0]
    for step in range(2, 14, 2):
        right, down = round(light[0] * step), round(light[1] * step)
        blocker = padded[SIDE + down : SIDE + down + size, SIDE + right : SIDE + right + size]
        hidden = blocker > depth + light[2] * step / FINE + 0.35
        lit = np.where(hidden, np.minimum(lit, 0.3 + 0.03 * step), lit)
    return lit


def _averaged(shown: Grid) -> NDArray[np.uint8]:
    """Whole numbers first, so that the sum is exact whatever order a machine adds in."""
    fine = np.floor(shown * 255 + 0.5).astype(np.int64)
    total = fine.reshape(SIDE, FINE, SIDE, FINE).sum(axis=(1, 3))
    return ((2 * total + FINE * FINE) // (2 * FINE * FINE)).astype(np.uint8)
