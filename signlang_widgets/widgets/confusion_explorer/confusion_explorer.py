"""Click the confusion matrix, see the images behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import traitlets
from torch import Tensor

from signlang_widgets.datasets.labelled_images import LabelledImages
from signlang_widgets.networks.confusions import SORTS, Confusions
from signlang_widgets.networks.evaluation import Evaluation
from signlang_widgets.widgets.common.assets import script, style
from signlang_widgets.widgets.common.base import Widget
from signlang_widgets.widgets.common.inputs import (
    WholeTrait,
    WordTrait,
    WrongKindError,
    as_numbers,
    check_kind,
    check_names,
)

from .answers import answers_about, figures, first_answers, preloaded
from .figure import draw_confusions
from .kept_flags import flags_of, keep_flags
from .traits import FlagsTrait, PinTrait, check_index

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd
    from matplotlib.figure import Figure

    from signlang_widgets.networks.confusions import Indices
    from signlang_widgets.widgets.common.answering import Answers

PAGE_BYTES = 8_000_000


class ConfusionExplorer(Widget):
    """See which letters are predicted for which; click a cell and see the very images, surest or least sure first.

    >>> evaluation = slw.Evaluation.from_scores([0, 1, 1], [[2.0, 0.0], [0.0, 2.0], [1.0, 0.0]], ("M", "N"))
    >>> slw.ConfusionExplorer(evaluation, torch.zeros(3, 28, 28), pinned=("N", "M")).selection
    array([2])

    Parameters
    ----------
    evaluation : Evaluation
        What ``evaluate(model, split)`` or ``Evaluation.from_scores`` gives: 2 to 200 classes.
    images : LabelledImages or Tensor
        The same images: the split, or (N, C, H, W) or (N, H, W), grey or RGB, uint8 (0..255) or float (0..1).
    pinned : (true, predicted), optional
        The cell whose images show, as names or indices; ``("M", None)`` pins a row, ``(None, "N")`` a column.
    mode : {"count", "recall", "precision"}
        Whether a cell shows images, their share of the row, or of the column.
    hide_diagonal : bool
        Whether what was read correctly is left blank, so that colours serve the mistakes.
    pairs : bool
        Whether M for N and N for M count together.
    all_classes : bool
        Whether classes show that are neither in the images nor among the answers.
    sort : {"confidence", "margin", "loss"}
        What images are sorted by. The margin is the lead of the first probability over the second.
    descending : bool
        Whether the largest comes first.
    selected_image : int, optional
        The open image.
    hide, lock : iterable of str
        Controls to leave out or to fix, from ``ConfusionExplorer.CONTROLS``.

    Attributes
    ----------
    selection : ndarray
        (n,) int64, the images of the pinned place, in the order shown.
    selected : DataFrame
        The same with ``index, true, predicted, confidence, margin, loss``.
    flags : dict of int to str
        "wrong label?" or "unclear" for each flagged image. Flags are remembered while the kernel runs, for any explorer of
        the same images: running the cell again keeps them. Assign another dict to change them from Python.
    flagged : DataFrame
        The flagged images as in ``selected``, with ``flag``: ``explorer.flagged.to_csv("flags.csv", index=False)``.
    pinned, selected_image, mode, hide_diagonal, pairs, all_classes, sort, descending
        Settable, as above; a click in the page sets them too, so ``traitlets.link`` ties them to other widgets.

    Raises
    ------
    DataError
        If evaluation and images do not fit together, or there is no such class, image or flag.
    """

    CONTROLS: ClassVar[tuple[str, ...]] = (
        *("mode", "hide_diagonal", "pairs", "all_classes", "strip", "matrix"),
        *("figures", "sort", "flag", "nearest"),
    )
    _esm = script("confusion_explorer/confusion_explorer.js")
    _css = style("confusion_explorer/confusion_explorer.css")

    figures: traitlets.Dict[str, Any] = traitlets.Dict(read_only=True).tag(sync=True)
    first: traitlets.List[Any] = traitlets.List(read_only=True).tag(sync=True)
    mode = WordTrait(["count", "recall", "precision"]).tag(sync=True)
    hide_diagonal = traitlets.Bool().tag(sync=True)
    pairs = traitlets.Bool().tag(sync=True)
    all_classes = traitlets.Bool().tag(sync=True)
    sort = WordTrait(SORTS).tag(sync=True)
    descending = traitlets.Bool().tag(sync=True)
    pinned = PinTrait(None, allow_none=True).tag(sync=True)
    selected_image = WholeTrait(None, allow_none=True).tag(sync=True)
    flags = FlagsTrait({}).tag(sync=True, to_json=lambda value, _: {str(index): word for index, word in value.items()})

    def __init__(
        self,
        evaluation: Evaluation,
        images: object,
        *,
        pinned: Any = None,
        mode: str = "count",
        hide_diagonal: bool = False,
        pairs: bool = False,
        all_classes: bool = False,
        sort: str = "confidence",
        descending: bool = False,
        selected_image: int | None = None,
        hide: Iterable[str] = (),
        lock: Iterable[str] = (),
    ) -> None:
        check_kind(evaluation, Evaluation, "evaluation", "use evaluate(model, split)")
        if not isinstance(images, LabelledImages | Tensor):
            raise WrongKindError(
                f"images must be a LabelledImages or a tensor, got {type(images).__name__}: use torch.as_tensor."
            )
        as_numbers(images, "images")
        self._held: tuple[Confusions, int] | None = Confusions(evaluation, images), 0
        check_names(self.names, "class_names")
        self._words = f"ConfusionExplorer: {self.count} images, {len(self.names)} classes"
        self.set_trait("figures", figures(*self._held))
        look = {"mode": mode, "hide_diagonal": hide_diagonal, "pairs": pairs, "all_classes": all_classes}
        order = {"sort": sort, "descending": descending}
        flags = flags_of(self._confusions.split)
        super().__init__(
            flags=flags, pinned=pinned, selected_image=selected_image, hide=hide, lock=lock, **look, **order
        )
        with self.closed_if_refused():
            query = {"version": 0, "pin": self.pinned, "pairs": pairs, **order}
            self.set_trait("first", first_answers(self._confusions, query, self.selected_image))

    @property
    def names(self) -> tuple[str, ...]:
        """The class names, in the order of their indices."""
        return self._confusions.names

    @property
    def count(self) -> int:
        """How many images there are."""
        return len(self._confusions)

    @property
    def evaluation(self) -> Evaluation:
        """What is shown now; ``update`` replaces it."""
        return self._confusions.evaluation

    @property
    def selection(self) -> Indices:
        """The images of the pinned place, (n,) int64, in the order shown; none when nothing is pinned."""
        order = self._confusions.order(self.pinned, self.sort, descending=self.descending, pairs=self.pairs)
        return order.copy()

    @property
    def selected(self) -> pd.DataFrame:
        """The same images as a table: ``index, true, predicted, confidence, margin, loss``."""
        return self._confusions.frame(self.selection)

    @property
    def flagged(self) -> pd.DataFrame:
        """The flagged images, by index: as ``selected``, and ``flag``."""
        flagged = dict(sorted(self.flags.items()))
        table = self._confusions.frame(np.array(list(flagged), dtype=np.int64))
        return table.assign(flag=list(flagged.values()))

    def update(self, evaluation: Evaluation) -> None:
        """Show another evaluation of the same images, such as the next epoch's; pin, mode, open image and flags stay.

        Raises
        ------
        DataError
            If it is of other images.
        """
        check_kind(evaluation, Evaluation, "evaluation", "use evaluate(model, split)")
        confusions, version = self._confusions, self.figures["version"] + 1
        self._held = confusions.renewed(evaluation), version
        self.set_trait("figures", figures(*self._held))

    def answers(self) -> Answers:
        """Return what the page may ask about the evaluation shown now."""
        held = self._held
        return {} if held is None else answers_about(*held)

    def draw(self, figure: Figure) -> None:
        """Draw the matrix and the first images of the pinned place."""
        look = {"mode": self.mode, "pairs": self.pairs, "hide_diagonal": self.hide_diagonal}
        first = self.selection[:12]
        draw_confusions(figure, self._confusions, self.pinned, first, every_class=self.all_classes, **look)

    def page_state(self) -> dict[str, Any]:
        """Return the traits and as many images as a page of about 8 MB holds: mistakes first, then the surest others."""
        return {**super().page_state(), "first": [], "preloaded": preloaded(self._confusions, PAGE_BYTES)}

    def release(self) -> None:
        """Let go of the images and the evaluation."""
        self._held = None

    def __repr__(self) -> str:
        return self._words

    @property
    def _confusions(self) -> Confusions:
        if self._held is None:
            raise RuntimeError("This explorer is closed. Run its cell again.")
        return self._held[0]

    @traitlets.validate("selected_image")
    def _check_image(self, proposal: dict[str, Any]) -> int | None:
        if proposal["value"] is not None:
            check_index(proposal["value"], self.count)
        return proposal["value"]

    @traitlets.observe("flags")
    def _keep_flags(self, _: object) -> None:
        keep_flags(self._confusions.split, self.flags)
