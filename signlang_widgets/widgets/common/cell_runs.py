"""A cell that runs again closes the widgets and figures that its earlier run made: nothing piles up behind the page.

JupyterLab names the cell in each execute request; where a front end does not, the cell's text stands for it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar
from weakref import WeakKeyDictionary

T = TypeVar("T")


class _Run(NamedTuple):
    execution: str
    made: WeakKeyDictionary[Any, Callable[[Any], object]]


_last_runs: dict[str, _Run] = {}


def adopt(thing: T, close: Callable[[T], object]) -> None:
    """Note that the running cell made ``thing``; ``close(thing)`` is called when the cell runs again."""
    run = begin()
    if run is not None:
        run.made[thing] = close


def begin() -> _Run | None:
    """Close what an earlier run of the running cell made; None where no cell runs: scripts, tests, widget callbacks."""
    running = _running_cell()
    if running is None:
        return None
    cell, execution = running
    last = _last_runs.get(cell)
    if last is not None and last.execution == execution:
        return last
    _last_runs[cell] = run = _Run(execution, WeakKeyDictionary())
    for thing, close in list(last.made.items()) if last else []:
        close(thing)
    return run


def _running_cell() -> tuple[str, str] | None:
    """Return (cell, execution) while a notebook cell runs."""
    from IPython import get_ipython

    kernel = getattr(get_ipython(), "kernel", None)
    if kernel is None:
        return None
    request = kernel.get_parent("shell")
    if request.get("header", {}).get("msg_type") != "execute_request":
        return None
    cell = request.get("metadata", {}).get("cellId") or request["content"]["code"]
    return str(cell), str(request["header"]["msg_id"])
