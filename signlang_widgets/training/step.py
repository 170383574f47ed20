"""One step of learning: scores, loss, gradients, new weights."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.optim import Optimizer
from torch.optim.sgd import sgd

LearningStep = Callable[[Tensor, Tensor], Tensor]

WARM_UPS = 3


Scores = Callable[[Tensor], Tensor]


def make_step(
    model: nn.Module, optimizer: Optimizer, device: torch.device, scores: Scores, *, own: bool
) -> LearningStep:
    """The fastest way that this device offers to learn from one batch; returns the loss, still on the device.

    ``scores`` calls the model.
    ``own`` says that the optimizer is this package's plain SGD; one that a user made always takes its own steps.
    """
    if own and device.type == "cpu":
        return _lean_step(scores, optimizer)
    plain = plain_step(scores, optimizer)
    return _ReplayedStep(model, optimizer, plain) if own and device.type == "cuda" else plain


def plain_step(scores: Scores, optimizer: Optimizer) -> LearningStep:
    """The chapter's four lines."""

    def step(images: Tensor, labels: Tensor) -> Tensor:
        loss = nn.functional.cross_entropy(scores(images), labels)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        return loss.detach()

    return step


def _lean_step(scores: Scores, optimizer: Optimizer) -> LearningStep:
    """The plain step with SGD's own function called directly: the same numbers, bit for bit.

    What ``Optimizer`` does around it (profiling, hooks) took a quarter of a logistic regression's time.
    """
    names = ("weight_decay", "momentum", "lr", "dampening", "nesterov", "maximize")

    def step(images: Tensor, labels: Tensor) -> Tensor:
        group = optimizer.param_groups[0]
        loss = nn.functional.cross_entropy(scores(images), labels)
        for parameter in group["params"]:
            parameter.grad = None
        loss.backward()  # type: ignore[no-untyped-call]
        learned = [parameter for parameter in group["params"] if parameter.grad is not None]
        momenta = [optimizer.state[parameter].get("momentum_buffer") for parameter in learned]
        with torch.no_grad():
            gradients = [parameter.grad for parameter in learned]
            sgd(learned, gradients, momenta, foreach=False, **{name: group[name] for name in names})
        for parameter, momentum in zip(learned, momenta, strict=True):
            optimizer.state[parameter]["momentum_buffer"] = momentum
        return loss.detach()

    return step


class _ReplayedStep:
    """The plain step recorded as a CUDA graph: one launch a batch, where the plain step needs about fifty.

    A graph freezes the shapes and the learning rate, so it is recorded anew when the rate changes, and a batch of
    another size (the last of an epoch) takes the plain step. A model that cannot be recorded, or whose recording
    does not learn what the plain step learns, takes the plain step for good.
    """

    def __init__(self, model: nn.Module, optimizer: Optimizer, plain: LearningStep) -> None:
        self._model, self._optimizer, self._plain = model, optimizer, plain
        self._graph: torch.cuda.CUDAGraph | None = None
        self._recorded: tuple[object, ...] = ()
        self._works = True

    def __call__(self, images: Tensor, labels: Tensor) -> Tensor:
        if not self._recorded:
            self._size = len(images)
        if not self._works or len(images) != self._size:
            return self._plain(images, labels)
        group = self._optimizer.param_groups[0]
        key = (group["lr"], group["momentum"], group["weight_decay"])
        if key != self._recorded:
            self._recorded = key
            self._record(images, labels)
        if self._graph is None:
            return self._plain(images, labels)
        self._images.copy_(images)
        self._labels.copy_(labels)
        self._graph.replay()
        return self._loss.clone()

    def _record(self, images: Tensor, labels: Tensor) -> None:
        self._images, self._labels = images.clone(), labels.clone()
        try:
            self._works = self._recorded_faithfully()
        except RuntimeError:
            self._works = False
        self._graph = self._graph if self._works else None

    def _recorded_faithfully(self) -> bool:
        """Warm up, record, and compare one replay with one plain step; everything ends as it began."""
        before = self._values()
        try:
            self._warm_up()
            self._put_back(before)
            self._plain(self._images, self._labels)
            wanted = self._values()
            self._put_back(before)
            self._capture()
            self._put_back(before)
            assert self._graph is not None  # noqa: S101 - for the type checker
            self._graph.replay()
            got = self._values()
        finally:
            self._put_back(before)
        return all(torch.allclose(a, b, rtol=1e-3, atol=1e-5) for a, b in zip(got, wanted, strict=True))

    def _warm_up(self) -> None:
        """Let cuDNN choose and allocate on a side stream, as recording demands."""
        side = torch.cuda.Stream()  # type: ignore[no-untyped-call]
        side.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(side):
            for _ in range(WARM_UPS):
                self._plain(self._images, self._labels)
        torch.cuda.current_stream().wait_stream(side)

    def _capture(self) -> None:
        self._optimizer.zero_grad()
        self._graph = torch.cuda.CUDAGraph()
        # Other threads (a cell, a display) may use the GPU meanwhile.
        with torch.cuda.graph(self._graph, capture_error_mode="thread_local"):
            self._loss = self._plain(self._images, self._labels)

    def _values(self) -> list[Tensor]:
        return [tensor.detach().clone() for tensor in self._tensors()]

    def _put_back(self, values: list[Tensor]) -> None:
        """In place, since the graph knows the addresses; momentum that did not exist before becomes zero."""
        with torch.no_grad():
            for i, tensor in enumerate(self._tensors()):
                tensor.copy_(values[i]) if i < len(values) else tensor.zero_()

    def _tensors(self) -> list[Tensor]:
        momenta = [state.get("momentum_buffer") for state in self._optimizer.state.values()]
        held = [*self._model.parameters(), *self._model.buffers(), *momenta]
        return [tensor for tensor in held if isinstance(tensor, Tensor)]
