"""What of one image's maps the browser has, what it is sent next, and how much of that in a second."""

from __future__ import annotations

import time
from collections import deque
from typing import TYPE_CHECKING, Any

from signlang_widgets.widgets.common.wire import packed

from .answers import plain
from .packing import BUDGET, pack
from .wire_forms import scores_of

if TYPE_CHECKING:
    from torch import Tensor

    from signlang_widgets.networks.activations import ForwardPass
    from signlang_widgets.networks.inspected_model import InspectedModel

    from .image_set import Gallery

At = dict[str, Any]  # which image, epoch and version of the weights
MOST_MESSAGES, MOST_BYTES = 10, 1_000_000  # in any second


class Sending:
    """The maps of one of the two images: read once for each input, sent layer by layer as far as they fit."""

    def __init__(self, inspected: InspectedModel, gallery: Gallery) -> None:
        self._inspected, self._gallery = inspected, gallery
        self._at: At = {}
        self._edited: Tensor | None = None
        self._serial = 0
        self._sent: set[str] = set()
        self._past: deque[tuple[float, int]] = deque()
        self.found: ForwardPass
        self.patient = False  # whether a page is there that asks for what it does not get at once

    def read(self, at: At, edited: Tensor | None = None) -> None:
        """Let the model read an image, unless it is the one that was read last."""
        if at == self._at and edited is self._edited:
            return
        gallery = self._gallery
        self.found = self._inspected.forward_pass(
            gallery.images[at["image"]] if edited is None else gallery.read_as(edited)
        )
        self._at, self._edited, self._sent = at, edited, set()
        self._serial += 1

    def forget(self) -> None:
        """Send all of it again."""
        self._sent = set()

    def message(self, layer: str) -> dict[str, Any] | None:
        """What the browser needs for ``layer``; None if it has it, or if it had too much in this second."""
        if layer in self._sent or (self.patient and self._too_much()):
            return None
        message = self.whole(layer, BUDGET)
        self._sent |= message["layers"].keys()
        self._past.append((time.monotonic(), len(message["data"]) + len(message["ranges"])))
        return message

    def whole(self, layer: str, budget: int) -> dict[str, Any]:
        """As many layers as ``budget`` bytes hold, ``layer`` among them."""
        outputs = {call.name: call.output[0] for call in self.found.calls}
        return {
            **self._at,
            "serial": self._serial,
            "edited": self._edited is not None,
            "picture": packed(self._gallery.picture(self._at["image"])),
            "scores": plain(scores_of(self.found).tolist()),
            **pack(outputs, layer, budget),
        }

    def _too_much(self) -> bool:
        now = time.monotonic()
        while self._past and self._past[0][0] < now - 1:
            self._past.popleft()
        return len(self._past) >= MOST_MESSAGES or sum(size for _, size in self._past) > MOST_BYTES
