"""What the explorer's page asks for now and then: a number's chain, more pictures, a search, a sweep, a kernel."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, Any

from signlang_widgets.datasets.labelled_images import DataError
from signlang_widgets.networks.explain import explain
from signlang_widgets.networks.inference import Threads
from signlang_widgets.networks.kernel_swaps import convolutions
from signlang_widgets.networks.occlusion import sweep
from signlang_widgets.widgets.common.wire import packed

from .wire_forms import kernels_over

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .feature_explorer import FeatureExplorer

    Answer = dict[str, Any]

SLICE = 0.15  # seconds of work between two answers: other widgets wait no longer
MOST_PICTURES = 60


class Answers:
    """Hears questions ``{"id", "ask", ...}`` and sends ``{"id", ...}``, or ``{"id", "problem"}`` with a sentence."""

    def __init__(self, explorer: FeatureExplorer) -> None:
        self._explorer = explorer
        self._comparing: tuple[int, Iterator[tuple[int, int, int]]] | None = None
        self._ways: dict[str, Callable[[Answer], Answer]] = {
            "hello": self._hello,
            "chain": self._chain,
            "pictures": self._pictures,
            "search": self._search,
            "strongest": self._strongest,
            "sweep": self._sweep,
            "again": self._again,
            "kernels": self._kernels,
            "pick": self._pick,
            "put_back": self._put_back,
            "undo": self._undo,
            "accuracy": self._accuracy,
        }

    def hear(self, _widget: object, question: Any, _buffers: object) -> None:
        """Answer one question; what goes wrong is said in the page."""
        if not isinstance(question, dict) or question.get("ask") not in self._ways:
            return
        try:
            with self._explorer.inspected.lock:
                answer = self._ways[question["ask"]](question)
        except (ValueError, RuntimeError, LookupError, TypeError) as error:
            answer = {"problem": str(error)}
        data = answer.pop("data", None)
        self._explorer.send({"id": question.get("id"), **plain(answer)}, None if data is None else [data])

    def _chain(self, question: Answer) -> Answer:
        found = self._explorer.shown
        index = next(i for i, call in enumerate(found.calls) if call.name == question["layer"])
        place = _place(question, tuple(found.calls[index].output.shape[1:]))
        with Threads(1):
            return {"steps": [vars(step) for step in explain(found, index, place)]}

    def _hello(self, _: Answer) -> Answer:
        self._explorer.be_patient()
        return {}

    def _again(self, _: Answer) -> Answer:
        self._explorer.send_again()
        return {}

    def _pictures(self, question: Answer) -> Answer:
        numbers = [int(number) for number in question["numbers"]][:MOST_PICTURES]
        return {"numbers": numbers, **packed(self._explorer.gallery.thumbs(numbers))}

    def _search(self, _: Answer) -> Answer:
        survey, end = self._explorer.inspected.survey, time.monotonic() + SLICE
        while time.monotonic() < end and survey.step(32):
            pass
        if survey.done == survey.total:
            self._explorer.set_trait("dead", survey.dead())
        return {"done": survey.done, "total": survey.total}

    def _strongest(self, question: Answer) -> Answer:
        survey = self._explorer.inspected.survey
        if survey.done < survey.total:
            return {"images": None}
        return {"images": survey.strongest(question["layer"], int(question["channel"]))}

    def _sweep(self, question: Answer) -> Answer:
        explorer = self._explorer
        image = explorer.input.to(explorer.shown.images.device)
        found = sweep(explorer.inspected.model, image, int(question["size"]))
        answer = {"predicted": found.predicted, "score": found.score, "size": found.size, "stride": found.stride}
        return {**answer, **packed(found.drops)}

    def _kernels(self, question: Answer) -> Answer:
        layer = convolutions(self._explorer.inspected.model)[question["layer"]]
        return packed(kernels_over(layer, int(question["in_channel"])))

    def _pick(self, question: Answer) -> Answer:
        self._explorer.pick_kernel(question["layer"], int(question["channel"]), int(question["in_channel"]))
        return {}

    def _put_back(self, _: Answer) -> Answer:
        self._explorer.put_back()
        return {}

    def _undo(self, _: Answer) -> Answer:
        self._explorer.undo()
        return {}

    def _accuracy(self, _: Answer) -> Answer:
        explorer, end = self._explorer, time.monotonic() + SLICE
        split = explorer.gallery.labelled()
        if split is None:
            raise DataError("There are no labels to measure by: pass labels with the images.")
        if self._comparing is None or self._comparing[0] != explorer.inspected.version:
            self._comparing = (explorer.inspected.version, explorer.inspected.compare(split))
        steps = self._comparing[1]
        seen = next(steps)
        while seen[0] < len(split) and time.monotonic() < end:
            seen = next(steps)
        done, before, after = seen
        if done == len(split):
            self._comparing = None
            explorer.set_trait("accuracy", {"before": before / done, "after": after / done, "images": done})
        return {"done": done, "total": len(split)}


def _place(question: Answer, shape: tuple[int, ...]) -> tuple[int, ...]:
    """A cell of the page's planes as a place in the layer's output: maps of one pixel and vectors are one row there."""
    plane, row, column = (int(question[name]) for name in ("channel", "row", "column"))
    if len(shape) == 1:
        return (column,)
    if math.prod(shape[1:]) == 1:
        return (column, *(0 for _ in shape[1:]))
    if len(shape) == 2:
        return (plane, column)
    rest: list[int] = []
    for side in reversed(shape[2:]):
        column, at = divmod(column, side)
        rest.insert(0, at)
    return (plane, row, *rest)


def plain(value: Any) -> Any:
    """A value as JSON can carry it: NaN and infinity become None."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items()}
    return [plain(part) for part in value] if isinstance(value, (list, tuple)) else value
