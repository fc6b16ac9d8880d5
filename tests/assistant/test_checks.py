"""Which questions may be shown."""

from __future__ import annotations

import pytest

from studiolo.drafting.checks import gives_away, is_about, is_bare, is_like, is_well_formed, needs_its_document
from studiolo.sentences import terms


def test_a_whole_question_is_well_formed() -> None:
    assert is_well_formed("When does the lease end?", "en")
    assert is_well_formed("Bis wann muss der Antrag gestellt werden?", "de")


@pytest.mark.parametrize(
    "question",
    [
        "When does the lease end",
        "What rent?",
        "The lease ends in May?",
        "What does the passage say about rent?",
        "What does it say about the rent?",
        "What is the the rent of May?",
        "What is rent? What is a lease?",
        "What is (the rent of May?",
        "What is " + "the rent of a flat and " * 6 + "a house?",
    ],
)
def test_half_a_question_or_one_about_the_text_is_not(question: str) -> None:
    assert not is_well_formed(question, "en")


def test_a_question_that_holds_its_answer_gives_it_away() -> None:
    assert gives_away("Are six weeks the notice period?", "six weeks")
    assert not gives_away("How long is the notice period?", "six weeks")
    assert gives_away("How long is it?", "of the")  # an answer without a word of its own


def test_a_question_is_about_a_sentence_whose_words_it_uses() -> None:
    sentence = "The notice period of the lease is six weeks."
    assert is_about("How long is the notice period?", sentence)
    assert not is_about("How long is the loan of a car?", sentence)


def test_two_wordings_of_one_question_are_alike() -> None:
    others = [frozenset(terms("How long is the notice period of the lease?"))]
    assert is_like("What is the notice period of the lease?", others)
    assert not is_like("What is the rent of the flat in May?", others)


def test_a_change_without_a_year_needs_its_document() -> None:
    assert needs_its_document("By how much did cloud services revenue of Contoso grow?", "figure")
    assert not needs_its_document("By how much did cloud services revenue of Contoso grow in 2022?", "figure")
    assert not needs_its_document("What is a whistleblower?", "definition")


def test_a_figure_of_nobody_is_bare() -> None:
    assert is_bare("What was YTD operating income?", "figure")
    assert not is_bare("What was the operating income of Contoso?", "figure")
    assert not is_bare("What is a whistleblower?", "definition")
