"""A run as the PyTorch lines that would do it again, without this package's trainer."""

from __future__ import annotations

import inspect
import itertools
from collections.abc import Iterable
from typing import TYPE_CHECKING

import torch
from torch import nn
from torch.optim import SGD, Optimizer

from .run import Run

if TYPE_CHECKING:
    from .trainer import Trainer

_LOOP = """
for epoch in range(1, {epochs} + 1):
    model.train()
    order = torch.randperm(len(train_labels), generator=generator)
    for batch, rows in enumerate(order.split({batch_size}), start=1):
{schedule}        loss = nn.functional.cross_entropy(model(train_images[rows]), train_labels[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    model.eval()
    with torch.no_grad():
        scores = torch.cat([model(part) for part in test_images.split(128)])
    test_loss = nn.functional.cross_entropy(scores, test_labels).item()
    accuracy = (scores.argmax(1) == test_labels).float().mean().item()
    print(f"epoch {{epoch}}: test loss {{test_loss:.4f}}, test accuracy {{accuracy:.2%}}")
"""
_SCHEDULE = """        for group in optimizer.param_groups:
            group["lr"] = rates.get((epoch, batch), group["lr"])
"""


def run_code(run: Trainer) -> str:
    """Lines that train the same model in the same way; images are (N, C, H, W) floats from 0 to 1.

    >>> print(run_code(trainer).splitlines()[0])
    import torch

    Parameters
    ----------
    run : Trainer
        Its settings, and the changes of the learning rate that it has seen, become numbers in the lines.
    """
    if not isinstance(run, Run):
        raise TypeError(f"run must be a Trainer, got {type(run).__name__}.")
    settings = run.settings
    rates = _rates(run)
    lines = [
        "import torch",
        "from torch import nn",
        "",
        "# train_images, train_labels, test_images, test_labels: (N, C, H, W) floats from 0 to 1, and whole numbers.",
        "# The weights start at random, so the figures differ a little from run to run.",
        f"model = {_model(run.model)}",
        f"optimizer = {_optimizer(run.optimizer, _first_rate(run))}",
        f"generator = torch.Generator().manual_seed({settings.seed})",
        *([f"rates = {rates}  # from that batch of that epoch on"] if rates else []),
    ]
    schedule = _SCHEDULE if rates else ""
    return "\n".join(lines) + _LOOP.format(epochs=settings.epochs, batch_size=settings.batch_size, schedule=schedule)


def _model(model: nn.Module) -> str:
    layers = model if isinstance(model, nn.Sequential) else getattr(model, "pipeline", None)
    if not isinstance(layers, nn.Sequential) or not all(map(_is_plain, layers)):
        return f"{type(model).__name__}()  # your own class"
    inside = "".join(f"    nn.{layer!r},\n" for layer in layers)
    return f"nn.Sequential(\n{inside})"


def _is_plain(layer: nn.Module) -> bool:
    """Whether a layer's repr is also the call that makes it: torch's own layers, without others inside."""
    return getattr(nn, type(layer).__name__, None) is type(layer) and not list(layer.children())


def _first_rate(run: Trainer) -> float:
    first = run.batches_after(0)[:1]
    return first[0].lr if first else float(run.optimizer.param_groups[0]["lr"])


def _rates(run: Trainer) -> dict[tuple[int, int], float]:
    """Where the learning rate changed: (epoch, batch) to the new one."""
    rows = run.batches_after(0)
    pairs = itertools.pairwise(rows)
    return {(after.epoch, after.batch): after.lr for before, after in pairs if before.lr != after.lr}


def _optimizer(optimizer: Optimizer, lr: float) -> str:
    kind = type(optimizer)
    usual = inspect.signature(kind).parameters
    now = {**optimizer.param_groups[0], "lr": lr}
    wanted = ("lr", "momentum") if kind is SGD else ("lr",)
    names = [name for name in usual if name in now and (name in wanted or now[name] != usual[name].default)]
    given = _arguments((name, now[name]) for name in names if name not in ("params", "foreach", "fused"))
    known = getattr(torch.optim, kind.__name__, None) is kind
    place = f"torch.optim.{kind.__name__}" if known else kind.__name__
    return f"{place}(model.parameters(), {given})"


def _arguments(pairs: Iterable[tuple[str, object]]) -> str:
    return ", ".join(f"{name}={value!r}" for name, value in pairs)
