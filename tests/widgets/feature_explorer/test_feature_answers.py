"""What Python answers when the explorer's page asks."""

import numpy as np
import pytest
import torch
import traitlets
from torch import nn

import signlang_widgets as slw
from signlang_widgets.networks.activations import record
from signlang_widgets.widgets.feature_explorer.packing import BUDGET

from .explorer_cases import IMAGES, SPLIT, ask, assert_shows, bits


def ask_maps(explorer, pixels=None, **question):
    """The page's first question: it has nothing yet."""
    wish = {"layer": explorer.layer, "have": [], "picture": False, "version": explorer.version, **question}
    answer, buffers = ask(explorer, "maps", pixels, **wish)
    return answer, dict(zip(("data", "ranges", "picture"), buffers, strict=False))


def test_maps_of_any_image_whatever_is_chosen(explorer, model):
    answer, data = ask_maps(explorer, image=17, picture=True)
    assert_shows(explorer, IMAGES[17], model, {**answer, **data})
    assert answer["scores"] == pytest.approx(model(IMAGES[17:18] / 255)[0].tolist(), abs=1e-5)
    assert (answer["image"], answer["epoch"], answer["version"], answer["edited"]) == (17, None, 0, False)
    assert data["picture"] == IMAGES[17].numpy().tobytes()
    assert (explorer.selected_image, explorer.maps["image"]) == (0, 0)


def test_painted_pixels_come_with_the_question_and_decide_the_answer(explorer, model):
    painted = IMAGES[3].clone()
    painted[0, 2:20, 7] = 255
    answer, data = ask_maps(explorer, painted, image=3)
    assert answer["edited"]
    assert_shows(explorer, painted, model, {**answer, **data})
    chain, _ = ask(explorer, "chain", painted, image=3, layer="pipeline.1", channel=2, row=5, column=11)
    expected = float(record(model, painted[None])["pipeline.1"][0, 2, 5, 11])
    assert chain["steps"][-1]["value"] == pytest.approx(expected, abs=1e-5)
    assert "numbers do not fill" in ask_maps(explorer, painted[:, :5], image=3)[0]["problem"]


def test_a_page_gets_the_layers_it_lacks_the_asked_one_first():
    large = nn.Sequential(nn.Conv2d(3, 50, 3), nn.Conv2d(50, 50, 3), nn.AdaptiveAvgPool2d(1), nn.Flatten())
    explorer = slw.FeatureExplorer(large, torch.rand(2, 3, 120, 130))
    answer, data = ask_maps(explorer, image=1, layer="1")
    assert next(iter(answer["layers"])) == "1"
    assert len(data["data"]) + len(data["ranges"]) <= BUDGET
    answer, _ = ask_maps(explorer, image=1, layer="0", have=["1", "2"])
    assert list(answer["layers"]) == ["0", "3"]
    answer, data = ask_maps(explorer, image=1, layer="1", have=["1"])
    assert (answer["layers"], data["data"]) == ({}, b"")


def test_what_a_page_has_of_other_weights_does_not_count(explorer, model):
    with torch.no_grad():
        model.pipeline[0].weight.zero_()
    explorer.refresh()
    assert explorer.version == 1
    answer, data = ask_maps(explorer, have=["pipeline.0", "pipeline.1"], version=0)
    assert answer["version"] == 1
    assert_shows(explorer, IMAGES[0], model, {**answer, **data})


def test_once_a_page_asks_python_computes_for_its_questions_alone(explorer, model):
    ask_maps(explorer)
    passes = []
    hook = model.register_forward_hook(lambda *_: passes.append(1))
    explorer.selected_image = 5
    explorer.layer = "pipeline.1"
    assert (passes, explorer.maps["image"]) == ([], 0)
    ask_maps(explorer)
    ask_maps(explorer, have=["pipeline.1"])
    assert torch.equal(explorer.activations["pipeline.0"], record(model, IMAGES[5:6])["pipeline.0"][0])
    hook.remove()
    assert len(passes) == 2  # the answer, and this test's own
    assert explorer.maps["image"] == 0
    ask(explorer, "keep")
    assert explorer.maps["image"] == 5
    assert_shows(explorer, IMAGES[5], model)
    kept = explorer.maps
    ask(explorer, "keep")
    assert explorer.maps is kept


def test_a_cell_or_a_page_of_its_own_shows_what_was_chosen_last(explorer):
    ask_maps(explorer)
    explorer.selected_image, explorer.compare_image = 6, 9
    state = explorer.page_state()
    assert (state["maps"]["image"], state["other_maps"]["image"]) == (6, 9)
    explorer._repr_mimebundle_()
    assert (explorer.maps["image"], explorer.other_maps["image"]) == (6, 9)


def test_an_image_that_is_not_there_and_a_model_that_breaks_are_said(explorer, model):
    assert "images 0 to 29" in ask_maps(explorer, image=30)[0]["problem"]
    assert "images 0 to 29" in ask_maps(explorer, image=-1)[0]["problem"]
    model.pipeline[3] = nn.Linear(7, 26)
    assert "reads 7 numbers an image" in ask_maps(explorer, image=5)[0]["problem"]
    assert "reads 7 numbers an image" in explorer.problem
    model.pipeline[3] = nn.Linear(2304, 26)
    ask_maps(explorer, image=6)
    assert explorer.problem == ""


def test_maps_after_an_earlier_epoch(tmp_path):
    model = slw.LogisticRegression()
    slw.Trainer(model, slw.SignMNIST(SPLIT, SPLIT), epochs=1, folder=tmp_path).run()
    explorer = slw.FeatureExplorer(model, SPLIT, trainer=tmp_path)
    now, _ = ask_maps(explorer, image=2)
    before, _ = ask_maps(explorer, image=2, epoch=0)
    assert explorer.epoch is None
    assert before["scores"] != now["scores"]
    explorer.epoch = 0
    explorer.selected_image = 2
    assert before["scores"] == pytest.approx(explorer.shown.output[0].tolist())


def test_the_chain_of_a_hovered_pixel(explorer):
    answer, _ = ask(explorer, "chain", layer="pipeline.1", channel=2, row=5, column=11)
    assert [step["kind"] for step in answer["steps"]] == ["conv", "relu"]
    expected = float(explorer.activations["pipeline.1"][2, 5, 11])
    assert answer["steps"][-1]["value"] == pytest.approx(expected, abs=1e-5)
    answer, _ = ask(explorer, "chain", layer="pipeline.3", channel=0, row=0, column=12)
    assert answer["steps"][-1]["value"] == pytest.approx(float(explorer.activations["pipeline.3"][12]), abs=1e-5)
    answer, _ = ask(explorer, "chain", layer="pipeline.3", channel=0, row=0, column=99)
    assert "problem" in answer


def test_cells_of_the_page_are_places_of_the_layer():
    model = nn.Sequential(nn.Conv2d(1, 5, (28, 28)), nn.Flatten(0, 1), nn.Unflatten(0, (1, 5)), nn.Flatten())
    explorer = slw.FeatureExplorer(model, IMAGES)
    assert explorer.maps["layers"]["0"]["shape"] == [1, 1, 5]
    answer, _ = ask(explorer, "chain", layer="0", channel=0, row=0, column=3)
    assert answer["steps"][-1]["place"] == [3, 0, 0]


def test_pictures_come_in_pages(explorer):
    assert explorer.thumbs["data"] == IMAGES[:24].numpy().tobytes()
    answer, (data,) = ask(explorer, "pictures", numbers=[29, 3])
    assert answer["shape"] == [2, 1, 28, 28]
    assert data == IMAGES[[29, 3]].numpy().tobytes()


def test_the_set_is_searched_on_demand(explorer, model):
    with torch.no_grad():
        model.pipeline[0].weight[1] = 0
        model.pipeline[0].bias[1] = -1
    explorer.refresh()
    assert explorer.dead is None
    assert ask(explorer, "strongest", layer="pipeline.1", channel=0)[0]["images"] is None
    while (answer := ask(explorer, "search")[0])["done"] < answer["total"]:
        pass
    assert explorer.dead["pipeline.1"] == [1]
    found = ask(explorer, "strongest", layer="pipeline.1", channel=0)[0]["images"]
    peaks = record(model, IMAGES)["pipeline.1"][:, 0].amax((1, 2))
    assert [image for image, _ in found] == peaks.topk(6).indices.tolist()
    assert explorer.strongest("pipeline.1", 0) == [tuple(pair) for pair in found]


def test_a_sweep(explorer):
    answer, (data,) = ask(explorer, "sweep", size=9)
    assert answer["shape"] == [20, 20]
    assert answer["predicted"] == int(np.argmax(explorer.maps["scores"]))
    assert len(data) == 4 * 400


def test_a_kernel_is_put_back_and_undone_bit_by_bit(explorer, model):
    before, scores, accuracy = bits(model), explorer.maps["scores"], slw.evaluate(model, SPLIT).accuracy
    ask(explorer, "pick", layer="pipeline.0", channel=2, in_channel=0)
    assert explorer.picked_kernel["kernel"] == model.pipeline[0].weight[2, 0].tolist() == explorer.edited_kernel
    explorer.edited_kernel = np.zeros((5, 5))
    ask(explorer, "put_back")
    assert not model.pipeline[0].weight[2].any()
    assert explorer.changes == 1
    assert explorer.maps["scores"] != scores
    assert_shows(explorer, IMAGES[0], model)
    while (answer := ask(explorer, "accuracy")[0])["done"] < answer["total"]:
        pass
    after = slw.evaluate(model, SPLIT).accuracy
    assert explorer.accuracy == {"before": pytest.approx(accuracy), "after": pytest.approx(after), "images": 30}
    ask(explorer, "undo")
    assert all(torch.equal(a, b) for a, b in zip(bits(model), before, strict=True))
    assert explorer.maps["scores"] == scores
    assert (explorer.changes, explorer.accuracy) == (0, None)
    assert explorer.edited_kernel == explorer.picked_kernel["kernel"]


def test_kernels_that_do_not_fit_say_so(explorer):
    assert "No kernel is picked" in ask(explorer, "put_back")[0]["problem"]
    assert "nothing to undo" in ask(explorer, "undo")[0]["problem"]
    explorer.pick_kernel("pipeline.0", 0)
    explorer.edited_kernel = torch.zeros(3, 3)
    assert "takes 5x5" in ask(explorer, "put_back")[0]["problem"]
    with pytest.raises(traitlets.TraitError, match="rows of finite numbers"):
        explorer.edited_kernel = [[float("nan")]]
