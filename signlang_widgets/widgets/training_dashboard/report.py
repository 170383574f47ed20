"""What a dashboard shows of a run, each part in the form in which it travels to the browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from signlang_widgets.datasets.whole_numbers import as_whole
from signlang_widgets.networks.devices import memory_in_use
from signlang_widgets.training.events import Event, StateChanged, Stopped, Warned
from signlang_widgets.training.run_code import run_code

from .epoch_pictures import EpochPictures, as_answer
from .run_curves import RunCurves

if TYPE_CHECKING:
    from signlang_widgets.training.trainer import Trainer


class Report:
    """Reads one trainer; of its own it has only what no trainer knows: the last problem, and what was asked for."""

    def __init__(self, trainer: Trainer) -> None:
        self._trainer = trainer
        self._pictures = EpochPictures(trainer)
        self.curves = RunCurves(trainer)
        self.problem = ""
        self.finishing = False

    def hear(self, event: Event) -> None:
        """Keep what only the event says."""
        if isinstance(event, Stopped | Warned):
            self.problem = event.message
        elif isinstance(event, StateChanged):
            self.finishing = False
            if event.state == "running":
                self.problem = ""

    def parts(self) -> dict[str, Any]:
        """Return the values of the dashboard's traits that only Python sets; ``code`` only while the run rests."""
        self.curves.follow()
        done = self._done()
        parts = {
            "status": self._status(),
            "epochs_done": done,
            "curves": self.curves.told(),
            "earlier": self.curves.earlier,
            "about": self._about(),
            "pictures": self._pictures.newest(self.curves.run, done),
        }
        return parts if self._trainer.state == "running" else {**parts, "code": run_code(self._trainer)}

    def every_picture(self) -> dict[str, Any]:
        """Return the pictures of all epochs."""
        return self._pictures.every(self.curves.run, self._done())

    def pictures(self, question: dict[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
        """Answer with the pictures of the ``epochs`` asked for, as many as fit; of another ``run`` there are none."""
        done, run = self._done(), self.curves.run
        wanted = [as_whole("epoch", epoch) for epoch in question["epochs"]] if question["run"] == run else []
        return as_answer(run, self._pictures.several(epoch for epoch in wanted if 0 <= epoch <= done))

    def _done(self) -> int:
        """How many epochs can be looked at: the weights may be an epoch ahead of what is noted of them."""
        return min(self._trainer.epochs_done, max(self._trainer.evaluations, default=0))

    def _status(self) -> dict[str, Any]:
        trainer = self._trainer
        return {
            **vars(trainer.progress),
            "device": trainer.device,
            "memory": memory_in_use(trainer.device),
            "ticking": trainer.ticking,
            "finishing": self.finishing,
            "problem": self.problem,
            "traceback": trainer.traceback,
        }

    def _about(self) -> dict[str, Any]:
        """What holds for the whole run: names for rows, columns and kernels, and whether momentum means anything."""
        trainer = self._trainer
        names = [str(name) for name in trainer.data.test.class_names]
        first = trainer.kernels.get(0)
        shape = () if first is None else tuple(first.shape)
        of_classes = shape[2:] == tuple(trainer.data.train.images.shape[2:]) and shape[0] == len(names)
        return {
            "model": type(trainer.model).__name__,
            "class_names": names,
            "kernel_names": names if of_classes and shape[1] == 1 else [],
            "kernel_shape": list(shape),
            "has_momentum": "momentum" in trainer.optimizer.param_groups[0],
        }
