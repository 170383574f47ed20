"""Look inside a network: what every layer makes of an image, what it learned, and what happens when you meddle."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING, Any

from signlang_widgets.datasets.labelled_images import DataError
from signlang_widgets.datasets.whole_numbers import as_whole
from signlang_widgets.networks.inspected_model import InspectedModel
from signlang_widgets.widgets.common.assets import script, style
from signlang_widgets.widgets.common.inputs import check_model

from . import answers
from .feature_state import FeatureState
from .image_set import as_gallery, as_images
from .packing import BUDGET
from .recent_passes import Input, RecentPasses, input_of, saved_by

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from matplotlib.figure import Figure
    from torch import Tensor, nn

    from signlang_widgets.networks.activations import ForwardPass
    from signlang_widgets.training.trainer import Trainer
    from signlang_widgets.widgets.common.answering import Answer, Answers, Question

PAGE_BUDGET = 8_000_000


class FeatureExplorer(FeatureState):
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

    _esm = script("feature_explorer/feature_explorer.js")
    _css = style("drawing/products.css", *(f"feature_explorer/feature_{part}.css" for part in ("explorer", "details")))

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
        check_model(model)
        pixels = as_images(images)
        self.inspected = InspectedModel(model, pixels, saved_by(trainer))
        found = self.inspected.forward_pass(pixels[0])
        self.gallery = as_gallery(images, labels, answers.scores_of(found).numel())
        self._edited_of = 0
        self._passes = RecentPasses(self.inspected, self.gallery)
        self._kept: list[object] = []
        self._page_asks = False
        self._tell_set(found, self.inspected.epochs())
        self._tell_weights(self.inspected)
        self.layer = next(
            (call.name for call in found.calls if call.name in self.kernels["layers"]), found.calls[0].name
        )
        self._keep()
        super().__init__(hide=hide, lock=lock)
        self.observe(self._follow, ["selected_image", "compare_image", "edited", "layer", "epoch"])

    @property
    def input(self) -> Tensor:
        """What the model reads now, (C, H, W): the shown image, or what was painted on it."""
        return self._shown_input().read_from(self.gallery)

    @property
    def activations(self) -> dict[str, Tensor]:
        """What every layer puts out for the image that is shown: name -> output without the batch, in call order."""
        return {call.name: call.output[0] for call in self.shown.calls}

    @property
    def shown(self) -> ForwardPass:
        """The forward pass behind what is shown; the last one that worked, where ``problem`` says why this does not."""
        try:
            return self._passes.of(self._shown_input())
        except (ValueError, RuntimeError):
            return self._passes.last

    def _shown_input(self) -> Input:
        return Input(self.selected_image, self.epoch, self.edited)

    def refresh(self) -> None:
        """Read the model again, after it was trained further or its weights were changed in Python."""
        self.inspected.changed()
        self._weights_changed()

    def page_state(self) -> dict[str, Any]:
        """Return what a page needs: here with every layer, however many."""
        state = super().page_state()
        with self._telling_problems():
            state["maps"], state["other_maps"] = self._both(PAGE_BUDGET)
        return state

    def _keep(self) -> None:
        """Store the maps of what is chosen, for a page that no kernel answers."""
        with self.inspected.lock, self.hold_sync():
            second = self.compare_image
            kept = [self._passes.key(self._shown_input()), second, self.layer]
            if kept[:2] == self._kept[:2] and self.layer in self.maps["layers"]:
                return
            for name, message in zip(("maps", "other_maps"), self._both(BUDGET), strict=True):
                self.set_trait(name, message)
            self._kept = kept

    def _both(self, budget: int) -> list[dict[str, Any] | None]:
        """The maps of what is chosen as one message each: of the shown image, and of the one it is compared with."""
        second = None if self.compare_image is None else Input(self.compare_image, self.epoch)
        both = (self._shown_input(), second)
        return [
            None if given is None else answers.message(answers.maps(self._passes, given, self.layer, budget=budget))
            for given in both
        ]

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]] | None:
        if self.comm is not None:
            with self._telling_problems():
                self._keep()
        return super()._repr_mimebundle_(**kwargs)

    def strongest(self, layer: str, channel: int) -> list[tuple[int, float]]:
        """The images of the set that excite a channel most: (image, its largest value), at most six, strongest first."""
        with self.inspected.lock:
            found = self.inspected.survey.finish().strongest(layer, channel)
            self.set_trait("dead", self.inspected.survey.dead())
        return found

    def pick_kernel(self, layer: str, channel: int, in_channel: int = 0) -> None:
        """Open one learned kernel, as a click on its picture does: ``picked_kernel`` and ``edited_kernel`` become it."""
        channel, in_channel = as_whole("channel", channel), as_whole("in_channel", in_channel)
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
        with self.hold_sync():
            self._tell_weights(self.inspected)
            self.set_trait("accuracy", None)
            if not self._page_asks:
                self._keep()

    def _follow(self, change: dict[str, Any]) -> None:
        """Follow a choice; what cannot be shown is said. A page that is there asks for the maps itself."""
        if change["name"] == "edited":
            self._edited_of = self.selected_image
        elif change["name"] == "selected_image" and self.edited is not None and self._edited_of != change["new"]:
            self.edited = None  # calls this again
            return
        with self.inspected.lock:
            if self.epoch != self.inspected.epoch:
                with self._telling_problems():
                    self.inspected.choose_epoch(self.epoch)
                    self._tell_weights(self.inspected)
            if not self._page_asks:
                with self._telling_problems():
                    self._keep()

    def answers(self) -> Answers:
        """Return what the page may ask; ``maps_source.js`` tells what each is for."""
        ways: Answers = {
            "maps": self._answer_maps,
            "keep": lambda _: self._done(self._keep),
            "chain": lambda asked: answers.chain(self._passes, asked),
            "pictures": lambda asked: answers.pictures(self.gallery, asked["numbers"]),
            "search": self._answer_search,
            "strongest": lambda asked: answers.strongest(self.inspected.survey, asked),
            "sweep": lambda asked: answers.swept(self._passes, asked),
            "kernels": lambda asked: answers.kernels(self.inspected.model, asked),
            "pick": lambda asked: self._done(self.pick_kernel, asked["layer"], asked["channel"], asked["in_channel"]),
            "put_back": lambda _: self._done(self.put_back),
            "undo": lambda _: self._done(self.undo),
            "accuracy": self._answer_accuracy,
        }
        return {kind: partial(self._alone_with_the_model, way) for kind, way in ways.items()}

    def _alone_with_the_model(self, way: Callable[[Question], Answer], question: Question) -> Answer:
        with self.inspected.lock:
            return way(question)

    @staticmethod
    def _done(act: Callable[..., dict[str, Any] | None], *given: Any) -> Answer:
        return act(*given) or {}, []

    def _answer_maps(self, question: Question) -> Answer:
        self._page_asks = True
        given = input_of(question, self.gallery)
        with self._telling_problems():
            self._passes.of(given)
        if self.problem:
            raise DataError(self.problem)
        have = question["have"] if question["version"] == self.inspected.version else ()
        return answers.maps(self._passes, given, question["layer"], have=have, picture=question["picture"])

    def _answer_search(self, _: Question) -> Answer:
        answer = answers.search(self.inspected.survey)
        if answer[0]["done"] == answer[0]["total"]:
            self.set_trait("dead", self.inspected.survey.dead())
        return answer

    def _answer_accuracy(self, _: Question) -> Answer:
        answer = answers.accuracy(self.inspected, self.gallery)
        if "accuracy" in answer[0]:
            self.set_trait("accuracy", answer[0]["accuracy"])
        return answer

    def draw(self, figure: Figure) -> None:
        """Draw the image, the maps of the chosen layer and the scores."""
        from .figure import draw_features

        picture = self.gallery.picture(self.selected_image) if self.edited is None else self.edited
        scores = dict(zip(self.class_names, answers.scores_of(self.shown).tolist(), strict=False))
        draw_features(figure, picture, self.layer, self.activations[self.layer], scores)

    def release(self) -> None:
        """Let go of the model, the images and everything computed from them."""
        del self.inspected, self.gallery, self._passes

    def __repr__(self) -> str:
        return f"FeatureExplorer: {self.count} images, {len(self.layers)} layers"
