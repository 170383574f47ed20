"""What a page sets is taken whole or not at all: a wrong message changes nothing and goes back with the reason."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

import ipywidgets
import traitlets

from .answering import in_words

IPYWIDGETS_OWN = frozenset({"layout", "tabbable", "tooltip", "_dom_classes", "_view_count"})
MOST_PARTS = 250_000  # numbers and words of one message: what can be looked at within a second
MOST_BYTES = 4_000_000
LARGEST = 2**1000


class WholeMessages(ipywidgets.Widget):
    """The part of a widget that hears what the page sets."""

    PYTHON_ALONE: ClassVar[frozenset[str]] = frozenset()  # settable in Python, never from the page

    _holding = False
    _refusal: BaseException | None = None

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take what the page may set, all of it or nothing; what is not taken goes back as it was, with the reason."""
        if not isinstance(sync_data, dict):
            return
        known = [name for name in sync_data if name in self.keys]
        allowed = {name: sync_data[name] for name in known if self._page_may_set(name)}
        returned = [name for name in known if name not in allowed]
        try:
            _refuse_strange(allowed)
            super().set_state(allowed)
        except Exception as error:
            if error is not self._refusal and not isinstance(error, StrangeMessageError):
                raise  # the learner's own callback: its traceback is the learner's to see
            returned = known
            self._tell_refusal(in_words(error))
        if returned:
            self.send_state(returned)

    def _page_may_set(self, name: str) -> bool:
        if name in IPYWIDGETS_OWN or self.trait_metadata(name, "page"):
            return True
        return not (name.startswith("_") or name in self.PYTHON_ALONE or self.traits()[name].read_only)

    def _tell_refusal(self, problem: str) -> None:
        """Show why a message was not taken, where the widget has a place for that."""

    @contextmanager
    def hold_trait_notifications(self) -> Iterator[None]:
        """As traitlets' own, but any error takes everything back: traitlets does that for its own errors alone."""
        if self._cross_validation_lock:
            yield
            return
        self._holding, self._refusal = True, None
        refused = None
        try:
            with super().hold_trait_notifications():
                try:
                    yield
                except BaseException as error:
                    self._refusal = error
                    raise traitlets.TraitError(in_words(error)) from error
        except traitlets.TraitError:
            refused = self._refusal
            if refused is None:
                raise
        finally:
            self._holding = False
        if refused is not None:
            raise refused

    def _register_validator(self, handler: Any, names: tuple[str, ...]) -> None:
        """Let traitlets hear a check's refusal as one of its own while it holds changes back."""

        def check(owner: WholeMessages, proposal: Any) -> Any:
            try:
                return handler(owner, proposal)
            except Exception as error:
                if not (owner._holding and owner._cross_validation_lock):
                    raise
                owner._refusal = error
                raise traitlets.TraitError(in_words(error)) from error

        super()._register_validator(check, names)


class StrangeMessageError(ValueError):
    """A message that no page of these widgets sends."""


def _refuse_strange(values: dict[str, Any]) -> None:
    """Refuse NaN, infinity and messages too large to be looked at while the learner waits."""
    waiting: list[Any] = [values]
    parts = size = 0
    while waiting:
        part = waiting.pop()
        if isinstance(part, (dict, list, tuple)):
            parts += len(part)
            if parts <= MOST_PARTS:
                waiting.extend(part.values() if isinstance(part, dict) else part)
        elif isinstance(part, (int, float)) and not abs(part) <= LARGEST:
            raise StrangeMessageError("A number that the page set is NaN, infinite or huge. Use finite numbers.")
        elif isinstance(part, (str, bytes, bytearray, memoryview)):
            size += len(part) if isinstance(part, str) else memoryview(part).nbytes
        if parts > MOST_PARTS or size > MOST_BYTES:
            raise StrangeMessageError(f"The page set more than {MOST_PARTS:,} numbers at once. Set fewer.")
