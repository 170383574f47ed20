"""Nonsense for everything that a model, its images and its settings enter by: refused in words, never in Python's."""

from __future__ import annotations

import copy
import itertools
import re
import warnings
from collections.abc import Callable
from fractions import Fraction
from random import Random
from typing import Any

import numpy as np
import torch
from torch import nn

import signlang_widgets as slw
from signlang_widgets.networks.activations import record
from signlang_widgets.networks.devices import DeviceError
from signlang_widgets.networks.occlusion import sweep
from signlang_widgets.networks.top_activations import Survey
from tests.training.small_runs import NAMES, data, net

from .tally import Tally, Trial

REFUSALS = (slw.DataError, slw.SettingError, DeviceError, TypeError)
PYTHONS_OWN = (
    "object has no attribute",
    "unsupported operand",
    "not supported between",
    "not subscriptable",
    "object is not",
)
NONSENSE: list[Any] = [
    None, True, -1, 0, 3, 10**30, -(10**30), 1.5, float("nan"), float("inf"), -0.0, 1j, "", "x", "a" * 10_000, "\ud800", b"\0",
    "a\0b", (), [], {}, set(), [1, 2], {"train": 1}, object(), int, repr, len, NAMES, Fraction(1, 3), Fraction(10**400),
    np.float32(0.5), np.int64(2), np.bool_(1), np.arange(3), np.array(2), np.zeros((2, 2, 5, 7)), torch.tensor(1.0), torch.rand(3, 2, 5, 7),
    torch.zeros(2, 5, 7, dtype=torch.uint8), torch.zeros(4, 2, 5, 7, dtype=torch.complex64), torch.tensor([1, 2, 0]), nn.Linear, nn.Linear(3, 2),
    nn.Flatten(), slw.ConvNet, data(), data().train, range(5), memoryview(b"abc"), Ellipsis, NotImplemented, type, slice(1),
]  # fmt: skip


def _trainer(arguments: dict[str, Any]) -> None:
    slw.Trainer(arguments.pop("model", net()), arguments.pop("data", data()), **arguments)


def _fit(arguments: dict[str, Any]) -> None:
    splits = data()
    given = {"model": net(), "train": splits.train, "test": splits.test, **arguments}
    slw.fit(given.pop("model"), given.pop("train"), given.pop("test"), **given)


def _evaluate(arguments: dict[str, Any]) -> None:
    slw.evaluate(arguments.pop("model", net()), arguments.pop("split", data().test), **arguments)


def _labelled(arguments: dict[str, Any]) -> None:
    usual = {
        "images": torch.zeros(3, 2, 5, 7, dtype=torch.uint8),
        "labels": torch.tensor([0, 1, 2]),
        "class_names": NAMES,
    }
    slw.LabelledImages(**{**usual, **arguments})


def _scores(arguments: dict[str, Any]) -> None:
    usual = {"labels": [0, 1, 2], "scores": torch.zeros(3, 3), "class_names": NAMES}
    slw.Evaluation.from_scores(**{**usual, **arguments})


def _look(arguments: dict[str, Any]) -> None:
    model, images = arguments.get("model", net()), arguments.get("images", data().test.images)
    record(model, images)


SETTINGS = ("epochs", "batch_size", "lr", "momentum", "seed", "optimizer", "device")
ENTRIES: dict[str, tuple[Callable[[dict[str, Any]], None], tuple[str, ...]]] = {
    "Trainer": (_trainer, ("model", "data", *SETTINGS)),
    "fit": (_fit, ("model", "train", "test", *SETTINGS)),
    "evaluate": (_evaluate, ("model", "split", "batch_size", "device")),
    "LabelledImages": (_labelled, ("images", "labels", "class_names")),
    "from_scores": (_scores, ("labels", "scores", "class_names")),
    "record": (_look, ("model", "images")),
}
PAIRS = [(entry, name, i) for entry, (_, names) in ENTRIES.items() for name in names for i in range(len(NONSENSE))]


def nonsense(random: Random, count: int) -> Tally:
    """Each argument of each entry gets each kind of nonsense, then two arguments at once."""
    tally = Tally()
    for entry, name, i in itertools.islice(itertools.chain(random.sample(PAIRS, len(PAIRS)), _endless(random)), count):
        arguments = {name: copy.copy(NONSENSE[i]) if isinstance(NONSENSE[i], nn.Module) else NONSENSE[i]}
        if tally.tried >= len(PAIRS):
            arguments[random.choice(ENTRIES[entry][1])] = random.choice(NONSENSE)
        what = f"{entry}({', '.join(f'{key}={ascii(value)[:60]}' for key, value in arguments.items())})"
        fault = _fault(ENTRIES[entry][0], arguments)
        tally.note(well=fault is None, what=f"{what}: {fault}")
    return tally


def _endless(random: Random):
    while True:
        yield random.choice(PAIRS)


def _fault(call: Callable[[dict[str, Any]], None], arguments: dict[str, Any]) -> str | None:
    """What is wrong with the answer: anything but taking it, or refusing it in words of our own."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            call(arguments)
    except REFUSALS as error:
        words = re.sub(r" \(\w+Error\(.*", "", str(error))  # without what the user's own function raised
        own = any("signlang_widgets" in str(entry.tb_frame.f_code.co_filename) for entry in [_last(error)])
        if own and len(words) > 20 and not any(python in words for python in PYTHONS_OWN):
            return None
        return f"{type(error).__name__}: {words[:200]}"
    except Exception as error:  # noqa: BLE001 - that is what is looked for
        # A model whose layers do not fit the images may say so in torch's words: its shapes are its own.
        return None if _from_forward(error) else f"{type(error).__name__}: {str(error)[:200]}"
    return None


def _last(error: BaseException):
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    return place


def _from_forward(error: BaseException) -> bool:
    place = error.__traceback__
    while place is not None:
        if place.tb_frame.f_code.co_name in ("forward", "_call_impl"):
            return True
        place = place.tb_next
    return False


class Overwriting(nn.Module):
    """Spoils what it reads, in one of many ways, before a network of plain layers."""

    WAYS = ("sub_", "mul_", "zero_", "clamp_", "neg_", "sqrt_", "fill_", "copy_")

    def __init__(self, way: str, channels: int, pixels: int) -> None:
        super().__init__()
        self.way, self.layers = (
            way,
            nn.Sequential(nn.Conv2d(channels, 3, 1), nn.ReLU(inplace=True), nn.Flatten(), nn.Linear(3 * pixels, 3)),
        )

    def forward(self, images):
        given = {"clamp_": (0.2, 0.7), "copy_": (torch.rand_like(images),), "zero_": (), "neg_": (), "sqrt_": ()}
        getattr(images, self.way)(*given.get(self.way, (0.5,)))
        return self.layers(images)


def _entries(model: nn.Module, split: slw.LabelledImages, batch: int) -> list[Callable[[], object]]:
    return [
        lambda: slw.evaluate(model, split, batch_size=batch),
        lambda: list(slw.fit(model, split, split, batch_size=batch)),
        lambda: slw.Trainer(model, slw.SignMNIST(split, split), batch_size=batch).run(),
        lambda: record(model, split),
        lambda: sweep(model, split.images[0], 2),
        lambda: Survey(model, split.images).finish(),
    ]


def overwritten(random: Random, count: int) -> Tally:
    """Images equal a clone after every entry, in every type, memory order and way of slicing."""
    tally = Tally()
    for _ in range(count):
        way, dtype = (
            random.choice(Overwriting.WAYS),
            random.choice([torch.float32, torch.float64, torch.float16, torch.uint8]),
        )
        channels, height, width, batch = (
            random.choice([1, 2, 3]),
            random.randint(2, 6),
            random.randint(2, 7),
            random.randint(1, 9),
        )
        whole = torch.rand(random.randint(2, 12), channels, height, width)
        whole = (whole * 255).to(dtype) if dtype == torch.uint8 else whole.to(dtype)
        order = random.choice([torch.contiguous_format, torch.channels_last])
        whole = whole.to(memory_format=order)
        split = slw.LabelledImages(whole, torch.arange(len(whole)) % 3, NAMES)[1:]
        model = Overwriting(way, channels, height * width)
        entries = _entries(model, split, batch)
        number, before = random.randrange(len(entries)), whole.clone()
        what = f"entry {number} with {way}, {dtype}, {tuple(whole.shape)}, {order}, batches of {batch}"
        try:
            entries[number]()
        except slw.DataError as error:  # a square root of what was learned may be NaN: said in words
            what += f" ({error})"
        tally.note(well=torch.equal(whole, before), what=what)
    return tally


TRIALS = (
    Trial("nonsense for constructors", 1_000, 150, nonsense),
    Trial("models that overwrite their images", 400, 60, overwritten),
)
