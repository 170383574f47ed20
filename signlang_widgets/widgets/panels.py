"""Several widgets in one box, tied together by their traits: the only room that knows more than one of them.

Colab gives each output a frame of its own, so views that follow each other must be children of one widget.
"""

from __future__ import annotations

import io
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import ipywidgets

from signlang_widgets.datasets.labelled_images import LabelledImages
from signlang_widgets.networks.evaluation import Evaluation, evaluate
from signlang_widgets.networks.kernel_swaps import convolutions
from signlang_widgets.training.trainer import Trainer
from signlang_widgets.widgets.common import cell_runs
from signlang_widgets.widgets.common.inputs import check_kind, check_model
from signlang_widgets.widgets.common.page import page
from signlang_widgets.widgets.common.whole_messages import WholeMessages
from signlang_widgets.widgets.confusion_explorer.confusion_explorer import ConfusionExplorer
from signlang_widgets.widgets.feature_explorer.feature_explorer import FeatureExplorer
from signlang_widgets.widgets.kernel_editor.kernel_editor import KernelEditor
from signlang_widgets.widgets.training_dashboard.training_dashboard import TrainingDashboard

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from torch import nn

    from signlang_widgets.widgets.common.base import Widget

MOST_EDITED = 5  # pictures that fit side by side under an editor


class Panel(WholeMessages, ipywidgets.VBox):
    """The common part of the panels; use one of its members."""

    PYTHON_ALONE: ClassVar[frozenset[str]] = frozenset({"children", "box_style"})
    _ipython_display_ = None  # ipywidgets 7 would show the view alone, without the picture

    def __init__(self, *makers: Callable[[], Widget]) -> None:
        """Make the widgets one after the other; if one of them cannot be made, those before it are closed."""
        with ExitStack() as made:
            widgets = []
            for make in makers:
                widgets.append(make())
                made.callback(widgets[-1].close)
            super().__init__(children=widgets)
            cell_runs.adopt(self, type(self).close)
            made.pop_all()

    def png(self) -> bytes:
        """Return the pictures of the widgets, one under the other, as PNG bytes."""
        from PIL import Image

        pictures = [Image.open(io.BytesIO(widget.png())) for widget in self.children]
        both = Image.new("RGB", (max(p.width for p in pictures), sum(p.height for p in pictures)), "white")
        for i, picture in enumerate(pictures):
            both.paste(picture, (0, sum(p.height for p in pictures[:i])))
        target = io.BytesIO()
        both.save(target, "PNG")
        return target.getvalue()

    def to_html(self, path: str | Path) -> Path:
        """Write one page with the widgets one under the other; there, each of them lives for itself."""
        target = Path(path)
        target.write_text(page(self.children, title=type(self).__name__), encoding="utf-8")
        return target

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        view = {"version_major": 2, "version_minor": 0, "model_id": self.model_id}
        return {
            "text/plain": repr(self),
            "image/png": self.png(),
            "application/vnd.jupyter.widget-view+json": view,
        }

    def __repr__(self) -> str:
        return f"{type(self).__name__}: {', '.join(map(repr, self.children))}"

    def close(self) -> None:
        """Close the widgets and the box around them. Closing twice does no harm."""
        if self.comm is None:
            return
        children, layout = self.children, self.layout
        super().close()
        layout.close()
        for widget in children:
            widget.close()


class TrainingBench(Panel):
    """See a network learn, and after each epoch the very images that it misreads.

    The explorer shows the epoch that the dashboard's slider stands at; the pinned cell stays.

    Parameters
    ----------
    trainer : Trainer
        The run, at rest: until its first epoch has ended, the explorer shows what the model reads now.
    models : mapping of str to callable, optional
        Names and factories for the dashboard's menu.

    Attributes
    ----------
    dashboard : TrainingDashboard
    explorer : ConfusionExplorer
    """

    def __init__(self, trainer: Trainer, *, models: Mapping[str, Callable[[], nn.Module]] | None = None) -> None:
        check_kind(trainer, Trainer, "trainer", "use slw.Trainer(model, data)")
        test = trainer.data.test
        shown = trainer.evaluations.get(max(trainer.evaluations, default=0)) or evaluate(trainer.model, test)
        # A dashboard that closes stops its run, so what may be refused is made before it.
        explorer = partial(ConfusionExplorer, shown, test)
        super().__init__(explorer, partial(TrainingDashboard, trainer, models=models))
        self.explorer, self.dashboard = self.children
        self.set_trait("children", (self.dashboard, self.explorer))
        self.dashboard.observe(self._follow, ["epoch", "epochs_done"])

    def _follow(self, _: object) -> None:
        if self.dashboard.evaluation is not None:
            self.explorer.update(self.dashboard.evaluation)


class MistakeBench(Panel):
    """Open a misread image in the confusion matrix, and look at it from inside the network.

    Parameters
    ----------
    model : nn.Module
        From (N, C, H, W) images to (N, classes) scores.
    images : LabelledImages
        The split to read.
    evaluation : Evaluation, optional
        What ``evaluate(model, images)`` gave; computed here when left out.

    Attributes
    ----------
    confusions : ConfusionExplorer
    features : FeatureExplorer
    """

    def __init__(self, model: nn.Module, images: LabelledImages, evaluation: Evaluation | None = None) -> None:
        check_model(model)
        check_kind(images, LabelledImages, "images", "the split to read, with its labels")
        read = evaluate(model, images) if evaluation is None else evaluation
        super().__init__(partial(ConfusionExplorer, read, images), partial(FeatureExplorer, model, images))
        self.confusions, self.features = self.children
        self.confusions.observe(self._open, "selected_image")

    def _open(self, change: dict[str, Any]) -> None:
        if change["new"] is not None:
            self.features.selected_image = change["new"]


class KernelBench(Panel):
    """Pick a learned kernel of the first layer, edit it by hand, put it back, and see what that does to the scores.

    Parameters
    ----------
    model : nn.Module
        Its first convolution has square kernels of odd size.
    images : LabelledImages
        Grey images; the first five stand under the editor.

    Attributes
    ----------
    features : FeatureExplorer
    editor : KernelEditor
    """

    def __init__(self, model: nn.Module, images: LabelledImages) -> None:
        check_model(model)
        self._first, kernel = _first_kernel(model)
        super().__init__(partial(FeatureExplorer, model, images), lambda: KernelEditor(images[:MOST_EDITED], kernel))
        self.features, self.editor = self.children
        self.features.observe(self._open, "picked_kernel")
        self.editor.observe(self._hand_over, "kernel")

    def _open(self, change: dict[str, Any]) -> None:
        if self._picked_here():
            self.editor.kernel = change["new"]["kernel"]

    def _hand_over(self, change: dict[str, Any]) -> None:
        if self._picked_here() and len(change["new"]) == len(self.features.picked_kernel["kernel"]):
            self.features.edited_kernel = change["new"].tolist()

    def _picked_here(self) -> bool:
        picked = self.features.picked_kernel
        return picked is not None and picked["layer"] == self._first


def _first_kernel(model: nn.Module) -> tuple[str, Any]:
    """The name of the first convolution, and one of its kernels."""
    name, layer = next(iter(convolutions(model).items()), ("", None))
    if layer is None:
        raise ValueError(
            f"{type(model).__name__} has no convolution, so it has no kernels to edit. Use FeatureExplorer."
        )
    return name, layer.weight[0, 0].detach().cpu().numpy()
