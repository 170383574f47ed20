"""A jointed hand as a list of round bones.

Lengths are in palms (wrist to the middle knuckle = 1). The hand is a right hand seen from its palm:
x runs to the thumb's side, y to the fingertips, z towards the eye.

Only ``+ - * /``, ``sqrt`` and sines rounded to nine places are used, so that every machine draws the same bytes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

Point = tuple[float, float, float]

FINGERS = ("index", "middle", "ring", "little")
KNUCKLES = {
    "index": (0.35, 0.97, 0.0),
    "middle": (0.12, 1.02, 0.02),
    "ring": (-0.11, 0.98, 0.0),
    "little": (-0.32, 0.88, -0.03),
}
LENGTHS = {
    "index": (0.46, 0.28, 0.2),
    "middle": (0.51, 0.31, 0.21),
    "ring": (0.47, 0.29, 0.2),
    "little": (0.36, 0.21, 0.18),
}
THICKNESS = {"index": 0.135, "middle": 0.14, "ring": 0.132, "little": 0.116}
THUMB_ROOT = (0.2, 0.16, 0.06)


@dataclass(frozen=True)
class Bone:
    """A round bone from one joint to the next, with a radius at either end."""

    start: Point
    end: Point
    start_radius: float
    end_radius: float


@dataclass(frozen=True)
class Build:
    """What makes one person's hand: all are factors around 1."""

    length: float = 1.0
    thickness: float = 1.0
    width: float = 1.0
    thumb: float = 1.0


@dataclass(frozen=True)
class Bend:
    """One finger's joints in degrees: bends towards the palm at knuckle, middle and end joint; lean to the thumb."""

    knuckle: float
    middle: float
    end: float
    lean: float = 0.0


def cos(degrees: float) -> float:
    """The cosine, the same on every machine."""
    return round(math.cos(math.radians(degrees)), 9)


def sin(degrees: float) -> float:
    """The sine, the same on every machine."""
    return round(math.sin(math.radians(degrees)), 9)


def finger(name: str, bend: Bend, build: Build) -> list[Bone]:
    """Three bones from a knuckle to a fingertip."""
    x, y, z = KNUCKLES[name]
    here = (x * build.width, y, z)
    thickness = THICKNESS[name] * build.thickness
    bones, turned = [], 0.0
    for number, (length, angle) in enumerate(zip(LENGTHS[name], (bend.knuckle, bend.middle, bend.end), strict=True)):
        turned += angle
        along, out = length * build.length * cos(turned), length * build.length * sin(turned)
        there = (here[0] + along * sin(bend.lean), here[1] + along * cos(bend.lean), here[2] + out)
        bones.append(Bone(here, there, thickness * (1 - 0.09 * number), thickness * (0.91 - 0.09 * number)))
        here = there
    return bones


def thumb(joints: tuple[Point, Point, Point], build: Build) -> list[Bone]:
    """Three bones from the wrist's side through knuckle and end joint to the thumb's tip."""
    points = [THUMB_ROOT, *joints]
    placed = [(x * build.width, y, z) for x, y, z in points]
    radii = [0.2, 0.165, 0.125, 0.1]
    scaled = [radius * build.thumb * build.thickness for radius in radii]
    return [Bone(*ends) for ends in zip(placed, placed[1:], scaled, scaled[1:], strict=False)]


def palm(build: Build) -> list[Bone]:
    """The flat of the hand: one bone to each knuckle, and the two cushions."""
    bones = []
    for name in FINGERS:
        x, y, z = KNUCKLES[name]
        start = (x * 0.55 * build.width, 0.08, -0.03)
        bones.append(Bone(start, (x * build.width, y, z - 0.03), 0.19, THICKNESS[name] * 1.15 * build.thickness))
    cushion = Bone((-0.2 * build.width, 0.2, 0.02), (-0.28 * build.width, 0.7, 0.02), 0.19, 0.15)
    return [*bones, cushion]


def arm(towards: Point) -> list[Bone]:
    """The forearm, from the wrist to beyond the picture's edge."""
    far = (towards[0] * 3, towards[1] * 3, towards[2] * 3 - 0.05)
    return [Bone((0.0, 0.05, -0.05), far, 0.29, 0.4)]


def turn(point: Point, pitch: float, yaw: float, roll: float) -> Point:
    """A point turned, in degrees: about the upright axis (yaw), the level one (pitch), the line of sight (roll)."""
    x, y, z = point
    x, z = x * cos(yaw) + z * sin(yaw), z * cos(yaw) - x * sin(yaw)
    y, z = y * cos(pitch) - z * sin(pitch), z * cos(pitch) + y * sin(pitch)
    return x * cos(roll) - y * sin(roll), y * cos(roll) + x * sin(roll), z


def turned(bones: list[Bone], pitch: float, yaw: float, roll: float) -> list[Bone]:
    """The same bones, seen from elsewhere."""
    return [
        Bone(turn(bone.start, pitch, yaw, roll), turn(bone.end, pitch, yaw, roll), bone.start_radius, bone.end_radius)
        for bone in bones
    ]
