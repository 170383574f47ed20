"""One ESM text and one style text a widget, joined from the files beside this one.

anywidget loads a widget's script through a Blob URL, where relative imports fail. So the script goes first (its own
line numbers stay true in error messages), the files that it imports follow it, and their ``import`` and ``export`` words go.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
_IMPORT = re.compile(r'^import [^;]*? from "\./(?P<file>[\w.]+)";', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=function|const|class|async)", re.MULTILINE)


@cache
def script(stem: str) -> str:
    """Return the ESM text of a widget: its own file, then every file that it needs, each once."""
    own, *shared = [(HERE / name).read_text("utf-8") for name in _with_imports(f"{stem}.js")]
    parts = [_blanked(own), *(_EXPORT.sub("", _blanked(text)) for text in shared)]
    return "\n".join([*parts, f"//# sourceURL={stem}.js\n"])


@cache
def style(stem: str) -> str:
    """Return the style text of a widget: the family's theme, then its own rules."""
    return "\n".join((HERE / f"{name}.css").read_text("utf-8") for name in ("theme", stem))


def _with_imports(name: str) -> list[str]:
    found = [name]
    for file in found:  # grows while it is walked: files imported by imported files come too
        needed = _IMPORT.finditer((HERE / file).read_text("utf-8"))
        found += dict.fromkeys(match["file"] for match in needed if match["file"] not in found)
    return found


def _blanked(text: str) -> str:
    """Empty the import statements but keep their lines, so that line numbers stay true."""
    return _IMPORT.sub(lambda match: "\n" * match[0].count("\n"), text)
