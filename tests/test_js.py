"""JavaScript's own unit tests, and the promise that every joined script is one that a browser can read."""

import re

import pytest

from signlang_widgets.widgets.assets import script, style

from .nodejs import REPO, WIDGETS, node

STEMS = sorted(path.stem for path in WIDGETS.glob("*.js") if "export default" in path.read_text())


def test_javascript_s_own_tests_pass():
    files = sorted(str(path) for path in (REPO / "tests" / "js").glob("*.test.js"))
    assert files
    node("--test", *files)


@pytest.mark.parametrize("stem", STEMS)
def test_a_joined_script_parses_and_keeps_its_lines(stem):
    text = script(stem)
    node("--input-type=module", "--check", stdin=text)
    assert not re.search(r"^import ", text, re.MULTILINE)
    assert len(re.findall(r"^export ", text, re.MULTILINE)) == 1
    own = (WIDGETS / f"{stem}.js").read_text()
    line = own.splitlines().index(next(row for row in own.splitlines() if row.startswith("export default")))
    assert text.splitlines()[line].startswith("export default")
    assert style(stem).startswith((WIDGETS / "theme.css").read_text())
