"""Walk a pooling one window at a time: which cell wins, or what the average is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import torch
import traitlets

from signlang_widgets.datasets.whole_numbers import as_whole
from signlang_widgets.filters.ops import MODES, pool, winners
from signlang_widgets.filters.output_size import Sliding, check_fit
from signlang_widgets.widgets.common.assets import script, style
from signlang_widgets.widgets.common.inputs import SIDE_BY_EYE, WholeTrait, WordTrait

from .figure import draw_steps
from .planes import as_planes
from .stepper import PLAYER, Stepper, StepperSettings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from matplotlib.figure import Figure
    from torch import Tensor

EXAMPLE_IMAGE = torch.tensor([[1.0, 3.0, 6.0, 8.0], [5.0, 2.0, 3.0, 1.0], [7.0, 0.0, 4.0, 4.0], [2.0, 9.0, 4.0, 2.0]])


@dataclass(frozen=True)
class PoolingSettings(StepperSettings):
    """What the output of a pooling depends on."""

    size: int
    stride: int | None
    mode: str
    padding: int
    ceil_mode: bool

    def check(self) -> None:
        """Refuse settings that do not go together, with the cure."""
        as_whole("size", self.size, 1, SIDE_BY_EYE)
        as_whole("stride", self.size if self.stride is None else self.stride, 1, SIDE_BY_EYE)
        as_whole("padding", self.padding, 0, SIDE_BY_EYE)
        half = self.size // 2
        if not isinstance(self.mode, str) or self.mode not in MODES:
            raise ValueError(f"There is no pooling mode {self.mode!r}. Use one of {', '.join(MODES)}.")
        if self.padding > half:
            raise ValueError(
                f"padding is {self.padding}. For a {self.size}x{self.size} window use at most {half}, half its size."
            )
        if self.image.ndim == 3 and self.image.shape[0] != 1:
            raise ValueError(f"This image has {self.image.shape[0]} channels. Pool one at a time: pass image[0], say.")
        sliding = Sliding(self.stride or self.size, self.padding, ceil=self.ceil_mode)
        check_fit((self.image.shape[-2], self.image.shape[-1]), (self.size, self.size), sliding, "window")

    def output(self) -> Tensor:
        """Return the finished output, (H', W') float32."""
        return pool(
            _plane(self.image),
            self.size,
            stride=self.stride,
            mode=self.mode,
            padding=self.padding,
            ceil_mode=self.ceil_mode,
        )


class PoolingStepper(Stepper):
    """See an image shrink, one window at a time: the largest cell of each window wins, or the average is taken.

    >>> stepper = PoolingStepper()
    >>> stepper.step = 1
    >>> stepper.value
    8.0

    Parameters
    ----------
    image : LabelledImages, Tensor or array_like, optional
        (H, W) or (1, H, W), sides at most 128; or a ``LabelledImages`` of one grey image. Values are taken as given. A
        4x4 example when left out.
    size : int
        Side of the square window.
    stride : int, optional
        Cells from one window to the next; follows ``size`` while it is None.
    mode : {"max", "average"}
        What is kept of a window.
    padding : int
        Extra cells a side, at most size/2. They never win; in the average they count as 0.
    ceil_mode : bool
        Whether a last window may reach over the edge, so that no cell is left over.
    predict : bool
        Whether the value at the present step is hidden until the learner has typed it.
    hide, lock : iterable of str
        Controls to leave out or to fix, from ``PoolingStepper.CONTROLS``.

    Attributes
    ----------
    step : int
        The present output cell, counted row by row from 0. Settable. While it plays, observers hear at most 10 times a second.
    position : (int, int)
        Row and column of that cell, from 0.
    value : float
        What stands in it.
    output : Tensor
        The finished output, (H', W') float32: ``max_pool2d`` or ``avg_pool2d``.
    image : Tensor
        Settable: ``traitlets.dlink((convolution, "output"), (pooling, "image"))`` makes it follow. A step that the new
        output does not have starts again at 0.
    asked, correct : int
        How many cells were asked in predict mode, and how many of them were right at the first answer.

    Raises
    ------
    ValueError, TypeError
        For shapes, values or settings that do not go together, with the cure; the old ones stay.
    """

    SETTINGS = PoolingSettings
    CONTROLS: ClassVar[tuple[str, ...]] = (*PLAYER, "mode", "size", "stride", "padding", "ceil_mode", "winners")
    _esm = script("steppers/pooling_stepper.js")
    _css = style("drawing/products.css", "steppers/stepper.css", "steppers/pooling_stepper.css")

    size = WholeTrait(2).tag(sync=True)
    stride = WholeTrait(None, allow_none=True).tag(sync=True)
    mode = WordTrait(MODES, "max").tag(sync=True)
    padding = WholeTrait(0).tag(sync=True)
    ceil_mode = traitlets.Bool().tag(sync=True)

    def __init__(
        self,
        image: object = None,
        *,
        size: int = 2,
        stride: int | None = None,
        mode: str = "max",
        padding: int = 0,
        ceil_mode: bool = False,
        predict: bool = False,
        hide: Iterable[str] = (),
        lock: Iterable[str] = (),
    ) -> None:
        planes = as_planes(EXAMPLE_IMAGE if image is None else image, "image")
        settings = PoolingSettings(planes, size, stride, mode, padding, ceil_mode)
        super().__init__(settings, predict=predict, hide=hide, lock=lock)

    @property
    def winners(self) -> Tensor | None:
        """Which cell of the image won each window, (H', W') int64, counted row by row from 0; None for the average."""
        if self.mode == "average":
            return None
        return winners(
            _plane(self.image), self.size, stride=self.stride, padding=self.padding, ceil_mode=self.ceil_mode
        )

    @traitlets.validate("image", "size", "stride", "mode", "padding", "ceil_mode")
    def _check_setting(self, proposal: dict[str, Any]) -> Any:
        return self._check_change(proposal)

    def draw(self, figure: Figure) -> None:
        """Draw the image with its window, and the output as far as it is filled."""
        stride = self.stride or self.size
        row, column = self.position
        draw_steps(
            figure,
            {"image": _plane(self.image), "output": self.output},
            window=(row * stride - self.padding, column * stride - self.padding, self.size, self.size),
            step=self.step,
            hidden=self.predict,
        )

    def __repr__(self) -> str:
        height, width = self.image.shape[-2:]
        return f"PoolingStepper: image {height}x{width}, {self.mode} of {self.size}x{self.size}, {self._places()}"


def _plane(image: Tensor) -> Tensor:
    return image.reshape(image.shape[-2:])
