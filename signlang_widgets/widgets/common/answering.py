"""The page asks, Python answers: the one answerer. ``requests.js`` is the other side."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from signlang_widgets.datasets.whole_numbers import as_whole

from .wire import plain

Question = dict[str, Any]
Answer = tuple[dict[str, Any], list[bytes]]
MOST_LETTERS = 400  # of a problem
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
        told, data = {"problem": in_words(error)}, []
    return {**plain(told), "id": plain(question.get("id"))}, data


def in_words(error: BaseException) -> str:
    """Return what an error says as a sentence for the page, no longer than can be read there."""
    try:
        words = str(error)
    except Exception:  # noqa: BLE001 - an error that cannot even say what it is
        words = ""
    if isinstance(error, LookupError) or not words:  # these name a key, and no more
        words = f"This cannot be answered: {type(error).__name__} {words}".rstrip()
    return in_short(words)


def in_short(words: str) -> str:
    """Return what can be read at a glance; half a character pair is written out, for nothing could send it."""
    words = words.encode("utf-8", "backslashreplace").decode()
    return words if len(words) <= MOST_LETTERS else f"{words[: MOST_LETTERS - 1]}\u2026"


def whole(question: Question, name: str, least: int | None = None) -> int:
    """Return a whole number of a question; a ValueError or TypeError in words where it is none, or too small."""
    if name not in question:
        raise ValueError(f"This question lacks {name}, a whole number.")
    return as_whole(name, question[name], least)
