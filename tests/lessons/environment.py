"""What every machine that runs a lesson unattended has in common, so that stored outputs can be compared."""

import os


def settle() -> None:
    """Let lessons take the bundled set, plain figures and one thread, whatever this machine has fetched or set."""
    os.environ["SIGNLANG_DATA"] = "bundled"
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # two threads on a busy machine mostly wait for each other
    for name in ("JPY_SESSION_NAME", "MPLBACKEND"):
        os.environ.pop(name, None)
