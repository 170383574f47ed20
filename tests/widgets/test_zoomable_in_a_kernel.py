"""A figure is shown under the cell that made it, whatever widgets say to the kernel meanwhile.

JupyterLab sends widgets' messages over a subshell: a second thread, which answers while a cell runs.
"""

import pytest
from jupyter_client.manager import start_new_kernel

READY = """
import threading
from matplotlib import pyplot as plt
import signlang_widgets as slw

heard = threading.Event()
shell = get_ipython()

def open_hand(comm, _):
    comm.on_msg(lambda message: exec(message["content"]["data"]))

def hear():
    if threading.current_thread() is not threading.main_thread():
        heard.set()

shell.kernel.comm_manager.register_target("hand", open_hand)
slw.zoomable_figures()
shell.events.register("post_execute", hear)  # after ipympl's own: what it shows is shown by then
"""
MAKE_AND_WAIT = "plt.figure(); print('made', flush=True); heard.wait(30)"


class FrontEnd:
    """Runs cells, and speaks over a subshell as JupyterLab does."""

    def __init__(self, client):
        self.client = client
        self.subshell = self._asked("create_subshell_request")["subshell_id"]

    def _asked(self, request):
        self.client.control_channel.send(self.client.session.msg(request, {}))
        return self.client.get_control_msg(timeout=30)["content"]

    def say(self, kind, **content):
        message = self.client.session.msg(kind, {"comm_id": "hand", **content})
        message["header"]["subshell_id"] = self.subshell
        self.client.shell_channel.send(message)
        return message["header"]["msg_id"]

    def wait_for(self, said):
        """Wait until the kernel has answered what was said."""
        while (heard := self.client.get_iopub_msg(timeout=30))["content"].get("execution_state") != "idle" or (
            heard["parent_header"]["msg_id"] != said
        ):
            pass

    def run(self, code, when_it_prints=lambda: None):
        """Run a cell; return what the kernel published under it."""
        under_it = []

        def hear(message):
            under_it.append(message)
            if message["msg_type"] == "stream":
                when_it_prints()

        reply = self.client.execute_interactive(code, timeout=60, output_hook=hear)
        assert reply["content"]["status"] == "ok", reply["content"]
        return under_it


@pytest.fixture
def front_end(monkeypatch):
    monkeypatch.setenv("JPY_SESSION_NAME", "lessons/01.ipynb")
    manager, client = start_new_kernel(kernel_name="python3")
    if "kernel subshells" not in client.kernel_info(reply=True, timeout=30)["content"].get("supported_features", []):
        pytest.skip("this ipykernel has no subshells")
    front_end = FrontEnd(client)
    front_end.run(READY)
    front_end.wait_for(front_end.say("comm_open", target_name="hand", data={}))
    yield front_end
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def figures(published):
    return [m["content"]["data"]["text/plain"] for m in published if m["msg_type"] == "display_data"]


def test_a_message_amid_a_cell_leaves_the_cell_its_figure(front_end):
    published = front_end.run(MAKE_AND_WAIT, lambda: front_end.say("comm_msg", data="pass"))
    assert [m["content"]["data"]["text/plain"] for m in published if m["msg_type"] == "execute_result"] == ["True"]
    assert len(figures(published)) == 1


def test_a_figure_made_by_a_message_is_not_shown_by_the_next_cell(front_end):
    front_end.wait_for(front_end.say("comm_msg", data="plt.figure()"))
    assert figures(front_end.run("1")) == []
