"""Small, non-square data and models that the tests of the engine share."""

from types import SimpleNamespace

import torch
from torch import nn

import signlang_widgets as slw
from signlang_widgets.training.events import BatchEnded

NAMES = ("M", "N", "S")
FIGURES = ["epoch", "train_loss", "test_loss", "train_accuracy", "test_accuracy", "lr"]


def split(count, seed, names=NAMES):
    """Random 5x7 pictures of two channels."""
    generator = torch.Generator().manual_seed(seed)
    images = torch.randint(0, 256, (count, 2, 5, 7), dtype=torch.uint8, generator=generator)
    labels = torch.randint(0, len(names), (count,), generator=generator)
    return slw.LabelledImages(images, labels, names)


def data(train=22, test=9):
    return SimpleNamespace(train=split(train, 1), test=split(test, 2))


def net(seed=0):
    """A convolution whose pictures are not square, and no randomness."""
    torch.manual_seed(seed)
    return nn.Sequential(nn.Conv2d(2, 4, (2, 3)), nn.MaxPool2d(2), nn.ReLU(), nn.Flatten(), nn.Linear(16, 3))


def trainer(model=None, splits=None, **settings):
    settings = {"epochs": 3, "batch_size": 4, "lr": 0.1, **settings}
    return slw.Trainer(model or net(), splits or data(), **settings)


def same_run(one, other):
    """Bit for bit: every figure of every epoch, every batch, every weight."""
    weights = zip(one.model.parameters(), other.model.parameters(), strict=True)
    return (
        one.history[FIGURES].equals(other.history[FIGURES])
        and one.batch_history.equals(other.batch_history)
        and all(torch.equal(a, b) for a, b in weights)
    )


class Breakable(nn.Module):
    """A model that calls ``breaks`` before each forward pass in train mode, with the number of the pass."""

    def __init__(self, breaks=None):
        super().__init__()
        self.net, self.breaks, self.passes = net(), breaks, 0

    def forward(self, images):
        scores = self.net(images)
        if self.training:
            self.passes += 1
            spoilt = self.breaks(self.passes) if self.breaks else None
            scores = scores if spoilt is None else scores * spoilt
        return scores


def when(run, happens, then):
    """Call ``then`` the first time that ``happens(event)``."""

    def listener(event):
        if happens(event):
            leave()
            then()

    leave = run.subscribe(listener)


def is_batch(epoch, batch):
    return lambda event: isinstance(event, BatchEnded) and (event.epoch, event.batch) == (epoch, batch)


def drive(run, way):
    if way == "cell":
        run.run()
    elif way == "thread":
        run.start("thread")
        run.wait(60)
    else:
        run.start("browser")
        while run.tick(0.001):
            pass
        run.wait()
