import gzip
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from signlang_widgets import DataError
from signlang_widgets.datasets.kaggle_csv import parted, read_kaggle_csv

from .kaggle_files import HEADER, some_rows, text_of

ROWS = some_rows(3)
RIGHT = text_of(ROWS)


@pytest.fixture
def file(tmp_path):
    def write(content, name="hands.csv"):
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


def assert_holds(path, rows):
    pixels, labels = parted(read_kaggle_csv(path))
    assert pixels.dtype == labels.dtype == np.uint8
    assert pixels.flags.c_contiguous
    np.testing.assert_array_equal(pixels, rows[:, 1:])
    np.testing.assert_array_equal(labels, rows[:, 0])


def refusal(path):
    """The words of the refusal, which must begin with the file's own name."""
    with pytest.raises(DataError) as caught:
        read_kaggle_csv(path)
    assert str(path) in str(caught.value)
    return str(caught.value)


def test_a_right_file_loads(file):
    assert_holds(file(RIGHT), ROWS)


def test_real_photographs_load_as_pandas_reads_them(real_files):
    path = real_files / "kaggle_train_first_rows.csv"
    assert_holds(path, pd.read_csv(path).to_numpy())


SHUFFLE = np.random.default_rng(5).permutation(785)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("windows.csv", text_of(ROWS, end="\r\n")),
        ("old_mac.csv", text_of(ROWS, end="\r")),
        ("excel.csv", "\ufeff" + RIGHT),
        ("cut_newline.csv", RIGHT.rstrip("\n")),
        ("spaces_alone.csv", " \n" + RIGHT.replace("\n", "\n  \n")),
        ("blank_lines.csv", "\n" + RIGHT.replace("\n", "\n\n") + "\n"),
        ("spaces.csv", RIGHT.replace(",", ", ").replace(", pixel", ",pixel")),
        ("quoted.csv", '"' + RIGHT.strip().replace(",", '","').replace("\n", '"\n"') + '"\n'),
        ("shuffled.csv", text_of(ROWS[:, SHUFFLE], [HEADER[i] for i in SHUFFLE])),
        ("packed.csv.gz", gzip.compress(RIGHT.encode())),
        ("packed_windows.csv.gz", gzip.compress(("\ufeff" + text_of(ROWS, end="\r\n")).encode())),
    ],
)
def test_harmless_oddities_load(file, name, content):
    assert_holds(file(content, name), ROWS)


def spoilt(row, column, value, rows=ROWS):
    """A right file with one cell replaced; row counts from 0, so the line is two more."""
    changed = rows.astype(object)
    changed[row, column] = value
    return text_of(changed)


@pytest.mark.parametrize("row", [0, 2])
@pytest.mark.parametrize(
    "value", ["256", "-1", "3.7", "3.0", "1e2", "", " ", "x", "NaN", "inf", "True", "9" * 30, "٣", "1_0"]
)
def test_a_wrong_pixel_is_named_with_its_line(file, row, value):
    words = refusal(file(spoilt(row, 4, value)))
    assert f"line {row + 2}: pixel4 is" in words
    assert "0 to 255" in words


@pytest.mark.parametrize("value", ["26", "-1", "255", "A", "", "2.5"])
def test_a_wrong_label_is_named_with_its_line(file, value):
    words = refusal(file(spoilt(1, 0, value)))
    assert "line 3: label is" in words
    assert "25 (Z)" in words


def test_the_first_of_several_faults_is_named(file):
    assert "line 3: pixel7 is 300." in refusal(file(spoilt(1, 7, "300", rows=np.vstack([ROWS, ROWS * 999]))))


def test_a_fault_far_down_is_found(file):
    rows = some_rows(3000)
    assert "line 2903: pixel784 is 256" in refusal(file(spoilt(2901, 784, "256", rows)))


def test_a_fault_is_found_under_crlf_and_in_shuffled_columns(file):
    shuffled = ROWS[:, SHUFFLE].astype(object)
    shuffled[1, 5] = "-3"
    text = text_of(shuffled, [HEADER[i] for i in SHUFFLE], end="\r\n")
    assert f"line 3: {HEADER[SHUFFLE[5]]} is -3" in refusal(file(text))


LINES = RIGHT.splitlines()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (text_of(ROWS[:, 1:], HEADER[1:]), "line 1: there is no column 'label'"),
        (text_of(ROWS, ["letter", *HEADER[1:]]), "no column 'label'"),
        ("\n".join(LINES[1:]), "no column 'label'"),
        (text_of(ROWS[:, :785][:, :500], HEADER[:500]), "499 of the 784 pixel columns"),
        (text_of(ROWS[:, [*range(785), 784]], [*HEADER, "pixel785"]), "'pixel785' too many"),
        (pd.DataFrame(ROWS, columns=HEADER).to_csv(), "index=False"),
        (text_of(ROWS[:, [*range(785), 784]], [*HEADER, "pixel784"]), "twice"),
        (text_of(ROWS, [*HEADER[:-1], "pixel1"]), "pixel784 is missing"),
        ("", "is empty"),
        (" \n\n", "is empty"),
        ("\ufeff", "is empty"),
        (LINES[0], "a header and no image"),
        (LINES[0] + "\n\n", "a header and no image"),
        ("\n".join([*LINES, "3,4,5"]), "line 5: 3 of 785 fields"),
        ("\n".join([*LINES, "3,4,5\n"]), "line 5: 3 of 785 fields"),
        ("\n".join([*LINES[:2], LINES[2] + ",7", LINES[3]]), "line 3: 786 fields"),
        ("\n".join([LINES[0], *(line + ",7" for line in LINES[1:])]), "line 2: 786 fields"),
        ("\n".join([LINES[0], *(line + "," for line in LINES[1:])]), "line 2: 786 fields"),
        (text_of(np.zeros((2, 786), int), HEADER), "line 2: 786 fields"),
        (RIGHT.replace(",", ";"), "no column 'label'"),
        ("<!DOCTYPE html>\n<html><body>404</body></html>", "no column 'label'"),
        (RIGHT + '"', "fields"),
        (bytes(range(256)) * 40, "not a text file"),
        (b"\x89PNG\r\n\x1a\n" + bytes(2000), "not a text file"),
        (RIGHT.encode("utf-16"), "not a text file"),
        (RIGHT.encode() + b"\0", "not a text file"),
        (gzip.compress(RIGHT.encode()), "not a text file"),
        ("\n".join([LINES[0], "", "  ", LINES[1], LINES[2].replace(",", ",x", 1)]), "line 5: pixel1 is 'x"),
        ('"' + RIGHT * 20, "not a table that can be read"),
    ],
)
def test_a_file_of_another_shape_is_refused_with_a_cure(file, content, words):
    said = refusal(file(content))
    assert words in said
    assert said.count(". ") >= 1  # what happened, then what to do


def test_a_damaged_archive_is_refused(file):
    packed = gzip.compress(RIGHT.encode())
    assert "not a whole gzip file" in refusal(file(packed[:-20], "cut.csv.gz"))
    assert "not a whole gzip file" in refusal(file(RIGHT, "renamed.csv.gz"))
    assert "not a whole gzip file" in refusal(file(packed[:40] + b"xxxxxxxx" + packed[48:], "bent.csv.gz"))
    assert "is empty" in refusal(file(gzip.compress(b""), "nothing.csv.gz"))


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    assert "There is no file" in refusal(tmp_path / "nowhere.csv")
    assert "cannot be read" in refusal(tmp_path)
    assert "cannot be read" in refusal(Path("a\0b.csv"))


def loads_or_refuses(content, name):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        try:
            pixels, labels = parted(read_kaggle_csv(path))
        except DataError:
            refusal(path)
        else:
            assert pixels.shape == (len(labels), 784)
            assert len(labels) > 0
            assert labels.max() <= 25


fuzz = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@fuzz
@given(st.binary(max_size=300), st.sampled_from(["x.csv", "x.csv.gz"]))
@example(b"\x1f\x8b", "x.csv.gz")
@example(b'"', "x.csv")
def test_any_bytes_are_a_set_or_a_refusal(content, name):
    loads_or_refuses(content, name)


CELLS = st.one_of(
    st.integers(-2, 300).map(str),
    st.sampled_from(
        ["", " ", '"', "\0", "\r", "\n", "NA", "3.7", "1e400", "-0", "+7", "0x1", "#", "'", "9" * 400, "label"]
    ),
    st.text(max_size=5),
)


@fuzz
@given(st.integers(0, 3), st.integers(0, 784), CELLS)
def test_any_cell_is_a_set_or_a_refusal(line, column, cell):
    lines = [text.split(",") for text in LINES]
    lines[line][column] = cell
    loads_or_refuses("\n".join(",".join(cells) for cells in lines).encode("utf-8", "replace"), "x.csv")


@fuzz
@given(st.data())
def test_any_cut_insertion_or_swap_is_a_set_or_a_refusal(data):
    content = bytearray(RIGHT.encode())
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(content)))
        stop = data.draw(st.integers(start, min(len(content), start + 4000)))
        content[start:stop] = data.draw(st.binary(max_size=6))
    loads_or_refuses(bytes(content), "x.csv")


@fuzz
@given(st.binary(min_size=784, max_size=784), st.integers(0, 25))
def test_any_right_row_loads_unchanged(pixels, label):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.csv"
        path.write_text(text_of([[label, *pixels]]))
        assert_holds(path, np.array([[label, *pixels]]))
