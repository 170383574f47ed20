"""The page asks, Python answers: the one answerer. ``requests.js`` is the other side."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .wire import plain

Question = dict[str, Any]
Answer = tuple[dict[str, Any], list[bytes]]
Answers = Mapping[str, Callable[[Question], Answer]]


def answered(ways: Answers, question: object, buffers: list[Any]) -> Answer | None:
    """Return the answer to one question ``{"id", "ask", ...}``, or None for what is no question.

    What goes wrong comes back as ``{"id", "problem"}``, a sentence for the page: no question ends in a traceback.

    Parameters
    ----------
    ways : mapping of str to callable
        For each kind of question a function of the question (its buffers in ``question["buffers"]``) that returns
        what to tell and the bytes that go with it.
    question : object
        Whatever the page sent.
    buffers : list of bytes
        What came with it.
    """
    if not isinstance(question, dict) or str(question.get("ask")) not in ways:
        return None
    try:
        told, data = ways[str(question["ask"])]({**question, "buffers": buffers})
    except Exception as error:  # noqa: BLE001 - said in the page, where the learner asked
        told, data = {"problem": str(error) or type(error).__name__}, []
    return {**plain(told), "id": question.get("id")}, data
