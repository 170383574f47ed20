"""The dashboard's picture for places without a kernel: loss, accuracy and the last confusion matrix."""

from __future__ import annotations

from typing import TYPE_CHECKING

from signlang_widgets.plots import DIVERGING, TEST_COLOUR, TRAIN_COLOUR

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from signlang_widgets.networks.evaluation import Evaluation
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
    figure.set_size_inches(9.6, 3)
    figure.set_layout_engine("constrained")
    axes = figure.subplots(1, 3)
    for ax, figure_of_run in zip(axes, ("loss", "accuracy"), strict=False):
        _draw_curves(ax, trainer, figure_of_run)
    evaluations = trainer.evaluations
    _draw_matrix(axes[2], evaluations[max(evaluations)] if evaluations else None)


def _draw_curves(ax: Axes, trainer: Trainer, name: str) -> None:
    history = trainer.history
    for split, colour, line in (("train", TRAIN_COLOUR, "o-"), ("test", TEST_COLOUR, "s--")):
        ax.plot(history["epoch"], history[f"{split}_{name}"], line, color=colour, markersize=4, label=split)
    ax.set(xlabel="epoch", title=name, xlim=(0, max(1, trainer.epochs)))
    ax.spines[["top", "right"]].set_visible(False)
    if name == "accuracy":
        ax.set_ylim(0, 1)
        ax.yaxis.set_major_formatter("{x:.0%}")
    ax.legend(frameon=False)


def _draw_matrix(ax: Axes, evaluation: Evaluation | None) -> None:
    from matplotlib.colors import LinearSegmentedColormap

    ax.set(xticks=[], yticks=[], xlabel="taken for", ylabel="true")
    if evaluation is None:
        ax.set_title("no epoch yet")
        return
    colours = LinearSegmentedColormap.from_list("counts", DIVERGING[1::-1])
    ax.imshow(evaluation.confusion.sqrt().numpy(), cmap=colours)
    ax.set_title(f"{len(evaluation):,} test images")
