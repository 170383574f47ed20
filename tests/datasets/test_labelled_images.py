import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import signlang_widgets as slw

NAMES = ("cat", "dog", "emu")


@pytest.fixture
def six():
    """Six images of 5x7 in two channels; image i holds i in every pixel of its first row."""
    images = torch.arange(6 * 2 * 5 * 7, dtype=torch.int64).remainder(251).to(torch.uint8).reshape(6, 2, 5, 7)
    return slw.LabelledImages(images, torch.tensor([0, 1, 2, 2, 1, 0]), NAMES)


def test_it_keeps_what_it_was_given(six):
    assert len(six) == 6
    assert six.class_names == NAMES
    assert six.labels.dtype == torch.int64
    assert repr(six) == "LabelledImages(6 images, 2x5x7, 3 classes)"


def test_a_string_of_letters_names_the_classes():
    assert slw.LabelledImages(torch.zeros(1, 1, 5, 7), torch.tensor([1]), "AB").class_names == ("A", "B")


@pytest.mark.parametrize(
    ("rows", "places"),
    [
        (slice(1, 4), [1, 2, 3]),
        (slice(None, None, 2), [0, 2, 4]),
        (slice(None, None, -1), [5, 4, 3, 2, 1, 0]),
        (slice(9, 20), []),
        (2, [2]),
        (-1, [5]),
        (np.int64(4), [4]),
        ([5, 0], [5, 0]),
        ((5, 0), [5, 0]),
        ([], []),
        (np.array([3, 3]), [3, 3]),
        (torch.tensor([1, 4]), [1, 4]),
        (torch.tensor(3), [3]),
        ([True, False, False, True, False, False], [0, 3]),
        (np.array([False] * 5 + [True]), [5]),
    ],
)
def test_every_way_to_choose_images_keeps_labels_beside_them(six, rows, places):
    chosen = six[rows]
    assert torch.equal(chosen.images, torch.stack([six.images[i] for i in places]) if places else six.images[:0])
    assert chosen.labels.tolist() == [six.labels[i].item() for i in places]
    assert chosen.class_names == NAMES


def test_a_mask_made_from_labels_chooses_a_class(six):
    assert six[six.labels == 2].labels.tolist() == [2, 2]


@pytest.mark.parametrize("rows", [6, -7, [0, 9], 1.5, "A", [0.5]])
def test_a_place_that_does_not_exist_is_refused(six, rows):
    with pytest.raises((IndexError, TypeError)):
        six[rows]


def test_a_slice_shares_memory(six):
    assert six[2:].images.data_ptr() == six.images[2].data_ptr()


def test_the_frame_is_the_chapters_table(real_files):
    chapter = pd.read_csv(real_files / "kaggle_train_first_rows.csv")
    images = torch.tensor(chapter.drop(columns="label").to_numpy(), dtype=torch.uint8).reshape(-1, 1, 28, 28)
    frame = slw.LabelledImages(images, torch.tensor(chapter["label"].to_numpy()), "ABCDEFGHIJKLMNOPQRSTUVWXYZ").frame()
    pd.testing.assert_frame_equal(frame, chapter)


def test_the_frame_reads_rows_before_columns():
    images = torch.arange(35, dtype=torch.uint8).reshape(1, 1, 5, 7)
    frame = slw.LabelledImages(images, torch.tensor([1]), NAMES).frame()
    assert frame.columns.tolist() == ["label", *(f"pixel{i}" for i in range(1, 36))]
    assert frame.loc[0, "pixel8"] == images[0, 0, 1, 0]
    assert frame.loc[0, "label"] == 1


def test_pixels_of_the_frame_can_be_subtracted():
    frame = slw.LabelledImages(torch.tensor([[[[3, 5]]]], dtype=torch.uint8), torch.tensor([0]), NAMES).frame()
    assert (frame["pixel1"] - frame["pixel2"]).tolist() == [-2]


def test_the_frame_of_floats_keeps_floats_and_that_of_nothing_is_empty(six):
    floats = slw.LabelledImages(torch.full((1, 1, 1, 2), 0.25), torch.tensor([0]), NAMES)
    assert floats.frame()["pixel2"].tolist() == [0.25]
    assert six[:0].frame().shape == (0, 71)


def test_tensors_are_what_a_model_reads(six):
    images, labels = six.tensors("cpu")
    assert images.dtype == torch.float32
    assert torch.equal(images, six.images.to(torch.float32) / 255)
    assert labels.dtype == torch.int64
    half = slw.LabelledImages(torch.full((1, 1, 5, 7), 0.5, dtype=torch.float64), torch.tensor([0]), NAMES)
    assert half.tensors()[0].dtype == torch.float32
    assert half.tensors()[0].unique().item() == 0.5


def test_tensors_go_to_the_device_asked_for(six):
    images, labels = six.tensors("meta")
    assert images.device.type == labels.device.type == "meta"


ZEROS = torch.zeros(2, 1, 5, 7)
ONES = torch.ones(2, dtype=torch.int64)


@pytest.mark.parametrize(
    ("images", "labels", "words"),
    [
        (np.zeros((2, 1, 5, 7)), ONES, "torch.as_tensor"),
        (torch.zeros(2, 5, 7), ONES, "unsqueeze"),
        (torch.zeros(2, 1, 0, 7), ONES, "no pixels"),
        (torch.zeros(2, 1, 5, 7, dtype=torch.int64), ONES, "uint8"),
        (torch.full((2, 1, 5, 7), 255.0), ONES, "divide by 255"),
        (torch.full((2, 1, 5, 7), -0.1), ONES, "0..1"),
        (torch.full((2, 1, 5, 7), float("nan")), ONES, "0..1"),
        (ZEROS, [1, 1], "torch.as_tensor"),
        (ZEROS, torch.ones(3, dtype=torch.int64), "(2,)"),
        (ZEROS, torch.ones(2, 1, dtype=torch.int64), "(2,)"),
        (ZEROS, torch.ones(2), ".long()"),
        (ZEROS, torch.ones(2, dtype=torch.bool), ".long()"),
        (ZEROS, torch.tensor([0, 3]), "0..2"),
        (ZEROS, torch.tensor([-1, 0]), "0..2"),
    ],
)
def test_what_does_not_fit_is_refused_with_a_cure(images, labels, words):
    with pytest.raises(slw.DataError) as caught:
        slw.LabelledImages(images, labels, NAMES)
    assert words in str(caught.value)
    assert isinstance(caught.value, ValueError)


def test_class_names_must_be_a_list_of_names():
    with pytest.raises(slw.DataError, match="class_names"):
        slw.LabelledImages(ZEROS, ONES, 3)
    with pytest.raises(slw.DataError, match="class_names"):
        slw.LabelledImages(torch.zeros(0, 1, 5, 7), torch.zeros(0, dtype=torch.int64), ())


@given(st.data())
def test_any_slice_equals_the_slice_of_a_list(data):
    count = data.draw(st.integers(0, 8))
    images = torch.arange(count, dtype=torch.uint8).reshape(-1, 1, 1, 1).expand(count, 1, 5, 7)
    some = slw.LabelledImages(images, torch.zeros(count, dtype=torch.int64), NAMES)
    rows = data.draw(st.slices(count))
    assert some[rows].images[:, 0, 4, 6].tolist() == list(range(count))[rows]


def no_values(*shape, dtype=torch.uint8):
    """A tensor of any shape that holds one value."""
    return torch.zeros(1, dtype=dtype).expand(shape)


@pytest.mark.parametrize(
    ("images", "labels", "words"),
    [
        (no_values(10**9, 1, 28, 28), no_values(10**9, dtype=torch.int64), "images of shape .* repeat themselves"),
        (no_values(10**9, 1, 28, 28, dtype=torch.float32), None, "images .* repeat"),
        (
            torch.zeros(4000, dtype=torch.uint8).as_strided((1 << 20, 1, 2048, 1024), (0, 1, 1, 1)),
            None,
            "images .* repeat",
        ),
        (
            torch.sparse_coo_tensor(size=(10**6, 1, 10**4, 10**4), check_invariants=True),
            None,
            "images must be a dense tensor",
        ),
        (torch.empty(10**6, 1, 10**4, 10**4, device="meta"), None, "images have a shape and no values"),
        (
            torch.zeros(3, 1, 2, 5),
            torch.sparse_coo_tensor(size=(3,), check_invariants=True).long(),
            "labels must be a dense tensor",
        ),
        (torch.zeros(3, 1, 2, 5), torch.empty(3, device="meta", dtype=torch.int64), "labels have a shape"),
    ],
)
def test_a_shape_that_claims_more_than_there_is_is_refused_before_anything_is_allocated(images, labels, words):
    labels = no_values(len(images), dtype=torch.int64) if labels is None else labels
    with pytest.raises(slw.DataError, match=words):
        slw.LabelledImages(images, labels, ("A",))


def test_a_small_picture_repeated_is_fine():
    assert len(slw.LabelledImages(torch.rand(1, 1, 3, 5).expand(20, 1, 3, 5), torch.zeros(20).long(), ("A",))) == 20
