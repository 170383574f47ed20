"""Train while you watch: curves that grow, one batch or one epoch at a time, and every epoch to look back at."""

from __future__ import annotations

from threading import RLock, get_ident
from typing import TYPE_CHECKING, Any, ClassVar

import traitlets

from signlang_widgets.training.settings import SettingError
from signlang_widgets.training.trainer import Trainer
from signlang_widgets.widgets.common.assets import script, style
from signlang_widgets.widgets.common.base import Widget

from .figure import draw_training
from .report import Pacer, Report

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from matplotlib.figure import Figure
    from torch import nn

    from signlang_widgets.networks.evaluation import Evaluation

SETTINGS = ("lr", "epochs", "batch_size", "momentum")
KINDS: dict[str, type] = {"lr": float, "epochs": int, "batch_size": int, "momentum": float, "model": str}


class RefusedError(traitlets.TraitError, SettingError):
    """A setting that the run cannot take. As a TraitError it makes traitlets take a whole message back."""


class TrainingDashboard(Widget):
    """See a model learn: start it, pause it, take single steps, and look back at every epoch.

    >>> trainer = slw.Trainer(slw.LogisticRegression(), slw.load_sign_mnist("bundled"), epochs=5)
    >>> dashboard = TrainingDashboard(trainer, models={"logistic": slw.LogisticRegression, "ConvNet": slw.ConvNet})

    Parameters
    ----------
    trainer : Trainer
        The run to show. Whatever happens to it elsewhere, in a cell or in another dashboard, shows here too.
    models : mapping of str to callable, optional
        A menu: each name with a function that makes the model, such as ``{"ConvNet": slw.ConvNet}``.
        Choosing one begins a new run; the last four runs stay visible under it.
    hide, lock : iterable of str
        Controls to leave out or to fix, from ``TrainingDashboard.CONTROLS``.

    Attributes
    ----------
    lr, momentum : float
    epochs, batch_size : int
    model : str
        The trainer's settings, settable here, in the page and on the trainer; ``lr`` at any time, the others at rest.
        ``model`` is a name of the menu, or "" for a model that is not in it.
    epoch : int
        The epoch whose pictures are shown, 0 to ``epochs_done``; 0 is before training. It follows a run that goes on
        until someone looks back.
    epochs_done : int
        How many epochs can be looked at; read-only, observable.
    evaluation : Evaluation or None
        What the model made of the test images after ``epoch``.
    log_scale : bool
        Whether the loss is drawn on a logarithmic scale.
    driver : {"auto", "thread", "browser"}
        How the page's buttons train: in a thread, or (in Colab, or forced) in slices that the page asks for.

    Raises
    ------
    TypeError, ValueError
        For something that is no Trainer, a menu that cannot be used, or unknown controls.
    """

    CONTROLS: ClassVar[tuple[str, ...]] = (
        *("start", "pause", "step_batch", "step_epoch", "finish_epoch", "stop", "reset"),
        *("model", "lr", "epochs", "batch_size", "momentum", "log_scale"),
        *("scrubber", "confusion", "kernels", "csv", "png", "code"),
    )
    _esm = script("training_dashboard/training_dashboard.js")
    _css = style("training_dashboard/training_dashboard.css")

    lr: Any = traitlets.Any().tag(sync=True)  # the trainer checks it, and says what is wrong better than a type does
    epochs: Any = traitlets.Any().tag(sync=True)
    batch_size: Any = traitlets.Any().tag(sync=True)
    momentum: Any = traitlets.Any().tag(sync=True)
    model = traitlets.Unicode().tag(sync=True)
    models: traitlets.List[Any] = traitlets.List(read_only=True).tag(sync=True)
    epoch = traitlets.Int(0).tag(sync=True)
    log_scale = traitlets.Bool().tag(sync=True)
    epochs_done = traitlets.Int(0, read_only=True)
    driver: Any = traitlets.Enum(["auto", "thread", "browser"], "auto")

    def __init__(
        self,
        trainer: Trainer,
        *,
        models: Mapping[str, Callable[[], nn.Module]] | None = None,
        hide: Iterable[str] = (),
        lock: Iterable[str] = (),
    ) -> None:
        self._menu = _checked(trainer, models)
        self._trainer = trainer
        self._report = Report(trainer)
        self._publishing, self._applying, self._words = RLock(), 0, ""
        self._chosen: tuple[str, nn.Module] = (self._name_in_menu(), trainer.model)
        self.set_trait("models", list(self._menu))
        values = {name: getattr(trainer, name) for name in SETTINGS}
        super().__init__(**values, model=self._chosen[0], hide=hide, lock=lock)
        self._route_clicks()
        self._leave = trainer.subscribe(Pacer(self._report, self._publish))
        self.on_msg(self._obey)
        self.observe(lambda _: self._publish(), [*SETTINGS, "model"])
        self._publish()

    @property
    def evaluation(self) -> Evaluation | None:
        """The test evaluation of the epoch that is shown; None for the untrained model."""
        return self._trainer.evaluations.get(self.epoch)

    def draw(self, figure: Figure) -> None:
        """Draw the curves of loss and accuracy, and the confusion matrix of the last epoch."""
        draw_training(figure, self._trainer)

    def get_state(self, key: Any = None, drop_defaults: bool = False) -> dict[str, Any]:  # noqa: FBT001, FBT002 - ipywidgets' signature
        """Return traits, and what the report tells: figures that only Python sets, each sent when it changed.

        The report's parts are no traits: their names grow with the epochs, and they travel many in one message.
        """
        told = self._report.told
        names = [*self.keys, *told] if key is None else [key] if isinstance(key, str) else list(key)
        state = {name: told[name] for name in names if name in told}
        others = [name for name in names if name not in told]
        return {**super().get_state(others, drop_defaults), **state} if others else state

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take what the page sets; what cannot be is said there, and the old value comes back."""
        self._report.problem = ""
        try:
            super().set_state(sync_data)
        except traitlets.TraitError as error:
            self._say(str(error))
            self.send_state([name for name in sync_data if name in self.keys])

    def page_state(self) -> dict[str, Any]:
        """Return the state for a page of its own, where nothing can train."""
        return {**super().page_state(), **self._report.told, "saved": True}

    def release(self) -> None:
        """Stop training that nobody would see, and let go of model, images and results."""
        self._leave()
        if self._trainer.in_background:
            self._trainer.stop()
        with self._publishing:  # a last message may be on its way
            self._words = repr(self)
            del self._trainer, self._report, self._menu, self._chosen, self._leave

    def __repr__(self) -> str:
        if self.comm is None and self._words:
            return self._words
        name = type(self._trainer.model).__name__
        return f"TrainingDashboard: {name}, {self._trainer.epochs_done} of {self._trainer.epochs} epochs"

    @traitlets.validate(*SETTINGS, "model")
    def _check_setting(self, proposal: dict[str, Any]) -> Any:
        """The trainer decides: it takes a value, or says why not and the old one stays."""
        name, value = proposal["trait"].name, proposal["value"]
        self._applying = get_ident()
        try:
            if name == "model":
                self._choose(value)
            elif value != getattr(self._trainer, name):
                setattr(self._trainer, name, value)
        except Exception as error:
            raise RefusedError(str(error)) from error
        finally:
            self._applying = 0
        return KINDS[name](value)

    @traitlets.validate("epoch")
    def _check_epoch(self, proposal: dict[str, Any]) -> int:
        if not 0 <= proposal["value"] <= self.epochs_done:
            raise RefusedError(f"There is no epoch {proposal['value']} to look at: use 0 to {self.epochs_done}.")
        return proposal["value"]

    def _choose(self, name: str) -> None:
        if name == self._name_in_menu():
            return
        if name not in self._menu:
            raise SettingError(f"There is no model called {name!r}: use one of {', '.join(self._menu)}.")
        model = self._menu[name]()
        self._trainer.model = model
        self._chosen = (name, model)

    def _name_in_menu(self) -> str:
        """What the menu calls the trainer's model: as it was chosen here, else by its class."""
        name, model = getattr(self, "_chosen", ("", None))
        kind = type(self._trainer.model).__name__
        return name if model is self._trainer.model else kind if kind in self._menu else ""

    def _route_clicks(self) -> None:
        """Let a click reach Python while a cell trains with ``run()``.

        ipykernel 7 sends a click to the shell that last published on this comm. In such a cell that is the main
        one, where it would wait until the cell ends; without the route, the click goes where JupyterLab sent it.
        """
        if hasattr(self.comm, "_reply_subshell_for"):
            self.comm._reply_subshell_for = None  # noqa: SLF001 - there is no public way; without it Pause is only late

    def _publish(self) -> int:
        """Send what changed, and follow what was set on the trainer; returns about how many bytes went out."""
        if self.comm is None or self._applying == get_ident():
            return 0
        sent = 0
        with self._publishing:
            while self.comm is not None:
                names = self._report.refresh()
                if names:
                    self.send_state(names)
                sent += self._report.size(names)
                if self._trainer.state == "running" or self._report.complete:
                    break
            self._follow()
        return sent

    def _follow(self) -> None:
        """Take over what was set on the trainer; show the newest epoch unless someone looks back."""
        before, done = self.epochs_done, self._report.told["epochs_done"]
        self.set_trait("epochs_done", done)
        if self.epoch == before or self.epoch > done:
            self.epoch = done
        now = {name: getattr(self._trainer, name) for name in SETTINGS} | {"model": self._name_in_menu()}
        for name, value in now.items():
            if getattr(self, name) != value:
                setattr(self, name, value)

    def _obey(self, _widget: object, content: dict[str, Any], _buffers: object) -> None:
        """Do what the page asks for."""
        if content["do"] == "tick":
            self._tick()
            return
        self._report.heard = content.get("number", self._report.heard)
        self._report.problem = ""
        try:
            self._commands()[content["do"]]()
        except Exception as error:  # noqa: BLE001 - shown where the learner clicked
            self._report.problem = str(error)
        self._publish()

    def _commands(self) -> dict[str, Callable[[], object]]:
        trainer = self._trainer
        return {
            "start": lambda: trainer.start(self.driver),
            "pause": trainer.pause,
            "step_batch": lambda: trainer.step_batch(self.driver),
            "step_epoch": lambda: trainer.step_epoch(self.driver),
            "finish_epoch": self._finish_epoch,
            "stop": trainer.stop,
            "reset": trainer.reset,
        }

    def _finish_epoch(self) -> None:
        self._trainer.stop(finish_epoch=True)
        self._report.finishing = self._trainer.state == "running"

    def _tick(self) -> None:
        """One slice of training, and an answer: the page asks for the next one when it has it."""
        self._trainer.tick()
        self.send({"ticked": True})

    def _say(self, problem: str) -> None:
        self._report.problem = problem
        self._publish()


def _checked(trainer: object, models: object) -> dict[str, Callable[[], nn.Module]]:
    if not isinstance(trainer, Trainer):
        raise TypeError(f"A dashboard shows a Trainer, got {type(trainer).__name__}: use slw.Trainer(model, data).")
    menu = dict(models or {})  # type: ignore[call-overload]
    wrong = [name for name, make in menu.items() if not isinstance(name, str) or not callable(make)]
    if wrong:
        raise TypeError(f"models gives each name a function that makes a model: {wrong[0]!r} has none.")
    return menu
