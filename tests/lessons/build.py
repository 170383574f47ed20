"""Run the lessons and store what they show: python -m tests.lessons.build [lesson ...].

Each lesson is executed in place with this Python: counts, texts, a picture of each widget, and the widgets' state,
so that JupyterLab shows them alive before anything has run. Badges in README.md and the first cell of each lesson
are written from the address in pyproject.toml.
"""

from __future__ import annotations

import hashlib
import re
import sys
import tomllib
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from .environment import settle

REPO = Path(__file__).parents[2]
LESSONS = sorted((REPO / "lessons").glob("*.ipynb"))
README = REPO / "README.md"
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
STATE = "application/vnd.jupyter.widget-state+json"
BADGES = re.compile(r"(?<=<!-- badges -->\n).*?(?=<!-- /badges -->)", re.DOTALL)
FIRST_CELL = """\
# In Colab, this gets what is missing. Everywhere else it does nothing.
import sys
from importlib import metadata, util

if "google.colab" in sys.modules and util.find_spec("signlang_widgets") is None:
    keep = "ipywidgets==" + metadata.version("ipywidgets")
    !pip install --quiet "git+{address}" {{keep}}"""


def address() -> str:
    """The public address of the project, from the one place that holds it."""
    project = tomllib.loads((REPO / "pyproject.toml").read_text("utf-8"))["project"]
    return project["urls"]["Repository"]


def first_cell() -> str:
    return FIRST_CELL.format(address=address())


def badges() -> str:
    """The lines that open the lessons on Binder and in Colab."""
    owner_and_name = address().removeprefix("https://github.com/")
    binder = f"https://mybinder.org/v2/gh/{owner_and_name}/HEAD?urlpath=lab/tree/lessons"
    lines = [
        f"[![Binder](https://mybinder.org/badge_logo.svg)]({binder}) all lessons in JupyterLab, nothing to install\n"
    ]
    for lesson in LESSONS:
        colab = f"https://colab.research.google.com/github/{owner_and_name}/blob/main/lessons/{lesson.name}"
        image = "https://colab.research.google.com/assets/colab-badge.svg"
        lines.append(f"[![Colab]({image})]({colab}) {title(nbformat.read(lesson, as_version=4))}\n")
    return "\n".join(lines)


def title(notebook: nbformat.NotebookNode) -> str:
    headings = (cell.source for cell in notebook.cells if cell.source.startswith("# ") and cell.cell_type == "markdown")
    return next(headings).splitlines()[0].removeprefix("# ")


def readme() -> str:
    """README.md with today's badges."""
    return BADGES.sub(lambda _: badges(), README.read_text("utf-8"))


def build(lesson: Path) -> None:
    """Execute a lesson in place; a cell that fails or writes to stderr leaves the file as it was."""
    notebook = nbformat.read(lesson, as_version=4)
    notebook.cells[0].source = first_cell()
    notebook.metadata = nbformat.from_dict({"kernelspec": KERNEL})
    client = NotebookClient(
        notebook,
        kernel_name="python3",
        record_timing=False,
        store_widget_state=True,
        timeout=120,
        resources={"metadata": {"path": str(lesson.parent)}},
    )
    client.execute()
    _refuse_stderr(notebook, lesson.name)
    notebook.metadata.language_info.pop("version", None)  # this machine's Python is not the reader's
    nbformat.write(with_stable_names(notebook, lesson.stem), lesson)


def _refuse_stderr(notebook: nbformat.NotebookNode, name: str) -> None:
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if output.get("name") == "stderr":
                raise SystemExit(f"{name}: a cell wrote to stderr. Cure the cause, then build again.\n{output.text}")


def with_stable_names(notebook: nbformat.NotebookNode, stem: str) -> nbformat.NotebookNode:
    """Replace the random names of widget models: an unchanged lesson is stored unchanged."""
    text = nbformat.writes(notebook)
    models = notebook.metadata.get("widgets", {}).get(STATE, {}).get("state", {})
    for place, model in enumerate(models):
        text = text.replace(model, hashlib.sha256(f"{stem}/{place}".encode()).hexdigest()[:32])
    return nbformat.reads(text, as_version=4)


def main(names: list[str]) -> None:
    settle()
    for lesson in [Path(name).resolve() for name in names] or LESSONS:
        build(lesson)
        print(f"built {lesson.name}")
    README.write_text(readme(), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
