"""The long form: python -m tests.faults [room ...] prints what was tried, what survived and what was lost."""

from __future__ import annotations

import sys
from random import Random
from time import perf_counter

from . import rooms

SEED = 20


def main(names: list[str]) -> int:
    lost = 0
    print(f"{'trial':58} {'tried':>8} {'survived':>8} {'lost':>5} {'s':>7}")
    for room, trials in rooms.found(names).items():
        for trial in trials:
            start = perf_counter()
            tally = trial.attempt(Random(SEED), trial.long)
            seconds = perf_counter() - start
            print(
                f"{room}: {trial.name:{56 - len(room)}} {tally.tried:8} {tally.survived:8} {len(tally.lost):5} {seconds:7.1f}"
            )
            for what in tally.lost[:5]:
                print(f"    {what}")
            lost += len(tally.lost)
    return int(lost > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
