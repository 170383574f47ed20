"""Damaged saves, kills while saving, two writers on one folder: a run is what was saved, or it is refused in words."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path
from random import Random

import torch

import signlang_widgets as slw
from tests.training.small_runs import data, net, same_run, trainer

from .files import damaged
from .tally import Tally, Trial

REPO = Path(__file__).parents[2]
DATA = data()


def _flip(luck: Random, _folder: Path, file: Path) -> str:
    file.write_bytes(damaged(luck, file.read_bytes()))
    return "bytes"


def _nonsense(luck: Random, _folder: Path, file: Path) -> str:
    content = luck.choice([b"", b"[]", b"{}", b"null", b"7", b"\xff\xfe", b"[" * 9999, b'{"format": 2}'])
    file.write_bytes(content)
    return repr(content[:20])


def _copy(luck: Random, folder: Path, file: Path) -> str:
    name = luck.choice([f"{file.stem} (1){file.suffix}", f"{file.stem}.conflict{file.suffix}", f"epoch-x{file.suffix}"])
    shutil.copy(file, folder / name)
    return name


def _other_name(luck: Random, folder: Path, file: Path) -> str:
    target = luck.choice(sorted(folder.glob(f"epoch-*{file.suffix}")))
    content = file.read_bytes()
    target.write_bytes(content)
    return f"as {target.name}"


def _gone(_luck: Random, _folder: Path, file: Path) -> str:
    file.unlink()
    return "gone"


DAMAGES: tuple[Callable[[Random, Path, Path], str], ...] = (_flip, _flip, _nonsense, _copy, _other_name, _gone)


def _is_prefix(again, run) -> bool:
    """Whether what was loaded is the run as it was after one of its epochs, weight for weight."""
    epochs = len(again.history)
    kernels = all(torch.equal(again.kernels[epoch], run.kernels[epoch]) for epoch in again.kernels)
    scores = all(torch.equal(again.evaluations[e].losses, run.evaluations[e].losses) for e in again.evaluations)
    figures = again.history.equals(run.history.iloc[:epochs])
    return figures and kernels and scores and again.epochs_done == epochs


def damaged_saves(luck: Random, count: int) -> Tally:
    tally = Tally()
    with tempfile.TemporaryDirectory() as name:
        whole, folder = Path(name) / "whole", Path(name) / "run"
        run = trainer(splits=DATA, folder=whole)
        run.run()
        untouched = net(seed=9).state_dict()
        for number in range(count):
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(whole, folder)
            file = luck.choice(sorted(folder.glob("epoch-*")))
            what = f"{number}: {file.name} {luck.choice(DAMAGES)(luck, folder, file)}"
            model = net(seed=9)
            try:
                well = _is_prefix(slw.Trainer.load(folder, model, DATA), run)
            except slw.SavedRunError:
                well = all(torch.equal(value, untouched[key]) for key, value in model.state_dict().items())
            except Exception as error:  # noqa: BLE001 - each is counted
                well, what = False, f"{what}: {error!r}"
            tally.note(well=well, what=what)
    return tally


def kills(luck: Random, count: int) -> Tally:
    """A process that saves is killed before one of its flushes; what it had saved goes on to the end of the run."""
    tally, unbroken = Tally(), trainer(splits=DATA)
    unbroken.run()
    for number in range(count):
        with tempfile.TemporaryDirectory() as name:
            flush = luck.randrange(3, 9)
            command = [sys.executable, "-m", "tests.training.killed_run", name, str(flush)]
            child = subprocess.run(command, cwd=REPO, check=False, timeout=300)
            again = slw.Trainer.load(name, net(seed=9), DATA)
            saved = len(again.history)
            again.run()
            left = [file.name for file in Path(name).iterdir() if file.name.endswith((".part", ".lock"))]
            well = child.returncode == -signal.SIGKILL and saved == (flush - 1) // 2 - 1
            tally.note(well=well and not left and same_run(again, unbroken), what=f"{number}: flush {flush}, {left}")
    return tally


def two_writers(luck: Random, count: int) -> Tally:
    """Two trainers take turns on one folder, slice by slice; the folder then holds one of them, whole."""
    tally = Tally()
    for number in range(count):
        with tempfile.TemporaryDirectory() as name, warnings.catch_warnings():
            warnings.simplefilter("ignore", slw.TrainingWarning)
            runs = [trainer(net(seed=seed), DATA, folder=name) for seed in (1, 2)]
            begin = luck.randrange(12)
            runs[0].start("browser")
            for _ in range(begin):
                runs[0].tick(0)
            if luck.random() < 0.5:
                runs[0].pause()
            runs[1].start("browser")
            while any(run.ticking for run in runs):
                run = luck.choice(runs)
                run.tick(0)
            runs[0].resume()
            while runs[0].tick(0):
                pass
            again = slw.Trainer.load(name, net(seed=9), DATA)
            well = any(same_run(again, run) for run in runs)
            tally.note(well=well, what=f"{number}: the second began after {begin} slices")
    return tally


TRIALS = (
    Trial("a file of a saved run damaged, copied, renamed, gone", 3_000, 60, damaged_saves),
    Trial("kill -9 while a run saves", 300, 1, kills),
    Trial("two trainers on one folder", 100, 10, two_writers),
)
