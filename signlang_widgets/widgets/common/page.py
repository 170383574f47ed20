"""A page of its own: widgets, their data and their code in one HTML file that asks the network for nothing.

Each class's script is one inline module and the style one inline sheet, both named by their SHA-256 in a
Content-Security-Policy that allows nothing else. ``page.js`` holds the stand-in for Jupyter's model.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from typing import TYPE_CHECKING, Any, Protocol

from .assets import WIDGETS

if TYPE_CHECKING:
    from collections.abc import Sequence

_FRAME = "html { color-scheme: light dark; } body { margin: 16px auto; max-width: 960px; font-family: system-ui; }"


class Shown(Protocol):
    """What a page needs of a widget: its script, its style and its state."""

    _esm: Any
    _css: Any

    def page_state(self) -> dict[str, Any]: ...  # noqa: D102 - the class says it


def page(widgets: Sequence[Shown], title: str) -> str:
    """Return the text of a page that shows ``widgets`` one under the other, alive and without a kernel."""
    kinds = {type(widget).__name__: widget for widget in widgets}
    styles = ["\n".join([_FRAME, *dict.fromkeys(str(widget._css) for widget in kinds.values())])]  # noqa: SLF001
    scripts = [_module(kind, str(widget._esm)) for kind, widget in kinds.items()]  # noqa: SLF001 - anywidget's name for it
    policy = (
        "default-src 'none'; base-uri 'none'; form-action 'none'; img-src data: blob:; "
        f"script-src {_hashes(scripts)}; style-src {_hashes(styles)}"
    )
    return "\n".join(
        [
            '<!DOCTYPE html>\n<html lang="en">\n<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
            '<meta name="viewport" content="width=device-width">',
            f"<title>{html.escape(title)}</title>",
            *(f"<style>{text}</style>" for text in styles),
            f"<main><h1>{html.escape(title)}</h1>",
            *(_host(widget) for widget in widgets),
            "</main>",
            *(f'<script type="module">{text}</script>' for text in scripts),
            "</html>\n",
        ]
    )


def _module(kind: str, esm: str) -> str:
    """Return the class's script with the stand-in, safe inside a script element."""
    stand_in = (WIDGETS / "common" / "page.js").read_text("utf-8").replace("export function", "function")
    code = re.sub(r"^export default ", "const defined = ", esm, flags=re.MULTILINE)
    text = f"{code}\n{stand_in}\nshowAll({json.dumps(kind)}, defined);\n"
    return text.replace("</script", "<\\/script").replace("<!--", "<\\!--")


def _host(widget: Shown) -> str:
    state = json.dumps(widget.page_state(), default=_plain, allow_nan=False).replace("<", "\\u003c")
    return f'<div data-widget="{type(widget).__name__}"><script type="application/json">{state}</script></div>'


def _plain(value: object) -> Any:
    if isinstance(value, (bytes, bytearray, memoryview)):
        return {"$bytes": base64.b64encode(bytes(value)).decode("ascii")}
    raise TypeError(f"{type(value).__name__} cannot be written into a page")


def _hashes(texts: Sequence[str]) -> str:
    digests = (hashlib.sha256(text.encode("utf-8")).digest() for text in texts)
    return " ".join(f"'sha256-{base64.b64encode(digest).decode('ascii')}'" for digest in digests)
