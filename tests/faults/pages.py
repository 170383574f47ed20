"""Messages that no page should send, to every widget and bench: each is taken whole, or changes nothing."""

from __future__ import annotations

import logging
import math
from random import Random
from time import perf_counter

import torch
from torch import nn

import signlang_widgets as slw
from tests.networks.confusion_cases import five_classes
from tests.training.small_runs import trainer

from .tally import Tally, Trial

BATCH = 25  # messages between two looks at the whole widget
LONGEST = 2.0  # seconds a message may cost


def model():
    torch.manual_seed(0)
    return nn.Sequential(nn.Conv2d(1, 3, 3), nn.ReLU(), nn.Flatten(), nn.Linear(3 * 3 * 5, 5))


def grey_run():
    _, split = five_classes()
    data = slw.SignMNIST(split, split)
    return trainer(model=model(), splits=data)


MAKERS = {
    "KernelEditor": lambda: slw.KernelEditor(torch.rand(2, 6, 9), "sobel_x"),
    "ConvolutionStepper": slw.ConvolutionStepper,
    "PoolingStepper": lambda: slw.PoolingStepper(torch.rand(5, 8)),
    "ConfusionExplorer": lambda: slw.ConfusionExplorer(*five_classes(), pinned=("a", "b")),
    "FeatureExplorer": lambda: slw.FeatureExplorer(model(), five_classes()[1]),
    "TrainingDashboard": lambda: slw.TrainingDashboard(grey_run(), models={"other": model}),
    "TrainingBench": lambda: slw.TrainingBench(grey_run()),
    "MistakeBench": lambda: slw.MistakeBench(model(), five_classes()[1]),
    "KernelBench": lambda: slw.KernelBench(model(), five_classes()[1]),
}
QUESTIONS = [
    {"ask": "tiles", "version": 0, "pin": [0, 1], "sort": "loss", "descending": True, "pairs": False}
    | {"start": 0, "stop": 9},
    {"ask": "portrait", "version": 0, "index": 3},
    {"ask": "maps", "image": 0, "epoch": None, "layer": "0", "have": [], "version": 0, "picture": True},
    {"ask": "chain", "image": 1, "epoch": None, "layer": "1", "channel": 0, "row": 1, "column": 2},
    {"ask": "sweep", "image": 1, "epoch": None, "size": 3},
    {"ask": "strongest", "layer": "0", "channel": 1},
    {"ask": "kernels", "layer": "0", "in_channel": 0},
    {"ask": "pick", "layer": "0", "channel": 2, "in_channel": 0},
    {"ask": "pictures", "numbers": [0, 3], "run": 0, "epochs": [0]},
    *({"ask": name} for name in ("keep", "search", "put_back", "undo", "accuracy", "tick", "step_batch", "pause")),
    *({"ask": name} for name in ("step_epoch", "start", "stop", "finish_epoch", "reset")),
]
PARTS = {"shape": [1, 5, 7], "dtype": "uint8", "data": memoryview(bytes(35))}
VALUES = {
    "kernel": [[0, 1, 0], [1, 0.5, 1], [0, 1, 0]],
    "edited_kernel": [[0.5] * 3] * 3,
    "edited": PARTS,
    "pinned": [0, 1],
    "flags": {"3": "unclear"},
    "image": {"shape": [3, 4], "dtype": "uint8", "data": memoryview(bytes(12))},
}
NONSENSE = (
    *(None, True, False, 0, 1, -1, 2, 5, 10**9, -(10**30), 10**4000, 0.5, -0.0, 1e308, math.nan, math.inf, -math.inf),
    *("", "0", "a", "x" * 10_000, "\ud800", "<img onerror=1>", "__class__", b"abc", memoryview(b"1234")),
    *(
        [],
        {},
        [[]],
        [None],
        ["x"],
        [math.nan],
        [1, 2],
        [0, None],
        [[1, 2], [3]],
        {"a": {"b": [1]}},
        {"3": "x"},
        {"": 0},
    ),
    *(["undo"], [0] * 300_000, [[1.0] * 400] * 400, [[1.0] * 9] * 9, {"shape": [10**9, 10**9], "dtype": "float32"}),
    *({"shape": [-1, -35], "dtype": "uint8", "data": memoryview(bytes(35))}, "IPY_MODEL_none", PARTS),
)


def mutated(random: Random, value):
    """The value, or something like it with one part spoilt."""
    chance = random.random()
    if chance < 0.15:
        return value
    if chance < 0.55 or not isinstance(value, (dict, list)) or not value:
        return random.choice(NONSENSE)
    if isinstance(value, dict):
        value = dict(value)
        key = random.choice(list(value))
        if chance < 0.65:
            del value[key]
        else:
            value[key] = mutated(random, value[key])
        return value
    value = list(value)
    at = random.randrange(len(value))
    value[at] = mutated(random, value[at])
    return value


def state_message(random: Random, widget) -> dict:
    """Some of the widget's traits, most of them spoilt."""
    names = random.sample(sorted(widget.keys), random.randint(1, 4))
    state = {name: mutated(random, VALUES.get(name, getattr(widget, name))) for name in names}
    for name in ("layout", "_dom_classes", "tabbable", "tooltip", "_view_count"):
        state.pop(name, None)  # ipywidgets' own, and its own to check
    return {"method": "update", "state": state, "buffer_paths": []}


def question_message(random: Random) -> tuple[dict, list]:
    """A question, most often spoilt."""
    question = {"id": random.choice([1, "x", None, math.nan]), **random.choice(QUESTIONS)}
    if random.random() < 0.7:
        question = mutated(random, question)
    buffers = random.choice([[], [], [memoryview(bytes(35))], [memoryview(b"123")], ["x"]])
    return {"method": "custom", "content": question}, buffers


class Watched:
    """One widget (or a bench's), the messages that it gets and what it answers."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.whole = MAKERS[name]()
        self.parts = [self.whole, *getattr(self.whole, "children", ())]
        self.refused: list[str] = []
        for part in self.parts:
            if hasattr(part, "driver"):
                part.driver = "browser"
            part._tell_refusal = self.hearing(part._tell_refusal)

    def hearing(self, tell):
        """Note each refusal on its way to the page."""
        return lambda problem: (self.refused.append(problem), tell(problem))

    def tell(self, random: Random) -> str:
        """Send one message to one part; returns what went wrong, or nothing."""
        part = random.choice(self.parts)
        message, buffers = (state_message(random, part), []) if random.random() < 0.6 else question_message(random)
        before = {name: part._trait_values.get(name) for name in part.keys}
        self.refused.clear()
        start = perf_counter()
        part._handle_msg({"content": {"data": message}, "buffers": buffers})
        seconds = perf_counter() - start
        wrong = "" if seconds < LONGEST else f"{seconds:.1f} s"
        if message["method"] == "update":
            wrong += self.half_taken(part, message["state"], before)
        return wrong and f"{type(part).__name__}: {wrong} after {str(message)[:300]}"

    def half_taken(self, part, state, before) -> str:
        """Which traits changed though Python alone may set them, or though the message was refused."""
        alone = [name for name in state if self.refused or not part._page_may_set(name)]
        changed = [name for name in alone if repr(before[name]) != repr(part._trait_values.get(name))]
        own = {"status", "curves", "earlier", "about", "pictures", "code", "epochs_done"}  # follow the run
        own |= {"problem", "maps", "other_maps", "kernels", "picked_kernel", "dead", "accuracy", "version", "changes"}
        return f"{changed} changed" if set(changed) - own else ""

    def look(self, *, picture: bool) -> str:
        """Is all of it whole? Every trait is still taken by its own checks, every part still says what it is."""
        try:
            for part in self.parts:
                repr(part)
                part.get_state()
                state = {name: getattr(part, name) for name in part.keys if part._page_may_set(name)}
                for name, value in state.items():
                    part.traits()[name]._validate(part, value)
            if picture:
                self.whole.png()
        except Exception as error:  # noqa: BLE001 - counted
            return f"{self.name} is broken: {type(error).__name__}: {error}"[:300]
        return ""


class Tracebacks(logging.Handler):
    """What ipywidgets logs when a message ends in a traceback."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.seen.append(f"{record.exc_info and record.exc_info[1]!r}"[:200])


def wrong_messages(random: Random, count: int) -> Tally:
    """Seeded mutations of what pages send, to all widgets and benches in turn."""
    tally, logged = Tally(), Tracebacks()
    for name in MAKERS:
        watched = Watched(name)
        watched.whole.log.addHandler(logged)
        share = -(-count // len(MAKERS))
        for i in range(share):
            wrong = watched.tell(random)
            if not wrong and (i % BATCH == BATCH - 1 or i == share - 1):
                wrong = watched.look(picture=i == share - 1 or i % (8 * BATCH) == BATCH - 1)
            if not wrong and logged.seen:
                wrong = f"{name}: a traceback, {logged.seen}"
            logged.seen.clear()
            tally.note(well=not wrong, what=wrong)
        watched.whole.log.removeHandler(logged)
        watched.whole.close()
    return tally


TRIALS = (Trial("wrong messages from a page", 5_000, 180, wrong_messages),)
