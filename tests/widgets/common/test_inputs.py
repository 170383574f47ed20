"""What is no picture, no name, no list of controls: refused at once, in words, whatever it would take in memory."""

import itertools
from time import perf_counter

import numpy as np
import pytest
import torch

import signlang_widgets as slw
from signlang_widgets.datasets.labelled_images import DataError
from signlang_widgets.widgets.common.inputs import check_names
from tests.faults.widgets import open_widgets
from tests.networks.confusion_cases import five_classes

HUGE = torch.zeros(1).expand(10**12)
PICTURE = torch.rand(6, 9)
CALLS = [
    (lambda: slw.KernelEditor(HUGE), DataError, "the same ones in memory"),
    (lambda: slw.KernelEditor(PICTURE, HUGE), TypeError, "the same ones in memory"),
    (lambda: slw.KernelEditor(PICTURE, range(10**12)), TypeError, "items"),
    (lambda: slw.KernelEditor([range(10**9)]), DataError, "items"),
    (lambda: slw.KernelEditor(PICTURE, torch.ones(3, 3).to_sparse()), TypeError, "to_dense"),
    (lambda: slw.KernelEditor(PICTURE, hide=itertools.repeat("undo")), TypeError, "list of names of controls"),
    (lambda: slw.KernelEditor(PICTURE, lock=HUGE), TypeError, "lock is a list of names of controls, got Tensor"),
    (lambda: slw.KernelEditor(PICTURE, hide=5), TypeError, "hide is a list of names of controls, got int"),
    (lambda: slw.KernelEditor(PICTURE, scale=np.broadcast_to(np.uint8(1), (10**6, 10**6))), TypeError, "scale"),
    (lambda: slw.ConvolutionStepper(torch.ones(3, 4, dtype=torch.complex64)), DataError, "complex"),
    (lambda: slw.FeatureExplorer(5, PICTURE), TypeError, "model must be a Module, got int"),
    (
        lambda: slw.FeatureExplorer(torch.nn.Flatten(), torch.zeros(1, dtype=torch.int64).expand(100_000, 1, 256, 256)),
        DataError,
        "the same ones in memory",
    ),
    (lambda: slw.ConfusionExplorer(5, PICTURE), TypeError, "evaluation must be an Evaluation, got int"),
    (lambda: slw.ConfusionExplorer(*five_classes(), pinned=("a", object())), DataError, "class must be a whole number"),
    (lambda: slw.ConfusionExplorer(*five_classes(), selected_image=True), TypeError, "must be a whole number"),
    (lambda: slw.TrainingDashboard(5), TypeError, "A dashboard shows a Trainer, got int"),
]


@pytest.mark.parametrize(("call", "error", "words"), CALLS)
def test_nonsense_is_refused_at_once_and_nothing_stays_open(call, error, words):
    before, start = open_widgets(), perf_counter()
    with pytest.raises(error, match=words):
        call()
    assert perf_counter() - start < 2
    assert open_widgets() == before


@pytest.mark.parametrize("name", ["x" * 10_000, "M\ud800"])
def test_a_name_that_no_page_can_show_is_refused(name):
    with pytest.raises(DataError, match="class_names holds"):
        check_names(["M", name], "class_names")


def test_a_kernel_of_a_layer_that_learns_is_a_kernel():
    layer = torch.nn.Conv2d(1, 2, 3)
    editor = slw.KernelEditor(PICTURE, layer.weight[1, 0])
    assert np.allclose(editor.kernel, layer.weight[1, 0].detach())
