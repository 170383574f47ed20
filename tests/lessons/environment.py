"""What every machine that runs a lesson unattended has in common, so that stored outputs can be compared."""

import os


def settle() -> None:
    """Let lessons take the bundled set and plain figures, whatever this machine has fetched or set."""
    os.environ["SIGNLANG_DATA"] = "bundled"
    for name in ("JPY_SESSION_NAME", "MPLBACKEND"):
        os.environ.pop(name, None)
