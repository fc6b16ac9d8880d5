"""The words that were asked for are told in a passage, in every form, and no others."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studiolo_indexer.word_matches import WordMatches

TEXTS = st.text(st.sampled_from("abcé休暇取 -.\n'"), max_size=40)


def found(query: str, text: str) -> list[str]:
    return [text[start:end] for start, end in WordMatches(query).spans(text)]


@pytest.mark.parametrize(
    ("query", "text", "wanted"),
    [
        ("How many days may be carried over?", "Ten days are carried, a Day.", ["days", "carried", "Day"]),
        ("Kündigung", "kundigung, die KÜNDIGUNG", ["kundigung", "KÜNDIGUNG"]),
        ("Ku\u0308ndigung", "die Kündigung", ["Kündigung"]),
        ("INV-2024-17", "see INV-2024-17.", ["INV", "2024", "17"]),
        ("休暇", "年次有給休暇は休", ["休暇"]),
        ("the", "the rest of the day", ["the", "the"]),
        ("absent", "Nothing of it.", []),
        ("?!", "Nothing of it.", []),
        ("", "Nothing of it.", []),
    ],
)
def test_words_are_found_in_any_form_and_small_ones_are_not(query: str, text: str, wanted: list[str]) -> None:
    assert found(query, text) == wanted


@given(query=TEXTS, text=TEXTS)
def test_spans_rise_and_lie_apart_within_the_text(query: str, text: str) -> None:
    behind = -1
    for start, end in WordMatches(query).spans(text):
        assert behind < start < end <= len(text)
        behind = end


@given(text=st.text(st.sampled_from("abc "), min_size=1, max_size=20).filter(str.strip))
def test_a_text_matches_itself(text: str) -> None:
    assert found(text, text)
