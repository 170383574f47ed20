"""What a dashboard shows of a run, in the form in which it travels to the browser; and how often that is."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np

from signlang_widgets.networks.devices import memory_in_use
from signlang_widgets.training.events import (
    BatchEnded,
    EpochEnded,
    Evaluating,
    Event,
    RunStarted,
    StateChanged,
    Stopped,
    Warned,
)
from signlang_widgets.training.loss_curve import LossCurve
from signlang_widgets.training.records import COLUMNS
from signlang_widgets.training.run_code import run_code
from signlang_widgets.widgets.common.wire import packed

from .epoch_pictures import EpochPictures

if TYPE_CHECKING:
    from signlang_widgets.training.loop import BatchRow
    from signlang_widgets.training.trainer import Trainer

PACE = 0.3  # seconds between two messages while it trains
SOONEST = 0.2  # an epoch that ends is told at once, but not more often than this
BYTES_A_SECOND = 200_000
MOST_EARLIER_RUNS = 4
EARLIER_POINTS = 256
FREQUENT = (BatchEnded, Evaluating)


class Pacer:
    """Hears every event in the thread that trains; calls ``publish`` when it is time, which returns the bytes sent."""

    def __init__(self, report: Report, publish: Callable[[], int]) -> None:
        self._report, self._publish = report, publish
        self._due = self._soonest = 0.0

    def __call__(self, event: Event) -> None:
        """Nearly always two comparisons: it runs between two batches."""
        now, kind = perf_counter(), type(event)
        if kind not in FREQUENT:
            self._report.hear(event)
            if kind is EpochEnded:
                self._due = self._soonest
            elif kind is not RunStarted:
                self._due = now
        if now >= self._due:
            sent = self._publish()
            self._due = now + max(PACE, sent / BYTES_A_SECOND)
            self._soonest = now + max(SOONEST, sent / BYTES_A_SECOND)


class Report:
    """Gathers the figures of one trainer; ``told`` is what the browser knows (or is about to)."""

    def __init__(self, trainer: Trainer) -> None:
        self._trainer = trainer
        self._loss_curve = LossCurve()
        self._line = packed(self._loss_curve.table())
        self._last: BatchRow | None = None
        self._count = self._runs = 0
        self._words = ""
        self._pictures = EpochPictures(trainer)
        self._figures: dict[str, Any] = {}
        self.problem = ""
        self.heard = 0
        self.finishing = False
        self.told: dict[str, Any] = {"earlier": [], "code": "", "epochs_done": 0}
        self.refresh()

    def hear(self, event: Event) -> None:
        """Keep what only the event says."""
        if isinstance(event, Stopped | Warned):
            self.problem = event.message
        elif isinstance(event, StateChanged):
            self.finishing = False
            if event.state == "running":
                self.problem = ""

    def refresh(self) -> list[str]:
        """Bring ``told`` up to date; returns the names of what changed (of many new epochs, as many as fit)."""
        self._follow_run()
        new = {"status": self._status(), "curves": self._curves(), **self._pictures.more(self._trainer)}
        if self._trainer.state != "running":
            new["code"] = run_code(self._trainer)
        changed = [name for name, value in new.items() if self.told.get(name) != value]
        changed += ["earlier"] if self._archived else []
        self.told.update(new)
        return changed

    @property
    def complete(self) -> bool:
        """Whether every epoch's pictures are told."""
        return bool(self.told["epochs_done"] >= self._trainer.epochs_done)

    def size(self, names: list[str]) -> int:
        """About the bytes that these parts take on their way."""
        return sum(_size(self.told[name]) for name in names)

    def _follow_run(self) -> None:
        """Take the batches that are new; notice that a run was taken back, or that another one began."""
        self._archived = False
        rows = self._trainer.batches_after(max(self._count - 1, 0))
        if self._count and not (rows and rows[0] is self._last):
            if not self._trainer.batches_after(0):
                self._archive()
            self._loss_curve.clear()
            self._line = packed(self._loss_curve.table())
            self._count, rows = 0, self._trainer.batches_after(0)
        elif self._count:
            rows = rows[1:]
        if rows:
            self._loss_curve.take(rows, self._trainer.progress.batches)
            self._last = rows[-1]
            self._count += len(rows)
            self._line = packed(self._loss_curve.table())
            self._words = _settings_in_words(self._trainer, self._loss_curve.rates)

    def _archive(self) -> None:
        """Lay the run under the next one."""
        self._runs += 1
        run = {
            "number": self._runs,
            "words": self._words,
            "epochs": self._figures,
            "trace": packed(self._loss_curve.thinned(EARLIER_POINTS).table()[[0, 2]]),
        }
        self.told["earlier"] = [*self.told["earlier"], run][-MOST_EARLIER_RUNS:]
        self._archived = True
        self._figures = {}

    def _status(self) -> dict[str, Any]:
        trainer, progress = self._trainer, self._trainer.progress
        return {
            **vars(progress),
            "done": trainer.epochs_done,
            "device": trainer.device,
            "memory": memory_in_use(trainer.device),
            "ticking": trainer.ticking,
            "finishing": self.finishing,
            "problem": self.problem,
            "traceback": trainer.traceback,
            "heard": self.heard,
        }

    def _curves(self) -> dict[str, Any]:
        if not self._figures or self._figures["shape"][0] != self._trainer.epochs_done:
            rows = np.array(self._trainer.epochs_after(0), float).reshape(-1, len(COLUMNS))
            self._figures = packed(rows)
        return {
            "columns": list(COLUMNS),
            "epochs": self._figures,
            "trace": self._line,
            "every": self._loss_curve.every,
            "marks": self._loss_curve.lr_marks[-64:],
            "batches": self._loss_curve.count,
        }


def _settings_in_words(trainer: Trainer, rates: list[float]) -> str:
    settings = trainer.settings
    momentum = "" if settings.optimizer else f", momentum {settings.momentum:g}"
    shown = [f"{rate:g}" for rate in rates]
    lr = " then ".join(shown if len(shown) < 4 else [shown[0], "\u2026", shown[-1]])
    return (
        f"{type(trainer.model).__name__}, {type(trainer.optimizer).__name__}, lr {lr}, "
        f"batches of {settings.batch_size}{momentum}"
    )


def _size(value: object) -> int:
    """About the bytes that a value takes on its way."""
    if isinstance(value, dict):
        return sum(map(_size, value.values()))
    if isinstance(value, list | tuple):
        return sum(map(_size, value))
    return len(value) if isinstance(value, str | bytes) else 8
