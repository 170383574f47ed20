"""A cell that runs again closes the widgets that its earlier run made: nothing piles up behind the page.

JupyterLab names the cell in each execute request; where a front end does not, the cell's text stands for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from weakref import WeakSet

if TYPE_CHECKING:
    from .base import Widget


class _Run(NamedTuple):
    execution: str
    widgets: WeakSet[Widget]


_last_runs: dict[str, _Run] = {}


def adopt(widget: Widget) -> None:
    """Note which cell made ``widget``; close what an earlier run of the same cell made."""
    running = _running_cell()
    if running is None:
        return
    cell, execution = running
    last = _last_runs.get(cell)
    if last is None or last.execution != execution:
        for old in list(last.widgets) if last else []:
            old.close()
        last = _last_runs[cell] = _Run(execution, WeakSet())
    last.widgets.add(widget)


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
