"""One ESM text and one style text a widget, joined from the files of its folder and of this one.

anywidget loads a widget's script through a Blob URL, where relative imports fail. So the script goes first (its own
line numbers stay true in error messages), and each file that it imports follows as a function of its own, which runs once
and hands out what the file exports: two files may use one name for their helpers.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

WIDGETS = Path(__file__).parents[1]
_IMPORT = re.compile(r'^import (?P<names>{[^}]*}) from "(?P<file>\.[\w./]+)";', re.MULTILINE)
_EXPORT = re.compile(r"^export (?P<kind>async function|function\*?|const|class) (?P<name>\w+)", re.MULTILINE)


@cache
def script(name: str) -> str:
    """Return the ESM text of a widget, such as ``steppers/pooling_stepper.js``, then every file that it needs, each once."""
    own, *needed = with_imports(WIDGETS / name)
    return "\n".join([_bound(own), *map(_wrapped, needed), f"//# sourceURL={own.name}\n"])


@cache
def style(*names: str) -> str:
    """Return the style text of a widget: the family's theme, then the rules of each file in turn."""
    return "\n".join((WIDGETS / name).read_text("utf-8") for name in ("common/theme.css", *names))


def imports(path: Path) -> list[Path]:
    """Return the files that a script imports."""
    return [(path.parent / match["file"]).resolve() for match in _IMPORT.finditer(path.read_text("utf-8"))]


def exports(path: Path) -> list[str]:
    """Return the names that a script exports."""
    return [match["name"] for match in _EXPORT.finditer(path.read_text("utf-8"))]


def with_imports(path: Path) -> list[Path]:
    """Return a script, then every other that it needs, each once."""
    found = [path.resolve()]
    for file in found:  # grows while it is walked: files imported by imported files come too
        found += dict.fromkeys(other for other in imports(file) if other not in found)
    return found


def _bound(path: Path) -> str:
    """Take imported names from the functions that hand them out; every line stays where it is."""

    def bind(match: re.Match[str]) -> str:
        return f"const {match['names'].replace(' as ', ': ')} = {_room((path.parent / match['file']).resolve())}();"

    return _IMPORT.sub(bind, path.read_text("utf-8"))


def _wrapped(path: Path) -> str:
    """Put a file into a function that runs once; functions are hoisted, so that the widget's own text may stand first."""
    room, body = _room(path), _EXPORT.sub(lambda match: f"{match['kind']} {match['name']}", _bound(path))
    names = ", ".join(exports(path))
    return f"function {room}() {{\nreturn ({room}.made ??= (() => {{\n{body}\nreturn {{ {names} }};\n}})());\n}}"


def _room(path: Path) -> str:
    return "$" + path.relative_to(WIDGETS).with_suffix("").as_posix().replace("/", "_")
