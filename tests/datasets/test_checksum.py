import zlib
from itertools import pairwise

import numpy as np

from signlang_widgets.datasets.checksum import BLOCK, file_checksum, memory_checksum

CONTENT = np.random.default_rng(3).bytes(4 * BLOCK + 4003)
LENGTH = len(CONTENT)


def of(content):
    return memory_checksum(memoryview(bytes(content)))


def test_it_is_the_size_and_the_crc_of_each_quarter(tmp_path):
    (tmp_path / "file").write_bytes(CONTENT)
    ends = [LENGTH * quarter // 4 for quarter in range(5)]
    codes = [f"{zlib.crc32(CONTENT[start:stop]):08x}" for start, stop in pairwise(ends)]
    assert file_checksum(tmp_path / "file") == of(CONTENT) == f"{LENGTH}-{''.join(codes)}"


def test_every_flipped_bit_shows():
    luck = np.random.default_rng(4)
    seen = {of(CONTENT)}
    for place in [*luck.integers(0, LENGTH, 200), 0, LENGTH - 1]:
        changed = bytearray(CONTENT)
        changed[place] ^= 1 << luck.integers(8)
        seen.add(of(changed))
    assert len(seen) == 203


def test_so_do_exchanged_pieces_and_a_zero_more_or_less(tmp_path):
    exchanged = CONTENT[8:16] + CONTENT[:8] + CONTENT[16:], CONTENT[LENGTH // 4 :] + CONTENT[: LENGTH // 4]
    assert len({of(CONTENT), *map(of, exchanged)}) == 3
    sizes = (0, 1, 2, 3, 4, 7, 8, 9, 4 * BLOCK, 4 * BLOCK + 1)
    assert len({of(bytes(size)) for size in sizes}) == len(sizes)
    for size in sizes:
        (tmp_path / "zeros").write_bytes(bytes(size))
        assert file_checksum(tmp_path / "zeros") == of(bytes(size))
