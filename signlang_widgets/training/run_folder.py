"""A training run on disk: tensors as safetensors, figures and settings as JSON, nothing as pickle.

A folder holds ``epoch-0000`` (the initial weights), ``epoch-0001`` and so on, each as a pair of files. The JSON file is
written last and whole, so a pair counts once its JSON is there: killed at any moment, the folder still holds every
epoch that was complete.

Checksums tie the files together: each JSON file holds its own, that of its tensors, and that of the JSON file before it,
and all name the same run. So neither a flipped bit nor a file under another's name nor one of another run goes unseen.
One trainer at a time writes: it holds ``writer.lock`` while it trains.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor

from signlang_widgets.datasets.labelled_images import LabelledImages
from signlang_widgets.files import hold, sweep, whole_file

FORMAT = 2
LOCK = "writer.lock"
_NAME = re.compile(r"epoch-(\d{4,})\.(json|safetensors)", re.ASCII)
_NO_LOCKS = (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP)


class SavedRunError(ValueError):
    """A saved run that is not there, or does not fit the model or the data; the message says which and why."""


class TakenError(Exception):
    """Another trainer saves in the folder, or has done so since this one did; the message says which."""


class Splits(Protocol):
    """Two sets of images: what a model learns from, and what it is tested on."""

    @property
    def train(self) -> LabelledImages: ...  # noqa: D102 - the class says it

    @property
    def test(self) -> LabelledImages: ...  # noqa: D102


@dataclass(frozen=True, eq=False)
class SavedEpoch:
    """One pair of files, read."""

    tensors: dict[str, Tensor]
    figures: dict[str, Any]

    def group(self, name: str) -> dict[str, Tensor]:
        """The tensors whose names begin with ``name/``, without that beginning."""
        return {
            key.removeprefix(f"{name}/"): value for key, value in self.tensors.items() if key.startswith(f"{name}/")
        }


class RunFolder:
    """The files of one run."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path)
        self._run, self._last = "", ""  # the run that is written or read here, and the checksum of its last epoch
        self._begun = ""  # the checksum of the epoch that is being written: an interrupt may come when it just was
        self._lock: int | None = None

    def take(self) -> None:
        """Be the one who writes here, until :meth:`leave` or the end of the process.

        Raises
        ------
        TakenError
            Another trainer, here or in another process, trains and saves in this folder.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        if self._lock is not None:
            return
        try:
            self._lock = hold(self.path / LOCK)
            os.ftruncate(self._lock, 0)
            os.write(self._lock, str(os.getpid()).encode())
        except BlockingIOError:
            raise TakenError(f"Another trainer{self._whose()} is saving in {self.path}.") from None
        except OSError as error:
            if error.errno not in _NO_LOCKS:
                raise

    def leave(self) -> None:
        """Let others write here."""
        if self._lock is not None:
            with contextlib.suppress(OSError):
                (self.path / LOCK).unlink(missing_ok=True)
            os.close(self._lock)
            self._lock = None

    def refuse_strangers(self) -> None:
        """A TakenError when the last epoch here is not the one that was written or read last."""
        numbers = self._numbers("json")
        try:
            figures = _figures(self._file(numbers[-1], "json")) if numbers else {}
        except (OSError, ValueError):
            figures = {}
        if figures.get("checksum") not in (self._last, self._begun):
            raise TakenError(
                f"{self.path} does not hold this run any more: another one was saved there, or files went."
            )
        self._last = figures["checksum"]

    def clear(self) -> None:
        """Make room for a new run: an earlier one in this folder goes, its last JSON file first."""
        self.path.mkdir(parents=True, exist_ok=True)
        for kind in ("json", "safetensors"):
            for number in reversed(self._numbers(kind)):
                self._file(number, kind).unlink(missing_ok=True)
        self._run, self._last, self._begun = secrets.token_hex(8), "", ""

    def write(self, epoch: int, tensors: dict[str, Tensor], figures: dict[str, Any]) -> None:
        """Add an epoch. Killed half-way, the folder is as it was before."""
        content = save({name: value.detach().cpu().contiguous().clone() for name, value in tensors.items()})
        ties = {"run": self._run, "before": self._last, "tensors": _checksum(content)}
        figures = {"format": FORMAT, "epoch": epoch, **ties, **figures}
        self._begun = _checksum(_as_text(figures))
        text = json.dumps({**figures, "checksum": self._begun}, indent=1)
        sweep(self.path, "epoch-*")  # what a process left that was killed
        for kind, written in (("safetensors", content), ("json", text.encode())):
            with whole_file(self._file(epoch, kind)) as part:
                part.write_bytes(written)
        self._last = self._begun

    def epochs(self) -> list[int]:
        """The epochs that were saved whole, ascending."""
        return [number for number in self._numbers("json") if self._file(number, "safetensors").exists()]

    def read(self, epoch: int) -> SavedEpoch:
        """One saved epoch, every bit of it checked."""
        try:
            figures = _figures(self._file(epoch, "json"))
            content = self._file(epoch, "safetensors").read_bytes()
            if figures["epoch"] != epoch:
                raise ValueError(f"its files are those of epoch {figures['epoch']}")
            if figures["tensors"] != _checksum(content):
                raise ValueError("its weights are damaged or those of another epoch")
            return SavedEpoch(load(content), figures)
        except SavedRunError:
            raise
        except (OSError, ValueError, RecursionError, MemoryError, SafetensorError) as error:
            raise SavedRunError(
                f"Epoch {epoch} in {self.path} cannot be read ({_reason(error)}): "
                "put back its two files, or remove both and load again."
            ) from error

    def read_all(self) -> Iterator[SavedEpoch]:
        """Each epoch of the run, ascending, with a SavedRunError for what does not belong to it; then it can go on."""
        numbers = self._numbers("json")
        if not numbers:
            raise SavedRunError(f"There is no saved run in {self.path}: check the path, or train one with folder=...")
        checksums, run = [""], self.read(0).figures["run"]
        for number in sorted({0, *numbers}):
            saved = self.read(number)
            ties = saved.figures["before"] in checksums or number - 1 not in numbers
            if saved.figures["run"] != run or not ties:
                raise SavedRunError(
                    f"Epoch {number} in {self.path} was saved by another run than the epochs before it: "
                    "move the files of one of the two elsewhere, and load again."
                )
            checksums.append(saved.figures["checksum"])
            yield saved
        self._run, self._last, self._begun = run, checksums[-1], ""

    def _whose(self) -> str:
        with contextlib.suppress(OSError, ValueError):
            owner = int((self.path / LOCK).read_text())
            return " in this kernel" if owner == os.getpid() else f" (process {owner})"
        return ""

    def _numbers(self, kind: str) -> list[int]:
        """The epochs that have a file of this kind, ascending. Copies by other names are none of the run's."""
        matches = (_NAME.fullmatch(file.name) for file in self.path.glob(f"epoch-*.{kind}"))
        numbers = sorted({int(match[1]) for match in matches if match})
        return [number for number in numbers if self._file(number, kind).exists()]  # 00001 names none

    def _file(self, epoch: int, kind: str) -> Path:
        return self.path / f"epoch-{epoch:04d}.{kind}"


def _figures(path: Path) -> dict[str, Any]:
    """What a JSON file holds; a ValueError when it is not what was written."""
    figures = json.loads(path.read_bytes())
    if not isinstance(figures, dict):
        raise ValueError("it holds no figures")
    checksum = figures.pop("checksum", None)
    early = checksum is None and figures.get("format") == 1
    if not early and checksum != _checksum(_as_text(figures)):
        raise ValueError("its figures are damaged")
    if figures.get("format") != FORMAT:
        raise SavedRunError(f"{path.parent} was saved by another version of signlang_widgets: train it anew.")
    return {**figures, "checksum": checksum}


def _as_text(figures: dict[str, Any]) -> bytes:
    """The same bytes for the same figures, however the file is laid out."""
    return json.dumps(figures).encode()


def _checksum(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def _reason(error: BaseException) -> str:
    if isinstance(error, FileNotFoundError) and error.filename:
        return f"{Path(error.filename).name} is missing"
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


def describe_data(data: Splits) -> dict[str, Any]:
    """What makes two data sets the same: class names, sizes, and a checksum of pixels and labels."""
    train, test = data.train, data.test
    return {"class_names": list(train.class_names), "train": _describe(train), "test": _describe(test)}


def describe_layers(weights: dict[str, Tensor]) -> dict[str, list[int]]:
    """The names and shapes of a model's weights."""
    return {name: list(value.shape) for name, value in weights.items()}


def refuse_other_layers(saved: dict[str, list[int]], here: dict[str, list[int]]) -> None:
    """Say which layer the saved run does not share with this model."""
    for names, where in ((saved.keys() - here.keys(), "saved run"), (here.keys() - saved.keys(), "model")):
        if names:
            raise SavedRunError(
                f"Only the {where} has {', '.join(sorted(names))}: load with the model that was trained."
            )
    for name, shape in saved.items():
        if shape != here[name]:
            raise SavedRunError(
                f"{name} has shape {tuple(shape)} in the saved run but {tuple(here[name])} in the model: "
                "load with the model that was trained."
            )


def refuse_other_data(saved: dict[str, Any], here: dict[str, Any]) -> None:
    """Say in what the data differ from those of the saved run."""
    if saved["class_names"] != here["class_names"]:
        raise SavedRunError("The saved run has other class names: load with the data that it was trained on.")
    for split in ("train", "test"):
        old, new = saved[split], here[split]
        if old["shape"] != new["shape"]:
            shapes = f"{tuple(old['shape'])} in the saved run but {tuple(new['shape'])} here"
            raise SavedRunError(f"The {split} images are {shapes}: load with the data that it was trained on.")
        if old["checksum"] != new["checksum"]:
            raise SavedRunError(
                f"The {split} split has the right size but other pixels or labels: load with the data of the saved run."
            )


def pack_optimizer(state: dict[str, Any]) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Split an optimizer's state into tensors, named ``parameter/key``, and the plain values around them."""
    tensors: dict[str, Tensor] = {}
    values: dict[str, Any] = {}
    for parameter, entries in state["state"].items():
        for key, value in entries.items():
            (tensors if isinstance(value, Tensor) else values)[f"{parameter}/{key}"] = value
    groups = [{key: _plain(value) for key, value in group.items()} for group in state["param_groups"]]
    return tensors, {"values": values, "groups": groups}


def unpack_optimizer(tensors: dict[str, Tensor], plain: dict[str, Any]) -> dict[str, Any]:
    """The state that :func:`pack_optimizer` took apart."""
    state: dict[int, dict[str, Any]] = {}
    for name, value in {**plain["values"], **tensors}.items():
        parameter, key = name.split("/", 1)
        state.setdefault(int(parameter), {})[key] = value
    return {"state": state, "param_groups": plain["groups"]}


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, Tensor) else value


def _describe(split: LabelledImages) -> dict[str, Any]:
    digest = hashlib.blake2b(digest_size=16)
    for tensor in (split.images, split.labels):
        digest.update(tensor.detach().cpu().contiguous().numpy().data)
    return {"shape": list(split.images.shape), "checksum": digest.hexdigest()}
