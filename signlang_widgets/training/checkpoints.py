"""What of a run is saved at the end of an epoch, and how a run stands again as it stood then."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from torch import Tensor, nn

from signlang_widgets.networks.evaluation import Evaluation, count_confusion

from .loop import BatchRow, Loop, Snapshot
from .records import Records
from .run_folder import (
    RunFolder,
    SavedEpoch,
    SavedRunError,
    Splits,
    describe_data,
    describe_layers,
    pack_optimizer,
    refuse_other_data,
    refuse_other_layers,
    unpack_optimizer,
)


class Checkpoints:
    """Saves each epoch of one run into its folder; a folder that cannot be written is reported once."""

    def __init__(self, folder: RunFolder, data: Splits, *, begun: bool = False) -> None:
        self._folder, self._data = folder, data
        self._begun, self._warned = begun, False
        self._description: dict[str, Any] | None = None

    @property
    def path(self) -> Path:
        """The folder."""
        return self._folder.path

    def begin_anew(self) -> None:
        """The next save clears the folder first: it belongs to a new run."""
        self._begun = False

    def save(self, loop: Loop, initial: Snapshot, records: Records) -> str | None:
        """Save the epoch that just ended; returns the warning, the first time that it cannot be done."""
        try:
            if not self._begun:
                self._folder.clear()
                self._write(loop, initial, Records())
                self._begun = True
            if loop.good.epoch:
                self._write(loop, loop.good, records)
        except OSError as error:
            return self._warning(error)
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


def saved_settings(saved: SavedEpoch) -> dict[str, Any]:
    """The arguments that a Trainer was made with."""
    values = dict(saved.figures["settings"])
    values.pop("optimizer")
    return values


def refuse_misfits(saved: SavedEpoch, model: nn.Module, data: Splits) -> None:
    """Another model or other data than the saved run's are refused before anything changes."""
    refuse_other_layers(saved.figures["layers"], describe_layers(model.state_dict()))
    refuse_other_data(saved.figures["data"], describe_data(data))


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


def restore_records(folder: RunFolder, last: SavedEpoch, data: Splits, loop: Loop, records: Records) -> None:
    """Fill the history, and what the files of each epoch hold."""
    loop.record = [BatchRow(*row) for row in last.figures["batches"]]
    records.rows = list(last.figures["history"])
    records.best_epoch = last.figures["best_epoch"]
    for epoch in folder.epochs():
        saved = folder.read(epoch)
        records.add_kernels(epoch, saved.group("weights"))
        if epoch:
            records.evaluations[epoch] = _evaluation(saved.group("evaluation"), data)
        if epoch and epoch == records.best_epoch:
            records.best_weights = saved.group("weights")


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
