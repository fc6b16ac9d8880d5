"""The form of a proposed question, and of its answer."""

from __future__ import annotations

import pytest

from studiolo.drafting.proposals import asked, trimmed


@pytest.mark.parametrize(
    ("words", "question"),
    [
        ("what  is a fund ", "What is a fund?"),
        ("by when must it be sent .", "By when must it be sent?"),
        ("in 2022 , why did sales fall,", "In 2022, why did sales fall?"),
    ],
)
def test_a_question_has_a_capital_single_blanks_and_one_mark_at_its_end(words: str, question: str) -> None:
    assert asked(words) == question


def test_an_answer_has_no_marks_at_its_ends() -> None:
    flat = "It is, six weeks, long."
    start, end = trimmed(flat, flat.index(","), flat.index(" long"))
    assert flat[start:end] == "six weeks"
