"""A training run on disk: tensors as safetensors, figures and settings as JSON, nothing as pickle.

A folder holds ``epoch-0000`` (the initial weights), ``epoch-0001`` and so on, each as a pair of files. The JSON file is
written last and whole, so a pair counts once its JSON is there: killed at any moment, the folder still holds every
epoch that was complete.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor

from signlang_widgets.datasets.labelled_images import LabelledImages
from signlang_widgets.files import PART, whole_file

FORMAT = 1


class SavedRunError(ValueError):
    """A saved run that is not there, or does not fit the model or the data; the message says which and why."""


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

    def clear(self) -> None:
        """Make room for a new run: an earlier one in this folder goes, its JSON files first."""
        self.path.mkdir(parents=True, exist_ok=True)
        for kind in ("json", "safetensors"):
            self._remove(f"epoch-*.{kind}")

    def write(self, epoch: int, tensors: dict[str, Tensor], figures: dict[str, Any]) -> None:
        """Add an epoch. Killed half-way, the folder is as it was before."""
        plain = {name: value.detach().cpu().contiguous().clone() for name, value in tensors.items()}
        text = json.dumps({"format": FORMAT, "epoch": epoch, **figures}, indent=1)
        self._remove(f"*{PART}")  # of a process that was killed
        for kind, content in (("safetensors", save(plain)), ("json", text.encode())):
            with whole_file(self._file(epoch, kind)) as part:
                part.write_bytes(content)

    def epochs(self) -> list[int]:
        """The epochs that were saved whole, ascending."""
        numbers = sorted(int(file.stem.removeprefix("epoch-")) for file in self.path.glob("epoch-*.json"))
        return [number for number in numbers if self._file(number, "safetensors").exists()]

    def read(self, epoch: int) -> SavedEpoch:
        """One saved epoch."""
        try:
            figures = json.loads(self._file(epoch, "json").read_text())
            tensors = load(self._file(epoch, "safetensors").read_bytes())
        except (OSError, ValueError, SafetensorError) as error:
            raise SavedRunError(
                f"Epoch {epoch} in {self.path} cannot be read ({error}): remove its two files and load again."
            ) from error
        if figures.get("format") != FORMAT:
            raise SavedRunError(f"{self.path} was saved by another version of signlang_widgets: train it anew.")
        return SavedEpoch(tensors, figures)

    def read_last(self) -> SavedEpoch:
        """Where the run goes on."""
        epochs = self.epochs()
        if not epochs:
            raise SavedRunError(f"There is no saved run in {self.path}: check the path, or train one with folder=...")
        return self.read(epochs[-1])

    def _remove(self, pattern: str) -> None:
        for file in self.path.glob(pattern):
            file.unlink(missing_ok=True)

    def _file(self, epoch: int, kind: str) -> Path:
        return self.path / f"epoch-{epoch:04d}.{kind}"


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
