"""What is looked at before a run: data that belong together, and a last batch that a batch norm can learn from."""

from __future__ import annotations

from signlang_widgets.datasets.labelled_images import DataError, LabelledImages

from .run_folder import Splits
from .settings import SettingError


def splits_of(data: Splits) -> tuple[LabelledImages, LabelledImages]:
    """The images to learn from and those to test on."""
    if not (hasattr(data, "train") and hasattr(data, "test")):
        raise DataError(
            f"data must have two sets of images, train and test, got {type(data).__name__}: "
            "give what load_sign_mnist() gives, or SignMNIST(train, test) of two LabelledImages."
        )
    return data.train, data.test


def check_splits(train: LabelledImages, test: LabelledImages) -> None:
    """Refuse sets of images that do not belong together."""
    for name, split in (("training", train), ("test", test)):
        if not isinstance(split, LabelledImages):
            raise DataError(f"The {name} data must be LabelledImages, got {type(split).__name__}.")
        if not len(split):
            raise DataError(f"The {name} split is empty: it needs at least one image.")
    if train.images.shape[1:] != test.images.shape[1:]:
        shapes = [tuple(split.images.shape[1:]) for split in (train, test)]
        raise DataError(f"Training images are {shapes[0]} but test images are {shapes[1]}: make them the same size.")
    if train.class_names != test.class_names:
        raise DataError(
            "Training and test data have different class names: give both the same names in the same order."
        )


def refuse_lone_image(layer: str, left: int, images: int, batch_size: int) -> None:
    """Say it before the first batch when a batch norm will meet a batch of one image, from which it cannot learn.

    ``left`` images are to come in this epoch, ``images`` in each later one.
    """
    if not layer or not _ends_alone(left, images, batch_size):
        return
    larger = range(batch_size + 1, batch_size + 9)
    better = next((size for size in larger if not _ends_alone(left, images, size)), None)
    cure = f"use batch_size={better}, for example" if better else "give it more training images"
    raise SettingError(
        f"With batch_size={batch_size} the last batch of {images} images would hold one image, and {layer} cannot learn "
        f"from a single one: {cure}."
    )


def _ends_alone(left: int, images: int, batch_size: int) -> bool:
    return batch_size == 1 or 1 in (left % batch_size, images % batch_size)
