"""A real JupyterLab and a real Chromium: what browser tests, lesson pictures and benchmarks stand on."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import nbformat

REPO = Path(__file__).parents[2]
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
    "--disable-background-timer-throttling",
]
KERNEL_IDLE = "() => jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'"


def chromium() -> str | None:
    """Where a Chromium stands, or None: SIGNLANG_CHROMIUM, then the usual names."""
    names = [os.environ.get("SIGNLANG_CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome"]
    return next((found for name in names if name and (found := shutil.which(name))), None)


@contextmanager
def browser():
    """A headless Chromium, closed at the end."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_FLAGS)
        yield running
        running.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class JupyterLab:
    """A server of its own, with settings, runtime files and notebooks in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.root = folder / "notebooks"
        self.root.mkdir(parents=True)
        self.port = free_port()
        self.token = secrets.token_hex(16)
        self._write_settings()
        self.log = (folder / "server.log").open("wb")
        self.process = subprocess.Popen(self._command(), env=self._environment(), stdout=self.log, stderr=self.log)
        self._wait_until_up()

    def _command(self):
        options = {
            "ServerApp.ip": "127.0.0.1",
            "ServerApp.port": self.port,
            "ServerApp.port_retries": 0,
            "ServerApp.root_dir": self.root,
            "IdentityProvider.token": self.token,
            "LabApp.expose_app_in_browser": True,
            "LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
        }
        return [
            *(sys.executable, "-m", "jupyter", "lab", "--no-browser", "--allow-root"),
            *(f"--{name}={value}" for name, value in options.items()),
        ]

    def _environment(self):
        own = ["JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR", "MPLCONFIGDIR"]
        folders = {name: str(self.folder / name.lower()) for name in own}
        path = os.pathsep.join(filter(None, [str(REPO), os.environ.get("PYTHONPATH")]))
        settings = str(self.folder / "settings")
        return {**os.environ, **folders, "JUPYTERLAB_SETTINGS_DIR": settings, "PYTHONPATH": path}

    def _write_settings(self, theme: str = "JupyterLab Light") -> None:
        plugin = self.folder / "settings" / "@jupyterlab" / "apputils-extension"
        plugin.mkdir(parents=True, exist_ok=True)
        quiet = {"fetchNews": "false", "checkForUpdates": False, "doNotDisturbMode": True}
        (plugin / "notification.jupyterlab-settings").write_text(json.dumps(quiet))
        (plugin / "themes.jupyterlab-settings").write_text(json.dumps({"theme": theme}))

    def _wait_until_up(self) -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/api/status?token={self.token}", timeout=5)
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
            else:
                return
        raise RuntimeError(f"JupyterLab did not start:\n{(self.folder / 'server.log').read_text()}")

    def write(self, name: str, *cells: str) -> str:
        """Write a notebook of code cells; return its name."""
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text) for text in cells])
        notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
        nbformat.write(notebook, self.root / name)
        return name

    def open(self, page, name: str, *, port: int | None = None) -> None:
        """Open a notebook in the page and wait for an idle kernel."""
        page.goto(f"http://127.0.0.1:{port or self.port}/lab/tree/{name}?token={self.token}&reset")
        page.wait_for_selector(".jp-Notebook", timeout=60_000)
        page.wait_for_function(KERNEL_IDLE, timeout=60_000)

    def run(self, page, name: str, *cells: str, port: int | None = None) -> None:
        """Write, open and run a notebook."""
        self.open(page, self.write(name, *cells), port=port)
        page.evaluate("jupyterapp.commands.execute('notebook:run-all-cells')")

    def close(self) -> None:
        self.process.terminate()
        self.process.wait(30)
        self.log.close()


class Notebook:
    """One open notebook of one cell whose code a test replaces: the kernel, and what it imported, stays."""

    def __init__(self, lab: JupyterLab, page, name: str, *, port: int | None = None) -> None:
        self.page = page
        lab.open(page, lab.write(name, ""), port=port)

    def show(self, code: str, selector: str = ".slw"):
        """Run code in the cell and wait for what it shows; return the first match."""
        self.page.evaluate(RUN_CELL, code)
        shown = self.page.locator(selector).first
        shown.wait_for(timeout=30_000)
        return shown

    def shut_down(self) -> None:
        """End the kernel: what it still computes must not slow the next test file."""
        self.page.evaluate("jupyterapp.shell.currentWidget.sessionContext.shutdown()")

    def python(self, code: str) -> str:
        """Run code in the kernel, beside the cell; return what it printed."""
        return self.page.evaluate(RUN_CODE, code)

    def wait_for_python(self, expression: str, expected: str, seconds: float = 10) -> None:
        """Wait until an expression prints as expected: changes travel from the page to Python in their own time."""
        deadline = time.monotonic() + seconds
        while (found := self.python(f"print({expression})")) != expected:
            assert time.monotonic() < deadline, f"{expression} is {found}, expected {expected}"


RUN_CELL = """async (code) => {
  const notebook = jupyterapp.shell.currentWidget.content;
  notebook.activeCellIndex = 0;
  notebook.activeCell.model.sharedModel.setSource(code);
  await jupyterapp.commands.execute('notebook:run-cell');
}"""

RUN_CODE = """async (code) => {
  const kernel = jupyterapp.shell.currentWidget.sessionContext.session.kernel;
  const future = kernel.requestExecute({ code, store_history: false });
  let text = '';
  future.onIOPub = ({ header, content }) => {
    if (header.msg_type === 'stream') text += content.text;
    if (header.msg_type === 'error') text += content.traceback.join('\\n');
  };
  await future.done;
  return text.trim();
}"""
