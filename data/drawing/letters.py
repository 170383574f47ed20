"""The poses of the 24 letters of the American manual alphabet that hold still (J and Z are movements)."""

from __future__ import annotations

from dataclasses import dataclass

from .hand import Bend, Point


@dataclass(frozen=True)
class Pose:
    """One letter: four fingers (index to little), the thumb's three joints, how the hand is turned, the arm."""

    fingers: tuple[Bend, Bend, Bend, Bend]
    thumb: tuple[Point, Point, Point]
    pitch: float = 0.0
    yaw: float = 0.0
    roll: float = 0.0
    arm: Point = (0.0, -1.0, 0.0)


def _up(lean: float = 0.0) -> Bend:
    return Bend(3, 6, 4, lean)


def _fist(lean: float = 0.0) -> Bend:
    return Bend(82, 100, 55, lean)


def _draped(lean: float = 0.0) -> Bend:
    """Folded over a thumb that lies beneath."""
    return Bend(64, 106, 4, lean)


def _tight(lean: float) -> Bend:
    """Curled in behind its draped neighbours."""
    return Bend(92, 104, 60, lean)


def _curved(knuckle: float, middle: float, end: float) -> tuple[Bend, Bend, Bend, Bend]:
    """Four fingers side by side in one arch."""
    index, ring, little = (Bend(knuckle, middle, end, lean) for lean in (3, -2, -5))
    return index, Bend(knuckle, middle, end), ring, little


FIST = (_fist(1), _fist(), _fist(-1), _fist(-3))
ACROSS = ((0.46, 0.46, 0.34), (0.36, 0.68, 0.62), (0.05, 0.76, 0.66))  # over the folded fingers
FOLDED_IN = ((0.42, 0.45, 0.2), (0.2, 0.62, 0.3), (-0.06, 0.62, 0.3))  # flat against the palm
SIDEWAYS = {"yaw": 180.0, "roll": -90.0, "arm": (-0.9, -0.44, 0.0)}  # back of the hand to the eye, fingers to the right

OVER_TWO = ((0.42, 0.46, 0.32), (0.22, 0.66, 0.56), (-0.08, 0.72, 0.6))  # over ring and little finger

POSES = {
    "A": Pose(FIST, ((0.52, 0.5, 0.16), (0.6, 0.84, 0.3), (0.55, 1.16, 0.36))),
    "B": Pose((_up(3), _up(), _up(-3), _up(-6)), FOLDED_IN),
    "C": Pose(_curved(28, 42, 32), ((0.34, 0.2, 0.46), (0.34, 0.28, 0.84), (0.32, 0.5, 1.08)), yaw=56),
    "D": Pose(
        (_up(), Bend(62, 62, 30), Bend(66, 66, 30, -1), Bend(70, 70, 30, -3)),
        ((0.42, 0.42, 0.34), (0.34, 0.56, 0.62), (0.18, 0.72, 0.84)),
        yaw=30,
    ),
    "E": Pose(
        (Bend(50, 108, 42, 2), Bend(50, 108, 42), Bend(50, 108, 42, -2), Bend(50, 108, 42, -4)),
        ((0.44, 0.44, 0.26), (0.3, 0.62, 0.42), (-0.08, 0.66, 0.46)),
    ),
    "F": Pose(
        (Bend(36, 62, 60, 46), _up(4), _up(-8), _up(-20)),
        ((0.56, 0.34, 0.2), (0.86, 0.56, 0.42), (0.7, 0.92, 0.6)),
        yaw=14,
    ),
    "G": Pose((_up(), *FIST[1:]), ((0.54, 0.5, 0.2), (0.66, 0.84, 0.2), (0.68, 1.2, 0.16)), **SIDEWAYS),
    "H": Pose((_up(1), _up(-1), *FIST[2:]), ((0.44, 0.46, 0.3), (0.3, 0.7, 0.5), (0.05, 0.8, 0.55)), **SIDEWAYS),
    "I": Pose((*FIST[:3], _up(-8)), ACROSS),
    "K": Pose(
        (_up(10), Bend(24, 8, 4, -12), *FIST[2:]), ((0.44, 0.52, 0.3), (0.34, 0.84, 0.42), (0.2, 1.2, 0.4)), yaw=14
    ),
    "L": Pose((_up(), *FIST[1:]), ((0.6, 0.36, 0.1), (0.92, 0.5, 0.12), (1.2, 0.56, 0.12))),
    "M": Pose(
        (_draped(2), _draped(), _draped(-2), _tight(-4)), ((0.4, 0.5, 0.3), (0.1, 0.66, 0.34), (-0.24, 0.78, 0.64))
    ),
    "N": Pose((_draped(2), _draped(), _tight(-2), _tight(-4)), ((0.42, 0.5, 0.3), (0.2, 0.7, 0.36), (0.0, 0.84, 0.66))),
    "O": Pose(_curved(55, 60, 45), ((0.34, 0.22, 0.46), (0.34, 0.42, 0.82), (0.26, 0.8, 0.88)), yaw=58),
    "P": Pose(
        (_up(), Bend(20, 10, 6, -55), *FIST[2:]),
        ((0.4, 0.5, 0.3), (0.3, 0.8, 0.42), (0.12, 1.02, 0.4)),
        roll=95,
        arm=(0.85, -0.5, -0.2),
    ),
    "Q": Pose(
        (Bend(6, 10, 8, -6), *FIST[1:]),
        ((0.58, 0.44, 0.16), (0.84, 0.82, 0.14), (0.86, 1.26, 0.14)),
        yaw=180,
        roll=180,
        arm=(0.75, 0.1, -0.6),
    ),
    "R": Pose((Bend(0, 6, 4, -16), Bend(14, 6, 4, 14), *FIST[2:]), OVER_TWO),
    "S": Pose(FIST, ((0.46, 0.46, 0.36), (0.34, 0.72, 0.66), (-0.08, 0.86, 0.7))),
    "T": Pose((Bend(72, 92, 40, 8), *FIST[1:]), ((0.46, 0.5, 0.26), (0.36, 0.84, 0.42), (0.22, 1.14, 0.62))),
    "U": Pose((_up(-1), _up(1), *FIST[2:]), OVER_TWO),
    "V": Pose((_up(16), _up(-10), *FIST[2:]), OVER_TWO),
    "W": Pose((_up(18), _up(0), _up(-16), _fist(-3)), ((0.42, 0.44, 0.3), (0.16, 0.6, 0.5), (-0.2, 0.66, 0.52))),
    "X": Pose((Bend(-4, 58, 74, 8), *FIST[1:]), ((0.46, 0.46, 0.34), (0.34, 0.68, 0.6), (0.06, 0.76, 0.64)), yaw=64),
    "Y": Pose((*FIST[:3], _up(-24)), ((0.6, 0.4, 0.08), (0.92, 0.62, 0.1), (1.16, 0.86, 0.1))),
}
