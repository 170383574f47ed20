"""What the two steppers share: one output cell at a time, its place, its value and the finished output."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import traitlets

from .base import Widget
from .pictures import wire
from .planes import PlanesTrait

if TYPE_CHECKING:
    from torch import Tensor

TRANSPORT = ("first", "row_back", "back", "play", "step", "row_forward", "last", "scrub", "speed", "predict")


class SettingError(traitlets.TraitError, ValueError):
    """A setting that does not go with the others. As a TraitError it makes traitlets take a whole message back."""


class Stepper(Widget):
    """The common part of the two steppers; use one of them."""

    SETTINGS: ClassVar[tuple[str, ...]] = ()

    image = PlanesTrait("image").tag(sync=True, to_json=lambda value, _: wire(value))
    step = traitlets.Int(0).tag(sync=True)
    predict = traitlets.Bool().tag(sync=True)
    asked = traitlets.Int(0, read_only=True).tag(sync=True)
    correct = traitlets.Int(0, read_only=True).tag(sync=True)
    position: traitlets.Tuple[Any, ...] = traitlets.Tuple((0, 0), read_only=True)
    value = traitlets.Float(0.0, read_only=True)
    output = PlanesTrait("output", read_only=True)

    def __init__(self, **values: Any) -> None:
        settings = {name: values[name] for name in self.SETTINGS}
        self._check(**settings)
        self.set_trait("output", self._compute(**settings))
        super().__init__(**values)
        self._point()
        self.observe(self._refresh, list(self.SETTINGS))
        self.observe(self._point, ["step", "output"])

    def _check(self, **settings: Any) -> None:
        """Raise ValueError or TypeError for settings that do not go together."""
        raise NotImplementedError

    def _compute(self, **settings: Any) -> Tensor:
        """Return the finished output, (H', W') float32, of settings that were checked."""
        raise NotImplementedError

    def _settings(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.SETTINGS}

    def _check_change(self, proposal: dict[str, Any]) -> Any:
        """Refuse a new setting that does not go with the others; the old one stays."""
        value = proposal["value"]
        try:
            self._check(**{**self._settings(), proposal["trait"].name: value})
        except ValueError as error:
            raise SettingError(str(error)) from None
        return value

    @traitlets.validate("step")
    def _check_step(self, proposal: dict[str, Any]) -> int:
        count = self._compute(**self._settings()).numel()
        if not 0 <= proposal["value"] < count:
            raise SettingError(f"There is no step {proposal['value']}: this output has steps 0 to {count - 1}.")
        return proposal["value"]

    def _refresh(self, _: object) -> None:
        """Follow a new image or setting; a step that no longer exists starts again at the first."""
        self.set_trait("output", self._compute(**self._settings()))
        if self.step >= self.output.numel():
            self.step = 0

    def _point(self, _: object = None) -> None:
        row, column = divmod(min(self.step, self.output.numel() - 1), self.output.shape[1])
        self.set_trait("position", (row, column))
        self.set_trait("value", float(self.output[row, column]))

    def _places(self) -> str:
        height, width = self.output.shape
        return f"output {height}x{width}, step {self.step + 1} of {height * width}"
