"""Walk a convolution one output cell at a time: window, products, sum, bias, ReLU."""

from __future__ import annotations

import math
from dataclasses import dataclass
from numbers import Real
from typing import TYPE_CHECKING, Any, ClassVar

import torch
import traitlets

from signlang_widgets.datasets.whole_numbers import as_whole
from signlang_widgets.filters.kernels import KERNELS, LARGEST_VALUE
from signlang_widgets.filters.ops import cross_correlate
from signlang_widgets.filters.output_size import Sliding, check_fit
from signlang_widgets.widgets.common.assets import script, style
from signlang_widgets.widgets.common.inputs import WholeTrait
from signlang_widgets.widgets.common.wire import packed

from .figure import draw_steps
from .planes import PlanesTrait, as_planes
from .stepper import PLAYER, Stepper, StepperSettings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from matplotlib.figure import Figure
    from torch import Tensor

EXAMPLE_IMAGE = torch.tensor([[0.0, 1.0, 2.0], [3.0, 4.0, 5.0], [6.0, 7.0, 8.0]])
EXAMPLE_KERNEL = torch.tensor([[0.0, 1.0], [2.0, 3.0]])
LARGEST_SETTING = 32


@dataclass(frozen=True)
class ConvolutionSettings(StepperSettings):
    """What the output of a convolution depends on."""

    kernel: Tensor
    stride: int
    padding: int
    dilation: int
    bias: float
    relu: bool
    flip: bool
    normalize: bool

    def check(self) -> None:
        """Refuse settings that do not go together, with the cure."""
        as_whole("stride", self.stride, 1, LARGEST_SETTING)
        as_whole("dilation", self.dilation, 1, LARGEST_SETTING)
        as_whole("padding", self.padding, 0, LARGEST_SETTING)
        _check_bias(self.bias)
        theirs, ours = _channels(self.image), _channels(self.kernel)
        if theirs != ours:
            raise ValueError(
                f"The image has {_counted(theirs)}, the kernel {_counted(ours)}. "
                "Give both the same number: the kernel needs one plane a channel."
            )
        sliding = Sliding(self.stride, self.padding, self.dilation)
        check_fit(_sides(self.image), _sides(self.kernel), sliding, "kernel")

    def output(self) -> Tensor:
        """Return the finished output, (H', W') float32."""
        return cross_correlate(
            _stacked(self.image) / 255 if self.normalize else _stacked(self.image),
            _stacked(self.kernel),
            stride=self.stride,
            padding=self.padding,
            dilation=self.dilation,
            bias=self.bias,
            relu=self.relu,
            flip=self.flip,
        )


class ConvolutionStepper(Stepper):
    """See a kernel laid on an image, one output cell at a time: the products, their sum, the bias, ReLU.

    >>> stepper = ConvolutionStepper()
    >>> stepper.step = 1
    >>> stepper.position, stepper.value
    ((0, 1), 25.0)

    Parameters
    ----------
    image : LabelledImages, Tensor or array_like, optional
        (H, W) or (C, H, W), sides at most 128, at most 16 channels; or a ``LabelledImages`` of one image. Values are
        taken as given: uint8 is stepped as 0..255. The chapter's 3x3 example when left out.
    kernel : str, Tensor or array_like, optional
        (kh, kw) or (C, kh, kw) of any size that fits, or a name from ``signlang_widgets.filters.kernels.KERNELS``, laid on every
        channel. The chapter's 2x2 example when left out.
    stride, padding, dilation : int
        As in ``torch.nn.Conv2d``, at most 32. The learner may change them.
    bias : float
        Added to every sum.
    relu : bool
        Whether negative results become 0.
    flip : bool
        Whether the kernel is turned by 180 degrees first (convolution in the mathematicians' sense).
    predict : bool
        Whether the value at the present step is hidden until the learner has typed it.
    normalize : bool
        Whether the image is divided by 255 first.
    hide, lock : iterable of str
        Controls to leave out or to fix, from ``ConvolutionStepper.CONTROLS``.

    Attributes
    ----------
    step : int
        The present output cell, counted row by row from 0. Settable. While it plays, observers hear at most 10 times a second.
    position : (int, int)
        Row and column of that cell, from 0.
    value : float
        What stands in it, after bias and ReLU.
    output : Tensor
        The finished output, (H', W') float32: ``conv2d`` plus bias and ReLU.
    image, kernel : Tensor
        Settable; a step that the new output does not have starts again at 0.
    asked, correct : int
        How many cells were asked in predict mode, and how many of them were right at the first answer.

    Raises
    ------
    ValueError, TypeError
        For shapes, values or settings that do not go together, with the cure; the old ones stay.
    """

    SETTINGS = ConvolutionSettings
    CONTROLS: ClassVar[tuple[str, ...]] = (*PLAYER, "stride", "padding", "dilation", "bias", "relu", "flip")
    _esm = script("steppers/convolution_stepper.js")
    _css = style("drawing/products.css", "steppers/stepper.css", "steppers/convolution_stepper.css")

    kernel = PlanesTrait("kernel").tag(sync=True, to_json=lambda value, _: packed(value))
    stride = WholeTrait(1).tag(sync=True)
    padding = WholeTrait(0).tag(sync=True)
    dilation = WholeTrait(1).tag(sync=True)
    bias = traitlets.Float(0.0).tag(sync=True)
    relu = traitlets.Bool().tag(sync=True)
    flip = traitlets.Bool().tag(sync=True)
    normalize = traitlets.Bool().tag(sync=True)

    def __init__(
        self,
        image: object = None,
        kernel: object = None,
        *,
        stride: int = 1,
        padding: int = 0,
        dilation: int = 1,
        bias: float = 0,
        relu: bool = False,
        flip: bool = False,
        predict: bool = False,
        normalize: bool = False,
        hide: Iterable[str] = (),
        lock: Iterable[str] = (),
    ) -> None:
        planes = as_planes(EXAMPLE_IMAGE if image is None else image, "image")
        settings = ConvolutionSettings(
            planes, _kernel_for(planes, kernel), stride, padding, dilation, bias, relu, flip, normalize
        )
        super().__init__(settings, predict=predict, hide=hide, lock=lock)

    @traitlets.validate("image", "kernel", "stride", "padding", "dilation", "bias")
    def _check_setting(self, proposal: dict[str, Any]) -> Any:
        return self._check_change(proposal)

    def draw(self, figure: Figure) -> None:
        """Draw the image with its window, the kernel, and the output as far as it is filled."""
        row, column = self.position
        top, left = row * self.stride - self.padding, column * self.stride - self.padding
        height, width = ((side - 1) * self.dilation + 1 for side in self.kernel.shape[-2:])
        kernel = self.kernel.flip(-2, -1) if self.flip else self.kernel
        draw_steps(
            figure,
            {"image": _stacked(self.image)[0], "kernel": _stacked(kernel)[0], "output": self.output},
            window=(top, left, height, width),
            step=self.step,
            hidden=self.predict,
        )

    def __repr__(self) -> str:
        image, kernel = ("x".join(map(str, planes.shape)) for planes in (self.image, self.kernel))
        return f"ConvolutionStepper: image {image}, kernel {kernel}, {self._places()}"


def _kernel_for(image: Tensor, kernel: object) -> Tensor:
    """Return the kernel's planes; a name, or none at all, means the same plane for every channel."""
    if kernel is None or isinstance(kernel, str):
        plane = as_planes(EXAMPLE_KERNEL if kernel is None else _named(kernel), "kernel")
        return plane.expand(*image.shape[:-2], *plane.shape).contiguous()
    return as_planes(kernel, "kernel")


def _named(name: str) -> list[list[float]]:
    if name not in KERNELS:
        raise ValueError(f"There is no kernel named {name!r}. Use one of {', '.join(KERNELS)}, or rows of numbers.")
    return KERNELS[name]


def _check_bias(bias: float) -> None:
    if not isinstance(bias, Real):
        raise TypeError(f"bias is a number, got {bias!r}.")
    if not math.isfinite(bias) or abs(bias) > LARGEST_VALUE:
        raise ValueError(f"bias is {bias}. Use a finite number up to 1,000,000.")


def _sides(planes: Tensor) -> tuple[int, int]:
    return planes.shape[-2], planes.shape[-1]


def _channels(planes: Tensor) -> int:
    return planes.shape[0] if planes.ndim == 3 else 1


def _counted(channels: int) -> str:
    return f"{channels} channel{'s' * (channels > 1)}"


def _stacked(planes: Tensor) -> Tensor:
    return planes if planes.ndim == 3 else planes[None]
