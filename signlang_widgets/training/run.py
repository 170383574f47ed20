"""One run and what anyone may ask it: reading changes nothing, and costs little enough for ten times a second."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from torch import Tensor, nn
from torch.optim import Optimizer

from signlang_widgets.networks.evaluation import Evaluation

from .checkpoints import Checkpoints
from .driver import Driver, State
from .events import EpochEnded, Event, Failed, RunStarted, StateChanged, Stopped
from .listeners import Listeners
from .loop import BatchRow, Loop
from .progress import Pace, Progress
from .records import Records, first_kernels
from .run_folder import Splits
from .settings import Settings

if TYPE_CHECKING:
    import pandas as pd


class Run:
    """A loop, who moves it, what it leaves in memory and on disk, and who hears of it; ``Trainer`` adds the commands."""

    def __init__(self, loop: Loop, data: Splits, checkpoints: Checkpoints | None) -> None:
        self._data, self._checkpoints = data, checkpoints
        self._listeners = Listeners()
        self._driver, self._said_unsaved = Driver(loop, self._hear), False
        self._begin_with(loop)

    def _begin_with(self, loop: Loop) -> None:
        """Stand at the start of another loop; its driver stays, so that nobody can move the old one any more."""
        self._loop, self._initial = loop, loop.good
        self._clear_results()

    def _clear_results(self) -> None:
        train = self.data.train
        self._records = Records(first_kernels(self.model, tuple(train.images.shape[1:])))
        self._records.add_kernels(0, self._initial.weights)
        self._pace = Pace(len(train), len(self.data.test))
        self._kept: EpochEnded | None = None
        self._listeners.kept()  # what an earlier run wanted to say is said no more

    def _hear(self, event: Event) -> None:
        """The owner tells; called between two batches."""
        self._pace.take(event)
        self._keep_epoch()
        if isinstance(event, RunStarted):
            self._pace.restart()
            self._save_initial()
        elif isinstance(event, Stopped):
            self._listeners.keep(event.message)
        elif isinstance(event, StateChanged) and self._checkpoints:
            self._hold_folder(self._checkpoints)
        self._listeners.tell(event)

    def _keep_epoch(self) -> None:
        """Keep and save the last epoch that ended; one for which there was no memory is kept with the next event."""
        ended = self._loop.ended
        if ended is not None and ended is not self._kept:
            self._records.add(ended, self._loop.good.weights)
            self._kept = ended
            self._save()

    def _hold_folder(self, checkpoints: Checkpoints) -> None:
        """Nobody else writes there while this run trains."""
        if self.state != "running":
            checkpoints.leave()
        elif warning := checkpoints.take(anew=self._at_start):
            self._listeners.warn(warning)

    @property
    def _at_start(self) -> bool:
        return not (self._loop.epoch or self._loop.seen)

    def _save_initial(self) -> None:
        if self._checkpoints and self._at_start:
            self._save()

    def _save(self) -> None:
        if not self._checkpoints:
            return None
        others = [name for name, value in self._loop.good.weights.items() if not isinstance(value, Tensor)]
        if others:
            return self._warn_unsaved(f"{others[0]} is no tensor, and nothing else of a model can be saved")
        try:
            warning = self._checkpoints.save(self._loop, self._initial, self._records)
        except Exception as error:  # noqa: BLE001 - what no file can hold, such as a function in a group of the optimizer
            return self._warn_unsaved(Failed.of(error, 0, 0).message)
        if warning:
            self._listeners.warn(warning)
        return None

    def _warn_unsaved(self, reason: str) -> None:
        if not self._said_unsaved:
            self._said_unsaved = True
            self._listeners.warn(
                f"This run cannot be saved in {self.folder} ({reason}). Training goes on without saving."
            )

    @property
    def model(self) -> nn.Module:
        """What learns."""
        return self._loop.model

    @property
    def data(self) -> Splits:
        """What it learns from and is tested on."""
        return self._data

    @property
    def settings(self) -> Settings:
        """What the run was told; ``lr`` as it was last chosen, None if the optimizer's own holds."""
        return self._loop.settings

    @property
    def optimizer(self) -> Optimizer:
        """What takes the steps: plain SGD, or what the factory made."""
        return self._loop.optimizer

    @property
    def seed(self) -> int:
        """What orders the batches."""
        return self._loop.settings.seed

    @property
    def device(self) -> str:
        """Where it trains, such as "cpu" or "cuda:0"."""
        return str(self._loop.device)

    @property
    def folder(self) -> Path | None:
        """Where each epoch is saved, if it is."""
        return self._checkpoints.path if self._checkpoints else None

    @property
    def state(self) -> State:
        """``idle, running, paused, stopped, finished`` or ``failed``."""
        return self._driver.state

    @property
    def message(self) -> str:
        """Where the run rests, and why."""
        return self._driver.message

    @property
    def error(self) -> BaseException | None:
        """What was raised, if the run failed."""
        return self._driver.error

    @property
    def traceback(self) -> str:
        """The traceback of ``error``, as Python prints it."""
        return self._driver.traceback

    @property
    def ticking(self) -> bool:
        """Whether this run goes on only when someone calls ``tick`` (the "browser" driver)."""
        return self._driver.ticking

    @property
    def in_background(self) -> bool:
        """Whether it trains in a thread or in ticks, and not in a cell that waits for it."""
        return self._driver.in_background

    @property
    def epochs_done(self) -> int:
        """How many epochs are behind the weights as they stand now."""
        return self._loop.epoch

    @property
    def progress(self) -> Progress:
        """Where the run is now; cheap enough to ask for ten times a second."""
        loop, settings = self._loop, self._loop.settings
        epochs_left = max(settings.epochs - loop.epoch, 0)
        images_left = max(epochs_left * len(self.data.train) - loop.seen, 0)
        batches = loop.batches
        return Progress(
            state=self.state,
            message=self.message,
            epoch=min(loop.epoch + 1, settings.epochs),
            epochs=settings.epochs,
            batch=loop.batch if epochs_left else batches,
            batches=batches,
            evaluated=self._pace.evaluated,
            images_per_second=self._pace.images_per_second(),
            eta_seconds=self._pace.eta_seconds(images_left, epochs_left),
        )

    def batches_after(self, count: int) -> list[BatchRow]:
        """The rows of ``batch_history`` from number ``count`` on, as they are kept: cheap enough while it trains."""
        return self._loop.record[count:]

    def epochs_after(self, count: int) -> list[tuple[float, ...]]:
        """The rows of ``history`` from number ``count`` on, without the cost of a DataFrame."""
        return [tuple(row.values()) for row in self._records.rows[count:]]

    @property
    def history(self) -> pd.DataFrame:
        """A row an epoch: its number, losses and accuracies of both splits, ``lr, seconds, images_per_second``."""
        return self._records.history()

    @property
    def batch_history(self) -> pd.DataFrame:
        """A row a batch: ``epoch, batch, loss, lr``."""
        import pandas as pd

        return pd.DataFrame(self._loop.record[:], columns=list(BatchRow._fields))

    @property
    def evaluations(self) -> dict[int, Evaluation]:
        """The test evaluation after each epoch; the first is 1."""
        return dict(self._records.evaluations)

    @property
    def kernels(self) -> dict[int, Tensor]:
        """(K, C, h, w) kernels of the first layer after each epoch; 0 is before training. Empty if it has none."""
        return dict(self._records.kernels)

    def __repr__(self) -> str:
        loop = self._loop
        place = f"epoch {loop.epoch} of {loop.settings.epochs}, batch {loop.batch}"
        return f"{type(self).__name__}({type(loop.model).__name__}, {self.state}, {place}, {self.device})"
