"""Look inside a network: what every layer makes of an image, what it learned, and what happens when you meddle."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, ClassVar

import traitlets

from signlang_widgets.datasets.labelled_images import DataError
from signlang_widgets.networks.inference import Threads
from signlang_widgets.networks.inspected_model import InspectedModel
from signlang_widgets.networks.kernel_swaps import SavedWeights, convolutions
from signlang_widgets.widgets.common.assets import script, style
from signlang_widgets.widgets.common.base import Widget
from signlang_widgets.widgets.common.wire import packed

from .answers import Answers
from .image_set import as_gallery, as_images, small
from .packing import BUDGET
from .sending import Sending
from .traits import EditedPicture, KernelRows, picture_to_wire
from .wire_forms import kernels_on_wire, layers_on_wire, scores_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from matplotlib.figure import Figure
    from torch import Tensor, nn

    from signlang_widgets.networks.activations import ForwardPass
    from signlang_widgets.training.trainer import Trainer

FIRST_THUMBS = 24
PAGE_BUDGET = 8_000_000


class FeatureExplorer(Widget):
    """See what every layer of a network makes of an image; hover a pixel to see the numbers behind it, paint on the image.

    >>> explorer = FeatureExplorer(slw.MinimalConvNet(), torch.rand(9, 1, 28, 28))
    >>> explorer.activations["pipeline.0"].shape
    torch.Size([4, 24, 24])

    Parameters
    ----------
    model : nn.Module
        From (N, C, H, W) images to (N, classes) scores. It stays where it is and as it is, except that a kernel put back
        changes its weights (and undo restores them exactly).
    images : LabelledImages, Tensor or array_like
        (N, C, H, W) or (N, H, W), uint8 (0..255, read as 0..1) or float; up to 100,000.
    labels : array of int, optional
        (N,), where ``images`` is not a LabelledImages.
    trainer : Trainer or path, optional
        A run that was saved with ``folder=``: a slider shows the network after each of its epochs, in a copy.
    hide, lock : iterable of str
        Controls to leave out or to fix, from ``FeatureExplorer.CONTROLS``.

    Attributes
    ----------
    selected_image : int
        Which image is shown. Settable from both sides, so another widget's choice can be linked to it.
    compare_image : int or None
        A second image: the maps then show the first less the second. Settable.
    edited : Tensor or None
        (C, H, W) uint8: the image with what was painted on it; None when it is untouched. Settable. It goes when another
        image is chosen.
    layer : str
        The layer whose maps are shown, as named in ``activations``. Settable.
    channel : int or None
        The map that is open. Settable.
    letter : str
        Only images of this class are offered; "" for all. Settable.
    colour_range : {"layer", "map", "network"}
        What one colour scale is shared by. Settable.
    order : {"channel", "strength"}
        How the maps are sorted. Settable.
    epoch : int or None
        A saved epoch to look at; None is the model as it is. Settable.
    picked_kernel : dict or None
        The learned kernel that was clicked: ``{"layer", "channel", "in_channel", "kernel"}``, the last as rows of numbers.
    edited_kernel : list of list of float, or None
        What is to stand in its place: begins as the picked kernel, and may be set (by an editor) to rows of numbers, an array
        or a tensor of the same size. "Put it back" writes it into the model.
    changes : int
        How many kernels were put back and not undone.
    accuracy : dict or None
        ``{"before", "after", "images"}`` once it was asked for: shares of images read correctly, without and with the changes.
    dead : dict or None
        Layer name -> channels that are 0 everywhere in every image, once the set was searched.
    problem : str
        Why the present choice could not be shown, or "".

    Raises
    ------
    DataError, DeviceError
        For images that the model cannot read, labels that do not fit, or a model spread over devices.
    """

    CONTROLS: ClassVar[tuple[str, ...]] = (
        *("images", "letter", "colour_range", "order", "zoom", "compare", "epoch"),
        *("paint", "erase", "cover", "shift", "undo_paint", "restore", "sweep"),
        *("layers", "maps", "scores", "chain", "strongest", "search", "kernels", "put_back", "undo", "accuracy"),
    )
    _esm = script("feature_explorer/feature_explorer.js")
    _css = style("common/products.css", "feature_explorer/feature_explorer.css")

    selected_image = traitlets.Int(0).tag(sync=True)
    compare_image = traitlets.Int(None, allow_none=True).tag(sync=True)
    edited = EditedPicture(None, allow_none=True).tag(sync=True, to_json=picture_to_wire, echo_update=False)
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
    maps = traitlets.Dict(read_only=True).tag(sync=True)
    other_maps = traitlets.Dict(None, allow_none=True, read_only=True).tag(sync=True)
    kernels = traitlets.Dict(read_only=True).tag(sync=True)
    dead = traitlets.Dict(None, allow_none=True, read_only=True).tag(sync=True)
    picked_kernel = traitlets.Dict(None, allow_none=True, read_only=True).tag(sync=True)
    changes = traitlets.Int(read_only=True).tag(sync=True)
    accuracy = traitlets.Dict(None, allow_none=True, read_only=True).tag(sync=True)
    problem = traitlets.Unicode(read_only=True).tag(sync=True)

    def __init__(
        self,
        model: nn.Module,
        images: object,
        labels: object = None,
        *,
        trainer: Trainer | str | os.PathLike[str] | None = None,
        hide: Iterable[str] = (),
        lock: Iterable[str] = (),
    ) -> None:
        pixels = as_images(images)
        self.inspected = InspectedModel(model, pixels, _saved(trainer))
        found = self.inspected.forward_pass(pixels[0])
        self.gallery = as_gallery(images, labels, scores_of(found).numel())
        self._edited_of = 0
        self._maps, self._other = (Sending(self.inspected, self.gallery) for _ in range(2))
        self._set_fixed(found)
        self._set_weights()
        start = next((call.name for call in found.calls if call.name in self.kernels["layers"]), found.calls[0].name)
        self.layer = start
        self._show()
        super().__init__(hide=hide, lock=lock)
        self._answers = Answers(self)
        self.observe(self._follow, ["selected_image", "compare_image", "edited", "layer", "epoch"])
        self.on_msg(self._answers.hear)

    def _set_fixed(self, found: ForwardPass) -> None:
        """Tell what stays as long as the widget: images, labels, names, layers, saved epochs."""
        gallery = self.gallery
        for name in ("picked_kernel", "accuracy", "other_maps"):
            self.set_trait(name, None)
        first = range(min(FIRST_THUMBS, len(gallery)))
        self.set_trait("count", len(gallery))
        self.set_trait("labels", None if gallery.labels is None else small(gallery.labels))
        self.set_trait("class_names", list(gallery.class_names))
        self.set_trait("layers", layers_on_wire(found))
        self.set_trait("epochs", self.inspected.epochs())
        self.set_trait("thumbs", packed(gallery.thumbs(first)))

    def _set_weights(self) -> None:
        """Tell what hangs on the weights alone."""
        self.set_trait("kernels", kernels_on_wire(convolutions(self.inspected.model)))
        self.set_trait("changes", len(self.inspected.swaps))
        self.set_trait("dead", None)

    @property
    def input(self) -> Tensor:
        """What the model reads now, (C, H, W): the shown image, or what was painted on it."""
        return self.gallery.images[self.selected_image] if self.edited is None else self.gallery.read_as(self.edited)

    @property
    def activations(self) -> dict[str, Tensor]:
        """What every layer puts out for the image that is shown: name -> output without the batch, in call order."""
        return {call.name: call.output[0] for call in self.shown.calls}

    def refresh(self) -> None:
        """Read the model again, after it was trained further or its weights were changed in Python."""
        self.inspected.changed()
        self._set_weights()
        self._show()

    def send_again(self) -> None:
        """Send the maps once more, those of the chosen layer first: a page that was opened anew has only the last message."""
        for sending in (self._maps, self._other):
            sending.patient = False
            sending.forget()
        self._show()
        self.be_patient()

    def be_patient(self) -> None:
        """A page is there: what would be too much for one second is sent when it asks again."""
        self._maps.patient = self._other.patient = True

    def page_state(self) -> dict[str, Any]:
        """Return what a page needs: here with every layer, however many."""
        state = super().page_state()
        state["maps"] = self._maps.whole(self.layer, PAGE_BUDGET)
        if self.other_maps:
            state["other_maps"] = self._other.whole(self.layer, PAGE_BUDGET)
        return state

    @property
    def shown(self) -> ForwardPass:
        """The forward pass behind what is shown."""
        return self._maps.found

    def strongest(self, layer: str, channel: int) -> list[tuple[int, float]]:
        """The images of the set that excite a channel most: (image, its largest value), at most six, strongest first."""
        with self.inspected.lock:
            found = self.inspected.survey.finish().strongest(layer, channel)
            self.set_trait("dead", self.inspected.survey.dead())
        return found

    def pick_kernel(self, layer: str, channel: int, in_channel: int = 0) -> None:
        """Open one learned kernel, as a click on its picture does: ``picked_kernel`` and ``edited_kernel`` become it."""
        kernel = self.inspected.swaps.kernel(layer, channel, in_channel).double().cpu().tolist()
        with self.hold_trait_notifications():
            where = {"layer": layer, "channel": channel, "in_channel": in_channel}
            self.set_trait("picked_kernel", {**where, "kernel": kernel})
            self.edited_kernel = kernel

    def put_back(self) -> None:
        """Write ``edited_kernel`` into the model in place of the picked one; maps and scores follow."""
        if self.picked_kernel is None:
            raise DataError("No kernel is picked yet: click one, or call pick_kernel.")
        at = self.picked_kernel
        self.inspected.put(at["layer"], at["channel"], at["in_channel"], self.edited_kernel)
        self._weights_changed()

    def undo(self) -> None:
        """Take the last kernel that was put back out again: the weights are bit for bit what they were."""
        where = self.inspected.undo()
        self._weights_changed()
        self.pick_kernel(*where)

    def _weights_changed(self) -> None:
        self.set_trait("accuracy", None)
        self._set_weights()
        self._show()

    def _follow(self, change: dict[str, Any]) -> None:
        """Show what was chosen; what cannot be shown is said."""
        with self.inspected.lock:
            if change["name"] == "edited":
                self._edited_of = self.selected_image
            elif change["name"] == "selected_image" and self.edited is not None and self._edited_of != change["new"]:
                self.edited = None  # calls this again
                return
            try:
                self._show()
                self.set_trait("problem", "")
            except (ValueError, RuntimeError) as error:
                self.set_trait("problem", str(error))

    def _show(self) -> None:
        with (
            self.inspected.lock,
            self.hold_sync(),
            Threads(1),
        ):  # one image: a second thread is waited for longer than it works
            if self.epoch != self.inspected.epoch:
                self.inspected.choose_epoch(self.epoch)
                self._set_weights()
            self._maps.read(self._at(self.selected_image), self.edited)
            message = self._maps.message(self.layer)
            if message is not None:
                self.set_trait("maps", message)
            self._show_other()

    def _show_other(self) -> None:
        if self.compare_image is None:
            self.set_trait("other_maps", None)
            return
        self._other.read(self._at(self.compare_image))
        message = self._other.message(self.layer) if self.other_maps else self._other.whole(self.layer, BUDGET)
        if message is not None:
            self.set_trait("other_maps", message)

    def _at(self, image: int) -> dict[str, Any]:
        return {"image": image, "epoch": self.epoch, "version": self.inspected.version}

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

    def draw(self, figure: Figure) -> None:
        """Draw the image, the maps of the chosen layer and the scores."""
        from .figure import draw_features

        picture = self.gallery.picture(self.selected_image) if self.edited is None else self.edited
        scores = dict(zip(self.class_names, scores_of(self.shown).tolist(), strict=False))
        draw_features(figure, picture, self.layer, self.activations[self.layer], scores)

    def release(self) -> None:
        """Let go of the model, the images and everything computed from them."""
        self.on_msg(self._answers.hear, remove=True)
        del self.inspected, self.gallery, self._maps, self._other, self._answers

    def __repr__(self) -> str:
        return f"FeatureExplorer: {self.count} images, {len(self.layers)} layers"


def _saved(trainer: Trainer | str | os.PathLike[str] | None) -> SavedWeights | None:
    """Where a trainer saves its epochs."""
    if trainer is None:
        return None
    folder = trainer if isinstance(trainer, (str, os.PathLike)) else trainer.folder
    if folder is None:
        raise DataError("This trainer saves no epochs: make it with folder=..., and the slider can show them.")
    return SavedWeights(folder)
