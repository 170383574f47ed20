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
    return Bend(68, 92, 30, lean)


def _round(lean: float = 0.0) -> Bend:
    return Bend(50, 55, 35, lean)


FIST = (_fist(1), _fist(), _fist(-1), _fist(-3))
ACROSS = ((0.46, 0.46, 0.34), (0.36, 0.68, 0.62), (0.05, 0.76, 0.66))  # over the folded fingers
FOLDED_IN = ((0.42, 0.45, 0.2), (0.2, 0.62, 0.3), (-0.06, 0.62, 0.3))  # flat against the palm
SIDEWAYS = {"yaw": 180.0, "roll": -90.0, "arm": (-0.9, -0.44, 0.0)}  # back of the hand to the eye, fingers to the right

POSES = {
    "A": Pose(FIST, ((0.52, 0.5, 0.16), (0.58, 0.84, 0.3), (0.52, 1.12, 0.36))),
    "B": Pose((_up(3), _up(), _up(-3), _up(-6)), FOLDED_IN),
    "C": Pose(
        (Bend(28, 42, 32, 4), Bend(28, 42, 32), Bend(28, 42, 32, -2), Bend(28, 42, 32, -5)),
        ((0.32, 0.28, 0.42), (0.3, 0.34, 0.75), (0.26, 0.46, 1.02)),
        yaw=68,
    ),
    "D": Pose(
        (_up(), Bend(62, 62, 30), Bend(66, 66, 30, -1), Bend(70, 70, 30, -3)),
        ((0.42, 0.42, 0.34), (0.34, 0.56, 0.62), (0.18, 0.72, 0.84)),
        yaw=30,
    ),
    "E": Pose(
        (Bend(32, 118, 50, 2), Bend(32, 118, 50), Bend(32, 118, 50, -2), Bend(32, 118, 50, -4)),
        ((0.44, 0.44, 0.26), (0.3, 0.64, 0.42), (-0.04, 0.68, 0.44)),
    ),
    "F": Pose(
        (Bend(48, 70, 40, 38), _up(6), _up(-6), _up(-18)),
        ((0.5, 0.4, 0.24), (0.74, 0.6, 0.5), (0.66, 0.88, 0.68)),
        yaw=12,
    ),
    "G": Pose((_up(), *FIST[1:]), ((0.46, 0.5, 0.22), (0.52, 0.84, 0.26), (0.56, 1.14, 0.2)), **SIDEWAYS),
    "H": Pose((_up(), _up(), *FIST[2:]), ((0.44, 0.46, 0.3), (0.3, 0.7, 0.5), (0.05, 0.8, 0.55)), **SIDEWAYS),
    "I": Pose((*FIST[:3], _up(-8)), ACROSS),
    "K": Pose(
        (_up(2), Bend(34, 8, 4, -8), *FIST[2:]), ((0.42, 0.5, 0.3), (0.32, 0.86, 0.42), (0.22, 1.16, 0.42)), yaw=25
    ),
    "L": Pose((_up(), *FIST[1:]), ((0.6, 0.36, 0.1), (0.92, 0.5, 0.12), (1.2, 0.56, 0.12))),
    "M": Pose(
        (_draped(2), _draped(), _draped(-2), _fist(-4)), ((0.4, 0.5, 0.3), (0.1, 0.72, 0.4), (-0.23, 0.84, 0.62))
    ),
    "N": Pose((_draped(2), _draped(), _fist(-2), _fist(-4)), ((0.42, 0.5, 0.3), (0.2, 0.74, 0.4), (0.0, 0.9, 0.66))),
    "O": Pose(
        (Bend(48, 58, 42, 3), Bend(48, 58, 42), Bend(48, 58, 42, -2), Bend(48, 58, 42, -4)),
        ((0.34, 0.3, 0.4), (0.3, 0.42, 0.7), (0.26, 0.66, 0.86)),
        yaw=66,
    ),
    "P": Pose(
        (_up(), Bend(20, 10, 6, -55), *FIST[2:]),
        ((0.4, 0.5, 0.3), (0.3, 0.8, 0.42), (0.12, 1.02, 0.4)),
        roll=95,
        arm=(0.85, -0.5, -0.2),
    ),
    "Q": Pose(
        (Bend(6, 10, 8, 4), *FIST[1:]),
        ((0.52, 0.46, 0.2), (0.68, 0.8, 0.3), (0.7, 1.12, 0.3)),
        yaw=180,
        roll=180,
        arm=(0.75, 0.1, -0.6),
    ),
    "R": Pose(
        (Bend(8, 6, 4, -9), Bend(-4, 6, 4, 11), *FIST[2:]), ((0.42, 0.46, 0.32), (0.24, 0.68, 0.56), (-0.04, 0.74, 0.6))
    ),
    "S": Pose(FIST, ACROSS),
    "T": Pose((Bend(72, 92, 40, 6), *FIST[1:]), ((0.46, 0.5, 0.26), (0.38, 0.82, 0.42), (0.23, 1.06, 0.6))),
    "U": Pose((_up(-1), _up(1), *FIST[2:]), ((0.42, 0.46, 0.32), (0.22, 0.66, 0.56), (-0.08, 0.72, 0.6))),
    "V": Pose((_up(14), _up(-8), *FIST[2:]), ((0.42, 0.46, 0.32), (0.22, 0.66, 0.56), (-0.08, 0.72, 0.6))),
    "W": Pose((_up(16), _up(0), _up(-14), _fist(-3)), ((0.42, 0.44, 0.3), (0.16, 0.6, 0.5), (-0.2, 0.66, 0.52))),
    "X": Pose((Bend(14, 82, 58), *FIST[1:]), ((0.46, 0.46, 0.34), (0.34, 0.68, 0.6), (0.06, 0.76, 0.64)), yaw=48),
    "Y": Pose((*FIST[:3], _up(-24)), ((0.6, 0.4, 0.08), (0.92, 0.62, 0.1), (1.16, 0.86, 0.1))),
}
