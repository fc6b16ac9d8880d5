"""What an exhaustive search wants: the words that say something, never the ones that only ask."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studiolo_indexer.find_query import TOKEN, read_query
from studiolo_indexer.full_text import analyser
from studiolo_indexer.word_splitting import split_for_index


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("change of control", "change control"),
        ("every contract that mentions change of control", "change control"),
        ("Find every contract that mentions change of control.", "change control"),
        ("find change of control in all contracts", "change control"),
        ("list all termination clauses", "termination clauses"),
        ("which documents mention novation", "novation"),
        ("all documents where change of control is mentioned", "change control"),
        ("where is novation mentioned", "novation"),
        ("all mentions of John Smith", "John Smith"),
        ("documents mentioning force majeure", "force majeure"),
        ("show me deadlines", "deadlines"),
        ("alle Verträge, die Kontrollwechsel erwähnen", "Kontrollwechsel"),
        ("in welchen Dokumenten wird der Kontrollwechsel erwähnt", "Kontrollwechsel"),
        ("tous les contrats qui mentionnent la cession", "cession"),
        ("todos los contratos que mencionan arbitraje", "arbitraje"),
    ],
)
def test_the_words_that_frame_the_question_need_not_stand_in_a_document(query: str, words: str) -> None:
    assert read_query(query).words == tuple(words.split())


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("list price", "list price"),
        ("contract termination", "contract termination"),
        ("list all contracts", "contracts"),
        ("termination without cause", "termination without cause"),
        ("last will", "last will"),
        ("IT department", "IT department"),
        ("the who", "the who"),
        ("war damage", "war damage"),
        ("Company's shares", "Company shares"),
    ],
)
def test_a_word_that_says_something_is_wanted_though_it_could_frame(query: str, words: str) -> None:
    assert read_query(query).words == tuple(words.split())


@pytest.mark.parametrize("marks", ['""', "“”", "„“", "«»", "»«", "「」"])
def test_a_phrase_in_any_quotes_is_wanted_as_it_stands(marks: str) -> None:
    wanted = read_query(f"every lease that mentions {marks[0]}change  of control{marks[1]} and novation")
    assert wanted.phrases == ("change of control",)
    assert wanted.words == ("novation",)


def test_what_is_left_out_is_told() -> None:
    wanted = read_query("every lease from 2019 that mentions rent of land")
    assert wanted.words == ("rent", "land")
    assert wanted.in_a_row == "rent of land"
    assert wanted.left_out == ("every", "lease", "from", "2019", "that", "mentions", "of")


@pytest.mark.parametrize("query", ["", "  ", '""', "!?", '"..."'])
def test_a_query_without_a_word_wants_nothing(query: str) -> None:
    wanted = read_query(query)
    assert (wanted.phrases, wanted.words) == ((), ())


@given(st.text(alphabet=st.characters(codec="utf-8")))
def test_a_query_with_a_word_always_wants_something(query: str) -> None:
    wanted = read_query(query)
    assert wanted.words or wanted.phrases or not TOKEN.search(query.replace("\0", ""))


LETTERS = "aAbBéßÉzZ09 _-.,;’'\"/\n\t«»…–—\u200b§ﬁ²½変更控制。、あア한글ไทย"


@given(st.text(alphabet=LETTERS))
def test_tokens_have_the_same_word_forms_as_the_full_text(text: str) -> None:
    """A document that a search finds by a word must be found here too."""
    forms = analyser().analyze
    apart = {form for token in TOKEN.findall(text) for form in forms(split_for_index(token))}
    assert apart == set(forms(split_for_index(text)))
