import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import signlang_widgets as slw
from signlang_widgets.datasets import download

from .kaggle_files import some_rows, text_of, write_pair

pytestmark = pytest.mark.usefixtures("own_cache")
BUNDLED = "Sign Language MNIST: bundled set, 2,400 training and 600 test images\n"


def assert_pair(sets, train, test):
    for images, rows in ((sets.train, train), (sets.test, test)):
        assert images.images.dtype == torch.uint8
        np.testing.assert_array_equal(images.images.numpy(), rows[:, 1:].reshape(-1, 1, 28, 28))
        np.testing.assert_array_equal(images.labels.numpy(), rows[:, 0])
        assert images.class_names == tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ")


TRAIN, TEST = some_rows(3, 1), some_rows(2, 2)


def test_real_photographs_load(real_files, capsys):
    sets = slw.load_sign_mnist(real_files)
    files = [pd.read_csv(real_files / f"sign_mnist_{name}.csv").to_numpy() for name in ("train", "test")]
    assert_pair(sets, *files)
    assert (
        capsys.readouterr().out == f"Sign Language MNIST: folder {real_files}, 5,000 training and 1,000 test images\n"
    )


def test_a_flat_folder_loads_by_path_and_by_name(tmp_path):
    folder = write_pair(tmp_path / "flat", TRAIN, TEST)
    assert_pair(slw.load_sign_mnist(folder), TRAIN, TEST)
    assert_pair(slw.load_sign_mnist(str(folder)), TRAIN, TEST)


def test_a_folder_as_kaggles_archive_unpacks_loads(tmp_path):
    for name, rows in (("train", TRAIN), ("test", TEST)):
        nested = tmp_path / f"sign_mnist_{name}"
        nested.mkdir()
        (nested / f"sign_mnist_{name}.csv").write_text(text_of(rows))
    (tmp_path / "amer_sign2.png").write_bytes(b"a picture that comes with it")
    assert_pair(slw.load_sign_mnist(tmp_path), TRAIN, TEST)


def test_a_pair_of_files_loads(tmp_path, capsys):
    folder = write_pair(tmp_path, TRAIN, TEST)
    pair = folder / "sign_mnist_train.csv", str(folder / "sign_mnist_test.csv")
    assert_pair(slw.load_sign_mnist(pair), TRAIN, TEST)
    assert_pair(slw.load_sign_mnist(list(pair)), TRAIN, TEST)
    assert capsys.readouterr().out.startswith("Sign Language MNIST: sign_mnist_train.csv and sign_mnist_test.csv, 3 ")


def test_train_and_test_unpack(tmp_path):
    train, test = slw.load_sign_mnist(write_pair(tmp_path, TRAIN, TEST))
    assert (len(train), len(test)) == (3, 2)


def test_auto_takes_the_folder_that_the_user_named(tmp_path, monkeypatch, capsys):
    put_full_set()
    monkeypatch.setenv("SIGNLANG_DATA", str(write_pair(tmp_path / "mine", TRAIN, TEST)))
    assert_pair(slw.load_sign_mnist(), TRAIN, TEST)
    assert capsys.readouterr().out == (
        "Sign Language MNIST: the folder in SIGNLANG_DATA, 3 training and 2 test images\n"
    )


def test_auto_refuses_a_named_folder_that_is_missing(tmp_path, monkeypatch):
    monkeypatch.setenv("SIGNLANG_DATA", str(tmp_path / "gone"))
    with pytest.raises(slw.DataError, match="gone"):
        slw.load_sign_mnist()


def put_full_set():
    write_pair(download.full_set_folder(), some_rows(5, 3), some_rows(4, 4))


def test_auto_takes_the_fetched_set_next(capsys):
    put_full_set()
    assert_pair(slw.load_sign_mnist(), some_rows(5, 3), some_rows(4, 4))
    assert_pair(slw.load_sign_mnist("full"), some_rows(5, 3), some_rows(4, 4))
    assert capsys.readouterr().out == "Sign Language MNIST: full set, 5 training and 4 test images\n" * 2


def test_auto_takes_the_bundled_set_last(capsys):
    assert len(slw.load_sign_mnist().test) == len(slw.load_sign_mnist("bundled").test) == 600
    assert capsys.readouterr().out == BUNDLED * 2


def test_half_a_fetched_set_is_not_taken(capsys):
    put_full_set()
    (download.full_set_folder() / "sign_mnist_test.csv").unlink()
    slw.load_sign_mnist()
    assert capsys.readouterr().out == BUNDLED
    with pytest.raises(slw.DataError, match="fetch_sign_mnist"):
        slw.load_sign_mnist("full")


@pytest.mark.parametrize("source", [3, None, ("a", "b", "c"), ["a"], (1, 2), object(), {}])
def test_a_source_that_is_none_of_these_is_refused(source):
    with pytest.raises(slw.DataError, match="Give a folder, a pair"):
        slw.load_sign_mnist(source)


def test_a_missing_folder_or_file_is_refused_with_a_cure(tmp_path):
    with pytest.raises(slw.DataError, match=r"There is no folder .*bundle.* Give one that holds"):
        slw.load_sign_mnist("bundle")
    with pytest.raises(slw.DataError, match=r"no sign_mnist_train\.csv in"):
        slw.load_sign_mnist(tmp_path)
    (tmp_path / "sign_mnist_train.csv").write_text(text_of(TRAIN))
    with pytest.raises(slw.DataError, match=r"no sign_mnist_test\.csv in"):
        slw.load_sign_mnist(tmp_path)
    with pytest.raises(slw.DataError, match=r"no file .*nowhere\.csv"):
        slw.load_sign_mnist((tmp_path / "sign_mnist_train.csv", tmp_path / "nowhere.csv"))


@pytest.mark.parametrize(
    "source", ["~nobody-of-this-name/hands", "x" * 5000, ("x" * 5000, "y"), ("~nobody-of-this-name/a", "b")]
)
def test_a_path_that_cannot_even_be_looked_at_is_refused(source):
    with pytest.raises(slw.DataError, match=r"cannot be opened .*\. Give a folder or files"):
        slw.load_sign_mnist(source)


def test_the_same_file_twice_is_refused(tmp_path):
    train = write_pair(tmp_path, TRAIN, TEST) / "sign_mnist_train.csv"
    link, copy = tmp_path / "link.csv", tmp_path / "copy.csv"
    os.link(train, link)
    copy.write_bytes(train.read_bytes())
    for again in (train, link):
        with pytest.raises(slw.DataError, match="is given twice"):
            slw.load_sign_mnist((train, again))
    with pytest.raises(slw.DataError, match="the same images"):
        slw.load_sign_mnist((train, copy))


def test_a_bad_file_is_named_with_its_line_and_nothing_is_printed(tmp_path, capsys):
    rows = some_rows(3).astype(object)
    rows[2, 9] = "3.7"
    folder = write_pair(tmp_path, rows, TEST)
    with pytest.raises(slw.DataError, match=r"sign_mnist_train\.csv, line 4: pixel9 is '3\.7'\. Write a whole number"):
        slw.load_sign_mnist(folder)
    assert capsys.readouterr().out == ""


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.text(max_size=300), st.tuples(st.text(max_size=9), st.text(max_size=9)), st.integers(), st.none()))
def test_any_source_is_a_set_or_a_refusal(source):
    try:
        assert isinstance(slw.load_sign_mnist(source), slw.SignMNIST)
    except slw.DataError as error:
        assert str(error)  # noqa: PT017  (both ends are right)


def test_painting_into_an_image_does_not_reach_the_next_load(tmp_path):
    folder = write_pair(tmp_path, TRAIN, TEST)
    slw.load_sign_mnist(folder).train.images.fill_(3)
    assert_pair(slw.load_sign_mnist(folder), TRAIN, TEST)


def test_what_only_parses_or_fetches_waits_until_it_is_needed():
    code = (
        "import sys, signlang_widgets, signlang_widgets.datasets.sign_mnist;"
        "print(sorted({'pandas', 'pooch', 'requests'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="names are text there")
def test_a_folder_whose_name_is_no_text_is_opened_and_can_be_shown(tmp_path, capfd):
    folder = write_pair(Path(os.fsdecode(os.fsencode(tmp_path) + b"/h\xe4nde")))
    slw.load_sign_mnist(folder)
    assert r"h\udce4nde, 3 training" in capfd.readouterr().out
    (folder / "sign_mnist_train.csv").unlink()
    with pytest.raises(slw.DataError) as caught:
        slw.load_sign_mnist(folder)
    str(caught.value).encode()
