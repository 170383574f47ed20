"""What every widget shares: refusal of nonsense, a picture for places without a kernel, a page of its own, a clean end."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import anywidget
import traitlets

from . import cell_runs
from .answering import answered, in_short
from .page import page
from .whole_messages import WholeMessages

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from .answering import Answers


MOST_CONTROLS = 100  # no widget has more, and some lists never end


class Widget(WholeMessages, anywidget.AnyWidget):
    """The common part of the family; use one of its members.

    Parameters
    ----------
    hide, lock : iterable of str
        Controls that a teacher takes away, or shows but fixes; each class lists its own in ``CONTROLS``.
    """

    _ipython_display_ = None  # ipywidgets 7 would show the view alone, without the picture

    CONTROLS: ClassVar[tuple[str, ...]] = ()
    PYTHON_ALONE: ClassVar[frozenset[str]] = frozenset({"hide", "lock"})

    hide = traitlets.Tuple().tag(sync=True)
    lock = traitlets.Tuple().tag(sync=True)

    def __init__(self, **values: Any) -> None:
        for which in ("hide", "lock"):
            values[which] = _listed(which, values.get(which, ()))
        with self.closed_if_refused():
            try:
                super().__init__(**values)
            except traitlets.TraitError as error:
                raise TypeError(str(error)) from None
            self._route_clicks()
            self.on_msg(self._hear)
            cell_runs.adopt(self, type(self).close)

    @contextmanager
    def closed_if_refused(self) -> Iterator[None]:
        """Let no half-made widget stay open."""
        try:
            yield
        except BaseException:
            self.close()
            raise

    def answers(self) -> Answers:
        """Return what the page may ask: for each kind of question the function that answers it."""
        return {}

    def _hear(self, _widget: object, question: object, buffers: list[Any]) -> None:
        if self.comm is None:  # a last question to a widget that is closed
            return
        answer = answered(self.answers(), question, buffers)
        if answer is not None:
            self.send(*answer)

    def _route_clicks(self) -> None:
        """Let a click reach Python while a cell runs that publishes on this widget's comm.

        ipykernel 7 sends a click to the shell that last published on its comm. In such a cell that is the main
        one, where it would wait until the cell ends; without the route, the click goes where JupyterLab sent it.
        """
        if hasattr(self.comm, "_reply_subshell_for"):
            self.comm._reply_subshell_for = None  # noqa: SLF001 - there is no public way; without it a click is only late

    @traitlets.validate("hide", "lock")
    def _check_controls(self, proposal: dict[str, Any]) -> tuple[str, ...]:
        unknown = [str(name) for name in proposal["value"] if name not in self.CONTROLS]
        if unknown:
            raise ValueError(
                f"{in_short(', '.join(unknown))}: no such control. Use some of {', '.join(self.CONTROLS)}."
            )
        return tuple(proposal["value"])

    def draw(self, figure: Figure) -> None:
        """Draw the widget's present state on a private figure: the picture shown where no kernel lives."""
        raise NotImplementedError

    def png(self) -> bytes:
        """Return the picture of the widget's present state as PNG bytes."""
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        figure = Figure()
        self.draw(figure)
        picture = io.BytesIO()
        FigureCanvasAgg(figure).print_png(picture)
        return picture.getvalue()

    def to_html(self, path: str | Path) -> Path:
        """Write one page that opens anywhere, offline, with the widget alive in it; return its path.

        What the browser computes goes on working in the page; what needs Python shows the state that it has.

        Parameters
        ----------
        path : str or Path
            The file to write, usually ending in ``.html``. An existing file is replaced.
        """
        target = Path(path)
        target.write_text(page([self], title=type(self).__name__), encoding="utf-8")
        return target

    def page_state(self) -> dict[str, Any]:
        """Return what a page needs to show this widget: its public synchronised traits."""
        mine = [name for name in self.keys if name[0] != "_" and name not in ("layout", "tabbable", "tooltip")]
        return dict(self.get_state(mine))

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]] | None:
        bundle = super()._repr_mimebundle_(**kwargs)
        if bundle is not None:
            bundle[0]["image/png"] = self.png()
        return bundle

    def __repr__(self) -> str:
        return type(self).__name__

    def close(self) -> None:
        """Take the widget off the page and let go of everything it holds. Closing twice does no harm."""
        if self.comm is None:
            return
        layout = self.layout
        super().close()
        layout.close()
        self.unobserve_all()
        self.on_msg(self._hear, remove=True)
        self.release()

    def release(self) -> None:
        """Let go of images, models and results; a closed widget may live on in the notebook's history."""


def _listed(which: str, names: str | Iterable[str]) -> tuple[str, ...]:
    """One name alone is a list of one, not a list of letters."""
    listed: list[str] = []
    one = (
        isinstance(names, str) or not isinstance(names, Iterable) or hasattr(names, "shape")
    )  # a tensor may be endless
    for name in (names,) if one else names:
        if not isinstance(name, str) or len(listed) == MOST_CONTROLS:
            raise TypeError(
                f"{which} is a list of names of controls, got {type(name).__name__}: see the class's CONTROLS."
            )
        listed.append(name)
    return tuple(listed)
