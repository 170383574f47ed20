"""Train while you watch: curves that grow, one batch or one epoch at a time, and every epoch to look back at."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from threading import RLock, get_ident
from typing import TYPE_CHECKING, Any, ClassVar
from weakref import WeakKeyDictionary

import traitlets

from signlang_widgets.training.settings import SettingError
from signlang_widgets.training.trainer import Trainer
from signlang_widgets.widgets.common.assets import script, style
from signlang_widgets.widgets.common.base import Widget
from signlang_widgets.widgets.common.inputs import WholeTrait, WordTrait, check_names

from .figure import draw_training
from .pacer import Pacer, size_of
from .report import Report

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from matplotlib.figure import Figure
    from torch import nn

    from signlang_widgets.networks.evaluation import Evaluation
    from signlang_widgets.widgets.common.answering import Answer, Answers, Question

SETTINGS: dict[str, type] = {"lr": float, "epochs": int, "batch_size": int, "momentum": float}


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
    code : str
        The run as PyTorch lines; read-only.
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
    epoch = WholeTrait(0).tag(sync=True)
    log_scale = traitlets.Bool().tag(sync=True)
    driver: Any = WordTrait(["auto", "thread", "browser"], "auto")

    epochs_done = traitlets.Int(0, read_only=True).tag(sync=True)
    status: traitlets.Dict[str, Any] = traitlets.Dict(read_only=True).tag(sync=True)
    curves: traitlets.Dict[str, Any] = traitlets.Dict(read_only=True).tag(sync=True)
    earlier: traitlets.List[Any] = traitlets.List(read_only=True).tag(sync=True)
    about: traitlets.Dict[str, Any] = traitlets.Dict(read_only=True).tag(sync=True)
    pictures: traitlets.Dict[str, Any] = traitlets.Dict(read_only=True).tag(sync=True)
    code = traitlets.Unicode(read_only=True).tag(sync=True)

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
        self._publishing, self._publisher, self._words = RLock(), 0, ""
        self._taking = False
        self._changed: list[str] = []
        self._named: WeakKeyDictionary[nn.Module, str] = WeakKeyDictionary()
        self.set_trait("models", list(self._menu))
        self._mirror()
        super().__init__(hide=hide, lock=lock)
        with self.closed_if_refused():
            self._leave = trainer.subscribe(Pacer(self._report.hear, self._publish))
            self._publish()

    @property
    def evaluation(self) -> Evaluation | None:
        """The test evaluation of the epoch that is shown; None for the untrained model."""
        return self._trainer.evaluations.get(self.epoch)

    def draw(self, figure: Figure) -> None:
        """Draw the curves of loss and accuracy, and the confusion matrix of the last epoch."""
        draw_training(figure, self._trainer)

    def answers(self) -> Answers:
        """Return what the page may ask: pictures of epochs, what each button does, and a slice of training."""
        acts = {act: partial(self._obey, act) for act in self._commands()}
        return {**acts, "tick": self._tick, "pictures": self._report.pictures}

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take what the page sets; another model comes last, when nothing else of the message can be refused."""
        if isinstance(sync_data, dict):
            sync_data = dict(sorted(sync_data.items(), key=lambda item: item[0] == "model"))
        with self._publishing:
            self._taking = True  # what the trainer tells of the first value would overwrite those that wait
        try:
            super().set_state(sync_data)
        finally:
            self._taking = False
            self._publish()

    def _tell_refusal(self, problem: str) -> None:
        """Say why a message was not taken, and take back what the trainer took of it."""
        for name in SETTINGS:
            if getattr(self, name) != self._setting(name):
                self._set(name, getattr(self, name))
        self._report.problem = problem

    def notify_change(self, change: Any) -> None:
        """Gather what :meth:`_publish` sets, for one message; what others set travels at once."""
        if self._publisher != get_ident():
            super().notify_change(change)
            return
        if change["name"] in self.keys:
            self._changed.append(change["name"])
        traitlets.HasTraits.notify_change(self, change)

    def page_state(self) -> dict[str, Any]:
        """Return the state for a page of its own, where nobody can be asked: every epoch's pictures are in it."""
        return {**super().page_state(), "pictures": self._report.every_picture()}

    def release(self) -> None:
        """Stop training that nobody would see, and let go of model, images and results."""
        self._leave()
        if self._trainer.in_background:
            self._trainer.stop()
        with self._publishing:  # a last message may be on its way
            self._words = repr(self)
            for name in ("curves", "earlier", "pictures"):
                self.set_trait(name, type(getattr(self, name))())
            del self._trainer, self._report, self._menu, self._named, self._leave

    def __repr__(self) -> str:
        if self.comm is None and self._words:
            return self._words
        name = type(self._trainer.model).__name__
        return f"TrainingDashboard: {name}, {self._trainer.epochs_done} of {self._trainer.epochs} epochs"

    @traitlets.validate(*SETTINGS, "model")
    def _check_setting(self, proposal: dict[str, Any]) -> Any:
        """The trainer decides: it takes a value, or says why not and the old one stays."""
        name, value = proposal["trait"].name, proposal["value"]
        try:
            if value != self._setting(name):
                self._report.problem = ""
                self._set(name, value)
        except Exception as error:
            raise SettingError(str(error)) from error
        return self._setting(name)

    @traitlets.validate("epoch")
    def _check_epoch(self, proposal: dict[str, Any]) -> int:
        if not 0 <= proposal["value"] <= self.epochs_done:
            raise SettingError(f"There is no epoch {proposal['value']} to look at: use 0 to {self.epochs_done}.")
        return proposal["value"]

    def _setting(self, name: str) -> Any:
        """What the trainer has; of its model what the menu calls it: as it was chosen here, else by its class."""
        if name != "model":
            return SETTINGS[name](getattr(self._trainer, name))
        kind = type(self._trainer.model).__name__
        return self._named.get(self._trainer.model, kind if kind in self._menu else "")

    def _set(self, name: str, value: Any) -> None:
        if name != "model":
            setattr(self._trainer, name, value)
            return
        if value not in self._menu:
            raise SettingError(f"There is no model called {value!r}: use one of {', '.join(self._menu)}.")
        model = self._menu[value]()
        self._named[model] = value
        self._trainer.model = model

    def _publish(self) -> int:
        """Look at the trainer again and send what changed, in one message; returns about how many bytes went out."""
        with self._publishing:
            if self.comm is None or self._taking:
                return 0
            before, self._publisher = self._publisher, get_ident()
            try:
                self._mirror()
            finally:
                self._publisher = before
                names, self._changed = list(dict.fromkeys(self._changed)), []
                self.send_state(names)
        return sum(size_of(getattr(self, name)) for name in names)

    def _mirror(self) -> None:
        """Say what the trainer says; show the newest epoch unless someone looks back."""
        follows = self.epoch == self.epochs_done
        for name, value in self._report.parts().items():
            self.set_trait(name, value)
        if follows or self.epoch > self.epochs_done:
            self.epoch = self.epochs_done
        for name in (*SETTINGS, "model"):
            self.set_trait(name, self._setting(name))

    def _obey(self, act: str, _question: Question) -> Answer:
        """Do what a button says; why it cannot be done stays in sight until something else is done."""
        self._report.problem = ""
        try:
            self._commands()[act]()
        except Exception as error:  # noqa: BLE001 - shown where the learner clicked
            self._report.problem = str(error)
        self._publish()
        return {}, []

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

    def _tick(self, _question: Question) -> Answer:
        """One slice of training, and an answer: the page asks for the next one when it has it."""
        self._trainer.tick()
        return {}, []


def _checked(trainer: object, models: object) -> dict[str, Callable[[], nn.Module]]:
    if not isinstance(trainer, Trainer):
        raise TypeError(f"A dashboard shows a Trainer, got {type(trainer).__name__}: use slw.Trainer(model, data).")
    check_names([str(name) for name in trainer.data.test.class_names], "class_names")
    if models is not None and not isinstance(models, Mapping):
        raise TypeError(
            f"models gives each name a function that makes a model, got {type(models).__name__}: use a dict."
        )
    menu = dict(models or {})
    wrong = [name for name, make in menu.items() if not isinstance(name, str) or not callable(make)]
    if wrong:
        raise TypeError(f"models gives each name a function that makes a model: {wrong[0]!r} has none.")
    check_names(list(menu), "models")
    return menu
