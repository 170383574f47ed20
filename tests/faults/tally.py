"""What became of many tries, counted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random


@dataclass
class Tally:
    """How many were tried and survived; each loss with what is needed to see it again."""

    tried: int = 0
    lost: list[str] = field(default_factory=list)

    def note(self, *, well: bool, what: str) -> None:
        """Count one try; ``what`` tells how to repeat it."""
        self.tried += 1
        if not well:
            self.lost.append(what)

    @property
    def survived(self) -> int:
        """Tries that ended as they should."""
        return self.tried - len(self.lost)


@dataclass(frozen=True)
class Trial:
    """One way to break something: ``long`` tries in the long form, ``short`` in the short one."""

    name: str
    long: int
    short: int
    attempt: Callable[[Random, int], Tally]
