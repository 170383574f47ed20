"""Three ways to move a training loop on, one at a time: in the caller, in a thread, in slices for a browser."""

from __future__ import annotations

import math
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from time import perf_counter
from typing import Literal, get_args

from .events import BatchEnded, EpochEnded, Event, Failed, StateChanged, Stopped
from .loop import Loop
from .settings import SettingError, in_short

DriverName = Literal["auto", "cell", "thread", "browser"]
State = Literal["idle", "running", "paused", "stopped", "finished", "failed"]
Goal = Literal["run", "batch", "epoch"]

LOOK_SECONDS = 0.2  # so often someone who waits looks up
HANDOVER_SECONDS = 10.0  # between resting and letting go of the loop lie microseconds, or a save


class BusyError(RuntimeError):
    """Training is running, so this cannot be done now; the message says what to do first."""


class Driver:
    """Moves one loop. Whoever holds ``owner`` alone may touch model and optimizer; everyone else sets flags.

    ``tell`` hears each event in the owner's thread. Flags are read after every event.
    """

    def __init__(self, loop: Loop, tell: Callable[[Event], None]) -> None:
        self.loop, self._tell = loop, tell
        self.owner = threading.Lock()
        self.state: State = "idle"
        self.message = ""
        self.error: BaseException | None = None
        self.traceback = ""
        self.interrupted = False
        self._events: Iterator[Event] | None = None
        self._name: DriverName = "cell"
        self._thread: threading.Thread | None = None
        self._at_work: int | None = None  # the thread that holds ``owner``
        self._cell_waits = False
        self._at_rest = threading.Event()
        self._at_rest.set()
        self._drop_flags("run")

    def launch(self, driver: DriverName, goal: Goal = "run") -> None:
        """Begin or go on; in a cell, return when the run rests."""
        if driver not in get_args(DriverName):
            raise SettingError(f"There is no driver {in_short(driver)}: use {', '.join(get_args(DriverName))}.")
        with self.borrowed("start it again"):
            self.error, self.traceback, self.interrupted = None, "", False
            if self.loop.epoch >= self.loop.settings.epochs:
                return self._rest("finished", self._all_done())
            self._name = _automatic() if driver == "auto" else driver
            self._drop_flags(goal)
            self._begin()
        if self._name == "cell":
            self._drive()
        return None

    def _begin(self) -> None:
        """Be running, with a thread that waits for the loop if one is to drive; or at rest, whatever is raised."""
        try:
            self._at_rest.clear()
            self.state, self.message = "running", ""
            self._tell(StateChanged("running", ""))
            if self._name == "thread":
                thread = threading.Thread(target=self._drive, name="signlang-training", daemon=True)
                thread.start()
                self._thread = thread  # whoever waits may join it: it has begun
        except BaseException as error:
            self._break_off(error)
            raise

    def tick(self, seconds: float) -> bool:
        """Work for about that long, if ticks drive this run and nobody else has it; True if there is more to come."""
        deadline = perf_counter() + seconds
        if self.ticking and self._take(0):
            self._drive_owned(deadline)
        return self.state == "running"

    @property
    def ticking(self) -> bool:
        """Whether ticks drive this run, and it is on."""
        return self.state == "running" and self._name == "browser"

    @property
    def in_background(self) -> bool:
        """Whether it runs, and not in a cell that waits for it."""
        return self.state == "running" and self._name != "cell"

    def pause(self) -> None:
        """Rest after the current batch."""
        self._pause = True
        self._obey_between_slices()

    def stop(self, *, finish_epoch: bool = False) -> None:
        """End after the current batch, or after the current epoch."""
        if finish_epoch and self.state == "running":
            self._stop_after_epoch = True
            return
        self._stop = True
        self._obey_between_slices()

    def interrupt(self) -> None:
        """The kernel was interrupted: stop, and let the cell say so."""
        self.interrupted = self._stop = True

    def may_break(self) -> bool:
        """Whether an exception may be raised in the cell now: the model computes, or a thread works and the cell waits."""
        return self._cell_waits or (self.loop.computing and self._name != "thread")

    def wait(self, timeout: float | None) -> None:
        """Until the run rests. A run that the browser drives is driven from here: no tick arrives while a cell runs."""
        self._refuse_from_within("wait for it")
        if self._name == "browser" and self.state == "running":
            self._drive()
        in_cell = threading.current_thread() is threading.main_thread()
        self._cell_waits = self._cell_waits or in_cell
        try:
            self._wait_until_rest(timeout)
        finally:
            self._cell_waits = self._cell_waits and not in_cell

    def _wait_until_rest(self, timeout: float | None) -> None:
        deadline = math.inf if timeout is None else perf_counter() + timeout
        while not self._at_rest.wait(max(0.0, min(LOOK_SECONDS, deadline - perf_counter()))):
            if perf_counter() >= deadline:
                raise TimeoutError(f"Training still runs after {timeout} s: wait longer, or stop() it.")
        thread = self._thread
        if thread:
            thread.join(HANDOVER_SECONDS)

    @contextmanager
    def halted(self, purpose: str) -> Iterator[None]:
        """Stop, and lend the loop as ``borrowed`` does; whoever starts it again meanwhile is stopped again."""
        self._refuse_from_within(purpose)
        while True:
            self.stop()
            if self._at_rest.wait(LOOK_SECONDS) and self._take(LOOK_SECONDS):
                if not self._is_running():
                    break
                self._give_back()
        try:
            yield
        finally:
            self._give_back()

    @contextmanager
    def borrowed(self, purpose: str) -> Iterator[None]:
        """The loop, for changes while it rests; a run that goes on refuses."""
        self._refuse_from_within(purpose)
        busy = BusyError(f"Training is running: pause(), stop() or wait() for it before you {purpose}.")
        if self._is_running() or not self._take(HANDOVER_SECONDS):
            raise busy
        try:
            if self._is_running():
                raise busy
            yield
        finally:
            self._give_back()

    def begin_anew(self, loop: Loop) -> None:
        """The loop stands elsewhere now, or is another one; call it while the loop is borrowed."""
        self.loop = loop
        self.let_go_of_images()
        self.error, self.traceback = None, ""
        self.state, self.message = "idle", ""
        self._tell(StateChanged("idle", ""))

    def let_go_of_images(self) -> None:
        """Forget batches fetched ahead (and half an evaluation), so that changed settings hold from the next batch."""
        self._events = None

    def _take(self, timeout: float = -1) -> bool:
        """Hold the loop, if nobody else does for that long."""
        taken = self.owner.acquire(timeout=timeout)
        if taken:
            self._at_work = threading.get_ident()
        return taken

    def _give_back(self) -> None:
        self._at_work = None
        self.owner.release()

    def _is_running(self) -> bool:
        return self.state == "running"

    def _refuse_from_within(self, purpose: str) -> None:
        """Who is told an event stands in the way of what they would wait for."""
        if self._at_work == threading.get_ident():
            raise BusyError(
                f"Training is running and tells you so: do not {purpose} from within a listener. "
                "pause() and stop() may be called there, and lr may be set."
            )

    def _drive(self) -> None:
        self._take()
        self._drive_owned(math.inf)

    def _drive_owned(self, deadline: float) -> None:
        try:
            self._go(deadline)
        except BaseException as error:  # noqa: BLE001 - whatever the model or who is told raises, the run comes to rest
            self._break_off(error)
        finally:
            self._give_back()

    def _break_off(self, error: BaseException) -> None:
        """Come to rest after something that the loop itself did not catch; what is raised while it is told is let go."""
        with suppress(BaseException):
            if isinstance(error, KeyboardInterrupt):
                self.interrupted = True
                return self._rest("stopped", self._stopped_at())
            failed = Failed.of(error, self.loop.epoch + 1, self.loop.batch)
            self.error, self.traceback = error, failed.traceback
            try:
                self._tell(failed)
            finally:
                self._rest("failed", failed.message)
        return None

    def _go(self, deadline: float) -> None:
        if self.state != "running":
            return
        self._events = self._events or self.loop.events()
        self.loop.one_by_one = self._goal == "batch"
        for event in self._events:
            self._tell(event)
            if self._obey(event) or perf_counter() >= deadline:
                return

    def _obey(self, event: Event) -> bool:
        """Rest, if this event or a flag says so."""
        if isinstance(event, Stopped):
            self._rest("stopped", event.message)
        elif isinstance(event, Failed):
            self.error, self.traceback = event.error, event.traceback
            self._rest("failed", event.message)
        elif self.loop.epoch >= self.loop.settings.epochs:
            self._rest("finished", self._all_done())
        elif self._stop or (self._stop_after_epoch and isinstance(event, EpochEnded)):
            self._rest("stopped", self._stopped_at())
        elif self._pause or self._reached(event):
            self._rest("paused", self._stopped_at("Paused"))
        return self.state != "running"

    def _reached(self, event: Event) -> bool:
        if isinstance(event, EpochEnded):
            return self._goal in ("batch", "epoch")
        # The evaluation belongs to the epoch's last batch.
        return self._goal == "batch" and isinstance(event, BatchEnded) and event.batch < event.batches

    def _rest(self, state: State, message: str) -> None:
        if state != "paused":
            self._events = None
        self.state, self.message = state, message
        try:
            self._tell(StateChanged(state, message))
        finally:
            self._at_rest.set()

    def _obey_between_slices(self) -> None:
        """With nobody at work there is nobody to read the flags: read them here."""
        if self.state not in ("running", "paused") or not self._take(0):
            return
        try:
            if self._stop:
                self._rest("stopped", self._stopped_at())
            elif self._pause and self.state == "running":
                self._rest("paused", self._stopped_at("Paused"))
        finally:
            self._give_back()

    def _drop_flags(self, goal: Goal) -> None:
        self._goal = goal
        self._pause = self._stop = self._stop_after_epoch = False

    def _stopped_at(self, word: str = "Stopped") -> str:
        loop = self.loop
        if not loop.batch:
            return f"{word} after epoch {loop.epoch} of {loop.settings.epochs}."
        return f"{word} at batch {loop.batch} of {loop.batches} in epoch {loop.epoch + 1} of {loop.settings.epochs}."

    def _all_done(self) -> str:
        return f"All epochs are done ({self.loop.epoch}): raise epochs to go on, or reset() to begin anew."


def _automatic() -> DriverName:
    """In Colab what a thread says never arrives at the browser, so there the browser asks for each slice."""
    return "browser" if "google.colab" in sys.modules else "thread"
