"""Every benchmark, or those named: ``python -m tests.benchmarks [kernel_editor ...]``. Each prints a table with its peer."""

import argparse
import importlib
from pathlib import Path

NAMES = sorted(path.stem.removeprefix("bench_") for path in Path(__file__).parent.glob("bench_*.py"))


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument(
        "names", nargs="*", choices=[*NAMES, []], help=f"some of {', '.join(NAMES)}; all if none is given"
    )
    for name in parser.parse_args().names or NAMES:
        print(f"\n== {name}", flush=True)
        importlib.import_module(f"{__package__}.bench_{name}").main()


if __name__ == "__main__":
    main()
