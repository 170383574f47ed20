"""A training run that someone owns: start it, pause it, take single steps, stop it, go on after a crash."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from torch import nn

from .checkpoints import (
    Checkpoints,
    refuse_misfits,
    refuse_other_optimizer,
    restore_records,
    saved_settings,
    to_snapshot,
)
from .driver import Driver, DriverName, Goal, interrupts_to
from .events import EpochEnded, Event, RunStarted, StateChanged, Stopped, Warned
from .loop import Loop
from .progress import Pace
from .records import Records, first_kernels
from .run_folder import RunFolder, SavedEpoch, Splits
from .run_view import RunView
from .settings import OptimizerFactory, SettingError, Settings, set_group

if TYPE_CHECKING:
    import pandas as pd

Listener = Callable[[Event], None]


class TrainingWarning(RuntimeWarning):
    """A run that stopped early or could not be saved; the message says why and what helps."""


class Trainer(RunView):
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

    Raises
    ------
    DataError, SettingError, DeviceError
        At once, when model, data and settings do not fit together.
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
        settings = Settings(epochs, batch_size, None if optimizer else lr, momentum, seed, optimizer)
        self._data, self._wanted_device = data, device
        self._listeners: list[Listener] = []
        self._background: DriverName = "auto"
        self._wanted_lr: float | None = None
        self._checkpoints = Checkpoints(RunFolder(folder), data) if folder is not None else None
        self._take_over(Loop(model, data.train, data.test, settings, device))

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
            If there is no saved run, or layers, data or optimizer are others; ``model`` is then left alone.
        """
        files = RunFolder(folder)
        saved = files.read_last()
        refuse_misfits(saved, model, data)
        trainer = cls(model, data, optimizer=optimizer, device=device, **saved_settings(saved))
        trainer._go_on_from(files, saved)
        return trainer

    def run(self) -> pd.DataFrame:
        """Train here and now, and get the history; interrupting the kernel stops it cleanly, and ``run`` goes on."""
        with interrupts_to(self._driver.interrupt):
            self._driver.launch("cell")
        return self._report()

    def start(self, driver: DriverName = "auto") -> None:
        """Train in the background: in a thread, or (in Colab, or forced by "browser") in ``tick``s."""
        self._background = driver
        self._driver.launch(driver)

    def tick(self, seconds: float = 0.25) -> bool:
        """One slice of work for a run that was started with the "browser" driver; True while there is more to come."""
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
        """
        with interrupts_to(self._driver.interrupt):
            self._driver.wait(timeout)
        return self._report()

    def reset(self) -> None:
        """Stop, and go back to the initial weights and an empty history; the settings stay as they are."""
        self._driver.stop()
        self._driver.wait(None)
        with self._driver.borrowed("reset it"):
            lr = self.lr
            self._loop.restore(self._initial)
            self._loop.record.clear()
            set_group(self._loop.optimizer, "lr", lr)
            if not self._loop.settings.optimizer:
                set_group(self._loop.optimizer, "momentum", self.momentum)
            self._clear_results()
            self._driver.begin_anew()

    def restore_best(self) -> None:
        """Put back the weights of the epoch with the lowest test loss; momentum starts again from zero."""
        if not self._records.best_weights:
            raise SettingError("There are no best weights yet: train for at least one epoch first.")
        with self._driver.borrowed("restore the best weights"):
            self.model.load_state_dict(self._records.best_weights)
            self._loop.optimizer.state.clear()
            self._driver.let_go_of_images()

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Hear every event; returns a function that ends it.

        ``listener`` is called by whoever trains, between two batches: be quick, set flags, touch no weights. It may
        call ``pause``, ``stop`` and set ``lr``. One that raises is not called again, and training goes on.
        """
        self._listeners.append(listener)

        def unsubscribe() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return unsubscribe

    @property
    def folder(self) -> Path | None:
        """Where each epoch is saved, if it is."""
        return self._checkpoints.path if self._checkpoints else None

    @property
    def model(self) -> nn.Module:
        """The model; setting another one begins a new run with its weights as the start."""
        return self._loop.model

    @model.setter
    def model(self, model: nn.Module) -> None:
        with self._driver.borrowed("change the model"):
            loop = Loop(model, self.data.train, self.data.test, self._loop.settings, self._wanted_device)
            self._take_over(loop)
        self._announce()

    @property
    def lr(self) -> float:
        """The learning rate; set it at any time, it holds from the next batch."""
        return self._loop.lr if self._wanted_lr is None else self._wanted_lr

    @lr.setter
    def lr(self, lr: float) -> None:
        self._loop.settings = replace(self._loop.settings, lr=lr)
        self._wanted_lr = float(lr)
        if self.state != "running":
            with self._driver.borrowed("set lr"):
                self._apply_lr()
            self._announce()

    @property
    def epochs(self) -> int:
        """Epochs in all; more than are done lets a finished run go on. Change it while the run rests."""
        return self._loop.settings.epochs

    @epochs.setter
    def epochs(self, epochs: int) -> None:
        self._change("epochs", epochs=epochs)

    @property
    def batch_size(self) -> int:
        """Images a step; change it while the run rests."""
        return self._loop.settings.batch_size

    @batch_size.setter
    def batch_size(self, batch_size: int) -> None:
        self._change("batch_size", batch_size=batch_size)

    @property
    def momentum(self) -> float:
        """Share of the last step that the next one keeps; change it while the run rests."""
        return self._loop.settings.momentum

    @momentum.setter
    def momentum(self, momentum: float) -> None:
        self._change("momentum", momentum=momentum)

    def _take_over(self, loop: Loop) -> None:
        self._loop, self._initial = loop, loop.good
        self._wanted_lr = None
        self._driver = Driver(loop, self._hear)
        self._clear_results()

    def _clear_results(self) -> None:
        train = self.data.train
        self._records = Records(first_kernels(self.model, tuple(train.images.shape[1:])))
        self._records.add_kernels(0, self._initial.weights)
        self._pace = Pace(len(train), len(self.data.test))
        self._warnings: list[str] = []

    def _go_on_from(self, files: RunFolder, saved: SavedEpoch) -> None:
        refuse_other_optimizer(saved, self._loop)
        self._initial = to_snapshot(files.read(0), self._loop)
        self._loop.restore(to_snapshot(saved, self._loop))
        restore_records(files, saved, self.data, self._loop, self._records)
        self._checkpoints = Checkpoints(files, self.data, begun=True)

    def _step(self, goal: Goal, driver: DriverName) -> None:
        with interrupts_to(self._driver.interrupt):
            self._driver.launch(driver, goal)
        if driver == "cell":
            self._report()

    def _change(self, name: str, **change: Any) -> None:
        with self._driver.borrowed(f"change {name}"):
            settings = replace(self._loop.settings, **change)
            if name == "momentum":
                set_group(self._loop.optimizer, name, settings.momentum)
            self._loop.settings = settings
            self._driver.let_go_of_images()
        self._announce()

    def _announce(self) -> None:
        """Settings or model changed while the run rests: displays look again."""
        self._hear(StateChanged(self.state, self.message))

    def _hear(self, event: Event) -> None:
        """The owner tells; called between two batches."""
        self._pace.take(event)
        if isinstance(event, RunStarted):
            self._pace.restart()
            self._save_initial()
        elif isinstance(event, EpochEnded):
            self._records.add(event, self._loop.good.weights)
            self._save()
        elif isinstance(event, Stopped):
            self._warnings.append(event.message)
        for listener in tuple(self._listeners):
            self._tell(listener, event)
        self._apply_lr()

    def _tell(self, listener: Listener, event: Event) -> None:
        try:
            listener(event)
        except Exception as error:  # noqa: BLE001 - a display that breaks must not end the training that it shows
            self._listeners.remove(listener)
            self._warn(f"{listener!r} raised {error!r} and is not told any more.")

    def _apply_lr(self) -> None:
        lr, self._wanted_lr = self._wanted_lr, None
        if lr is not None:
            set_group(self._loop.optimizer, "lr", lr)

    def _save_initial(self) -> None:
        if self._checkpoints and not (self._loop.epoch or self._loop.seen):
            self._checkpoints.begin_anew()
            self._save()

    def _save(self) -> None:
        warning = self._checkpoints.save(self._loop, self._initial, self._records) if self._checkpoints else None
        if warning:
            self._warn(warning)

    def _warn(self, message: str) -> None:
        self._warnings.append(message)
        for listener in tuple(self._listeners):
            self._tell(listener, Warned(message))

    def _report(self) -> pd.DataFrame:
        """Say in the cell what happened meanwhile: a thread must not print."""
        messages, self._warnings = self._warnings, []
        if self._driver.interrupted:
            self._driver.interrupted = False
            messages.append(f"{self.message} Run again to go on.")
        for message in messages:
            warnings.warn(message, TrainingWarning, stacklevel=3)
        if self.error:
            raise self.error
        return self.history
