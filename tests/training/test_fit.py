import dataclasses
import math
from collections import deque
from functools import partial

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

import signlang_widgets as slw
from signlang_widgets.networks.devices import DeviceError
from signlang_widgets.training.events import BatchEnded, EpochEnded, Failed, RunStarted, Stopped
from signlang_widgets.training.settings import SettingError, Settings

from .small_runs import NAMES, Breakable, data, net, split

SPLITS = data()


def chapters_loop(model, train, *, epochs, batch_size, lr, momentum, seed):
    """The plain loop of the chapter, over the batches that the seed orders."""
    images, labels = train.tensors()
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=momentum)
    order = torch.Generator().manual_seed(seed)
    losses = []
    for _ in range(epochs):
        rows = torch.randperm(len(labels), generator=order)
        for batch in rows.split(batch_size):
            optimizer.zero_grad()
            loss = nn.CrossEntropyLoss()(model(images[batch]), labels[batch])
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    return losses


@settings(max_examples=15, deadline=None)
@given(st.integers(1, 3), st.integers(1, 30), st.sampled_from([0.0, 0.9]), st.integers(0, 5))
def test_weights_and_losses_are_those_of_the_plain_loop(epochs, batch_size, momentum, seed):
    ours, plain = net(), net()
    options = {"epochs": epochs, "batch_size": batch_size, "lr": 0.05, "momentum": momentum, "seed": seed}
    events = list(slw.fit(ours, SPLITS.train, SPLITS.test, **options))
    losses = chapters_loop(plain, SPLITS.train, **options)
    torch.testing.assert_close([e.loss for e in events if isinstance(e, BatchEnded)], losses, rtol=1e-4, atol=1e-5)
    for a, b in zip(ours.parameters(), plain.parameters(), strict=True):
        torch.testing.assert_close(a, b, rtol=1e-3, atol=1e-5)


def test_events_come_in_order_and_name_their_fields():
    events = list(slw.fit(net(), SPLITS.train, SPLITS.test, epochs=2, batch_size=8))
    assert [type(e) for e in events] == [RunStarted, *2 * [*3 * [BatchEnded], EpochEnded]]
    first = events[0]
    assert (first.epochs, first.batches, first.batch_size, first.parameters) == (2, 3, 8, 52 + 51)
    assert (first.train_images, first.test_images, first.device) == (22, 9, "cpu")
    batches = [e for e in events if isinstance(e, BatchEnded)]
    assert [(e.epoch, e.batch, e.images) for e in batches] == [
        (1, 1, 8), (1, 2, 8), (1, 3, 6), (2, 1, 8), (2, 2, 8), (2, 3, 6),
    ]  # fmt: skip
    assert {e.batches for e in batches} == {3}
    with pytest.raises(dataclasses.FrozenInstanceError):
        first.epoch = 5


def test_epoch_figures_come_from_evaluating_both_splits_afterwards():
    model = net()
    *_, ended = slw.fit(model, SPLITS.train, SPLITS.test)
    train, test = slw.evaluate(model, SPLITS.train), slw.evaluate(model, SPLITS.test)
    assert (ended.train_loss, ended.train_accuracy) == (pytest.approx(train.loss), train.accuracy)
    assert (ended.test_loss, ended.test_accuracy) == (pytest.approx(test.loss), test.accuracy)
    assert torch.equal(ended.evaluation.confusion, test.confusion)
    assert ended.seconds > 0
    assert ended.images_per_second > 0


def test_evaluation_is_in_eval_mode_and_learning_in_train_mode():
    torch.manual_seed(0)
    model = nn.Sequential(net(), nn.BatchNorm1d(3), nn.Dropout(0.9))
    modes = []
    model[2].register_forward_hook(lambda layer, _, __: modes.append(layer.training))
    model.eval()
    *_, ended = slw.fit(model, SPLITS.train, SPLITS.test, batch_size=11)
    assert modes == [False, False, True, True, False, False]  # a look at one image, in both memory orders, comes first
    assert not model.training
    assert ended.test_loss == pytest.approx(slw.evaluate(model, SPLITS.test).loss)


def test_the_seed_orders_the_batches_and_global_random_numbers_stay():
    torch.manual_seed(7)
    before = torch.get_rng_state()

    def losses(seed):
        model = net()
        torch.set_rng_state(before)
        found = [e.loss for e in slw.fit(model, SPLITS.train, SPLITS.test, seed=seed) if isinstance(e, BatchEnded)]
        assert torch.equal(torch.get_rng_state(), before)
        return found

    assert losses(1) == losses(1)
    assert losses(1) != losses(2)


def test_the_models_memory_order_and_parameters_stay_the_same_objects():
    model = net()
    before = [(p, p.data_ptr(), p.stride()) for p in model.parameters()]
    list(slw.fit(model, SPLITS.train, SPLITS.test))
    assert [(p, p.data_ptr(), p.stride()) for p in model.parameters()] == before


def test_closing_the_generator_stops_after_the_batch_and_gives_the_mode_back():
    model = net().eval()
    run = slw.fit(model, SPLITS.train, SPLITS.test, batch_size=4)
    next(run)
    next(run)
    assert model.training
    run.close()
    assert not model.training
    assert list(run) == []


def test_any_optimizer_factory_with_its_own_learning_rate():
    ours, plain = net(), net()
    list(slw.fit(ours, SPLITS.train, SPLITS.test, batch_size=22, optimizer=lambda p: torch.optim.Adam(p, lr=0.2)))
    adam = torch.optim.Adam(plain.parameters(), lr=0.2)
    images, labels = SPLITS.train.tensors()
    nn.functional.cross_entropy(plain(images), labels).backward()
    adam.step()
    for a, b in zip(ours.parameters(), plain.parameters(), strict=True):
        torch.testing.assert_close(a, b, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("momentum", [0.0, 0.9])
def test_our_direct_step_is_sgds_own_bit_for_bit(momentum):
    ours, torchs = net(), net()
    list(slw.fit(ours, SPLITS.train, SPLITS.test, epochs=2, lr=0.1, momentum=momentum))
    torch_sgd = partial(torch.optim.SGD, lr=0.1, momentum=momentum, foreach=False)
    list(slw.fit(torchs, SPLITS.train, SPLITS.test, epochs=2, optimizer=torch_sgd))
    assert all(torch.equal(a, b) for a, b in zip(ours.parameters(), torchs.parameters(), strict=True))


def test_frozen_kernels_stay():
    model = net()
    model[0].weight.requires_grad_(requires_grad=False)
    kernels, linear = model[0].weight.clone(), model[4].weight.clone()
    list(slw.fit(model, SPLITS.train, SPLITS.test))
    assert torch.equal(model[0].weight, kernels)
    assert not torch.equal(model[4].weight, linear)


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_a_loss_that_is_no_number_brings_back_the_last_finished_epoch(bad):
    model = Breakable()
    kept = None
    for event in slw.fit(model, SPLITS.train, SPLITS.test, epochs=3, batch_size=8):
        if isinstance(event, EpochEnded):
            kept = [p.detach().clone() for p in model.parameters()]
            model.breaks = lambda count: bad if count == 5 else None
    assert isinstance(event, Stopped)
    assert "at batch 2 of 3 in epoch 2" in event.message
    assert "learning rate ten times lower" in event.message
    assert all(torch.equal(p, k) for p, k in zip(model.parameters(), kept, strict=True))


def test_too_high_a_learning_rate_ends_with_usable_weights():
    model = net()
    before = [p.detach().clone() for p in model.parameters()]
    *_, last = slw.fit(model, SPLITS.train, SPLITS.test, epochs=9, batch_size=2, lr=1e30)
    assert isinstance(last, Stopped)
    assert all(torch.equal(p, b) for p, b in zip(model.parameters(), before, strict=True))
    assert slw.evaluate(model, SPLITS.test).loss < 10


def test_an_exception_is_told_and_then_raised():
    def breaks(count):
        if count == 2:
            raise ZeroDivisionError("pooling of nothing")

    events = []
    run = slw.fit(Breakable(breaks), SPLITS.train, SPLITS.test, batch_size=8)
    with pytest.raises(ZeroDivisionError, match="pooling of nothing"):
        deque(map(events.append, run))
    assert isinstance(events[-1], Failed)
    assert events[-1].batch == 1
    assert "in breaks" in events[-1].traceback


def test_a_full_gpu_is_a_sentence_with_the_cure():
    def breaks(_):
        raise torch.cuda.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 GiB")

    with pytest.raises(DeviceError, match="smaller batch_size"):
        list(slw.fit(Breakable(breaks), SPLITS.train, SPLITS.test))


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"epochs": 0}, SettingError, "epochs must be a whole number"),
        ({"epochs": True}, SettingError, "epochs"),
        ({"batch_size": 2.5}, SettingError, "batch_size"),
        ({"lr": -1}, SettingError, "lr"),
        ({"lr": math.nan}, SettingError, "lr"),
        ({"momentum": 1}, SettingError, "momentum"),
        ({"seed": "x"}, SettingError, "seed"),
        ({"optimizer": 3}, SettingError, "optimizer"),
        ({"device": "cuda:77"}, DeviceError, "device='auto'"),
        ({"train": SPLITS.train[[]]}, slw.DataError, "training split is empty"),
        ({"test": SPLITS.test[[]]}, slw.DataError, "test split is empty"),
        ({"test": split(4, 0, (*NAMES, "T"))}, slw.DataError, "class names"),
        ({"test": slw.LabelledImages(torch.zeros(1, 2, 7, 5), torch.tensor([0]), NAMES)}, slw.DataError, "same size"),
        ({"train": SPLITS.train.images}, slw.DataError, "LabelledImages"),
        ({"model": net().requires_grad_(requires_grad=False)}, SettingError, "requires_grad"),
        ({"model": net().to("meta"), "device": "cpu"}, DeviceError, "model.to"),
    ],
)
def test_nonsense_is_refused_at_once_in_words(change, error, words):
    arguments = {"model": net(), "train": SPLITS.train, "test": SPLITS.test, **change}
    with pytest.raises(error, match=words):
        slw.fit(**arguments)


def test_a_model_with_the_wrong_number_of_scores_is_refused_in_words():
    with pytest.raises(slw.DataError, match="16 scores an image but the data have 3 class names"):
        list(slw.fit(net()[:4].append(nn.Linear(16, 16)), SPLITS.train, SPLITS.test))


@settings(deadline=None)
@given(st.floats(allow_nan=True, allow_infinity=True), st.floats(allow_nan=True, allow_infinity=True))
def test_settings_are_usable_or_refused(lr, momentum):
    try:
        chosen = Settings(lr=lr, momentum=momentum)
    except SettingError:
        assert not (0 <= lr < math.inf and 0 <= momentum < 1)
    else:
        assert math.isfinite(chosen.lr)
        assert 0 <= chosen.momentum < 1
