"""A cell that runs again closes the widgets that its earlier run made: nothing piles up behind the page.

JupyterLab names the cell in each execute request; where a front end does not, the cell's text stands for it.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol
from weakref import WeakSet


class Closable(Protocol):
    """What a cell may leave behind: a widget, or several in one."""

    def close(self) -> None:
        """Let go of everything; twice does no harm."""


class _CellRun(NamedTuple):
    execution: str
    made: WeakSet[Closable]


_last_runs: dict[str, _CellRun] = {}


def adopt(made: Closable) -> None:
    """Note which cell made something; close what an earlier run of the same cell made."""
    running = _running_cell()
    if running is None:
        return
    cell, execution = running
    last = _last_runs.get(cell)
    if last is None or last.execution != execution:
        for old in list(last.made) if last else []:
            old.close()
        last = _last_runs[cell] = _CellRun(execution, WeakSet())
    last.made.add(made)


def _running_cell() -> tuple[str, str] | None:
    """Return (cell, execution) while a notebook cell runs, else None: scripts, tests and widget callbacks."""
    from IPython import get_ipython

    kernel = getattr(get_ipython(), "kernel", None)
    if kernel is None:
        return None
    request = kernel.get_parent("shell")
    if request.get("header", {}).get("msg_type") != "execute_request":
        return None
    cell = request.get("metadata", {}).get("cellId") or request["content"]["code"]
    return str(cell), str(request["header"]["msg_id"])
