"""A training run that someone owns: start it, pause it, take single steps, stop it, go on after a crash."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from typing import TYPE_CHECKING, Any

import torch
from torch import nn

from signlang_widgets.networks.devices import model_device

from .checkpoints import Checkpoints, SavedRun, read_run, refuse_other_optimizer, to_snapshot, told
from .checks import splits_of
from .driver import BusyError, DriverName, Goal
from .events import StateChanged
from .interrupts import interrupts_to
from .listeners import Listener
from .loop import Loop
from .run import Run
from .run_folder import RunFolder, Splits
from .settings import OptimizerFactory, SettingError, Settings, as_folder

if TYPE_CHECKING:
    import pandas as pd


class TrainingWarning(RuntimeWarning):
    """A run that stopped early or could not be saved; the message says why and what helps."""


class Trainer(Run):
    """A run that you can start, pause, step through, stop and start again; the dashboard shows it.

    >>> split = LabelledImages(torch.rand(40, 1, 28, 28), torch.arange(40) % 26, tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    >>> trainer = Trainer(slw.LogisticRegression(), slw.SignMNIST(split, split), epochs=2)
    >>> trainer.run()["epoch"].tolist()
    [1, 2]

    Parameters
    ----------
    model : nn.Module
        Its weights are the start of the run (and what ``reset`` goes back to).
    data : SignMNIST, or anything with ``train`` and ``test``
        Two LabelledImages.
    epochs, batch_size, lr, momentum, optimizer, device, seed
        As for :func:`fit`. All but device and seed can be changed later.
    folder : path, optional
        Save each epoch here; an earlier run in it is replaced when this one begins. See :meth:`load`.
        While another trainer trains and saves there, this one says so and trains without saving.

    Raises
    ------
    DataError, SettingError, DeviceError
        At once, when model, data and settings do not fit together.
    TypeError
        If ``model`` is no ``nn.Module``.
    """

    def __init__(
        self,
        model: nn.Module,
        data: Splits,
        *,
        epochs: int = 1,
        batch_size: int = 32,
        lr: float = 0.01,
        momentum: float = 0.9,
        optimizer: OptimizerFactory | None = None,
        device: torch.device | str = "auto",
        seed: int = 0,
        folder: str | os.PathLike[str] | None = None,
    ) -> None:
        settings = Settings(epochs, batch_size, lr if optimizer is None else None, momentum, seed, optimizer)
        files = None if folder is None else RunFolder(as_folder(folder))
        loop = Loop(model, *splits_of(data), settings, device)
        super().__init__(loop, data, Checkpoints(files, data) if files else None)
        self._wanted_device = device
        self._background: DriverName = "auto"

    @classmethod
    def load(
        cls,
        folder: str | os.PathLike[str],
        model: nn.Module,
        data: Splits,
        optimizer: OptimizerFactory | None = None,
        *,
        device: torch.device | str = "auto",
    ) -> Trainer:
        """Go on with a saved run, even one that was killed: ``run()`` ends with the history of an unbroken run.

        Parameters
        ----------
        folder : path
            What the Trainer was given as ``folder``. It goes on saving there.
        model, data, optimizer
            The same architecture, images and optimizer factory; the saved weights are put into ``model``.

        Raises
        ------
        SavedRunError
            If there is no saved run, its files are damaged or mixed with another run's, or layers, data or optimizer
            are others; ``model`` is then left alone.
        """
        files = RunFolder(as_folder(folder))
        model_device(model), splits_of(data)  # refuses what is neither model nor data
        saved = read_run(files, model, data)
        trainer = cls(model, data, optimizer=optimizer, device=device, **saved.settings)
        with told(saved.folder):
            trainer._go_on_from(saved)
        return trainer

    def run(self) -> pd.DataFrame:
        """Train here and now, and get the history; interrupting the kernel stops it cleanly, and ``run`` goes on."""
        with self._interruptible():
            self._driver.launch("cell")
        return self._report()

    def start(self, driver: DriverName = "auto") -> None:
        """Train in the background: in a thread, or (in Colab, or forced by "browser") in ``tick``s."""
        self._driver.launch(driver)
        self._background = driver

    def tick(self, seconds: float = 0.25) -> bool:
        """One slice of work for a run that was started with the "browser" driver; True while there is more to come."""
        with self._interruptible():
            return self._driver.tick(seconds)

    def pause(self) -> None:
        """Rest after the current batch."""
        self._driver.pause()

    def resume(self) -> None:
        """Go on in the background after a pause, in the same way as before it."""
        if self.state == "paused":
            self._driver.launch(self._background)

    def step_batch(self, driver: DriverName = "cell") -> None:
        """Learn from one batch, then pause. The evaluation belongs to the epoch's last batch."""
        self._step("batch", driver)

    def step_epoch(self, driver: DriverName = "cell") -> None:
        """Go to the end of this epoch, evaluation included, then pause."""
        self._step("epoch", driver)

    def stop(self, *, finish_epoch: bool = False) -> None:
        """End after the current batch, or at the end of the current epoch; ``run`` or ``start`` go on from there."""
        self._driver.stop(finish_epoch=finish_epoch)

    def wait(self, timeout: float | None = None) -> pd.DataFrame:
        """The history, once the run rests (finished, stopped or paused). An exception in the model is raised here.

        Raises
        ------
        TimeoutError
            After ``timeout`` seconds; training goes on.
        BusyError
            When a listener asks: training waits for it.
        """
        with self._interruptible():
            self._driver.wait(timeout)
        return self._report()

    def reset(self) -> None:
        """Stop, and go back to the initial weights and an empty history; the settings stay as they are."""
        with self._driver.halted("reset it"):
            self._loop.begin_anew(self._initial)
            self._clear_results()
            self._driver.begin_anew(self._loop)

    def restore_best(self) -> None:
        """Put back the weights of the epoch with the lowest test loss; momentum starts again from zero."""
        with self._driver.borrowed("restore the best weights"):
            if not self._records.best_weights:
                raise SettingError("There are no best weights yet: train for at least one epoch first.")
            self.model.load_state_dict(self._records.best_weights)
            self._loop.optimizer.state.clear()
            self._driver.let_go_of_images()

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Hear every event; returns a function that ends it.

        ``listener`` is called by whoever trains, between two batches: be quick, set flags, touch no weights. It may
        call ``pause``, ``stop`` and set ``lr``; what would wait for training is refused. One that raises is not called
        again, and training goes on.
        """
        return self._listeners.add(listener)

    @property
    def model(self) -> nn.Module:
        """The model; setting another one begins a new run with its weights as the start."""
        return self._loop.model

    @model.setter
    def model(self, model: nn.Module) -> None:
        with self._driver.borrowed("change the model"):
            self._begin_with(Loop(model, self.data.train, self.data.test, self._loop.settings, self._wanted_device))
            self._driver.begin_anew(self._loop)

    @property
    def lr(self) -> float:
        """The learning rate; set it at any time, it holds from the next batch."""
        return self._loop.lr

    @lr.setter
    def lr(self, lr: float) -> None:
        self._loop.choose(lr=lr)
        if self.state != "running":
            # Whoever starts it at this moment takes the rate up with the first batch.
            with suppress(BusyError), self._driver.borrowed("set lr"):
                self._loop.take_up_lr()
            self._announce()

    @property
    def epochs(self) -> int:
        """Epochs in all; more than are done lets a finished run go on. Change it while the run rests."""
        return self._loop.settings.epochs

    @epochs.setter
    def epochs(self, epochs: int) -> None:
        self._change(epochs=epochs)

    @property
    def batch_size(self) -> int:
        """Images a step; change it while the run rests."""
        return self._loop.settings.batch_size

    @batch_size.setter
    def batch_size(self, batch_size: int) -> None:
        self._change(batch_size=batch_size)

    @property
    def momentum(self) -> float:
        """Share of the last step that the next one keeps; change it while the run rests."""
        return self._loop.settings.momentum

    @momentum.setter
    def momentum(self, momentum: float) -> None:
        self._change(momentum=momentum)

    def _go_on_from(self, saved: SavedRun) -> None:
        refuse_other_optimizer(saved.last, self._loop)
        untouched, initial, last = self._loop.good, *(to_snapshot(e, self._loop) for e in (saved.first, saved.last))
        try:
            self._loop.restore(last)
        except Exception:
            self._loop.restore(untouched)
            raise
        self._initial, self._loop.record, self._records = initial, saved.batches, saved.records
        self._checkpoints = Checkpoints(saved.folder, self.data, begun=True)

    def _interruptible(self) -> AbstractContextManager[None]:
        return interrupts_to(self._driver.interrupt, self._driver.may_break)

    def _step(self, goal: Goal, driver: DriverName) -> None:
        with self._interruptible():
            self._driver.launch(driver, goal)
        if driver == "cell":
            self._report()

    def _change(self, **change: Any) -> None:
        with self._driver.borrowed(f"change {', '.join(change)}"):
            self._loop.choose(**change)
            self._driver.let_go_of_images()
        self._announce()

    def _announce(self) -> None:
        """Settings or model changed while the run rests: displays look again."""
        self._hear(StateChanged(self.state, self.message))

    def _report(self) -> pd.DataFrame:
        """Say in the cell what happened meanwhile: a thread must not print."""
        messages = self._listeners.kept()
        if self._driver.interrupted:
            self._driver.interrupted = False
            messages.append(f"{self.message} Run again to go on.")
        for message in messages:
            warnings.warn(message, TrainingWarning, stacklevel=3)
        if self.error:
            raise self.error
        return self.history
