"""Who hears what a run tells: displays and callbacks, none of which may end the training that it shows."""

from __future__ import annotations

from collections.abc import Callable

from .events import Event, Warned
from .settings import in_short

Listener = Callable[[Event], None]


class Listeners(list[Listener]):
    """Tells everyone each event, in the thread of whoever trains; one that raises is not told any more."""

    def __init__(self) -> None:
        super().__init__()
        self._warnings: list[str] = []

    def add(self, listener: Listener) -> Callable[[], None]:
        """Tell this one too; returns a function that ends it."""
        self.append(listener)

        def leave() -> None:
            if listener in self:
                self.remove(listener)

        return leave

    def tell(self, event: Event) -> None:
        """Tell everyone."""
        for listener in tuple(self):
            try:
                listener(event)
            except KeyboardInterrupt:
                raise
            except BaseException as error:  # noqa: BLE001 - a display that breaks must not end the training that it shows
                if listener in self:
                    self.remove(listener)
                self.warn(f"{in_short(listener)} raised {in_short(error)} and is not told any more.")

    def warn(self, message: str) -> None:
        """Tell everyone of something that does not stop training, and keep it for the cell."""
        self.keep(message)
        self.tell(Warned(message))

    def keep(self, message: str) -> None:
        """Keep what the cell is to say: a thread must not print."""
        self._warnings.append(message)

    def kept(self) -> list[str]:
        """What was kept since the last time."""
        messages, self._warnings = self._warnings, []
        return messages
