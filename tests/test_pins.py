"""constraints.txt must serve every Python that pyproject.toml admits: its pins are made on a newer one."""

import re
import tomllib
from importlib import metadata
from pathlib import Path

from packaging.specifiers import SpecifierSet

REPO = Path(__file__).parents[1]
PINS = dict(re.findall(r"^([\w.-]+)==(\S+)$", (REPO / "constraints.txt").read_text("utf-8"), re.MULTILINE))
PROJECT = tomllib.loads((REPO / "pyproject.toml").read_text("utf-8"))["project"]


def installed(name):
    """The package's metadata if it stands here as pinned, else nothing (what only other systems need)."""
    try:
        found = metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return None
    return found if found.version.partition("+")[0] == PINS[name] else None


def test_pins_suit_the_oldest_python():
    oldest = PROJECT["requires-python"].removeprefix(">=") + ".0"
    here = [found for name in PINS if (found := installed(name))]
    wanted = {found.name: found.metadata["Requires-Python"] or "" for found in here}
    assert len(wanted) > 100
    assert {name: spec for name, spec in wanted.items() if oldest not in SpecifierSet(spec)} == {}


def test_every_direct_dependency_is_pinned_inside_its_range():
    extras = PROJECT["optional-dependencies"]
    for requirement in [*PROJECT["dependencies"], *extras["lab"], *extras["test"], *extras["lint"]]:
        name, spec = re.fullmatch(r"([\w.-]+)(?:\[\w+\])?(.*)", requirement).groups()
        if name != PROJECT["name"]:
            assert PINS[name.replace("lazy_loader", "lazy-loader")] in SpecifierSet(spec), requirement


def test_torch_is_the_version_that_the_lessons_were_stored_with():
    assert PINS["torch"] == "2.13.0"
