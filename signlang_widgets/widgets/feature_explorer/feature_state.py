"""What the feature explorer shows as traits: what may be chosen from both sides, what Python alone says."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import torch
import traitlets
from torch import Tensor

from signlang_widgets.networks.kernel_swaps import convolutions
from signlang_widgets.widgets.common.base import Widget
from signlang_widgets.widgets.common.inputs import ArrayTrait
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
        pixels = torch.from_numpy(unpacked(value)) if isinstance(value, dict) else torch.as_tensor(value).detach().cpu()
        pixels = pixels[None] if pixels.ndim == 2 else pixels
        shape = tuple(obj.gallery.images.shape[1:])
        if tuple(pixels.shape) != shape:
            raise traitlets.TraitError(f"edited is {tuple(pixels.shape)}: an edited picture has the shape {shape}.")
        if pixels.is_floating_point():
            pixels = (pixels * 255).round().clamp(0, 255)
        return pixels.to(torch.uint8)


class KernelRows(traitlets.TraitType[list[list[float]] | None, Any]):
    """A kernel as rows of numbers; arrays and tensors are taken too. None where there is none."""

    def validate(self, obj: Any, value: Any) -> list[list[float]] | None:  # noqa: ARG002 - the signature is traitlets'
        """Take any finite (kh, kw) numbers."""
        if value is None:
            return None
        array = np.asarray(value.detach().cpu() if isinstance(value, Tensor) else value, dtype=np.float64)
        if array.ndim != 2 or not array.size or not np.isfinite(array).all():
            raise traitlets.TraitError(f"A kernel is rows of finite numbers, got shape {array.shape}.")
        rows: list[list[float]] = array.tolist()
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

    selected_image = traitlets.Int(0).tag(sync=True)
    compare_image = traitlets.Int(None, allow_none=True).tag(sync=True)
    edited = EditedPicture(None, allow_none=True).tag(sync=True, to_json=_on_wire, echo_update=False)
    layer = traitlets.Unicode().tag(sync=True)
    channel = traitlets.Int(None, allow_none=True).tag(sync=True)
    letter = traitlets.Unicode().tag(sync=True)
    colour_range = traitlets.Enum(["layer", "map", "network"], "layer").tag(sync=True)
    order = traitlets.Enum(["channel", "strength"], "channel").tag(sync=True)
    epoch = traitlets.Int(None, allow_none=True).tag(sync=True)
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
