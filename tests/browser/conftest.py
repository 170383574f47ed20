"""One JupyterLab and one Chromium for all browser tests; one notebook, with its kernel, for each test file."""

import os

import pytest

from . import jupyterlab

CURE = "no Chromium found: install one (Debian: apt install chromium) or name it in SIGNLANG_CHROMIUM"


def pytest_collection_modifyitems(items):
    for item in items:
        if "browser" in item.path.parts:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium():
    if jupyterlab.chromium() is None:
        if os.environ.get("CI"):
            pytest.fail(CURE)
        pytest.skip(CURE)
    with jupyterlab.browser() as browser:
        yield browser


@pytest.fixture(scope="session")
def lab(chromium, tmp_path_factory):
    server = jupyterlab.JupyterLab(tmp_path_factory.mktemp("lab"))
    yield server
    server.close()


@pytest.fixture(scope="module")
def notebook(lab, chromium, request):
    """An open notebook whose one cell each test fills; errors of the page fail the file."""
    context = chromium.new_context(viewport={"width": 1200, "height": 1000})
    page = context.new_page()
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    notebook = jupyterlab.Notebook(lab, page, f"{request.module.__name__.rpartition('.')[2]}.ipynb")
    yield notebook
    notebook.shut_down()
    context.close()
    assert errors == []


@pytest.fixture
def page(chromium):
    """A page of its own, for what needs no notebook."""
    context = chromium.new_context(viewport={"width": 1200, "height": 1000})
    yield context.new_page()
    context.close()
