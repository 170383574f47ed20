"""What of a run is saved at the end of an epoch, and how a run stands again as it stood then."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from torch import Tensor, nn

from signlang_widgets.networks.evaluation import Evaluation, count_confusion

from .loop import BatchRow, Loop, Snapshot
from .records import Records, first_kernels
from .run_folder import (
    RunFolder,
    SavedEpoch,
    SavedRunError,
    Splits,
    TakenError,
    describe_data,
    describe_layers,
    pack_optimizer,
    refuse_other_data,
    refuse_other_layers,
    unpack_optimizer,
)

SETTINGS = ("epochs", "batch_size", "lr", "momentum", "seed")  # as they are saved, and as a Trainer takes them


class Checkpoints:
    """Saves each epoch of one run into its folder; a folder that cannot be written is reported once.

    A folder has one writer at a time. A trainer that starts while another one trains and saves there, or goes on after
    another one was saved there, says so and trains without saving until it begins a new run.
    """

    def __init__(self, folder: RunFolder, data: Splits, *, begun: bool = False) -> None:
        self._folder, self._data = folder, data
        self._begun, self._warned, self._refused = begun, False, False
        self._description: dict[str, Any] | None = None

    @property
    def path(self) -> Path:
        """The folder."""
        return self._folder.path

    def take(self, *, anew: bool) -> str | None:
        """Training starts or goes on: be the folder's one writer; returns the warning when that cannot be.

        A run that begins ``anew`` clears the folder at its first save.
        """
        if anew:
            self._begun = self._refused = False
        if self._refused:
            return None
        try:
            self._folder.take()
            if self._begun:
                self._folder.refuse_strangers()
        except TakenError as error:
            self._refused = True
            self._folder.leave()
            return f"{error} Training goes on without saving: stop it, and choose another folder if it is to be kept."
        except OSError as error:
            return self._warning(error)
        return None

    def leave(self) -> None:
        """Training rests: others may write."""
        self._folder.leave()

    def save(self, loop: Loop, initial: Snapshot, records: Records) -> str | None:
        """Save the epoch that just ended; returns the warning, the first time that it cannot be done."""
        if self._refused:
            return None
        try:
            if not self._begun:
                self._folder.clear()
                self._write(loop, initial, Records())
                self._begun = True
            if loop.good.epoch:
                self._write(loop, loop.good, records)
        except OSError as error:
            return self._warning(error)
        except BaseException:
            self._folder.leave()  # whatever ends this run must not keep others out
            raise
        return None

    def _write(self, loop: Loop, snapshot: Snapshot, records: Records) -> None:
        # The checksum of the pixels is worked out once, at the first save.
        self._description = self._description or describe_data(self._data)
        optimizer, plain = pack_optimizer(snapshot.optimizer)
        tensors = {f"weights/{name}": value for name, value in snapshot.weights.items()}
        tensors |= {f"optimizer/{name}": value for name, value in optimizer.items()}
        tensors |= _evaluation_tensors(records.evaluations.get(snapshot.epoch))
        figures = {
            "settings": _settings_as_json(loop),
            "optimizer": plain,
            "history": records.rows,
            "batches": loop.record[: snapshot.batches],
            "best_epoch": records.best_epoch,
            "layers": describe_layers(snapshot.weights),
            "data": self._description,
        }
        self._folder.write(snapshot.epoch, {**tensors, "generator": snapshot.generator}, figures)

    def _warning(self, error: OSError) -> str | None:
        if self._warned:
            return None
        self._warned = True
        reason = error.strerror or str(error)
        return f"This run cannot be saved in {self._folder.path} ({reason}). Training goes on without saving."


class SavedRun(NamedTuple):
    """A run that was read and checked whole, before anything changed; ``settings`` are a Trainer's arguments."""

    folder: RunFolder
    first: SavedEpoch
    last: SavedEpoch
    settings: dict[str, Any]
    batches: list[BatchRow]
    records: Records


def read_run(folder: RunFolder, model: nn.Module, data: Splits) -> SavedRun:
    """Everything that a folder holds of a run; another model or other data than the run's are refused."""
    with told(folder):
        records = Records(first_kernels(model, tuple(data.train.images.shape[1:])))
        epochs = folder.read_all()
        first = last = next(epochs)
        refuse_other_layers(first.figures["layers"], describe_layers(model.state_dict()))
        refuse_other_data(first.figures["data"], describe_data(data))
        _add_records(first, data, records)
        for last in epochs:
            _add_records(last, data, records)
        records.rows = [dict(row) for row in last.figures["history"]]
        records.best_epoch = last.figures["best_epoch"]
        if records.best_epoch not in records.evaluations:
            records.best_weights = {}  # its files are gone: those of one that was best earlier are not the best
        batches = [BatchRow(*row) for row in last.figures["batches"]]
        settings = {name: last.figures["settings"][name] for name in SETTINGS}
        return SavedRun(folder, first, last, settings, batches, records)


@contextmanager
def told(folder: RunFolder) -> Iterator[None]:
    """Files that are whole, and yet not what a run leaves, are refused in words as well."""
    try:
        yield
    except SavedRunError:
        raise
    except (KeyError, TypeError, AttributeError, IndexError, ValueError, RuntimeError) as error:
        raise SavedRunError(
            f"{folder.path} does not hold what a saved run holds ({type(error).__name__}: {error}): train it anew."
        ) from error


def refuse_other_optimizer(saved: SavedEpoch, loop: Loop) -> None:
    """Momentum of one kind of optimizer means nothing to another."""
    then, now = saved.figures["settings"]["optimizer"], type(loop.optimizer).__name__
    sizes = [[len(group["params"]) for group in groups] for groups in _groups(saved, loop)]
    if then != now or sizes[0] != sizes[1]:
        raise SavedRunError(
            f"The saved run was trained by {then} and this one by {now}, or other layers are frozen: "
            "give load() the same optimizer=... and freeze the same layers."
        )


def _groups(saved: SavedEpoch, loop: Loop) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    return saved.figures["optimizer"]["groups"], loop.optimizer.state_dict()["param_groups"]


def to_snapshot(saved: SavedEpoch, loop: Loop) -> Snapshot:
    """What a saved epoch says about weights, momentum and the order to come."""
    plain = saved.figures["optimizer"]
    groups = [{**new, **old} for old, new in zip(*_groups(saved, loop), strict=True)]
    optimizer = unpack_optimizer(saved.group("optimizer"), {**plain, "groups": groups})
    epoch, batches = saved.figures["epoch"], len(saved.figures["batches"])
    return Snapshot(epoch, saved.group("weights"), optimizer, saved.tensors["generator"], batches)


def _add_records(saved: SavedEpoch, data: Splits, records: Records) -> None:
    epoch, weights = saved.figures["epoch"], saved.group("weights")
    refuse_other_layers(saved.figures["layers"], describe_layers(weights))
    records.add_kernels(epoch, weights)
    if epoch:
        records.evaluations[epoch] = _evaluation(saved.group("evaluation"), data)
        if epoch == saved.figures["best_epoch"]:
            records.best_weights = weights


def _settings_as_json(loop: Loop) -> dict[str, Any]:
    settings = loop.settings
    return {
        "epochs": int(settings.epochs),
        "batch_size": int(settings.batch_size),
        "lr": loop.lr,
        "momentum": float(settings.momentum),
        "seed": int(settings.seed),
        "optimizer": type(loop.optimizer).__name__,
    }


def _evaluation_tensors(evaluation: Evaluation | None) -> dict[str, Tensor]:
    if evaluation is None:
        return {}
    names = ("predictions", "probabilities", "losses")
    return {f"evaluation/{name}": getattr(evaluation, name) for name in names}


def _evaluation(tensors: dict[str, Tensor], data: Splits) -> Evaluation:
    labels, names = data.test.labels.cpu(), tuple(data.test.class_names)
    confusion = count_confusion(labels, tensors["predictions"], len(names))
    return Evaluation(labels=labels, confusion=confusion, class_names=names, **tensors)
