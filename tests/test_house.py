"""The house rules that a reader relies on: who imports whom, how large a room and a function may be, one meaning a name.

Run it alone with ``python -m pytest tests/test_house.py``.
"""

import ast
import re
from collections import Counter
from pathlib import Path

import grimp
import networkx as nx
import pytest

from signlang_widgets.widgets.common.assets import WIDGETS, exports, imports

REPO = Path(__file__).parents[1]
PACKAGE = REPO / "signlang_widgets"
TESTS = REPO / "tests"

# From the learner's eye down to the data: each room may import those to the right of it.
FLOW = ("widgets", "plots", "training", "networks", "filters", "datasets", "files")
JUPYTER = {"IPython", "anywidget", "comm", "ipykernel", "ipympl", "ipywidgets", "traitlets"}

MOST_NAMES_AT_THE_TOP, MOST_NAMES = 14, 26
MOST_LINES_A_FILE, MOST_LINES_A_FUNCTION = 300, 40

PYTHON = sorted(path for root in (PACKAGE, TESTS) for path in root.rglob("*.py"))
SCRIPTS = sorted(WIDGETS.rglob("*.js"))
JS_TESTS = sorted((TESTS / "js").rglob("*.js"))


def shown(paths):
    return [path.relative_to(REPO).as_posix() for path in paths]


def names_in(folder):
    return [path for path in folder.iterdir() if path.name != "__pycache__"]


def circles(graph):
    return [sorted(group) for group in nx.strongly_connected_components(graph) if len(group) > 1]


@pytest.fixture(scope="module")
def graph():
    """Every import of the package, those under TYPE_CHECKING and inside functions included."""
    return grimp.build_graph("signlang_widgets", include_external_packages=True, cache_dir=None)


def script_graph():
    graph = nx.DiGraph()
    for path in SCRIPTS:
        typed = re.findall(r'import\("(\.[\w./]+)"\)', path.read_text("utf-8"))
        needed = [*imports(path), *((path.parent / name).resolve() for name in typed)]
        graph.add_edges_from((path.relative_to(WIDGETS), other.relative_to(WIDGETS)) for other in needed)
    return graph


def test_no_python_file_imports_itself_by_a_detour(graph):
    edges = [(module, other) for module in graph.modules for other in graph.find_modules_directly_imported_by(module)]
    assert circles(nx.DiGraph(edges)) == []


def test_no_script_imports_itself_by_a_detour():
    assert circles(script_graph()) == []


def room_of(module):
    return module.split(".")[1] if "." in module else ""


def test_rooms_are_imported_in_the_direction_in_which_data_flow(graph):
    assert {room_of(module) for module in graph.modules if module.startswith("signlang_widgets.")} == set(FLOW)
    for module in graph.modules:
        for other in graph.find_modules_directly_imported_by(module):
            if module.startswith("signlang_widgets.") and other.startswith("signlang_widgets."):
                assert FLOW.index(room_of(module)) <= FLOW.index(room_of(other)), f"{module} imports {other}"


def test_only_widgets_know_jupyter_and_only_plots_and_widgets_know_matplotlib(graph):
    for external in JUPYTER & graph.modules:
        users = graph.find_modules_that_directly_import(external)
        assert {room_of(user) for user in users} <= {"widgets"}, external
    users = graph.find_modules_that_directly_import("matplotlib")
    assert {room_of(user) for user in users} == {"plots", "widgets"}


def test_a_widget_s_folder_imports_no_other_widget_s_folder(graph):
    shared = {"common", "drawing"}
    folders = {path.name for path in WIDGETS.iterdir() if path.is_dir() and path.name != "__pycache__"} - shared
    for module in graph.modules:
        folder = module.split(".")[2] if module.startswith("signlang_widgets.widgets.") else ""
        for other in graph.find_modules_directly_imported_by(module) if folder in folders | shared else ():
            assert not any(other.startswith(f"signlang_widgets.widgets.{name}") for name in folders - {folder}), module
    for script, other in script_graph().edges:
        assert other.parts[0] in {script.parts[0], *shared}, f"{script} imports {other}"


def test_every_export_of_a_script_is_used():
    used = Counter(
        name.split(" as ")[0].strip()
        for path in (*SCRIPTS, *JS_TESTS)
        for names in re.findall(r"^import \{([^}]*)\} from", path.read_text("utf-8"), re.MULTILINE)
        for name in names.split(",")
    )
    from_python = set(re.findall(r"room\.(\w+)", "".join(path.read_text("utf-8") for path in TESTS.rglob("*.py"))))
    unused = [f"{path.name}: {name}" for path in SCRIPTS for name in exports(path) if not used[name]]
    assert [name for name in unused if name.split(": ")[1] not in {*from_python, "showAll"}] == []


def test_a_folder_can_be_taken_in_at_a_glance():
    assert len(names_in(PACKAGE)) <= MOST_NAMES_AT_THE_TOP
    folders = [path for root in (PACKAGE, TESTS) for path in (root, *root.rglob("*")) if path.is_dir()]
    assert shown(folder for folder in folders if len(names_in(folder)) > MOST_NAMES) == []


def test_no_file_is_long():
    long = [
        path for path in (*PYTHON, *SCRIPTS, *JS_TESTS) if len(path.read_text("utf-8").splitlines()) > MOST_LINES_A_FILE
    ]
    assert shown(long) == []


def length(function):
    """Lines of a function without its docstring."""
    lines = function.end_lineno - function.lineno + 1
    first = function.body[0]
    has_docstring = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    return lines - (first.end_lineno - first.lineno + 1 if has_docstring else 0)


def test_no_function_is_long():
    """JavaScript's are held to 60 lines by its linter (.ci/biome.json)."""
    long = [
        f"{path.relative_to(REPO)}: {node.name} {length(node)}"
        for path in PYTHON
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef) and length(node) > MOST_LINES_A_FUNCTION
    ]
    assert long == []


def test_no_two_classes_share_a_name():
    for paths, pattern in (
        (PACKAGE.rglob("*.py"), r"^class (\w+)"),
        (SCRIPTS, r"^(?:export )?class (\w+)"),
    ):
        found = Counter(name for path in paths for name in re.findall(pattern, path.read_text("utf-8"), re.MULTILINE))
        assert [name for name, count in found.items() if count > 1] == []


def test_tests_mirror_the_rooms():
    rooms = {path.relative_to(PACKAGE) for path in PACKAGE.rglob("*") if path.is_dir() and path.name != "__pycache__"}
    own = {Path(name) for name in ("browser", "js", "lessons", "benchmarks", "faults")}
    for folder in (path for path in TESTS.rglob("*") if path.is_dir() and path.name != "__pycache__"):
        place = folder.relative_to(TESTS)
        if place.parts[0] in ("js", "browser"):
            assert len(place.parts) == 1 or Path("widgets", *place.parts[1:]) in rooms, place
        elif Path(place.parts[0]) not in own:
            assert place in rooms, place


BANNED = (
    r"\btorch\.(load|save)\b", r"\btorch\.export\b", r"\bpickle\b", r"\bdill\b", r"allow_pickle=True", r"\beval\((?!\))", r"(?<!\.)\bexec\(",
    r"\binnerHTML\b", r"\bouterHTML\b", r"\binsertAdjacentHTML\b", r"\bdocument\.write\b", r"\bnew Function\b", r"\bDOMParser\b",
    r"\bcreateContextualFragment\b", r"\bsetHTMLUnsafe\b", r"\bsrcdoc\b",
)  # fmt: skip


def test_nothing_runs_what_a_file_or_a_text_says():
    """No pickle is loaded; text is text, never code and never markup."""
    for path in (*PACKAGE.rglob("*.py"), *SCRIPTS):
        text = re.sub(r"nothing as pickle", "", path.read_text("utf-8"))
        assert [word for word in BANNED if re.search(word, text)] == [], path
