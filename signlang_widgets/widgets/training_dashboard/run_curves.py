"""The curves of the run that goes on, and of the runs before it, in the form in which they travel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from signlang_widgets.training.loss_curve import LossCurve
from signlang_widgets.training.records import COLUMNS
from signlang_widgets.widgets.common.wire import packed

if TYPE_CHECKING:
    from signlang_widgets.training.loop import BatchRow
    from signlang_widgets.training.trainer import Trainer

MOST_EARLIER_RUNS = 4
EARLIER_POINTS = 256
MOST_MARKS = 64


class RunCurves:
    """Follows one trainer; when another run begins, the last one is laid under it.

    ``run`` numbers the runs, those included in which nothing was learned; ``earlier`` holds the last ones that learned.
    """

    def __init__(self, trainer: Trainer) -> None:
        self._trainer, self._model = trainer, trainer.model
        self._loss_curve = LossCurve()
        self._last: BatchRow | None = None
        self._words, self._archived = "", 0
        self._epochs = packed(np.empty((0, len(COLUMNS))))
        self.run = 0
        self.earlier: list[dict[str, Any]] = []

    def follow(self) -> None:
        """Take the batches and epochs that are new; notice that a run was taken back, or that another one began."""
        rows = self._new_batches()
        if rows:
            self._loss_curve.take(rows, self._trainer.progress.batches)
            self._last = rows[-1]
            self._words = _settings_in_words(self._trainer, self._loss_curve.rates)
        epochs = self._trainer.epochs_after(0)
        if len(epochs) != self._epochs["shape"][0]:
            self._epochs = packed(np.array(epochs, float).reshape(-1, len(COLUMNS)))

    def told(self) -> dict[str, Any]:
        """Return what the charts show of the present run."""
        return {
            "columns": list(COLUMNS),
            "epochs": self._epochs,
            "trace": packed(self._loss_curve.table()),
            "every": self._loss_curve.every,
            "marks": self._loss_curve.lr_marks[-MOST_MARKS:],
            "batches": self._loss_curve.count,
        }

    def _new_batches(self) -> list[BatchRow]:
        count, trainer = self._loss_curve.count, self._trainer
        rows = trainer.batches_after(max(count - 1, 0))
        if count and rows and rows[0] is self._last:
            return rows[1:]
        everything = trainer.batches_after(0)
        if trainer.model is not self._model or (count and not everything):
            self._begin_run()
        if count:
            self._loss_curve.clear()
        return everything

    def _begin_run(self) -> None:
        """Lay the last run under the next one, if it learned anything."""
        self._model = self._trainer.model
        self.run += 1
        if not self._loss_curve.count:
            return
        self._archived += 1
        run = {
            "number": self._archived,
            "words": self._words,
            "epochs": self._epochs,
            "trace": packed(self._loss_curve.thinned(EARLIER_POINTS).table()[[0, 2]]),
        }
        self.earlier = [*self.earlier, run][-MOST_EARLIER_RUNS:]


def _settings_in_words(trainer: Trainer, rates: list[float]) -> str:
    settings = trainer.settings
    momentum = "" if settings.optimizer else f", momentum {settings.momentum:g}"
    shown = [f"{rate:g}" for rate in rates]
    lr = " then ".join(shown if len(shown) < 4 else [shown[0], "\u2026", shown[-1]])
    return (
        f"{type(trainer.model).__name__}, {type(trainer.optimizer).__name__}, lr {lr}, "
        f"batches of {settings.batch_size}{momentum}"
    )
