"""The full set from the internet: pinned, verified before use, all or nothing."""

from __future__ import annotations

import hashlib
import sys
import threading
from pathlib import Path
from time import monotonic

from signlang_widgets.files import cache_folder, sweep, whole_file

from .labelled_images import DataError

TRAIN_FILE, TEST_FILE = "sign_mnist_train.csv", "sign_mnist_test.csv"

# The address that the chapter reads, pinned to the commit that added the files.
BASE_URL = (
    "https://raw.githubusercontent.com/PhilChodrow/ml-notes/"
    "c9c85efec8bc4fcdce1ab7863cd058cbc3c27a37/data/sign-language-mnist/"
)
# git's own name for each file's content there.
BLOB_IDS = {
    TRAIN_FILE: "ac853c483879f6dc2d529d876f54a4d1c3c024b8",
    TEST_FILE: "92d57ca6970e5e6dd8f09937798902fbb7ce4746",
}
TIMEOUT = 30.0  # seconds without a byte
LONGEST = 3600.0  # seconds in all, a file: the larger one at 25 kB a second
LARGEST = 1 << 27  # bytes a file; the larger one has 83 million


def full_set_folder() -> Path:
    """Where the fetched files lie once they were verified."""
    return cache_folder() / "full"


def fetch_full_set() -> None:
    """Fetch whatever is not here yet; a DataError, and nothing kept, when the bytes are not the published ones."""
    sweep(full_set_folder())  # what a fetch left that was killed
    for name, blob_id in BLOB_IDS.items():
        path = full_set_folder() / name
        if not (path.is_file() and _blob_id(path) == blob_id):
            _fetch(name, blob_id, path)


def _fetch(name: str, blob_id: str, path: Path) -> None:
    try:
        with whole_file(path) as part:
            _download(BASE_URL + name, part)
            if _blob_id(part) != blob_id:
                raise DataError(
                    f"{name} did not arrive as it was published, so it was thrown away. "
                    "Call fetch_sign_mnist() again; behind a login page, log in first."
                )
    except DataError:
        raise
    except (OSError, ValueError) as error:  # requests' errors are OSErrors; a length that is no number is a ValueError
        raise DataError(
            f"{name} could not be fetched ({type(error).__name__}). Check the connection and the free disk space, "
            "then call fetch_sign_mnist() again; load_sign_mnist('bundled') works without internet."
        ) from error


def _download(url: str, part: Path) -> None:
    """Fetch a file within the limits of size and time, in a thread: a server that drips keeps whoever reads waiting."""
    bar, failed = _Bar(), list[BaseException]()

    def get() -> None:
        try:
            import pooch

            # Uncompressed on the way, so that the server says how long the file is and the bar shows how much is left.
            plain = {"Accept-Encoding": "identity"}
            pooch.HTTPDownloader(progressbar=bar, timeout=TIMEOUT, headers=plain)(url, str(part), None)
        except BaseException as error:  # noqa: BLE001 - raised below, where somebody waits for it
            failed.append(error)

    thread, end = threading.Thread(target=get, name="signlang-download", daemon=True), monotonic() + LONGEST
    thread.start()
    try:
        while thread.is_alive() and monotonic() < end:
            thread.join(0.2)  # short, or an interrupt would wait as well (Windows)
        if thread.is_alive():
            raise TimeoutError
    finally:
        bar.ended = True  # and with its next bytes the thread
    if failed:
        raise failed[0]


class _Bar:
    """The progress bar that pooch fills, which ends a download that is too large or that nobody waits for any more."""

    def __init__(self) -> None:
        self.ended = False
        self._seen = 0

    def _begin(self, total: int) -> None:
        from tqdm import tqdm

        self._bar = tqdm(total=total, ncols=79, ascii=sys.platform == "win32", unit="B", unit_scale=True)

    total = property(fset=_begin)  # pooch sets it once the answer has begun

    def update(self, count: int) -> None:
        self._seen += count
        if self.ended or self._seen > LARGEST:
            raise OSError("more than the file that was asked for")
        self._bar.update(count)

    def reset(self) -> None:
        self._seen = 0
        self._bar.reset()

    def close(self) -> None:
        self._bar.close()


def _blob_id(path: Path) -> str:
    """Git's name for a file's content: the SHA-1 of its length and its bytes."""
    digest = hashlib.sha1(b"blob %d\0" % path.stat().st_size, usedforsecurity=False)
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
