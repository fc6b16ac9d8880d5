"""Whether a passage carries a sentence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studiolo.support import support_of, verdict_of

PASSAGE = (
    "Leave accrues from the first day. Unused leave up to ten days may be carried over and must be taken by 31 March. "
    "Leave is not paid out."
)


def test_a_sentence_in_the_passage_s_own_words_is_supported_and_quotes_them() -> None:
    found = support_of("Unused leave up to 10 days may be carried over.", PASSAGE)
    assert found.verdict == "supported"
    assert PASSAGE[found.span.start : found.span.end].startswith("Unused leave up to ten days")


@pytest.mark.parametrize(
    "sentence",
    [
        "Unused leave up to 15 days may be carried over.",
        "Unused leave must be taken by 30 June.",
        "The cafeteria serves lunch at noon.",
        'The answer is "31".',
        "31",
    ],
)
def test_a_wrong_number_or_another_subject_is_never_supported(sentence: str) -> None:
    assert support_of(sentence, PASSAGE, cosines=[0.5, 0.5, 0.5]).verdict == "unsupported"


def test_a_sentence_that_joins_two_of_the_passage_quotes_both() -> None:
    found = support_of("Leave accrues from the first day, and unused leave may be carried over.", PASSAGE)
    assert found.verdict == "supported"
    assert "first day" in PASSAGE[found.span.start : found.span.end]
    assert "carried over" in PASSAGE[found.span.start : found.span.end]


def test_a_number_beside_another_word_or_in_another_sentence_is_not_supported() -> None:
    text = "During probation the notice period is two weeks. After probation the notice period is three months."
    assert support_of("The notice period after probation is three weeks.", text).verdict == "unsupported"
    assert support_of("The notice period after probation is 3 months.", text).verdict == "supported"
    hotel = "A hotel costs at most 140 euros a night. In London the limit is 190 euros."
    assert (
        support_of("A night in London costs at most 140 euros.", hotel).score
        < support_of("A hotel costs at most 140 euros.", hotel).score
    )


def test_a_denial_is_not_supported_by_what_it_denies() -> None:
    text = "The kit brakes by itself below 40 kilometres an hour."
    assert support_of("The kit does not brake by itself below 40 kilometres an hour.", text).verdict == "unsupported"


def test_similar_meaning_helps_a_paraphrase() -> None:
    sentence = "Holiday left over may be carried over."
    without = support_of(sentence, PASSAGE)
    with_meaning = support_of(sentence, PASSAGE, cosines=[0.1, 0.95, 0.1])
    assert with_meaning.score != without.score
    assert PASSAGE[with_meaning.span.start : with_meaning.span.end].startswith("Unused leave")


@given(st.text(max_size=80), st.text(max_size=200))
def test_a_score_lies_between_nothing_and_one_and_its_span_in_the_passage(sentence: str, passage: str) -> None:
    found = support_of(sentence, passage)
    assert 0.0 <= found.score <= 1.0
    assert 0 <= found.span.start <= found.span.end <= len(passage)


def test_verdicts_follow_the_two_thresholds() -> None:
    assert [verdict_of(s) for s in (0.61, 0.59, 0.41, 0.39)] == ["supported", "weak", "weak", "unsupported"]
