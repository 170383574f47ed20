import gzip
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

import signlang_widgets as slw

DATA = Path(__file__).parents[2] / "data"
FILES = [DATA / f"sign_mnist_{name}.csv.gz" for name in ("train", "test")]


@pytest.fixture(scope="module")
def bundled():
    return slw.load_sign_mnist("bundled")


def test_every_still_letter_has_enough_pictures(bundled):
    for split, least in ((bundled.train, 100), (bundled.test, 25)):
        counts = torch.bincount(split.labels, minlength=26)
        assert counts[9] == counts[25] == 0  # J and Z are movements
        assert counts[counts > 0].min() >= least
        assert (counts > 0).sum() == 24


def test_the_files_are_small():
    assert sum(file.stat().st_size for file in FILES) <= 4_000_000


def test_no_picture_stands_there_twice(bundled):
    every = torch.cat([bundled.train.images, bundled.test.images]).flatten(1)
    assert len(torch.unique(every, dim=0)) == len(every)


def test_no_test_picture_is_nearly_a_training_picture(bundled):
    train, test = (split.tensors()[0].flatten(1) for split in bundled)
    nearest = torch.cdist(test, train).min(dim=1).values / 28  # root mean square difference of a pixel
    assert nearest.min() > 0.03  # grain alone gives 0.01


def test_pictures_of_one_letter_differ_in_light_and_shape(bundled):
    images, labels = bundled.train.tensors()
    for letter in labels.unique():
        some = images[labels == letter]
        assert some.mean(dim=(1, 2, 3)).std() > 0.03  # light
        assert some.std(dim=0).mean() > 0.08  # everything


def test_it_is_drawn_again_byte_for_byte_by_one_command(tmp_path):
    subprocess.run([sys.executable, DATA / "draw.py", tmp_path], check=True)
    for file in FILES:
        again = (tmp_path / file.name).read_bytes()
        assert again[4:8] == bytes(4)  # no time of day
        # The packed bytes may differ between builds of zlib; the table may not.
        assert gzip.decompress(again) == gzip.decompress(file.read_bytes())


def test_the_card_says_that_it_is_drawn():
    card = (DATA / "README.md").read_text(encoding="utf-8")
    for words in ("drawings, not photographs", "python data/draw.py", "What it is not for", "Licence"):
        assert words in card


def accuracy(model, bundled, epochs):
    """Share of right test letters after training as the chapter does: SGD, batches of 32, shuffled."""
    (images, labels), (test_images, test_labels) = (split.tensors() for split in bundled)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
    for _ in range(epochs):
        for batch in torch.randperm(len(images)).split(32):
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(images[batch]), labels[batch]).backward()
            optimizer.step()
    with torch.no_grad():
        return (model(test_images).argmax(1) == test_labels).float().mean().item()


@pytest.fixture
def one_thread():
    """Small batches: threads would only wait for each other, for minutes on a busy machine."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.mark.usefixtures("one_thread")
def test_a_linear_model_learns_much_and_a_convolutional_one_more(bundled):
    with torch.random.fork_rng():
        torch.manual_seed(3)
        linear = accuracy(nn.Sequential(nn.Flatten(), nn.Linear(784, 26)), bundled, epochs=20)
        net = nn.Sequential(nn.Conv2d(1, 4, 5), nn.ReLU(), nn.Flatten(), nn.Linear(4 * 24 * 24, 26))
        convolutional = accuracy(net, bundled, epochs=8)
    assert 0.45 < linear < 0.8  # chance is 0.04
    assert linear + 0.05 < convolutional < 0.95


def test_rows_hold_whole_numbers_only():
    for file in FILES:
        table = np.loadtxt(file, delimiter=",", skiprows=1, dtype=np.int64, max_rows=50)  # a second reader
        assert table.shape == (50, 785)
        assert table.min() >= 0
        assert table[:, 1:].max() <= 255
