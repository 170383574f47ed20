"""What the two steppers' browser tests share: reading a view, and pressing its keys."""

import json

STATE = """el => ({
  step: el.querySelector('.slw-step-words').textContent,
  line: el.querySelector('.slw-sum').textContent,
  spoken: el.querySelector('.slw-spoken').textContent,
  hint: el.querySelector('.slw-hint').textContent,
  output: [...el.querySelectorAll('[role="grid"] [role="gridcell"]')].map(cell => cell.textContent),
  window: el.querySelector('.slw-stage-inputs .slw-plane-line').getAttribute('d'),
})"""


def state(view):
    """What a view shows, as texts."""
    return view.evaluate(STATE)


def wait_for_step(view, words):
    """Wait until the view's step reads ``words``, such as 'step 2 of 4'."""
    view.locator(".slw-step-words", has_text=words).wait_for()


def output(view):
    """The frame of the output, which takes the keyboard."""
    return view.locator(".slw-stage-side:last-of-type .slw-plane-frame").last


def cell_centre(frame, row, column, rows, columns):
    box = frame.bounding_box()
    return box["x"] + box["width"] * (column + 0.5) / columns, box["y"] + box["height"] * (row + 0.5) / rows


def held(notebook, name):
    """The finished output in Python, row by row."""
    return json.loads(notebook.python(f"import json; print(json.dumps({name}.output.flatten().tolist()))"))
