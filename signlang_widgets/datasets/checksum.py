"""A checksum so cheap that a file of 80 MB is checked at every opening: CRC-32 of its four quarters, side by side.

It is enough for what happens by accident: a quarter in which up to 32 neighbouring bits changed never passes, any other
one passes once in four thousand million times, and who forges files can as well write to the kernel's memory. On two
cores, for the training file of the full set: 16 ms; in one thread 30, sha256 51, blake2b 93, and pandas parses it in 640.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

PARTS = 4
BLOCK = 1 << 19  # bytes


def file_checksum(path: Path) -> str:
    """The size of a file and 32 hexadecimal digits for its content."""

    def quarter(start: int, stop: int) -> int:
        code, block = 0, memoryview(bytearray(min(BLOCK, stop - start)))
        with path.open("rb", buffering=0) as file:
            file.seek(start)
            while start < stop and (count := file.readinto(block[: stop - start])):
                code = zlib.crc32(block[:count], code)
                start += count
        return code

    return _joined(path.stat().st_size, quarter)


def memory_checksum(content: memoryview) -> str:
    """As ``file_checksum`` for a file that holds these bytes."""
    return _joined(len(content), lambda start, stop: zlib.crc32(content[start:stop]))


def _joined(size: int, quarter: Callable[[int, int], int]) -> str:
    ends = [size * number // PARTS for number in range(PARTS + 1)]
    with ThreadPoolExecutor(PARTS) as threads:
        codes = threads.map(quarter, ends[:-1], ends[1:])
    return f"{size}-{''.join(f'{code:08x}' for code in codes)}"
