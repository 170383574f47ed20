"""What the two steppers share: one output cell at a time, its place, its value and the finished output."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, ClassVar

import traitlets

from signlang_widgets.datasets.whole_numbers import as_whole
from signlang_widgets.widgets.common.base import Widget
from signlang_widgets.widgets.common.inputs import WholeTrait
from signlang_widgets.widgets.common.wire import packed

from .planes import PlanesTrait

if TYPE_CHECKING:
    from torch import Tensor

MOST_ASKED = 1_000_000
PLAYER = ("first", "row_back", "back", "play", "step", "row_forward", "last", "scrub", "speed", "predict")


@dataclass(frozen=True)
class StepperSettings:
    """What an output depends on; each field is a trait of the stepper with the same name."""

    image: Tensor

    def check(self) -> None:
        """Raise ValueError or TypeError for settings that do not go together."""
        raise NotImplementedError

    def output(self) -> Tensor:
        """Return the finished output, (H', W') float32, of settings that were checked."""
        raise NotImplementedError


class Stepper(Widget):
    """The common part of the two steppers; use one of them."""

    SETTINGS: ClassVar[type[StepperSettings]]

    image = PlanesTrait("image").tag(sync=True, to_json=lambda value, _: packed(value))
    step = WholeTrait(0).tag(sync=True)
    predict = traitlets.Bool().tag(sync=True)
    asked = WholeTrait(0, read_only=True).tag(sync=True, page=True)
    correct = WholeTrait(0, read_only=True).tag(sync=True, page=True)
    position: Any = traitlets.Tuple((0, 0), read_only=True)
    value = traitlets.Float(0.0, read_only=True)
    output = PlanesTrait("output", read_only=True)

    def __init__(self, settings: StepperSettings, **values: Any) -> None:
        settings.check()
        self.set_trait("output", settings.output())
        names = [field.name for field in fields(settings)]
        super().__init__(**{name: getattr(settings, name) for name in names}, **values)
        self._point()
        self.observe(self._refresh, names)
        self.observe(self._point, "step")

    def _settings(self) -> StepperSettings:
        return self.SETTINGS(**{field.name: getattr(self, field.name) for field in fields(self.SETTINGS)})

    def _check_change(self, proposal: dict[str, Any]) -> Any:
        """Refuse a new setting that does not go with the others; the old one stays."""
        replace(self._settings(), **{proposal["trait"].name: proposal["value"]}).check()
        return proposal["value"]

    @traitlets.validate("step")
    def _check_step(self, proposal: dict[str, Any]) -> int:
        count = self._settings().output().numel()
        if not 0 <= proposal["value"] < count:
            raise ValueError(f"There is no step {proposal['value']}: this output has steps 0 to {count - 1}.")
        return proposal["value"]

    @traitlets.validate("asked", "correct")
    def _check_count(self, proposal: dict[str, Any]) -> int:
        return as_whole(proposal["trait"].name, proposal["value"], 0, MOST_ASKED)

    def _refresh(self, _: object) -> None:
        """Follow a new image or setting; a step that no longer exists starts again at the first."""
        with self.hold_trait_notifications():  # all of it is true before anyone hears of it
            self.set_trait("output", self._settings().output())
            if self.step >= self.output.numel():
                self.step = 0
            self._point()

    def _point(self, _: object = None) -> None:
        row, column = divmod(self.step, self.output.shape[1])
        self.set_trait("position", (row, column))
        self.set_trait("value", float(self.output[row, column]))

    def _places(self) -> str:
        height, width = self.output.shape
        return f"output {height}x{width}, step {self.step + 1} of {height * width}"
