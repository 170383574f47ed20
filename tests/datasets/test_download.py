import hashlib
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

import signlang_widgets as slw
from signlang_widgets.datasets import download

from .kaggle_files import some_rows, text_of

TRAIN, TEST = (text_of(some_rows(count, seed)).encode() for count, seed in ((40, 1), (20, 2)))
FILES = {"/sign_mnist_train.csv": TRAIN, "/sign_mnist_test.csv": TEST}


def git_blob_id(content):
    return hashlib.sha1(f"blob {len(content)}\0".encode() + content).hexdigest()


def honest(request, content):
    request.reply(200, content)


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(self.path)
        with suppress(ConnectionError):  # the client may have gone away
            self.server.answers.get(self.path, honest)(self, FILES.get(self.path.removeprefix("/moved"), b"none"))

    def reply(self, status, body, length=None, **headers):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


pytestmark = pytest.mark.usefixtures("own_cache")


@pytest.fixture
def server(monkeypatch):
    """A server on loopback that holds two small files; ``server.answers`` makes it misbehave, path by path."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.answers, server.asked, server.release = {}, [], threading.Event()
    monkeypatch.setattr(download, "BASE_URL", f"http://127.0.0.1:{server.server_port}/")
    names = (("sign_mnist_train.csv", TRAIN), ("sign_mnist_test.csv", TEST))
    monkeypatch.setattr(download, "BLOB_IDS", {name: git_blob_id(content) for name, content in names})
    monkeypatch.setattr(download, "TIMEOUT", 0.5)
    monkeypatch.setattr(download, "LONGEST", 3.0)
    monkeypatch.setattr(download, "LARGEST", 1 << 20)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield server
    server.release.set()
    server.shutdown()
    server.server_close()
    thread.join()


def left_behind():
    folder = download.full_set_folder()
    return sorted(path.name for path in folder.rglob("*")) if folder.exists() else []


@pytest.mark.usefixtures("server")
def test_the_set_arrives_verified_and_is_loaded(capsys):
    sets = slw.fetch_sign_mnist()
    assert (len(sets.train), len(sets.test)) == (40, 20)
    assert left_behind() == ["sign_mnist_test.csv", "sign_mnist_train.csv"]
    assert (download.full_set_folder() / "sign_mnist_train.csv").read_bytes() == TRAIN
    printed = capsys.readouterr()
    assert printed.out == "Sign Language MNIST: full set, 40 training and 20 test images\n"
    assert "100%" in printed.err  # the progress bar


def test_a_second_call_asks_for_nothing(server):
    slw.fetch_sign_mnist()
    slw.fetch_sign_mnist()
    assert server.asked == list(FILES)


def test_a_copy_spoilt_on_disk_is_fetched_again(server):
    slw.fetch_sign_mnist()
    (download.full_set_folder() / "sign_mnist_test.csv").write_bytes(TEST[:-50])
    slw.fetch_sign_mnist()
    assert (download.full_set_folder() / "sign_mnist_test.csv").read_bytes() == TEST
    assert server.asked == [*FILES, "/sign_mnist_test.csv"]


def test_a_redirect_to_the_right_file_is_followed(server):
    server.answers["/sign_mnist_train.csv"] = lambda r, _: r.reply(302, b"", Location="/moved/sign_mnist_train.csv")
    assert len(slw.fetch_sign_mnist().train) == 40


def truncates(request, content):
    request.reply(200, content[:-1000], length=len(content))


def truncates_without_saying_the_length(request, content):
    request.wfile.write(b"HTTP/1.0 200 OK\r\n\r\n" + content[:-1000])


def stalls_at_once(request, _content):
    request.server.release.wait(20)


def stalls_half_way(request, content):
    request.reply(200, content[:5000], length=len(content))
    request.wfile.flush()
    request.server.release.wait(20)


def sends_a_page_instead(request, _content):
    request.reply(200, b"<html>please log in</html>")


def redirects_to_a_page(request, _content):
    request.reply(302, b"", Location="/login")


def redirects_for_ever(request, _content):
    request.reply(302, b"", Location=request.path)


def changes_one_byte(request, content):
    request.reply(200, content[:-3] + bytes([content[-3] ^ 1]) + content[-2:])


def sends_more(request, content):
    request.reply(200, content + b"1\n")


def says_a_wrong_length(request, content):
    request.reply(200, content, length="many")


def says_gzip(request, content):
    request.reply(200, content, Content_Encoding="gzip")


def has_no_such_file(request, _content):
    request.reply(404, b"404: Not Found")


def breaks(request, _content):
    request.reply(500, b"")


def hangs_up(request, _content):
    request.close_connection = True


def talks_nonsense(request, _content):
    request.wfile.write(b"\x00\x01\x02 nonsense \r\n\r\n")


def drips(request, content):
    request.reply(200, b"", length=len(content))
    drip(request, content)


def drips_headers(request, content):
    request.wfile.write(b"HTTP/1.0 200 OK\r\nX-Long: ")
    drip(request, content)


def drip(request, content):
    """A byte at a time, each soon enough for every timeout; without end, if nobody goes away."""
    for byte in content:
        request.wfile.write(bytes([byte | 32]))
        if request.server.release.wait(0.1):
            return


def sends_without_end(request, _content):
    request.wfile.write(b"HTTP/1.0 200 OK\r\n\r\n")
    while not request.server.release.is_set():
        request.wfile.write(bytes(1 << 16))


BAD = [
    drips,
    drips_headers,
    sends_without_end,
    truncates,
    truncates_without_saying_the_length,
    stalls_at_once,
    stalls_half_way,
    sends_a_page_instead,
    redirects_to_a_page,
    redirects_for_ever,
    changes_one_byte,
    sends_more,
    says_a_wrong_length,
    says_gzip,
    has_no_such_file,
    breaks,
    hangs_up,
    talks_nonsense,
]


@pytest.mark.parametrize("bad", BAD)
def test_a_bad_answer_is_refused_and_leaves_nothing(server, bad):
    server.answers["/sign_mnist_train.csv"] = bad
    started = time.monotonic()
    with pytest.raises(slw.DataError, match=r"sign_mnist_train\.csv .*[Cc]all fetch_sign_mnist\(\) again"):
        slw.fetch_sign_mnist()
    assert time.monotonic() - started < 10
    assert left_behind() == []
    with pytest.raises(slw.DataError, match="not on this machine"):
        slw.load_sign_mnist("full")


def test_after_a_bad_answer_the_next_call_starts_again_and_keeps_what_was_right(server):
    server.answers["/sign_mnist_test.csv"] = truncates
    with pytest.raises(slw.DataError, match="sign_mnist_test"):
        slw.fetch_sign_mnist()
    assert left_behind() == ["sign_mnist_train.csv"]
    with pytest.raises(slw.DataError, match="not on this machine"):
        slw.load_sign_mnist("full")
    server.answers.clear()
    assert len(slw.fetch_sign_mnist().test) == 20
    assert server.asked == [*FILES, "/sign_mnist_test.csv"]


@pytest.mark.usefixtures("server")
def test_the_part_of_a_fetch_that_was_killed_is_swept():
    folder = download.full_set_folder()
    folder.mkdir(parents=True)
    (folder / "sign_mnist_train.csv.0a1b2c3d.part").write_bytes(TRAIN[:999])
    slw.fetch_sign_mnist()
    assert left_behind() == ["sign_mnist_test.csv", "sign_mnist_train.csv"]


@pytest.mark.usefixtures("server")
def test_an_interrupted_download_leaves_nothing(monkeypatch):
    def interrupted(_url, part):
        part.write_bytes(TRAIN)
        raise KeyboardInterrupt

    monkeypatch.setattr(download, "_download", interrupted)
    with pytest.raises(KeyboardInterrupt):
        slw.fetch_sign_mnist()
    assert left_behind() == []


def test_a_server_that_is_not_there_is_explained(monkeypatch):
    monkeypatch.setattr(download, "BASE_URL", "http://127.0.0.1:9/")
    with pytest.raises(slw.DataError, match="bundled"):
        slw.fetch_sign_mnist()


@pytest.mark.usefixtures("server")
def test_a_folder_that_takes_no_files_is_explained(own_cache):
    own_cache.parent.mkdir()
    own_cache.write_text("a file where the folder should be")
    with pytest.raises(slw.DataError, match="disk"):
        slw.fetch_sign_mnist()


def test_what_is_pinned_is_what_the_chapter_reads():
    assert download.BASE_URL.endswith("/ml-notes/c9c85efec8bc4fcdce1ab7863cd058cbc3c27a37/data/sign-language-mnist/")
    assert download.BLOB_IDS["sign_mnist_train.csv"].startswith("ac853c48")
    assert download.BLOB_IDS["sign_mnist_test.csv"].startswith("92d57ca6")


def test_the_blob_id_is_gits_own(tmp_path):
    known = tmp_path / "hello"
    known.write_bytes(b"hello world\n")
    assert download._blob_id(known) == "3b18e512dba79e4c8300dd08aeb37f8e728b8dad"  # git hash-object
