"""The kernel's interrupt while a cell trains: the first asks politely, a second breaks in where nothing is half done."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def interrupts_to(stop: Callable[[], None], may_break: Callable[[], bool]) -> Iterator[None]:
    """Turn the first interrupt of a cell into a call of ``stop``; a later one raises as always, where it may.

    Elsewhere (an epoch's figures are kept, a file is written) it is as good as the first: the run is about to stop.
    """
    usual = signal.getsignal(signal.SIGINT) if threading.current_thread() is threading.main_thread() else None
    if usual is None:
        yield
        return
    asked = False

    def hear(number: int, frame: Any) -> None:
        nonlocal asked
        if asked and may_break() and callable(usual):
            usual(number, frame)
        asked = True
        stop()

    signal.signal(signal.SIGINT, hear)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, usual)
