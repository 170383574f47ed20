"""A page's message is taken whole or not at all, whatever a check raises; what is refused goes back."""

import math

import numpy as np
import pytest
import torch
from torch import nn

import signlang_widgets as slw
from tests.networks.confusion_cases import five_classes
from tests.training.small_runs import trainer


def editor():
    return slw.KernelEditor(torch.arange(40.0).reshape(2, 4, 5) / 40, "sobel_x")


def features():
    torch.manual_seed(0)
    model = nn.Sequential(nn.Conv2d(1, 2, 3), nn.Flatten(), nn.Linear(2 * 7 * 5, 26))
    return slw.FeatureExplorer(model, torch.rand(3, 1, 9, 7))


def confusions():
    return slw.ConfusionExplorer(*five_classes(), pinned=("a", "b"))


def dashboard():
    return slw.TrainingDashboard(trainer())


def mistakes():
    torch.manual_seed(0)
    return slw.MistakeBench(nn.Sequential(nn.Flatten(), nn.Linear(35, 5)), five_classes()[1])


WRONG = [
    (editor, {"kernel": [[1.0] * 9] * 9, "relu": True}),
    (editor, {"flip": True, "kernel": "nothing"}),
    (editor, {"kernel": [[math.nan]]}),
    (editor, {"hide": ["nonsense"]}),
    (editor, {"hide": ["undo"], "lock": ["undo"]}),
    (editor, {"images": {}, "names": [], "presets": {}, "first": [[5]]}),
    (editor, {"_esm": "alert(1)", "_css": "", "_anywidget_id": "x", "_view_name": "y"}),
    (slw.PoolingStepper, {"stride": -1, "image": 5}),
    (slw.PoolingStepper, {"step": True, "mode": "average"}),
    (slw.PoolingStepper, {"mode": "average", "asked": -1}),
    (slw.ConvolutionStepper, {"bias": math.inf, "flip": True}),
    (slw.ConvolutionStepper, {"relu": True, "asked": 10**400}),
    (features, {"selected_image": 1_000_000_000, "edited": {}}),
    (features, {"layers": "x", "changes": 7, "count": 1, "problem": "x"}),
    (features, {"edited_kernel": [[0.5] * 2000] * 2000, "channel": 1}),
    (features, {"selected_image": True}),
    (features, {"channel": -1, "order": "strength"}),
    (features, {"letter": "\ud800", "epoch": 0.5}),
    (confusions, {"figures": {}}),
    (confusions, {"selected_image": True, "sort": "loss"}),
    (confusions, {"pinned": [0, 2.5], "pairs": True}),
    (confusions, {"flags": {"3": "unclear", "99": "unclear"}, "pinned": None}),
    (confusions, {"flags": 5}),
    (dashboard, {"lr": 0.5, "batch_size": 0}),
    (dashboard, {"model": "none", "momentum": 0.5, "log_scale": True}),
    (dashboard, {"epoch": 1, "epochs_done": 9}),
    (mistakes, {"children": []}),
    (mistakes, {"box_style": "info"}),
]


@pytest.mark.parametrize(("make", "message"), WRONG)
def test_a_wrong_message_changes_nothing_and_goes_back(make, message):
    widget = make()
    sent, heard = [], []
    before = held(widget)
    widget.observe(heard.append, [name for name in widget.keys if name != "problem"])
    widget.send_state = lambda key: sent.extend([key] if isinstance(key, str) else key)
    widget.set_state(message)
    assert held(widget) == before
    assert set(message) <= set(sent)
    assert [change["name"] for change in heard if change["name"] != "status"] == []
    assert repr(widget)
    assert widget.png()
    widget.close()


def held(widget):
    """What a page would show, without the place for the reason."""
    state = widget.get_state([name for name in widget.keys if name not in ("problem", "status")])
    return repr(state)


@pytest.mark.parametrize("message", [None, [], "x", 5, {}, {"nothing": 5}, {"comm": None}])
def test_what_is_no_state_is_no_message(message):
    widget = editor()
    before = held(widget)
    widget.set_state(message)
    assert held(widget) == before


def test_the_reason_stands_where_there_is_a_place_for_it():
    explorer, board = features(), dashboard()
    explorer.set_state({"layer": "x" * 10_000})
    assert explorer.problem.startswith("There is no layer 'xxx")
    assert len(explorer.problem) <= 400
    board.set_state({"epoch": 7})
    assert board.status["problem"] == "There is no epoch 7 to look at: use 0 to 0."


def test_a_refused_message_is_taken_back_from_the_trainer_too():
    board = dashboard()
    board.set_state({"lr": 0.5, "momentum": 0.1, "epochs": 1.5})
    run = board._trainer
    assert (run.lr, run.momentum, run.epochs) == (board.lr, board.momentum, board.epochs) == (0.1, 0.9, 3)
    board.set_state({"lr": 0.5, "momentum": 0.1, "epochs": 5, "log_scale": True})
    assert (run.lr, run.momentum, run.epochs) == (board.lr, board.momentum, board.epochs) == (0.5, 0.1, 5)
    board.close()


def test_python_hears_the_very_error_and_nothing_of_what_was_held_stays():
    widget, heard = editor(), []
    widget.observe(heard.append)
    with pytest.raises(ValueError, match="A 9x9 kernel does not fit on 4x5 images"):
        together(widget, {"relu": True, "kernel": np.ones((9, 9))})
    with pytest.raises(AttributeError, match="nothing"):
        together(widget, {"relu": True, "no": widget})
    assert (widget.relu, widget.kernel.shape, heard) == (False, (3, 3), [])


def together(widget, values):
    with widget.hold_trait_notifications():
        for name, value in values.items():
            widget.set_trait(name, value) if widget.has_trait(name) else value.nothing


def test_the_learner_s_own_callback_may_fail_aloud():
    widget = editor()
    widget.observe(lambda _: 1 / 0, "relu")
    with pytest.raises(ZeroDivisionError):
        widget.set_state({"relu": True})
    assert widget.relu


def test_what_ipywidgets_sets_still_arrives():
    widget = editor()
    widget.set_state({"_dom_classes": ["wide"], "_view_count": 2, "layout": f"IPY_MODEL_{widget.layout.model_id}"})
    assert (widget._dom_classes, widget._view_count) == (("wide",), 2)
