"""Runs that are disturbed: exceptions of every kind, interrupts at any line, commands from many threads at once."""

from __future__ import annotations

import asyncio
import builtins
import signal
import sys
import tempfile
import threading
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache, wraps
from pathlib import Path
from random import Random
from types import FrameType
from typing import Any

import torch

import signlang_widgets as slw
from tests.training.small_runs import Breakable, data, drive, net, same_run, trainer

from .tally import Tally, Trial

PACKAGE = str(Path(slw.__file__).parent)
SMALL = {"epochs": 2, "batch_size": 11}


class SpeechlessError(Exception):
    """It cannot even say what it is."""

    def __str__(self) -> str:
        raise ZeroDivisionError

    __repr__ = __str__


class ManyError(Exception):
    """Its text is no text for a browser."""

    def __str__(self) -> str:
        return "\ud800" * 10_000


OTHERS = [asyncio.CancelledError("x"), SpeechlessError(), ManyError(), torch.cuda.OutOfMemoryError("x"), OSError(28, "full")]  # fmt: skip


def quiet(trial: Callable[[Random, int], Tally]) -> Callable[[Random, int], Tally]:
    """Warnings of the runs are looked at elsewhere."""

    @wraps(trial)
    def quietly(random: Random, count: int) -> Tally:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return trial(random, count)

    return quietly


@cache
def unbroken(epochs: int = 2) -> slw.Trainer:
    run = trainer(**{**SMALL, "epochs": epochs})
    run.run()
    return run


def kinds() -> list[BaseException]:
    """One of each of Python's own, and some that others raise."""
    found: list[BaseException] = []
    for kind in vars(builtins).values():
        if isinstance(kind, type) and issubclass(kind, BaseException) and not issubclass(kind, Warning):
            arguments = {
                UnicodeDecodeError: ("utf-8", b"\xff", 0, 1, "bad"),
                UnicodeEncodeError: ("utf-8", "\ud800", 0, 1, "bad"),
                UnicodeTranslateError: ("x", 0, 1, "bad"),
                BaseExceptionGroup: ("several", [ValueError(1), SystemExit(2)]),
                ExceptionGroup: ("several", [ValueError(1), TypeError(2)]),
            }.get(kind, ("words",))
            found.append(kind(*arguments))
    return [*found, *OTHERS]


@quiet
def exceptions(random: Random, count: int) -> Tally:
    """The run fails (or stops), whoever waits is answered within 30 s, and the next run ends as if nothing had been."""
    tally = Tally()
    errors = kinds()
    for number in range(count):
        error, way, at = (
            errors[number % len(errors)],
            random.choice(["cell", "thread", "browser"]),
            random.randint(1, 4),
        )

        def breaks(passes: int, error: BaseException = error, at: int = at) -> None:
            if passes == at:
                raise error.with_traceback(None)

        run = trainer(Breakable(breaks), **SMALL)
        raised: list[type] = []
        try:
            drive(run, way)
        except BaseException as arrived:  # noqa: BLE001 - any kind may arrive
            raised.append(type(arrived))
        ended = run.state == ("stopped" if isinstance(error, KeyboardInterrupt) else "failed")
        timely = TimeoutError not in raised or isinstance(error, TimeoutError)
        told = bool(run.message.encode())
        run.run()
        what = f"{type(error).__name__} in pass {at}, {way}: {raised}"
        tally.note(well=ended and timely and told and same_run(run, unbroken()), what=what)
    return tally


class Presses:
    """Interrupts at chosen lines of the package, counted from when the trainer listens to them."""

    def __init__(self, lines: list[int]) -> None:
        self.lines, self.seen, self.places = set(lines), 0, []
        self.usual, self.armed = signal.getsignal(signal.SIGINT), False

    def __call__(self, frame: FrameType, event: str, _: Any) -> Presses | None:
        if not frame.f_code.co_filename.startswith(PACKAGE):
            return None
        self.armed = self.armed or signal.getsignal(signal.SIGINT) is not self.usual
        if event == "line" and self.armed:
            self.seen += 1
            if self.seen in self.lines:
                self.places.append(f"{Path(frame.f_code.co_filename).name}:{frame.f_lineno}")
                signal.raise_signal(signal.SIGINT)
        return self


def pressed(run: slw.Trainer, lines: list[int]) -> Presses:
    """A run during which someone interrupts the kernel at these lines."""
    presses = Presses(lines)
    before = sys.gettrace()
    sys.settrace(presses)
    try:
        run.run()
    except KeyboardInterrupt:
        presses.places.append("left")  # right when the trainer had stopped listening
    finally:
        sys.settrace(before)
    return presses


@cache
def lines_of_a_run() -> int:
    with tempfile.TemporaryDirectory() as folder:
        return pressed(trainer(**SMALL, folder=folder), []).seen


@quiet
def interrupts(random: Random, count: int) -> Tally:
    """History, epochs on disk and weights belong together after any interrupt; every third is followed by a second."""
    tally = Tally()
    for number in range(count):
        first = random.randint(1, lines_of_a_run())
        lines = [first, first + random.choice([1, 2, 3, 5, 20, 100])] if number % 3 == 0 else [first]
        with tempfile.TemporaryDirectory() as folder:
            tally.note(**_interrupted(trainer(**SMALL, folder=folder), lines, folder))
    return tally


def _interrupted(run: slw.Trainer, lines: list[int], folder: str) -> dict[str, Any]:
    what = f"interrupts at lines {lines} of the package"
    try:
        what += f" ({', '.join(pressed(run, lines).places)})"
    except BaseException as error:  # noqa: BLE001 - nothing may leave
        return {"well": False, "what": f"{what}: {type(error).__name__} {error}"}
    epochs = run.history["epoch"].tolist()
    whole = epochs == list(range(1, len(epochs) + 1)) and run.epochs_done == len(epochs)
    rested = run.state == ("finished" if len(epochs) == 2 else "stopped")
    saved = not epochs or slw.Trainer.load(folder, net(), data()).history.equals(run.history)
    run.run()
    kept = slw.Trainer.load(folder, net(), data()).history.equals(run.history)
    well = whole and rested and saved and kept and same_run(run, unbroken())
    return {"well": well, "what": f"{what}: {epochs}, {run.state}, saved {saved} {kept}"}


@quiet
def start_and_reset(random: Random, count: int) -> Tally:
    """Two threads, one starts and one resets, as tightly as can be."""
    tally, run = Tally(), trainer(epochs=2)
    with ThreadPoolExecutor(2) as pool:
        for number in range(count):
            calls = [lambda: run.start("thread"), run.reset]
            last = random.randrange(2)
            futures = [pool.submit(calls[i]) for i in (1 - last, last)]
            started, cleared = (futures[i == last].exception(60) for i in (0, 1))
            # The start of the last pair may still be at work.
            well = cleared is None and (started is None or isinstance(started, slw.BusyError))
            tally.note(well=well, what=f"pair {number}: {started!r}, {cleared!r}")
    run.reset()
    tally.note(well=run.state == "idle" and len(run.history) == 0, what=f"at the end {run!r}")
    return tally


def _set(name: str, values: list[Any]) -> Callable[[slw.Trainer, Random], object]:
    return lambda run, random: setattr(run, name, random.choice(values))


OPERATIONS: list[Callable[[slw.Trainer, Random], object]] = [
    lambda run, _: run.start("thread"),
    lambda run, _: run.start("browser"),
    lambda run, _: run.tick(0),
    lambda run, _: run.pause(),
    lambda run, _: run.resume(),
    lambda run, random: run.stop(finish_epoch=random.random() < 0.5),
    lambda run, _: run.step_batch("thread"),
    lambda run, _: run.step_epoch(),
    lambda run, _: run.wait(0.001),
    lambda run, _: run.reset(),
    lambda run, _: run.restore_best(),
    _set("lr", [0.1, 0.01]),
    _set("epochs", [1, 2, 3]),
    _set("batch_size", [4, 11]),
    _set("momentum", [0.0, 0.9]),
    lambda run, _: repr(run.progress),
    lambda run, _: (run.batches_after(0), run.epochs_after(0), run.kernels, run.evaluations, repr(run)),
    lambda run, _: run.subscribe(lambda _: None)(),
]
REFUSED = (slw.BusyError, slw.SettingError, TimeoutError)


@quiet
def operations(random: Random, count: int) -> Tally:
    """Each command takes effect or is refused in words; at the end the run rests, and is a whole one."""
    tally, run, threads = Tally(), trainer(epochs=2), 6
    noting = threading.Lock()

    def hurry(seed: int) -> None:
        own = Random(seed)
        for _ in range(-(-count // threads)):
            number = own.randrange(len(OPERATIONS))
            try:
                OPERATIONS[number](run, own)
                fault = None
            except REFUSED:
                fault = None
            except BaseException as error:  # noqa: BLE001 - that is what is looked for
                fault = repr(error)
            with noting:
                tally.note(well=fault is None, what=f"operation {number}: {fault}")

    with ThreadPoolExecutor(threads) as pool:
        for future in [pool.submit(hurry, random.random()) for _ in range(threads)]:
            future.result()
    run.stop()
    run.wait(60)
    epochs = run.history["epoch"].tolist()
    tally.note(well=run.state != "running" and epochs == list(range(1, len(epochs) + 1)), what=f"at the end {run!r}")
    run.reset()
    run.epochs, run.batch_size, run.momentum, run.lr = 2, 11, 0.9, 0.1
    run.run()
    tally.note(well=same_run(run, unbroken()), what="after a reset, the run is another one")
    return tally


TRIALS = (
    Trial("exceptions in forward", 409, 80, exceptions),
    Trial("interrupts, a third of them double", 300, 24, interrupts),
    Trial("start against reset", 1_500, 60, start_and_reset),
    Trial("operations from six threads", 100_000, 1_500, operations),
)
