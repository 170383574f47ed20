"""How much memory a run takes, as far as this machine tells."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import torch

from .devices import CPU


def memory_in_use(device: torch.device | str) -> int | None:
    """Bytes: what tensors take on a GPU, on the CPU what the whole process takes; None where nobody says."""
    place = torch.device(device)
    if place.type == "cuda":
        return int(torch.cuda.memory_allocated(place))
    if place.type == "mps":
        return int(torch.mps.current_allocated_memory())
    return _process_memory() if place == CPU else None


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
