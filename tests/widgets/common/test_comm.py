"""A kernel of its own, and a front end of a few lines: what travels when a widget opens, changes and closes.

Runs with whichever ipywidgets and ipykernel are installed; CI runs it with the oldest supported ones too (Colab's).
"""

import sys

import pytest
from jupyter_client.manager import start_new_kernel

SHOW = """
import numpy as np, torch
import signlang_widgets as slw
editor = slw.KernelEditor(torch.arange(120).reshape(2, 6, 10).to(torch.uint8), "sobel_x")
editor
"""


class FrontEnd:
    """Sends code and comm messages; keeps what the kernel publishes."""

    def __init__(self, client):
        self.client = client

    def run(self, code):
        published = []
        reply = self.client.execute_interactive(code, timeout=60, output_hook=published.append, store_history=False)
        assert reply["content"]["status"] == "ok", reply["content"]
        return published

    def printed(self, expression):
        messages = self.run(f"print({expression})")
        return "".join(m["content"]["text"] for m in messages if m["msg_type"] == "stream").strip()

    def tell(self, comm, state):
        self._send(comm, {"method": "update", "state": state, "buffer_paths": []})

    def ask(self, comm, question):
        self._send(comm, {"method": "custom", "content": question})

    def _send(self, comm, data):
        self.client.shell_channel.send(self.client.session.msg("comm_msg", {"comm_id": comm, "data": data}))

    def heard(self, wanted):
        """The next message that the kernel publishes and ``wanted`` accepts."""
        while not wanted(message := self.client.get_iopub_msg(timeout=20)):
            pass
        return message


@pytest.fixture(scope="module")
def front_end():
    manager, client = start_new_kernel(kernel_name="python3", extra_arguments=[])
    yield FrontEnd(client)
    client.stop_channels()
    manager.shutdown_kernel(now=True)


@pytest.fixture(scope="module")
def shown(front_end):
    assert front_end.printed("__import__('sys').executable") == sys.executable
    return front_end.run(SHOW)


@pytest.fixture(scope="module")
def opened(shown):
    """The comm of the editor itself (its layout opens one too)."""
    opened = [m for m in shown if m["msg_type"] == "comm_open"]
    return next(m for m in opened if "_esm" in m["content"]["data"]["state"])


def test_the_mimebundle_carries_view_picture_and_text(shown):
    data = next(m["content"]["data"] for m in shown if m["msg_type"] in ("execute_result", "display_data"))
    assert data["text/plain"] == "KernelEditor: 2 images 6x10, kernel 3x3"
    assert "application/vnd.jupyter.widget-view+json" in data
    assert data["image/png"]


def test_pixels_travel_as_bytes(opened):
    state = opened["content"]["data"]["state"]
    assert state["images"]["shape"] == [2, 6, 10]
    assert ["images", "data"] in opened["content"]["data"]["buffer_paths"]
    assert bytes(opened["buffers"][0]) == bytes(range(120))


def test_a_trait_goes_round(front_end, opened):
    comm = opened["content"]["comm_id"]
    front_end.tell(comm, {"kernel": [[1, 2, 3], [4, 5, 6], [7, 8, 9]]})
    assert front_end.printed("editor.kernel.tolist()") == "[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]]"
    front_end.run("editor.kernel = 'emboss'")
    assert front_end.printed("editor.kernel[0].tolist()") == "[-2.0, -1.0, 0.0]"


def test_nonsense_from_a_front_end_leaves_the_kernel(front_end, opened):
    before = front_end.printed("editor.kernel.tolist()")
    front_end.tell(opened["content"]["comm_id"], {"kernel": [[1, 2], [3, 4]]})
    assert front_end.printed("editor.kernel.tolist()") == before


def test_python_tells_the_front_end(front_end, shown):
    messages = front_end.run("editor.kernel = 'box_blur'")
    updates = [m["content"]["data"]["state"] for m in messages if m["msg_type"] == "comm_msg"]
    assert [len(state["kernel"]) for state in updates if "kernel" in state] == [3]


def test_running_the_cell_again_closes_the_first_editor(front_end, shown):
    front_end.run(SHOW)
    front_end.run("first = editor")
    messages = front_end.run(SHOW)
    assert front_end.printed("first.comm is None, editor.comm is None") == "True False"
    assert [m["msg_type"] for m in messages].count("comm_close") == 2


EXPLORER = """
from tests.networks.confusion_cases import five_classes
explorer = slw.ConfusionExplorer(*five_classes(), pinned=("c", "d"))
explorer
"""


def test_the_explorer_answers_a_question_with_images(front_end, shown):
    """Custom messages and buffers as the installed ipywidgets carries them."""
    opened = [m for m in front_end.run(EXPLORER) if m["msg_type"] == "comm_open"]
    explorer = next(m for m in opened if "_esm" in m["content"]["data"]["state"])
    query = {"pin": [0, 1], "sort": "confidence", "descending": False, "pairs": False}
    question = {"ask": "tiles", "version": 0, **query, "start": 0, "stop": 9}
    front_end.ask(explorer["content"]["comm_id"], question)
    answer = front_end.heard(lambda m: m["msg_type"] == "comm_msg" and m["content"]["data"].get("method") == "custom")
    assert answer["content"]["data"]["content"]["length"] == 2
    assert bytes(answer["buffers"][0]) == bytes([2, 0, 0, 0, 3, 0, 0, 0])
    assert len(answer["buffers"][4]) == 2 * 5 * 7
