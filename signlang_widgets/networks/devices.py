"""Where the arithmetic runs (a CUDA GPU, Apple's GPU or the CPU) and the memory that it takes, in plain sentences."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import torch
from torch import nn

CPU = torch.device("cpu")


class DeviceError(RuntimeError):
    """A device that is missing, full or not where the model is; the message says what to do."""


def best_device() -> torch.device:
    """CUDA before MPS before the CPU."""
    if torch.cuda.is_available():
        return torch.device("cuda", torch.cuda.current_device())
    return torch.device("mps", 0) if torch.backends.mps.is_available() else CPU


def checked_device(device: torch.device | str) -> torch.device:
    """The device of that name, if this machine has it; "auto" is the best one."""
    if _is_auto(device):
        return best_device()
    try:
        wanted = torch.device(device)
    except (RuntimeError, TypeError, ValueError, OverflowError) as error:
        raise DeviceError(f"There is no device called {device!r}: use 'auto', 'cpu', 'cuda' or 'mps'.") from error
    if wanted.type == "cpu":
        return CPU
    present = {"cuda": torch.cuda.device_count(), "mps": int(torch.backends.mps.is_available())}.get(wanted.type, 0)
    number = wanted.index or 0
    if number >= present:
        raise DeviceError(f"There is no {wanted} here: use device='auto', which takes the best that there is.")
    return torch.device(wanted.type, number)


def model_device(model: nn.Module) -> torch.device:
    """Where the model's weights are (the CPU for a model without any).

    Raises
    ------
    TypeError
        If it is no model.
    """
    if not isinstance(model, nn.Module):
        name = getattr(model, "__name__", "")
        cure = f"make one with {name}()" if isinstance(model, type) else "such as nn.Sequential(...)"
        raise TypeError(f"model must be a torch.nn.Module, got {name or type(model).__name__}: {cure}.")
    places = {tensor.device for tensor in (*model.parameters(), *model.buffers())}
    if len(places) > 1:
        names = ", ".join(sorted(map(str, places)))
        raise DeviceError(
            f"The model is spread over {names}: bring it together with model.to('{min(names.split(', '))}')."
        )
    return places.pop() if places else CPU


def device_to_read_on(model: nn.Module, device: torch.device | str) -> torch.device:
    """Where a model is evaluated: where it is. Another device than that is refused."""
    here = model_device(model)
    if not _is_auto(device) and checked_device(device) != here:
        raise DeviceError(_elsewhere(here, checked_device(device)))
    return here


def device_to_train_on(model: nn.Module, device: torch.device | str) -> torch.device:
    """Where a model is trained. A model on the CPU may move; one on another GPU is refused."""
    here = model_device(model)
    wanted = here if _is_auto(device) and here != CPU else checked_device(device)
    if here not in (CPU, wanted):
        raise DeviceError(_elsewhere(here, wanted))
    return wanted


@contextmanager
def memory_explained(batch_size: int) -> Iterator[None]:
    """Turn the GPU's "out of memory" into a sentence with the cure."""
    try:
        yield
    except torch.cuda.OutOfMemoryError as error:
        raise DeviceError(
            f"The GPU has no memory left for batches of {batch_size}. Use a smaller batch_size, "
            "close other notebooks that use the GPU, or train with device='cpu'."
        ) from error


def memory_in_use(device: torch.device | str) -> int | None:
    """Bytes: what tensors take on a GPU, on the CPU what the whole process takes; None where nobody says."""
    place = torch.device(device)
    if place.type == "cuda":
        return int(torch.cuda.memory_allocated(place))
    if place.type == "mps":
        return int(torch.mps.current_allocated_memory())
    return _process_memory() if place == CPU else None


def _is_auto(device: object) -> bool:
    return isinstance(device, str) and device == "auto"


def _elsewhere(here: torch.device, wanted: torch.device) -> str:
    return (
        f"The model is on {here}, but {wanted} was asked for: move it with model.to('{wanted}'), or use device='auto'."
    )


def _process_memory() -> int | None:
    """Now, where Linux tells it; elsewhere the most so far."""
    try:
        resident = int(Path("/proc/self/statm").read_text("ascii").split()[1])
        return resident * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return _peak_memory()


def _peak_memory() -> int | None:
    try:
        import resource
    except ImportError:  # Windows
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int(peak) if sys.platform == "darwin" else int(peak) * 1024
