"""One person's hands, and one photograph of them: everything that varies, drawn from a seed."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

import numpy as np
from numpy.typing import NDArray

from .hand import FINGERS, Bend, Bone, Build, Point, arm, cos, finger, palm, sin, thumb, turned
from .letters import POSES, Pose
from .render import FINE, SIDE, Grid, Scene, picture


@dataclass(frozen=True)
class Person:
    """A hand's build, its skin and its habits (degrees added to each finger's bends)."""

    build: Build
    skin: float
    habits: tuple[float, ...]


def person(seed: str) -> Person:
    """The person with this seed; no other seed gives the same one."""
    luck = Random(seed)
    build = Build(luck.uniform(0.9, 1.1), luck.uniform(0.88, 1.14), luck.uniform(0.9, 1.1), luck.uniform(0.9, 1.1))
    return Person(build, luck.uniform(0.45, 0.98), tuple(luck.uniform(-5, 5) for _ in FINGERS))


def shot(letter: str, who: Person, seed: str) -> NDArray[np.uint8]:
    """One picture (28, 28) of a person spelling a letter, with its own angle, bend, light and backdrop."""
    luck = Random(seed)
    pose = POSES[letter]
    hand = _posed(pose, who, luck)
    pitch, yaw, roll = luck.uniform(-9, 9), luck.uniform(-11, 11), luck.uniform(-9, 9)
    seen = turned(hand, pose.pitch + pitch, pose.yaw + yaw, pose.roll + roll)
    sleeve = turned(arm(pose.arm), 0, 0, roll / 2)
    place = _framing(seen, luck)
    bare, cloth = _cut(sleeve[0], luck.uniform(0.25, 1.3))
    image = picture(_placed([*seen, bare], place), _placed([cloth], place), _scene(who, luck), luck.uniform(0.05, 0.6))
    return _grain(image, luck)


def _posed(pose: Pose, who: Person, luck: Random) -> list[Bone]:
    bones = palm(who.build)
    for name, bend, habit in zip(FINGERS, pose.fingers, who.habits, strict=True):
        wobble = [luck.uniform(-6, 6) for _ in range(3)]
        own = Bend(
            bend.knuckle + habit + wobble[0],
            bend.middle + wobble[1],
            bend.end + wobble[1] / 2,
            bend.lean + wobble[2] / 2,
        )
        bones += finger(name, own, who.build)
    x, y, z = (luck.uniform(-0.04, 0.04) for _ in range(3))
    first, *rest = pose.thumb
    return bones + thumb((first, *((px + x, py + y, pz + z) for px, py, pz in rest)), who.build)


def _framing(bones: list[Bone], luck: Random) -> tuple[float, float, float]:
    """Pixels a palm, and where the wrist comes to lie, so that the hand fills the picture as in a close photograph."""
    ends = [(p, r) for bone in bones for p, r in ((bone.start, bone.start_radius), (bone.end, bone.end_radius))]
    left, right = min(p[0] - r for p, r in ends), max(p[0] + r for p, r in ends)
    low, high = min(p[1] - r for p, r in ends), max(p[1] + r for p, r in ends)
    scale = min(22.5 / (high - low), 22.5 / (right - left), 14.0) * luck.uniform(0.88, 1.02)
    x = 14 - scale * (left + right) / 2 + luck.uniform(-1.5, 1.5)
    y = 13 + scale * (low + high) / 2 + luck.uniform(-1.2, 1.2)
    return scale, x, y


def _placed(bones: list[Bone], place: tuple[float, float, float]) -> list[Bone]:
    scale, left, down = place

    def put(point: Point) -> Point:
        return left + scale * point[0], down - scale * point[1], scale * point[2]

    return [Bone(put(b.start), put(b.end), scale * b.start_radius, scale * b.end_radius) for b in bones]


def _cut(bone: Bone, bare: float) -> tuple[Bone, Bone]:
    """The forearm as bare skin near the wrist and a sleeve beyond; ``bare`` in palms."""
    part = bare / 3
    x, y, z = (start + part * (end - start) for start, end in zip(bone.start, bone.end, strict=True))
    middle = bone.start_radius + part * (bone.end_radius - bone.start_radius)
    return Bone(bone.start, (x, y, z), bone.start_radius, middle), Bone(
        (x, y, z), bone.end, middle * 1.15, bone.end_radius * 1.2
    )


def _scene(who: Person, luck: Random) -> Scene:
    around, height = luck.uniform(0, 360), luck.uniform(0.55, 0.9)
    flat = (1 - height * height) ** 0.5
    light = (flat * cos(around), -abs(flat * sin(around)), height)  # never from below
    return Scene(light, who.skin * luck.uniform(0.9, 1.02), luck.uniform(0.25, 0.5), _backdrop(luck))


def _backdrop(luck: Random) -> Grid:
    """A wall with a slope of light, and sometimes a darker band along one edge."""
    size = SIDE * FINE
    down, right = np.mgrid[0:size, 0:size] / (size - 1)
    wall = luck.uniform(0.45, 0.85) + luck.uniform(-0.2, 0.2) * (down - 0.5) + luck.uniform(-0.2, 0.2) * (right - 0.5)
    edge, dark = luck.uniform(0, 1.6), luck.uniform(0.5, 0.9)
    across = (down, right, 1 - right)[luck.randrange(3)]
    return np.where(across > max(edge, 0.8), wall * dark, wall)


def _grain(image: NDArray[np.uint8], luck: Random) -> NDArray[np.uint8]:
    """A camera's grain: up to two grey levels either way."""
    grain = np.frombuffer(luck.randbytes(image.size), np.uint8).reshape(image.shape) % 5
    return np.clip(image.astype(np.int64) + grain - 2, 0, 255).astype(np.uint8)
