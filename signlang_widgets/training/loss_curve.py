"""The loss of every batch as a line that stays small: when it grows too long, neighbours become one point."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .loop import BatchRow

MOST = 1024

Points = NDArray[np.float64]  # (6, points): x, batch, total, lowest, highest loss, and how many batches


class LossCurve:
    """At most ``most`` points of ``every`` batches each, and the learning rates that were set on the way.

    ``x`` counts epochs: 1.5 is the middle of the second. Everything is computed for many batches at once: a thread that
    trains has little time for what it shows.
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self.clear()

    def clear(self) -> None:
        """Begin anew."""
        self.every, self.count = 1, 0
        self.lr_marks: list[tuple[float, float]] = []
        self._points: Points = np.empty((6, 0))
        self._first_lr: float | None = None

    @property
    def rates(self) -> list[float]:
        """The learning rates so far, from the first to the present one."""
        return [] if self._first_lr is None else [self._first_lr, *(lr for _, lr in self.lr_marks)]

    def take(self, rows: Sequence[BatchRow], batches: int) -> None:
        """Add batches that follow the last ones; an epoch has ``batches``."""
        if not rows:
            return
        epoch, batch, loss, lr = (np.array(column, float) for column in zip(*rows, strict=True))
        self._mark(epoch - 1 + np.minimum(1, (batch - 1) / batches), lr)
        x = epoch - 1 + np.minimum(1, batch / batches)
        self._add(np.stack([x, batch, loss, loss, loss, np.ones_like(loss)]))

    def table(self) -> NDArray[np.float32]:
        """(5, points): x, the number of the last batch in its epoch, mean, lowest and highest loss."""
        x, batch, total, low, high, count = self._points
        return np.stack([x, batch, total / count, low, high]).astype(np.float32)

    def thinned(self, most: int) -> LossCurve:
        """The same line in at most ``most`` points."""
        thin = LossCurve(most)
        thin.every, thin.count = self.every, self.count
        thin._points = self._points
        thin._shrink()
        return thin

    def _mark(self, x: NDArray[Any], lr: NDArray[Any]) -> None:
        before = lr[0] if self._first_lr is None else self.rates[-1]
        for place in np.flatnonzero(np.diff(lr, prepend=before)):
            self.lr_marks.append((float(x[place]), float(lr[place])))
        if self._first_lr is None:
            self._first_lr = float(lr[0])

    def _add(self, points: Points) -> None:
        """Fill the last point up to ``every`` batches, then begin others."""
        places = self.count + np.arange(points.shape[1])
        self.count += points.shape[1]
        if places[0] % self.every:
            self._points, last = self._points[:, :-1], self._points[:, -1:]
            points, places = np.hstack([last, points]), np.append(places[0] - 1, places)
        starts = np.flatnonzero(np.diff(places // self.every, prepend=-1))
        self._points = np.hstack([self._points, _joined(points, starts)])
        self._shrink()

    def _shrink(self) -> None:
        while self._points.shape[1] > self._most:
            self.every *= 2
            self._points = _joined(self._points, np.arange(0, self._points.shape[1], 2))


def _joined(points: Points, starts: NDArray[np.intp]) -> Points:
    """One point for each run of points that begins at one of ``starts``."""
    x, batch, total, low, high, count = points
    ends = np.append(starts[1:], points.shape[1]) - 1
    return np.stack(
        [
            *(x[ends], batch[ends], np.add.reduceat(total, starts)),
            *(np.minimum.reduceat(low, starts), np.maximum.reduceat(high, starts), np.add.reduceat(count, starts)),
        ]
    )
