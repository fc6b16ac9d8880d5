"""Stop words are left out of a question, never out of a text."""

from __future__ import annotations

import pytest

from studiolo_indexer.full_text import index_words, query_words
from studiolo_indexer.stop_words import STOP_WORDS, is_english


def test_a_question_is_about_what_is_left() -> None:
    assert query_words("What is the notice period, and how long does it take?") == ["notic", "period", "long", "take"]
    assert query_words("Wie lange ist die Kündigungsfrist?") == ["lang", "kundigungsfrist"]


def test_a_question_of_stop_words_alone_is_looked_for_as_it_stands() -> None:
    assert query_words("to be or not to be") == ["to", "be", "or", "not"]


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("What was the cause of the war?", ["caus", "war"]),
        ("my son and his hat", ["son", "hat"]),
        ("if a tenant dies", ["tenant", "die"]),
        ("Wann war die Kündigung?", ["kundigung"]),
        ("Was hat man wegen der Miete gesagt?", ["wegen", "miet", "gesagt"]),
        ("¿Dónde están los contratos?", ["estan", "contrato"]),
        ("contracts of Los Angeles", ["contract", "los", "angel"]),
    ],
)
def test_a_word_that_names_a_thing_in_another_language_is_one_only_in_its_own(question: str, words: list[str]) -> None:
    assert query_words(question) == words


def test_a_word_with_the_form_of_a_stop_word_is_none() -> None:
    assert query_words("Who is John Doe, and who owned the flat?") == ["john", "doe", "own", "flat"]


def test_texts_keep_every_word() -> None:
    assert index_words("to be or not") == {"to", "be", "or", "not"}


def test_a_stop_word_in_capitals_is_a_name() -> None:
    assert query_words("Who approves the IT budget?") == ["approv", "it", "budget"]
    assert query_words("WHO APPROVES IT") == ["approv"]


def test_no_word_that_names_a_thing_is_among_them() -> None:
    assert STOP_WORDS.isdisjoint("may will leave contract vacation notice rent tax hr mai wille".split())


@pytest.mark.parametrize(
    ("words", "english"),
    [("who is the director", True), ("wer ist der direktor", False), ("notice period", False), ("die in was", False)],
)
def test_english_is_known_by_the_words_that_frame_a_question(words: str, english: bool) -> None:
    assert is_english(words.split()) is english
