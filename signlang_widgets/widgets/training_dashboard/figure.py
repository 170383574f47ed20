"""The dashboard's picture for places without a kernel: loss, accuracy and the last confusion matrix."""

from __future__ import annotations

from typing import TYPE_CHECKING

from signlang_widgets.plots.confusions import draw_matrix
from signlang_widgets.plots.runs import FIGURES, draw_curves

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from signlang_widgets.training.trainer import Trainer


def draw_training(figure: Figure, trainer: Trainer) -> None:
    """Draw a trainer's history side by side: loss, accuracy, confusion matrix.

    Parameters
    ----------
    figure : Figure
        Where to draw.
    trainer : Trainer
        Its history may be empty: the axes are drawn all the same.
    """
    figure.set_size_inches(12, 4)
    figure.set_layout_engine("constrained")
    *curves, matrix = figure.subplots(1, 3)
    for ax, (what, title) in zip(curves, FIGURES.items(), strict=True):
        draw_curves(ax, trainer.history, what)
        ax.set(xlabel="Epoch", ylabel=title, xlim=(0, max(1, trainer.epochs)))
        ax.legend(frameon=False)
    evaluations = trainer.evaluations
    if evaluations:
        draw_matrix(matrix, evaluations[max(evaluations)])
    else:
        matrix.set(xticks=[], yticks=[], xlabel="predicted", ylabel="true", title="no epoch yet")
