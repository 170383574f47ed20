"""The loss of every batch as a line that stays small: when it grows too long, neighbours become one point."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from .loop import BatchRow

MOST = 1024


@dataclass(slots=True)
class _Point:
    """Some batches in a row: where the last one stands, and what their losses were."""

    x: float
    batch: int
    total: float
    low: float
    high: float
    count: int

    def join(self, other: _Point) -> None:
        self.x, self.batch = other.x, other.batch
        self.total, self.count = self.total + other.total, self.count + other.count
        self.low, self.high = min(self.low, other.low), max(self.high, other.high)


class Trace:
    """At most ``most`` points of ``every`` batches each, and the learning rates that were set on the way.

    ``x`` counts epochs: 1.5 is the middle of the second.
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self.clear()

    def clear(self) -> None:
        """Begin anew."""
        self.every = 1
        self.lr_marks: list[tuple[float, float]] = []
        self._points: list[_Point] = []
        self._lr: float | None = None
        self._first_lr = 0.0

    @property
    def rates(self) -> list[float]:
        """The learning rates so far, from the first to the present one."""
        return [] if self._lr is None else [self._first_lr, *(lr for _, lr in self.lr_marks)]

    def take(self, rows: Iterable[BatchRow], batches: int) -> None:
        """Add batches that follow the last ones; an epoch has ``batches``."""
        for epoch, batch, loss, lr in rows:
            x = epoch - 1 + min(1.0, batch / batches)
            self._mark(epoch - 1 + min(1.0, (batch - 1) / batches), lr)
            self._add(_Point(x, batch, loss, loss, loss, 1))

    def table(self) -> NDArray[np.float32]:
        """(5, points): x, the number of the last batch in its epoch, mean, lowest and highest loss."""
        rows = [(p.x, p.batch, p.total / p.count, p.low, p.high) for p in self._points]
        return np.array(rows, np.float32).reshape(-1, 5).T.copy()

    def thinned(self, most: int) -> Trace:
        """The same line in at most ``most`` points."""
        thin = Trace(most)
        thin.every, thin._points = self.every, [replace(point) for point in self._points]
        while len(thin._points) > most:
            thin.every *= 2
            thin._points = _paired(thin._points)
        return thin

    def _mark(self, x: float, lr: float) -> None:
        if self._lr is None:
            self._first_lr = lr
        elif lr != self._lr:
            self.lr_marks.append((x, lr))
        self._lr = lr

    def _add(self, point: _Point) -> None:
        last = self._points[-1] if self._points else None
        if last and last.count < self.every:
            last.join(point)
            return
        self._points.append(point)
        if len(self._points) > self._most:
            self.every *= 2
            self._points = _paired(self._points)


def _paired(points: Sequence[_Point]) -> list[_Point]:
    first = list(points[::2])
    for point, other in zip(first, points[1::2], strict=False):
        point.join(other)
    return first
