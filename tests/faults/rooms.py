"""The files of this folder that try to break something, found by name."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from .tally import Trial

HERE = Path(__file__).parent
OTHERS = {"__init__", "__main__", "rooms", "tally", "conftest"}


def names() -> list[str]:
    return sorted(
        path.stem for path in HERE.glob("*.py") if path.stem not in OTHERS and not path.stem.startswith("test_")
    )


def found(wanted: list[str]) -> dict[str, tuple[Trial, ...]]:
    """The trials of the wanted rooms, or of all."""
    return {name: import_module(f"tests.faults.{name}").TRIALS for name in wanted or names()}
