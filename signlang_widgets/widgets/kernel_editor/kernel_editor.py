"""Drag a number in a kernel, watch the filtered photographs follow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import torch
import traitlets

from signlang_widgets.datasets.whole_numbers import as_whole
from signlang_widgets.filters.kernels import KERNELS, Kernel, as_kernel
from signlang_widgets.filters.ops import cross_correlate
from signlang_widgets.widgets.common.assets import script, style
from signlang_widgets.widgets.common.base import Widget
from signlang_widgets.widgets.common.inputs import ArrayTrait, WordTrait, as_numbers, check_kind, grey_pictures
from signlang_widgets.widgets.common.wire import packed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from matplotlib.figure import Figure
    from numpy.typing import ArrayLike
    from torch import Tensor


class KernelTrait(ArrayTrait[Kernel]):
    """A kernel as a read-only (k, k) array in Python and as rows of numbers on the wire."""

    def validate(self, obj: Any, value: Any) -> Kernel:  # noqa: ARG002 - the signature is traitlets'
        """Refuse what is not a kernel; the old one stays."""
        return _kernel_of(value)


class KernelEditor(Widget):
    """See five photographs and what a kernel makes of them; drag a number and the pictures follow the hand.

    >>> editor = KernelEditor(torch.rand(5, 9, 7), "sobel_x")
    >>> editor.output.shape
    torch.Size([5, 7, 5])

    Parameters
    ----------
    images : LabelledImages, Tensor or array_like
        (H, W), (N, H, W) or (N, 1, H, W); uint8 (0..255, shown and filtered as 0..1) or float. At most 12, sides at
        most 128. Colour images are refused: make them grey first.
    kernel : str or array_like
        A name from ``signlang_widgets.filters.kernels.KERNELS`` or a square of odd size, 1x1 to 9x9.
    flip : bool
        Whether the kernel is flipped before it is laid on (convolution in the mathematicians' sense).
    relu : bool
        Whether negative results are shown as 0.
    scale : {"shared", "each"}
        Whether one colour scale serves all pictures.
    hide, lock : iterable of str
        Controls to leave out or to fix, from ``KernelEditor.CONTROLS``.

    Attributes
    ----------
    kernel : ndarray
        (k, k), float64. Settable; a change on either side shows on the other. Observers hear of a moving hand at most
        20 times a second, and always of the last value.
    output : Tensor
        (N, H - k + 1, W - k + 1), float32: the filtered 0..1 images, before ReLU.

    Raises
    ------
    ValueError, TypeError
        For images, kernels or controls that cannot be used, with the cure.
    """

    CONTROLS: ClassVar[tuple[str, ...]] = (
        *("preset", "undo", "redo", "operation", "relu", "scale", "grid", "products"),
        *("transpose", "flip_horizontal", "flip_vertical", "negate", "normalise", "zero", "random", "reset"),
    )
    _esm = script("kernel_editor/kernel_editor.js")
    _css = style("drawing/products.css", "kernel_editor/kernel_editor.css")

    kernel = KernelTrait().tag(sync=True, to_json=lambda value, _: value.tolist())
    flip = traitlets.Bool().tag(sync=True)
    relu = traitlets.Bool().tag(sync=True)
    scale = WordTrait(["shared", "each"]).tag(sync=True)
    first: traitlets.List[Any] = traitlets.List(read_only=True).tag(sync=True)
    presets = traitlets.Dict(KERNELS, read_only=True).tag(sync=True)
    images = traitlets.Dict(read_only=True).tag(sync=True)
    names: traitlets.List[Any] = traitlets.List(read_only=True).tag(sync=True)

    def __init__(
        self,
        images: object,
        kernel: str | ArrayLike = "vertical",
        *,
        flip: bool = False,
        relu: bool = False,
        scale: str = "shared",
        hide: Iterable[str] = (),
        lock: Iterable[str] = (),
    ) -> None:
        pixels, names = grey_pictures(images)
        values = _kernel_of(kernel)
        _check_fit(values, pixels)
        self._pixels = pixels
        self.set_trait("images", packed(pixels))
        self.set_trait("names", names)
        self.set_trait("first", values.tolist())
        super().__init__(kernel=values, flip=flip, relu=relu, scale=scale, hide=hide, lock=lock)

    @classmethod
    def from_conv2d(
        cls, layer: torch.nn.Conv2d, images: object, channel: int = 0, in_channel: int = 0, **options: Any
    ) -> KernelEditor:
        """Open one learned kernel of a layer: output channel ``channel``, input channel ``in_channel``.

        The editor shows this one kernel over grey images: no bias, no other channels. Layers with a stride, padding or
        dilation are for ``ConvolutionStepper``.

        Raises
        ------
        ValueError
            If the layer moves in a way that the editor cannot show (stride, padding, dilation), or has no such channel.
        """
        _check_layer(layer, channel, in_channel)
        return cls(images, layer.weight[channel, in_channel].detach().cpu().numpy(), **options)

    @property
    def output(self) -> Tensor:
        """The filtered images, (N, H - k + 1, W - k + 1) float32, before ReLU; ``flip`` turns the kernel first."""
        images = self._pixels / 255 if self._pixels.dtype == torch.uint8 else self._pixels
        return cross_correlate(images, torch.from_numpy(self.kernel.copy()), flip=self.flip)

    def as_conv2d(self) -> torch.nn.Conv2d:
        """Return the kernel as a layer without bias: (N, 1, H, W) images to (N, 1, H', W') maps."""
        layer = torch.nn.Conv2d(1, 1, self.kernel.shape[0], bias=False)
        weight = torch.tensor(self.kernel, dtype=torch.float32)
        with torch.no_grad():
            layer.weight.copy_(weight.flip(0, 1) if self.flip else weight)
        return layer

    def code(self) -> str:
        """Return PyTorch lines that do what the editor shows; ``images`` stands for (N, 1, H, W) floats from 0 to 1."""
        rows = ",\n".join(f"    {[float(f'{value:.9g}') for value in row]}" for row in self.kernel)  # float32 needs 9
        flip = ".flip(0, 1)" if self.flip else ""
        relu = ".relu()" if self.relu else ""
        return (
            "import torch\nfrom torch.nn.functional import conv2d\n\n"
            f"kernel = torch.tensor([\n{rows},\n]){flip}\noutput = conv2d(images, kernel[None, None]){relu}\n"
        )

    @traitlets.validate("kernel")
    def _check_kernel(self, proposal: dict[str, Any]) -> Kernel:
        _check_fit(proposal["value"], self._pixels)
        return proposal["value"]

    def draw(self, figure: Figure) -> None:
        """Draw the images above, what the kernel makes of them below, and the kernel itself at the left."""
        from signlang_widgets.plots import filtered_images

        output = self.output.relu() if self.relu else self.output
        filtered_images(
            self._pixels, output, self.kernel, names=self.names, shared=self.scale == "shared", figure=figure
        )

    def release(self) -> None:
        """Let go of the images."""
        self._pixels = torch.empty(0, 0, 0)

    def __repr__(self) -> str:
        count, height, width = self._pixels.shape
        side = self.kernel.shape[0]
        return f"KernelEditor: {count} image{'s' * (count > 1)} {height}x{width}, kernel {side}x{side}"


def _kernel_of(kernel: Any) -> Kernel:
    """A name, or numbers that are looked at before they are copied."""
    if isinstance(kernel, str):
        return as_kernel(kernel)
    return as_kernel(as_numbers(kernel, "kernel", "a name or a square of numbers").cpu().double().numpy())


def _check_fit(kernel: Kernel, pixels: Tensor) -> None:
    side, (height, width) = kernel.shape[0], pixels.shape[-2:]
    if side > min(height, width):
        raise ValueError(f"A {side}x{side} kernel does not fit on {height}x{width} images. Use a smaller kernel.")


def _check_layer(layer: torch.nn.Conv2d, channel: int, in_channel: int) -> None:
    check_kind(layer, torch.nn.Conv2d, "layer", "use KernelEditor(images, kernel) for numbers")
    as_whole("channel", channel)
    as_whole("in_channel", in_channel)
    plain = {"stride": (1, 1), "padding": (0, 0), "dilation": (1, 1)}
    for name, value in plain.items():
        found = getattr(layer, name)
        if tuple(found) != value:
            raise ValueError(
                f"This layer has {name} {found}; the editor shows {name} {value[0]} only. Use ConvolutionStepper."
            )
    outputs, inputs = layer.weight.shape[:2]
    if not (0 <= channel < outputs and 0 <= in_channel < inputs):
        raise ValueError(f"This layer has kernels 0..{outputs - 1} over input channels 0..{inputs - 1}.")
