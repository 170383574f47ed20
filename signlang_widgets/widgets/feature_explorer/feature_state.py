"""What the feature explorer shows as traits: what may be chosen from both sides, what Python alone says."""

from __future__ import annotations

import math
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ClassVar

import torch
import traitlets
from torch import Tensor

from signlang_widgets.networks.kernel_swaps import convolutions
from signlang_widgets.widgets.common.base import Widget
from signlang_widgets.widgets.common.inputs import (
    SIDE_BY_EYE,
    ArrayTrait,
    WholeTrait,
    WordTrait,
    as_numbers,
    finite_range,
)
from signlang_widgets.widgets.common.wire import packed, unpacked

from .answers import kernels_on_wire, layers_on_wire

if TYPE_CHECKING:
    from collections.abc import Iterator

    from signlang_widgets.networks.activations import ForwardPass
    from signlang_widgets.networks.inspected_model import InspectedModel

    from .image_set import Gallery

FIRST_THUMBS = 24


class EditedPicture(ArrayTrait[Tensor | None]):
    """A (C, H, W) uint8 tensor in Python, bytes with a shape on the wire; None where nothing was painted."""

    def validate(self, obj: Any, value: Any) -> Tensor | None:
        """Take pixels of the shown image's size; float ones are 0 to 1."""
        if value is None:
            return None
        given = torch.from_numpy(unpacked(value)) if isinstance(value, dict) else value
        pixels = as_numbers(given, "edited", "a picture of (C, H, W) numbers").cpu()
        pixels = pixels[None] if pixels.ndim == 2 else pixels
        shape = tuple(obj.gallery.images.shape[1:])
        if tuple(pixels.shape) != shape:
            raise traitlets.TraitError(f"edited is {tuple(pixels.shape)}: an edited picture has the shape {shape}.")
        if pixels.is_floating_point():
            finite_range(pixels, "edited")
            pixels = (pixels * 255).round().clamp(0, 255)
        return pixels.to(torch.uint8)


class KernelRows(traitlets.TraitType[list[list[float]] | None, Any]):
    """A kernel as rows of numbers; arrays and tensors are taken too. None where there is none."""

    def validate(self, obj: Any, value: Any) -> list[list[float]] | None:  # noqa: ARG002 - the signature is traitlets'
        """Take any finite (kh, kw) numbers."""
        if value is None:
            return None
        numbers = as_numbers(value, "edited_kernel", "rows of finite numbers")
        if numbers.ndim != 2 or not numbers.numel() or max(numbers.shape) > SIDE_BY_EYE or not numbers.isfinite().all():
            shape = tuple(numbers.shape)
            raise traitlets.TraitError(
                f"A kernel is rows of finite numbers, at most {SIDE_BY_EYE}x{SIDE_BY_EYE}, got shape {shape}."
            )
        rows: list[list[float]] = numbers.double().tolist()
        return rows


def _on_wire(picture: Tensor | None, _: object) -> dict[str, Any] | None:
    return None if picture is None else packed(picture)


class FeatureState(Widget):
    """The traits of a :class:`FeatureExplorer`, and which choices there are.

    ``maps`` (and ``other_maps``) is what a page shows before Python answers: a stored notebook, a page of its own.
    ``version`` grows with every change of the weights, so that a page asks anew.
    """

    gallery: Gallery

    CONTROLS: ClassVar[tuple[str, ...]] = (
        *("images", "letter", "colour_range", "order", "zoom", "compare", "epoch"),
        *("paint", "erase", "cover", "shift", "undo_paint", "restore", "sweep"),
        *("layers", "maps", "scores", "chain", "strongest", "search", "kernels", "put_back", "undo", "accuracy"),
    )

    selected_image = WholeTrait(0).tag(sync=True)
    compare_image = WholeTrait(None, allow_none=True).tag(sync=True)
    edited = EditedPicture(None, allow_none=True).tag(sync=True, to_json=_on_wire, echo_update=False)
    layer = traitlets.Unicode().tag(sync=True)
    channel = WholeTrait(None, allow_none=True).tag(sync=True)
    letter = traitlets.Unicode().tag(sync=True)
    colour_range = WordTrait(["layer", "map", "network"], "layer").tag(sync=True)
    order = WordTrait(["channel", "strength"], "channel").tag(sync=True)
    epoch = WholeTrait(None, allow_none=True).tag(sync=True)
    edited_kernel = KernelRows(None, allow_none=True).tag(sync=True)

    labels = traitlets.Dict(None, allow_none=True, read_only=True).tag(sync=True)
    count = traitlets.Int(read_only=True).tag(sync=True)
    class_names: traitlets.List[Any] = traitlets.List(read_only=True).tag(sync=True)
    layers: traitlets.List[Any] = traitlets.List(read_only=True).tag(sync=True)
    epochs: traitlets.List[Any] = traitlets.List(read_only=True).tag(sync=True)
    thumbs = traitlets.Dict(read_only=True).tag(sync=True)
    version = traitlets.Int(read_only=True).tag(sync=True)
    maps = traitlets.Dict(read_only=True).tag(sync=True)
    other_maps = traitlets.Dict(None, allow_none=True, read_only=True).tag(sync=True)
    kernels = traitlets.Dict(read_only=True).tag(sync=True)
    dead = traitlets.Dict(None, allow_none=True, read_only=True).tag(sync=True)
    picked_kernel = traitlets.Dict(None, allow_none=True, read_only=True).tag(sync=True)
    changes = traitlets.Int(read_only=True).tag(sync=True)
    accuracy = traitlets.Dict(None, allow_none=True, read_only=True).tag(sync=True)
    problem = traitlets.Unicode(read_only=True).tag(sync=True)

    def _tell_set(self, found: ForwardPass, epochs: list[int]) -> None:
        """Tell what stays as long as the widget: images, labels, names, layers, saved epochs."""
        gallery = self.gallery
        for name in ("picked_kernel", "accuracy"):
            self.set_trait(name, None)
        self.set_trait("count", len(gallery))
        self.set_trait("labels", None if gallery.labels is None else packed(gallery.labels.to(torch.int32)))
        self.set_trait("class_names", list(gallery.class_names))
        self.set_trait("layers", layers_on_wire(found))
        self.set_trait("epochs", epochs)
        self.set_trait("thumbs", packed(gallery.thumbs(range(min(FIRST_THUMBS, len(gallery))))))

    def _tell_weights(self, inspected: InspectedModel) -> None:
        """Tell what hangs on the weights alone."""
        self.set_trait("kernels", kernels_on_wire(convolutions(inspected.model)))
        self.set_trait("changes", len(inspected.swaps))
        self.set_trait("version", inspected.version)
        self.set_trait("dead", None)

    def _tell_refusal(self, problem: str) -> None:
        self.set_trait("problem", problem)

    @contextmanager
    def _telling_problems(self) -> Iterator[None]:
        try:
            yield
            self.set_trait("problem", "")
        except (ValueError, RuntimeError) as error:
            self.set_trait("problem", str(error))

    @traitlets.validate("selected_image", "compare_image")
    def _check_image(self, proposal: dict[str, Any]) -> int | None:
        number: int | None = proposal["value"]
        if number is not None and not 0 <= number < len(self.gallery):
            raise traitlets.TraitError(f"There is no image {number}: this set has images 0 to {len(self.gallery) - 1}.")
        return number

    @traitlets.validate("channel")
    def _check_channel(self, proposal: dict[str, Any]) -> int | None:
        most = max(math.prod(layer["shape"]) for layer in self.layers) - 1  # of a vector each number is one
        if proposal["value"] is not None and not 0 <= proposal["value"] <= most:
            raise traitlets.TraitError(f"There is no map {proposal['value']}: no layer has more than 0 to {most}.")
        return proposal["value"]

    @traitlets.validate("layer")
    def _check_layer(self, proposal: dict[str, Any]) -> str:
        names = [layer["name"] for layer in self.layers]
        if proposal["value"] not in names:
            raise traitlets.TraitError(f"There is no layer {proposal['value']!r}: use one of {', '.join(names)}.")
        return str(proposal["value"])

    @traitlets.validate("letter")
    def _check_letter(self, proposal: dict[str, Any]) -> str:
        if proposal["value"] not in ("", *self.class_names):
            raise traitlets.TraitError(
                f"There is no class {proposal['value']!r}: use one of {', '.join(self.class_names)}."
            )
        return str(proposal["value"])

    @traitlets.validate("epoch")
    def _check_epoch(self, proposal: dict[str, Any]) -> int | None:
        if proposal["value"] is not None and proposal["value"] not in self.epochs:
            raise traitlets.TraitError(f"Epoch {proposal['value']} was not saved: use None or one of {self.epochs}.")
        return proposal["value"]
