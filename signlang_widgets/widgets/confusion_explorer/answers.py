"""What Python answers when the browser asks for images: some of a cell, or all about one. No answer exceeds 300 kB."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from signlang_widgets.datasets.labelled_images import DataError
from signlang_widgets.networks.confusions import SORTS, picture_size
from signlang_widgets.widgets.common.answering import whole
from signlang_widgets.widgets.common.wire import packed

from .traits import as_pin, check_index

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from signlang_widgets.networks.confusions import Confusions, Indices
    from signlang_widgets.widgets.common.answering import Answer, Answers, Question

TILE_SIDE = 48  # pixels of a picture in the gallery; larger ones are shrunk there
LARGE_SIDE = 256  # pixels of the open picture: 197 kB in RGB
MOST_TILES = 96
MOST_BYTES = 240_000
NEAREST = 3
FIRST_TILES = 24


def figures(confusions: Confusions, version: int) -> dict[str, Any]:
    """Return what the page computes the matrix and its figures from."""
    return {
        "version": version,
        "names": list(confusions.names),
        "matrix": packed(confusions.evaluation.confusion),
        "tile": _tile_shape(confusions),
        "total": len(confusions),
    }


def answers_about(confusions: Confusions, version: int) -> Answers:
    """Return what the page may ask about an evaluation; a question about another one is told which is shown now."""

    def asked_tiles(question: Question) -> Answer:
        start, stop = (whole(question, name) for name in ("start", "stop"))
        return tiles(confusions, ordered(confusions, question), start, stop)

    def asked_portrait(question: Question) -> Answer:
        return portrait(confusions, check_index(question["index"], len(confusions)))

    def present(answer: Callable[[Question], Answer], question: Question) -> Answer:
        told, buffers = answer(question) if question["version"] == version else ({}, [])
        return {**told, "version": version}, buffers

    return {"tiles": partial(present, asked_tiles), "portrait": partial(present, asked_portrait)}


def tiles(confusions: Confusions, order: Indices, start: int, stop: int) -> Answer:
    """Return the images at places ``start`` to ``stop`` of an order, fewer where they would not fit into a message."""
    shown = order[max(0, start) : max(0, min(stop, start + _most_tiles(confusions)))]
    return {"start": max(0, start), "length": len(shown)}, tile_buffers(confusions, shown)


def tile_buffers(confusions: Confusions, shown: Indices) -> list[bytes]:
    """Return indices, true and predicted classes (int32), confidences (float32) and pixels (uint8) of images."""
    evaluation = confusions.evaluation
    parts = [
        shown,
        evaluation.labels.numpy()[shown],
        evaluation.predictions.numpy()[shown],
        confusions.confidence[shown],
        confusions.pictures(shown, TILE_SIDE),
    ]
    return [packed(part)["data"] for part in parts]


def portrait(confusions: Confusions, index: int) -> Answer:
    """Return one image large, its five likeliest classes, its loss, and the correctly read images nearest to it."""
    one = np.array([index])
    evaluation = confusions.evaluation
    letters = list(dict.fromkeys([int(evaluation.labels[index]), int(evaluation.predictions[index])]))
    near = [confusions.nearest_right(index, letter, NEAREST) for letter in letters]
    classes, probabilities = confusions.top(one)
    large = confusions.pictures(one, LARGE_SIDE)
    told = {
        "index": index,
        "letters": letters,
        "near": [len(found) for found in near],
        "top": list(zip(classes[0].tolist(), probabilities[0].tolist(), strict=True)),
        "loss": float(evaluation.losses[index]),
        "shape": list(large.shape[1:]),
        "shrunk": _shrunk(confusions, large),
    }
    return told, [large.tobytes(), *tile_buffers(confusions, np.concatenate([one, *near]))]


def first_answers(confusions: Confusions, query: dict[str, Any], index: int | None) -> list[dict[str, Any]]:
    """Return what a stored notebook shows before its kernel runs: the first tiles of a place, and the open image."""
    answers = []
    if query["pin"] is not None:
        told, buffers = tiles(confusions, ordered(confusions, query), 0, FIRST_TILES)
        answers.append({"ask": "tiles", **query, **told, "buffers": buffers})
    if index is not None:
        told, buffers = portrait(confusions, index)
        answers.append({"ask": "portrait", "version": query["version"], **told, "buffers": buffers})
    while sum(len(part) for answer in answers for part in answer["buffers"]) > MOST_BYTES:
        answers.pop()
    return answers


def ordered(confusions: Confusions, query: dict[str, Any]) -> Indices:
    """Return the images that a question is about, in their order."""
    sort = query["sort"]
    if sort not in SORTS:
        raise DataError(f"Images cannot be sorted by {sort!r}. Use one of {', '.join(SORTS)}.")
    pin, descending, pairs = as_pin(query["pin"], confusions.names), bool(query["descending"]), bool(query["pairs"])
    return confusions.order(pin, sort, descending=descending, pairs=pairs)


def most_confident_mistakes_first(confusions: Confusions) -> Indices:
    """Return every image, mistakes first: what a page without Python keeps when it cannot keep all."""
    right = confusions.evaluation.labels == confusions.evaluation.predictions
    return np.lexsort((-confusions.confidence, right.numpy()))


def preloaded(confusions: Confusions, most_bytes: int) -> dict[str, Any]:
    """Return as many images as fit into ``most_bytes`` of a page, with all that sorting and opening them needs."""
    shape = _tile_shape(confusions)
    each = (math.prod(shape) + 4 * 17) * 4 // 3  # 17 numbers beside the pixels; bytes grow by a third as base64
    shown = np.sort(most_confident_mistakes_first(confusions)[: max(1, most_bytes // each)])
    classes, probabilities = confusions.top(shown)
    return {
        "length": len(shown),
        "shape": shape,
        "tiles": tile_buffers(confusions, shown),
        "sorts": {sort: packed(confusions.values(sort, shown)) for sort in SORTS},
        "classes": packed(classes),
        "probabilities": packed(probabilities),
    }


def _tile_shape(confusions: Confusions) -> list[int]:
    return [confusions.pixels.shape[1], *picture_size(confusions.pixels, TILE_SIDE)]


def _most_tiles(confusions: Confusions) -> int:
    return min(MOST_TILES, MOST_BYTES // math.prod(_tile_shape(confusions)))


def _shrunk(confusions: Confusions, large: NDArray[np.uint8]) -> list[int] | None:
    """The size before an image was shrunk, or None."""
    size = list(confusions.pixels.shape[2:])
    return None if size == list(large.shape[2:]) else size
