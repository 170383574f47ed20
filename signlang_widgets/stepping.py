"""One step of learning: scores, loss, gradients, new weights."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.optim import SGD, Optimizer

Step = Callable[[Tensor, Tensor], Tensor]

WARM_UPS = 3


def make_step(model: nn.Module, optimizer: Optimizer, device: torch.device) -> Step:
    """The fastest way that this device offers to learn from one batch; returns the loss, still on the device."""
    plain = plain_step(model, optimizer)
    # Only SGD is replayed: other optimizers keep counters on the CPU, which a graph would freeze.
    replayable = device.type == "cuda" and type(optimizer) is SGD
    return _ReplayedStep(model, optimizer, plain) if replayable else plain


def plain_step(model: nn.Module, optimizer: Optimizer) -> Step:
    """The chapter's four lines."""

    def step(images: Tensor, labels: Tensor) -> Tensor:
        loss = nn.functional.cross_entropy(model(images), labels)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        return loss.detach()

    return step


class _ReplayedStep:
    """The plain step recorded as a CUDA graph: one launch a batch, where the plain step needs about fifty.

    A graph freezes the shapes and the learning rate, so it is recorded anew when the rate changes, and a batch of
    another size (the last of an epoch) takes the plain step. A model that cannot be recorded, or whose recording
    does not learn what the plain step learns, takes the plain step for good.
    """

    def __init__(self, model: nn.Module, optimizer: Optimizer, plain: Step) -> None:
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
        with torch.cuda.graph(self._graph):
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
