"""Constructor calls with nonsense, panels that are refused, and cells that run again and again."""

from __future__ import annotations

import gc
import itertools
import os
import threading
import warnings
from pathlib import Path
from random import Random
from time import perf_counter
from unittest import mock

import comm
import ipywidgets
import numpy as np
import torch
import traitlets
from torch import nn

import signlang_widgets as slw
from signlang_widgets.networks.devices import DeviceError
from signlang_widgets.widgets.common import cell_runs
from signlang_widgets.widgets.panels import Panel
from tests.networks.confusion_cases import five_classes

from .pages import MAKERS, grey_run, model
from .tally import Tally, Trial

SPOILT_NAMES = ("x" * 10_000, "\ud800", "", "a\0b", None, 5)
MOST_GROWTH = 20_000_000  # bytes, once warm
LONGEST = 2.0

DOCUMENTED = (TypeError, ValueError, OSError, traitlets.TraitError, DeviceError)


def nonsense():
    """Values that nobody should pass; made anew, for some are used up."""
    huge = torch.zeros(1).expand(10**12)
    return [
        *(None, True, 5, -1, 10**30, 0.5, float("nan"), "", "hands", b"abc", object(), int, len, [], {}, (), [[]]),
        *({"a": 1}, [1, [2, 3]], [None], [object()], "x" * 10_000, "\ud800", ["\ud800"], range(10**12), [range(10**9)]),
        *(
            huge,
            huge.reshape(10**6, 10**6),
            torch.zeros(1).expand(3, 1, 10**6, 10**6),
            torch.zeros(1).expand(12, 10**9),
        ),
        *(torch.zeros(1, dtype=torch.int64).expand(100_000, 1, 256, 256), torch.empty(3, 1, 5, 7, device="meta")),
        *(torch.zeros(3, 1, 5, 7).to_sparse(), torch.zeros(3, 1, 5, 7, dtype=torch.complex64), torch.zeros(0, 1, 5, 7)),
        *(torch.full((12, 1, 5, 7), float("nan")), torch.ones(12, 1, 5, 7, requires_grad=True), torch.tensor(5)),
        *(np.broadcast_to(np.uint8(1), (10**6, 10**6)), np.array(["a"]), np.array([object()]), np.ma.masked),
        *(itertools.repeat("undo"), itertools.count(), iter([]), Path("\ud800"), nn.Linear, nn.Linear(3, 2)),
        *(nn.Identity(), nn.Sequential(), nn.Conv2d(1, 2, (2, 3)), ("x", object()), (0, 10**30), ("a", [1]), ("a",)),
        *(["no such control"], {"hide"}, lambda: None, torch.tensor([0.5, 1.5]), torch.zeros(12, dtype=torch.bool)),
    ]


def calls():
    """What can be called: its good arguments by name, made anew."""
    evaluation, split = five_classes()
    picture, run = torch.rand(6, 9), grey_run()
    common = {"hide": ["undo"], "lock": []}
    return {
        "KernelEditor": (
            slw.KernelEditor,
            {"images": picture, "kernel": "sobel_x", "flip": True, "scale": "each"} | common,
        ),
        "ConvolutionStepper": (
            slw.ConvolutionStepper,
            {
                "image": picture,
                "kernel": "sobel_x",
                "stride": 1,
                "padding": 0,
                "dilation": 1,
                "bias": 0.5,
                "hide": ["play"],
            },
        ),
        "PoolingStepper": (
            slw.PoolingStepper,
            {"image": picture, "size": 2, "stride": 2, "mode": "max", "padding": 0, "lock": ["play"]},
        ),
        "ConfusionExplorer": (
            slw.ConfusionExplorer,
            {"evaluation": evaluation, "images": split, "pinned": ("a", "b"), "selected_image": 3, "mode": "count"}
            | {"sort": "loss", "hide": ["sort"]},
        ),
        "FeatureExplorer": (
            slw.FeatureExplorer,
            {"model": model(), "images": split, "labels": None, "trainer": None} | common,
        ),
        "TrainingDashboard": (slw.TrainingDashboard, {"trainer": run, "models": {"other": model}, "hide": ["reset"]}),
        "TrainingBench": (slw.TrainingBench, {"trainer": run, "models": {"other": model}}),
        "MistakeBench": (slw.MistakeBench, {"model": model(), "images": split, "evaluation": evaluation}),
        "KernelBench": (slw.KernelBench, {"model": model(), "images": split}),
    }


def data_calls():
    """The same for what is no widget."""
    _, split = five_classes()
    images = {"images": split.images, "labels": split.labels, "class_names": list(split.class_names)}
    return {
        "LabelledImages": (slw.LabelledImages, images),
        "evaluate": (slw.evaluate, {"model": model(), "split": split, "batch_size": 4, "device": "cpu"}),
    }


def open_widgets() -> int:
    """How many widgets the installed ipywidgets holds."""
    from ipywidgets.widgets import widget

    held = vars(widget).get("_instances")
    return len(ipywidgets.Widget.widgets if held is None else held)


def spoilt(random: Random, good: dict) -> dict:
    """One or two of the arguments are nonsense, or one too many or too few."""
    given = dict(good)
    for name in random.sample(sorted(given), random.choice([1, 1, 1, 2])):
        given[name] = random.choice(nonsense())
    if random.random() < 0.05:
        del given[random.choice(sorted(given))]
    if random.random() < 0.05 and "models" in good:
        given["models"] = {random.choice(SPOILT_NAMES): model}
    if random.random() < 0.1 and "class_names" in good:
        given["class_names"] = [random.choice(SPOILT_NAMES), *"bcde"]
    return given


def said(call, given: dict) -> str:
    """What is wrong with how a call ended; a widget that was made after all is closed."""
    start = perf_counter()
    try:
        made = call(**given)
        if hasattr(made, "close"):
            repr(made)
            made.close()
    except DOCUMENTED as error:
        if len(str(error)) <= 20:
            return f"{type(error).__name__} says {str(error)!r}"
    except Exception as error:  # noqa: BLE001 - counted
        return f"{type(error).__name__}: {error}"[:200]
    seconds = perf_counter() - start
    return "" if seconds < LONGEST else f"{seconds:.1f} s"


def nonsense_calls(random: Random, count: int) -> Tally:
    """Each public class and ``evaluate``, called with nonsense."""
    tally, ways = Tally(), calls() | data_calls()
    before = open_widgets()
    for _ in range(count):
        name = random.choice(sorted(ways))
        call, good = ways[name]
        given = spoilt(random, good)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            wrong = said(call, given)
        if open_widgets() != before:
            wrong += f" {open_widgets() - before} widgets are open"
            before = open_widgets()
        shown = {key: repr(value)[:60] for key, value in given.items() if value is not good.get(key)}
        tally.note(well=not wrong, what=f"{name}({shown}): {wrong}")
    return tally


def one_class_bench() -> Panel:
    """The dashboard can show it, the explorer cannot."""
    split = slw.LabelledImages(torch.zeros(9, 1, 5, 7, dtype=torch.uint8), torch.zeros(9, dtype=torch.int64), ["a"])
    net = nn.Sequential(nn.Flatten(), nn.Linear(35, 1))
    return slw.TrainingBench(slw.Trainer(net, slw.SignMNIST(split, split)))


def refused_panels(_random: Random, count: int) -> Tally:
    """A panel of which one widget cannot be made leaves none of them open."""
    tally = Tally()
    for _ in range(count):
        before = open_widgets()
        try:
            one_class_bench()
            wrong = "it was made"
        except slw.DataError:
            wrong = "" if open_widgets() == before else f"{open_widgets() - before} widgets are open"
        tally.note(well=not wrong, what=wrong)
    return tally


class Cell:
    """A notebook cell that runs again and again."""

    def __init__(self, name: str) -> None:
        self.make, self.name, self.runs = MAKERS[name], name, 0

    def run(self) -> None:
        """As a kernel runs it: what the last run made is closed when this one makes something."""
        self.runs += 1
        with mock.patch.object(cell_runs, "_running_cell", return_value=(self.name, str(self.runs))):
            widget = self.make()
            if self.runs % 5 == 1:
                widget._repr_mimebundle_()  # its picture takes longest

    def end(self) -> None:
        """A last run, which makes nothing."""
        self.runs += 1
        with mock.patch.object(cell_runs, "_running_cell", return_value=(self.name, str(self.runs))):
            cell_runs.begin()


def held() -> tuple[int, int, int]:
    """Widgets, comms and threads; what nobody holds is collected first."""
    gc.collect()
    return open_widgets(), len(comm.get_comm_manager().comms), threading.active_count()


def memory() -> int:
    """The bytes of this process that are in memory."""
    return int(Path("/proc/self/statm").read_text("utf-8").split()[1]) * os.sysconf("SC_PAGE_SIZE")


def runs_again(_random: Random, count: int) -> Tally:
    """Each widget's cell runs ``count`` times: nothing is left, and memory stays as it is once warm."""
    tally = Tally()
    for name in MAKERS:
        before = held()
        cell = Cell(name)
        for run in range(count):
            cell.run()
            if run == min(10, count // 2):
                gc.collect()
                warm = memory()
        cell.end()
        after, grown = held(), memory() - warm
        wrong = "" if after == before else f"{name}: (widgets, comms, threads) {before} became {after}"
        if grown > MOST_GROWTH:
            wrong += f" {name} grew by {grown / 1e6:.0f} MB"
        tally.tried += count - 1
        tally.note(well=not wrong, what=wrong)
    return tally


TRIALS = (
    Trial("constructors that are given nonsense", 3_000, 150, nonsense_calls),
    Trial("panels of which one widget is refused", 200, 5, refused_panels),
    Trial("cells that run again", 50, 2, runs_again),
)
