"""Which sentences of a passage can be asked about."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studiolo.drafting.statements import language_of, plain, statements

GOOD = "The deposit is returned within thirty days of the end of the lease."


def flats(passage: str) -> list[str]:
    return [s.flat for s in statements(passage)]


def test_a_sentence_over_two_lines_is_one_line_with_its_place_in_the_passage() -> None:
    passage = "Deposit\n\nThe deposit is returned within\n  thirty days of the end of the lease.\n"
    (found,) = statements(passage)
    assert (found.flat, found.language) == (GOOD, "en")
    assert passage[found.start : found.end].split() == GOOD.split()
    start, end = found.span(GOOD.index("thirty"), GOOD.index(" of the end"))
    assert passage[start:end] == "thirty days"


@pytest.mark.parametrize(
    "sentence",
    [
        "Deposit",
        "1 Scope ......... 4",
        "It is returned within thirty days of the end of the lease.",
        "The deposit is returned as shown in the table below on this page.",
        "The sales of the two parts were $5 million and $6 million, respectively.",
        "See the chapter about the deposit and the end of the lease.",
        "The store keeps the dis- tance between the two lines of the house.",
        "| Rent | 850 | 900 | and the other columns of the table.",
        "THE DEPOSIT IS RETURNED WITHIN THIRTY DAYS OF THE END.",
        "the deposit is returned within thirty days of the end of the lease.",
    ],
)
def test_headings_tables_of_contents_and_what_leans_on_other_sentences_are_left_out(sentence: str) -> None:
    assert flats(f"{sentence}\n\n{GOOD}") == [GOOD]


def test_a_word_that_joins_a_sentence_to_the_one_before_is_taken_off() -> None:
    assert flats(f"However, {GOOD[0].lower()}{GOOD[1:]}") == [f"t{GOOD[1:]}"]


def test_the_language_is_told_by_small_words_and_an_unknown_one_is_not_asked_about() -> None:
    assert language_of("Der Antrag muss bis zum Ende des Monats gestellt werden.") == "de"
    assert language_of("The request must be made by the end of the month.") == "en"
    assert language_of("La demande doit \u00eatre faite avant la fin du mois.") == ""
    assert flats("La demande doit \u00eatre faite avant la fin du mois prochain.") == []


def test_two_spellings_of_the_same_words_are_equal() -> None:
    assert plain("Six\nweeks, at most!") == plain("six weeks at most")


@given(st.text(max_size=300))
def test_every_statement_is_a_slice_of_its_passage(passage: str) -> None:
    for found in statements(passage):
        assert len(found.places) == len(found.flat)
        assert passage[found.start : found.end].split() == found.flat.split()
