"""What several test files share."""

import os
from pathlib import Path

import pytest
import torch


@pytest.fixture(scope="session", autouse=True)
def one_thread():
    """Tests work on small tensors: on a busy machine two threads wait for each other longer than they work."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="session")
def real_files():
    """The folder with real photographs: never part of the project, so it may be missing, but not in CI."""
    beside = Path(__file__).parents[2] / "shared" / "sign-language-mnist"
    folder = Path(os.environ.get("SIGNLANG_TEST_DATA", beside))
    if not (folder / "sign_mnist_train.csv").is_file():
        missing = f"no real images in {folder}: name their folder in SIGNLANG_TEST_DATA"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    return folder


@pytest.fixture
def own_cache(tmp_path, monkeypatch):
    """An empty user cache folder, and no data folder set by the user."""
    monkeypatch.setattr("signlang_widgets.files.user_cache_path", lambda *_, **__: tmp_path / "cache" / "slw")
    monkeypatch.delenv("SIGNLANG_DATA", raising=False)
    return tmp_path / "cache" / "slw"
