"""One ESM text and one style text a widget, joined from the files of its folder and of this one.

anywidget loads a widget's script through a Blob URL, where relative imports fail. So the script goes first (its own
line numbers stay true in error messages), the files that it imports follow it, and their ``import`` and ``export`` words go.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

WIDGETS = Path(__file__).parents[1]
_IMPORT = re.compile(r'^import [^;]*? from "(?P<file>\.[\w./]+)";', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=function|const|class|async)", re.MULTILINE)


@cache
def script(name: str) -> str:
    """Return the ESM text of a widget, such as ``steppers/pooling_stepper.js``, then every file that it needs, each once."""
    own, *shared = [path.read_text("utf-8") for path in _with_imports((WIDGETS / name).resolve())]
    parts = [_blanked(own), *(_EXPORT.sub("", _blanked(text)) for text in shared)]
    return "\n".join([*parts, f"//# sourceURL={Path(name).name}\n"])


@cache
def style(*names: str) -> str:
    """Return the style text of a widget: the family's theme, then the rules of each file in turn."""
    return "\n".join((WIDGETS / name).read_text("utf-8") for name in ("common/theme.css", *names))


def _with_imports(path: Path) -> list[Path]:
    found = [path]
    for file in found:  # grows while it is walked: files imported by imported files come too
        needed = [(file.parent / match["file"]).resolve() for match in _IMPORT.finditer(file.read_text("utf-8"))]
        found += dict.fromkeys(other for other in needed if other not in found)
    return found


def _blanked(text: str) -> str:
    """Empty the import statements but keep their lines, so that line numbers stay true."""
    return _IMPORT.sub(lambda match: "\n" * match[0].count("\n"), text)
