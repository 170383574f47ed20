"""The training loop itself: where a run stands, and how it goes on from there."""

from __future__ import annotations

import copy
import math
from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from threading import Lock
from time import perf_counter
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from signlang_widgets.datasets.labelled_images import LabelledImages
from signlang_widgets.networks.devices import CPU, device_to_train_on, memory_explained
from signlang_widgets.networks.evaluation import Evaluation
from signlang_widgets.networks.inference import (
    CPU_BATCH,
    GPU_BATCH,
    Threads,
    as_input,
    checked_scores,
    initialised,
    keep_freed_memory,
    plan_for,
    restore_modes,
    score,
)

from .checks import check_splits, refuse_lone_image
from .events import BatchEnded, EpochEnded, Evaluating, Event, Failed, RunStarted, Stopped
from .settings import Settings, set_group
from .step import LearningStep, make_step

BATCHES_A_GATHER = 8  # so many images of 28x28 stay in the second-level cache
BATCHES_A_SYNC_ON_GPU = 16


class BatchRow(NamedTuple):
    """One line of the batch history."""

    epoch: int
    batch: int
    loss: float
    lr: float


@dataclass(frozen=True, eq=False)
class Snapshot:
    """Everything that decides what happens next, copied at the end of an epoch (0: before the first)."""

    epoch: int
    weights: dict[str, Any]  # tensors, and what get_extra_state() of a layer gives
    optimizer: dict[str, Any]
    generator: Tensor
    batches: int  # rows of the batch history by then


class _DivergedError(ArithmeticError):
    """The loss is no longer a number."""


class Loop:
    """A model on its way through the epochs; ``events()`` goes on from wherever it stands.

    The place is kept in plain attributes and changes only between events, so closing the generator at any event
    (or an exception in it) loses nothing: the next generator goes on with the next batch.
    """

    def __init__(
        self, model: nn.Module, train: LabelledImages, test: LabelledImages, settings: Settings, device: Any
    ) -> None:
        check_splits(train, test)
        self.device = device_to_train_on(model, device)
        initialised(model, train.images)
        settings.make_optimizer(model)  # refuses what cannot be trained before anything moves
        self.model, self.settings = model.to(self.device), settings
        self.optimizer = settings.make_optimizer(model)
        places = ((split.images.detach(), split.labels) for split in (train, test))
        self.splits = [(images.to(self.device), labels.to(self.device)) for images, labels in places]
        self.class_names = tuple(train.class_names)
        self.generator = torch.Generator().manual_seed(settings.seed)
        self.one_by_one = self.computing = False
        self._choosing, self._lr_waits = Lock(), False
        # Rounding depends on the number of threads, so every driver works with the number that the cell had chosen.
        self.threads = torch.get_num_threads()
        self.record: list[BatchRow] = []
        self._go_to(0)
        self.good = self.snapshot(0)
        self.ended: EpochEnded | None = None  # the epoch of that snapshot, if it was trained here

    @property
    def lr(self) -> float:
        """The step size of the next batch: the one that was chosen, or the optimizer's own."""
        chosen = self.settings.lr if self._lr_waits else None
        return self._lr_in_force if chosen is None else float(chosen)

    @property
    def _lr_in_force(self) -> float:
        return float(self.optimizer.param_groups[0]["lr"])

    def choose(self, **change: Any) -> None:
        """Take other settings: ``lr`` at any time and from any thread, everything else while the loop rests."""
        with self._choosing:
            settings = replace(self.settings, **change)
            if "momentum" in change:
                set_group(self.optimizer, "momentum", settings.momentum)
            self.settings = settings
            self._lr_waits = self._lr_waits or "lr" in change

    def take_up_lr(self) -> None:
        """Give the optimizer the learning rate that was chosen meanwhile; for the one who owns the loop."""
        if self._lr_waits:
            with self._choosing:
                lr, self._lr_waits = self.lr, False
            set_group(self.optimizer, "lr", lr)

    @property
    def batches(self) -> int:
        """Batches of the current epoch, those to come counted at the current batch size."""
        return self.batch + math.ceil((len(self.splits[0][0]) - self.seen) / self.settings.batch_size)

    def snapshot(self, epoch: int) -> Snapshot:
        """A copy of weights, momentum and the order to come, that later training does not touch."""
        weights = {name: _copied(value) for name, value in self.model.state_dict().items()}
        optimizer = copy.deepcopy(self.optimizer.state_dict())
        return Snapshot(epoch, weights, optimizer, self.generator.get_state(), len(self.record))

    def restore(self, snapshot: Snapshot) -> None:
        """Stand where the snapshot was taken."""
        self.model.load_state_dict({name: _lent(value) for name, value in snapshot.weights.items()})
        self.optimizer.load_state_dict(copy.deepcopy(snapshot.optimizer))
        self.generator.set_state(snapshot.generator)
        self._go_to(snapshot.epoch)
        self.good = snapshot

    def begin_anew(self, snapshot: Snapshot) -> None:
        """Stand at the start, with nothing learned; the settings stay as they are."""
        lr = self.lr
        self.restore(snapshot)
        self.record.clear()
        self.ended = None
        set_group(self.optimizer, "lr", lr)
        if self.settings.optimizer is None:
            set_group(self.optimizer, "momentum", self.settings.momentum)

    def events(self) -> Iterator[Event]:
        """Train until the last epoch; after ``Failed`` the error itself is raised."""
        modes = [(module, module.training) for module in self.model.modules()]
        try:
            yield self._started()
            with memory_explained(self.settings.batch_size):
                yield from self._epochs()
        except _DivergedError as reason:
            yield self._step_back(str(reason))
        except Exception as error:
            yield Failed.of(error, self.epoch + 1, self.batch)
            raise
        finally:
            restore_modes(modes)

    def _go_to(self, epoch: int) -> None:
        self.epoch, self.batch, self.seen = epoch, 0, 0
        self.seconds = self.batch_seconds = 0.0
        self.order: Tensor | None = None

    def _started(self) -> RunStarted:
        settings, (train, test) = self.settings, self.splits
        parameters = sum(p.numel() for p in self.model.parameters())
        return RunStarted(
            self.epoch + 1, settings.epochs, self.batches, settings.batch_size, len(train[0]), len(test[0]),
            parameters, str(self.device), self.lr, settings.momentum, settings.seed,
        )  # fmt: skip

    def _epochs(self) -> Iterator[Event]:
        keep_freed_memory()
        images = self.splits[0][0]
        self._plan = plan_for(self.model, images, len(self.class_names), self.device, self.threads)
        refuse_lone_image(self._plan.lone, len(images) - self.seen, len(images), self.settings.batch_size)
        step = make_step(self.model, self.optimizer, self.device, self._learning, own=self.settings.optimizer is None)
        while self.epoch < self.settings.epochs:
            if self.order is None:
                del self.record[self.good.batches :]
                self.order = torch.randperm(len(images), generator=self.generator).to(self.device)
            while self.seen < len(self.order):
                yield from self._gathered_batches(self.order, step)
            yield from self._evaluation()

    def _gathered_batches(self, order: Tensor, step: LearningStep) -> Iterator[BatchEnded]:
        """Fetch the images of the next batches at once (no DataLoader: that costs more than a small model's step)."""
        size = min(self.settings.batch_size, len(order))
        rows = order[self.seen : self.seen + size * BATCHES_A_GATHER]
        images, labels = (tensor.index_select(0, rows) for tensor in self.splits[0])
        inputs = as_input(images, channels_last=self._plan.channels_last, dtype=self._plan.dtype, lent=False)
        waiting = list(zip(torch.split(inputs, size), torch.split(labels, size), strict=True))
        while waiting:
            count = 1 if self.device == CPU or self.one_by_one else BATCHES_A_SYNC_ON_GPU
            yield from self._learn(waiting[:count], step)
            del waiting[:count]

    def _learn(self, batches: list[tuple[Tensor, Tensor]], step: LearningStep) -> list[BatchEnded]:
        """One optimizer step a batch, then one look at the losses (on a GPU, each look waits for the GPU)."""
        self.take_up_lr()
        start, lr = perf_counter(), self._lr_in_force
        self._set_mode(training=True)
        with Threads(self._plan.threads_for(len(batches[0][1]))):
            losses = [loss.item() for loss in [step(images, labels) for images, labels in batches]]
        seconds = perf_counter() - start
        self.seconds += seconds
        self.batch_seconds += seconds
        return [
            self._count(loss, lr, len(labels), seconds / len(batches))
            for loss, (_, labels) in zip(losses, batches, strict=True)
        ]

    def _count(self, loss: float, lr: float, images: int, seconds: float) -> BatchEnded:
        if not math.isfinite(loss):
            raise _DivergedError(
                f"The loss became {loss} at batch {self.batch + 1} of {self.batches} in epoch {self.epoch + 1}"
            )
        batches = self.batches
        self.seen += images
        self.batch += 1
        self.record.append(BatchRow(self.epoch + 1, self.batch, loss, lr))
        return BatchEnded(self.epoch + 1, self.batch, batches, loss, lr, images, seconds)

    def _evaluation(self) -> Iterator[Event]:
        (train_images, _), (test_images, _) = self.splits
        images = len(train_images) + len(test_images)
        train = yield from self._read(0, 0, images)
        test = yield from self._read(1, len(train_images), images)
        pace = self.seen / self.batch_seconds
        self.take_up_lr()
        epoch = self.epoch + 1
        ended = EpochEnded(
            epoch, train.loss, test.loss, train.accuracy, test.accuracy, self.lr, self.seconds, pace, test
        )
        # All three or none: the copy, which may find no memory, is made before the place moves on.
        self.good, self.ended = self.snapshot(epoch), ended
        self._go_to(epoch)
        yield ended

    def _read(self, split: int, before: int, of: int) -> Generator[Evaluating, None, Evaluation]:
        images, labels = self.splits[split]
        scores = torch.empty(len(images), len(self.class_names), device=self.device)
        batch_size = CPU_BATCH if self.device == CPU else GPU_BATCH
        start = perf_counter()
        self._set_mode(training=False)
        for done in score(self._forward, images, scores, batch_size, self._plan):
            self.seconds += perf_counter() - start
            yield Evaluating(self.epoch + 1, before + done, of)
            start = perf_counter()
            self._set_mode(training=False)
        if not scores.isfinite().all():
            raise _DivergedError(f"The scores became NaN or infinite in epoch {self.epoch + 1}")
        evaluation = Evaluation.from_scores(labels, scores, self.class_names)
        self.seconds += perf_counter() - start
        return evaluation

    def _learning(self, images: Tensor) -> Tensor:
        return checked_scores(self._forward(images), len(images), len(self.class_names), learning=True)

    def _forward(self, images: Tensor) -> Any:
        """Here, and nowhere else, an impatient second interrupt may break in: weights change and figures are kept elsewhere."""
        self.computing = True
        try:
            return self.model(images)
        finally:
            self.computing = False

    def _set_mode(self, *, training: bool) -> None:
        if self.model.training != training:
            self.model.train(training)

    def _step_back(self, reason: str) -> Stopped:
        """Weights, momentum and order as they were when the last epoch ended; the learning rate stays as chosen."""
        stopped_at, lr = self.batch, self._lr_in_force
        self.restore(self.good)
        set_group(self.optimizer, "lr", lr)
        since = f"the end of epoch {self.epoch}" if self.epoch else "before the first epoch"
        return Stopped(
            self.epoch + 1, stopped_at, f"{reason}. The weights are back as they were at {since}. "
            f"What usually helps: a learning rate ten times lower (it was {lr:g}), and images without NaN.",
        )  # fmt: skip


def _copied(value: Any) -> Any:
    return value.detach().clone() if isinstance(value, Tensor) else copy.deepcopy(value)


def _lent(value: Any) -> Any:
    """A tensor is copied by the model itself, any other state of a layer is the layer's own from then on."""
    return value if isinstance(value, Tensor) else copy.deepcopy(value)
