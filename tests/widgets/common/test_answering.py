"""The one answerer: every question of the page gets an answer or a sentence, whatever it holds."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signlang_widgets.widgets.common.answering import answered

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def halved(question):
    return {"half": question["number"] / 2}, [bytes(question["buffers"][0][::-1])]


def test_an_answer_carries_the_question_s_id_and_the_bytes():
    assert answered({"half": halved}, {"id": "p-1", "ask": "half", "number": 5}, [b"abc"]) == (
        {"id": "p-1", "half": 2.5},
        [b"cba"],
    )


@pytest.mark.parametrize("question", [None, "half", [], {}, {"ask": "other"}, {"id": 1}, {"ask": []}])
def test_what_is_no_question_gets_no_answer(question):
    assert answered({"half": halved}, question, []) is None


@pytest.mark.parametrize("number", [None, "five", [1]])
def test_a_question_that_cannot_be_answered_gets_a_sentence(number):
    told, data = answered({"half": halved}, {"id": 7, "ask": "half", "number": number}, [b""])
    assert told["id"] == 7
    assert told["problem"]
    assert data == []


def test_numbers_that_json_cannot_carry_are_none():
    told, _ = answered({"half": halved}, {"id": 1, "ask": "half", "number": math.inf}, [b""])
    assert told["half"] is None


@given(JSON, JSON)
def test_no_question_ends_in_a_traceback(asked, number):
    answered({"half": halved}, asked, [])
    answered({"half": halved}, {"id": 1, "ask": "half", "number": number}, [])
