"""How often a run that trains is shown: the one throttle of what Python pushes."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

from signlang_widgets.training.events import BatchEnded, EpochEnded, Evaluating, Event, RunStarted

if TYPE_CHECKING:
    from collections.abc import Callable

PACE = 0.3  # seconds between two messages while it trains
SOONEST = 0.2  # an epoch that ends is told at once, but not more often than this
BYTES_A_SECOND = 200_000
FREQUENT = (BatchEnded, Evaluating)


class Pacer:
    """Hears every event in the thread that trains; calls ``publish`` when it is time, which returns the bytes sent."""

    def __init__(self, hear: Callable[[Event], None], publish: Callable[[], int]) -> None:
        self._hear, self._publish = hear, publish
        self._due = self._soonest = 0.0

    def __call__(self, event: Event) -> None:
        """Nearly always two comparisons: it runs between two batches."""
        now, kind = perf_counter(), type(event)
        if kind not in FREQUENT:
            self._hear(event)
            if kind is EpochEnded:
                self._due = self._soonest
            elif kind is not RunStarted:
                self._due = now
        if now >= self._due:
            sent = self._publish()
            self._due = now + max(PACE, sent / BYTES_A_SECOND)
            self._soonest = now + max(SOONEST, sent / BYTES_A_SECOND)


def size_of(value: object) -> int:
    """About the bytes that a value takes on its way."""
    if isinstance(value, dict):
        return sum(map(size_of, value.values()))
    if isinstance(value, list | tuple):
        return sum(map(size_of, value))
    return len(value) if isinstance(value, str | bytes) else 8
