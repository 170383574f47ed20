"""What a stored lesson promises to a reader who has not run it. (That it still computes the same is nbval's part.)"""

import pydoc
import re

import nbformat
import pytest

from .build import KERNEL, LESSONS, README, STATE, address, first_cell, readme

VIEW = "application/vnd.jupyter.widget-view+json"
MACHINE = re.compile(r"(/(home|root|tmp|work|Users|opt|usr|mnt)/|[A-Za-z]:\\|ipykernel_|site-packages|0x[0-9a-f]{6})")
EXEMPT = ("NBVAL_IGNORE_OUTPUT", "NBVAL_SKIP", "NBVAL_RAISES_EXCEPTION")


@pytest.fixture(params=LESSONS, ids=lambda path: path.stem)
def lesson(request):
    return nbformat.read(request.param, as_version=4)


def code_cells(lesson):
    return [cell for cell in lesson.cells if cell.cell_type == "code"]


def outputs(lesson):
    return [output for cell in code_cells(lesson) for output in cell.outputs]


def widgets(lesson):
    return [output for output in outputs(lesson) if VIEW in output.get("data", {})]


def models(lesson):
    return lesson.metadata.get("widgets", {}).get(STATE, {}).get("state", {})


def test_there_are_lessons():
    numbers = [int(path.stem[:2]) for path in LESSONS]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) >= 5


def test_it_is_a_valid_notebook_for_any_python(lesson):
    nbformat.validate(lesson)
    assert lesson.metadata.kernelspec == KERNEL
    assert "version" not in lesson.metadata.language_info


def test_every_code_cell_ran_in_order(lesson):
    counts = [cell.execution_count for cell in code_cells(lesson)]
    assert counts == list(range(1, len(counts) + 1))


def test_nothing_went_to_stderr(lesson):
    assert [output for output in outputs(lesson) if output.get("name") == "stderr" or "ename" in output] == []


def test_no_machine_shows_through(lesson):
    texts = [cell.source for cell in lesson.cells]
    texts += [output.get("text", "") for output in outputs(lesson)]
    texts += [
        str(output.get("data", {}).get(kind, "")) for output in outputs(lesson) for kind in ("text/plain", "text/html")
    ]
    assert [text for text in texts if MACHINE.search(text)] == []


def test_each_widget_has_a_picture_and_steady_words(lesson):
    for output in widgets(lesson):
        assert output.data["image/png"].startswith("iVBOR")
        assert re.match(r"[A-Z]\w+: ", output.data["text/plain"])


def test_each_widget_comes_alive_from_the_stored_state(lesson):
    for output in widgets(lesson):
        assert output.data[VIEW]["model_id"] in models(lesson)
    for model in models(lesson).values():
        links = re.findall(r"IPY_MODEL_(\w+)", str(model["state"]))
        assert all(link in models(lesson) for link in links)


def test_the_stored_widgets_are_today_s(lesson):
    states = [model["state"] for model in models(lesson).values() if model["model_name"] == "AnyModel"]
    assert len(states) >= len(widgets(lesson))
    for state in states:
        widget = pydoc.locate(state["_anywidget_id"])
        assert (state["_esm"], state["_css"]) == (widget._esm, widget._css), "run: python -m tests.lessons.build"


def test_few_cells_are_exempt_from_comparison_and_each_says_why(lesson):
    exempt = [cell for cell in code_cells(lesson) if any(word in cell.source for word in EXEMPT)]
    assert len(exempt) <= 2
    assert all(re.search(r"^# Not compared: \w+", cell.source, re.MULTILINE) for cell in exempt)
    assert not any(tag.startswith("nbval") for cell in lesson.cells for tag in cell.metadata.get("tags", []))


def test_the_first_cell_is_today_s_and_silent(lesson):
    assert lesson.cells[0].source == first_cell(), "out of date: python -m tests.lessons.build"
    assert address() in lesson.cells[0].source
    assert lesson.cells[0].outputs == []


def test_badges_are_today_s():
    assert README.read_text("utf-8") == readme(), "out of date: python -m tests.lessons.build"
    assert address().removeprefix("https://github.com/") in README.read_text("utf-8")


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_the_address_stands_only_where_it_is_written_from(path):
    lesson = nbformat.read(path, as_version=4)
    assert not any(address() in cell.source for cell in lesson.cells[1:])
