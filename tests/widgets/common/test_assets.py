"""JavaScript's own unit tests, and the promise that every joined script is one that a browser can read."""

import re

import pytest

from signlang_widgets.widgets.common.assets import script, style
from tests.nodejs import REPO, WIDGETS, node

NAMES = sorted(
    path.relative_to(WIDGETS).as_posix() for path in WIDGETS.rglob("*.js") if "export default" in path.read_text()
)


def test_javascript_s_own_tests_pass():
    files = sorted(str(path) for path in (REPO / "tests" / "js").rglob("*.test.js"))
    assert files
    node("--test", *files)


@pytest.mark.parametrize("name", NAMES)
def test_a_joined_script_parses_and_keeps_its_lines(name):
    text = script(name)
    node("--input-type=module", "--check", stdin=text)
    assert not re.search(r"^import ", text, re.MULTILINE)
    assert len(re.findall(r"^export ", text, re.MULTILINE)) == 1
    own = (WIDGETS / name).read_text()
    line = own.splitlines().index(next(row for row in own.splitlines() if row.startswith("export default")))
    assert text.splitlines()[line].startswith("export default")
    assert style(name.replace(".js", ".css")).startswith((WIDGETS / "common" / "theme.css").read_text())
