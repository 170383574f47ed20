"""Memory in use: what psutil says of this process; nothing where nobody tells."""

import psutil
import pytest
import torch

from signlang_widgets.networks import devices


def test_the_process_is_as_large_as_another_library_says():
    assert devices.memory_in_use("cpu") == pytest.approx(psutil.Process().memory_info().rss, rel=0.05)


def test_it_grows_with_a_tensor():
    before = devices.memory_in_use("cpu")
    held = torch.ones(2**24)
    assert devices.memory_in_use("cpu") - before > 0.9 * held.nbytes


def test_without_linux_s_files_it_is_the_most_so_far(monkeypatch):
    def missing(*_):
        raise OSError

    now = devices.memory_in_use("cpu")
    monkeypatch.setattr(devices.Path, "read_text", missing)
    assert devices.memory_in_use("cpu") >= 0.95 * now


def test_a_device_that_does_not_tell():
    assert devices.memory_in_use("meta") is None
