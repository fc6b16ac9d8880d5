"""Words are found as a reader sees them, and the spans are exact slices of the text."""

from __future__ import annotations

from itertools import pairwise

import pytest
from effort import assert_grows_linearly
from hypothesis import given
from hypothesis import strategies as st

from studiolo_indexer.text_search import MOST_CHARS, TextSearch

TEXTS = st.text(st.sampled_from("abcABCßäéİﬁ\u0301\u00ad -'’\n\t€漢"), max_size=60)


def found(words: str, text: str) -> list[str]:
    return [text[start:end] for start, end in TextSearch(words).places(text)]


@pytest.mark.parametrize(
    ("words", "text", "wanted"),
    [
        ("ten days", "Up to ten\n  days, or TEN DAYS.", ["ten\n  days", "TEN DAYS"]),
        ("olic", "The policy", ["olic"]),
        ("Kündigung", "kundigung KÜNDIGUNG Ku\u0308ndigung", ["kundigung", "KÜNDIGUNG", "Ku\u0308ndigung"]),
        ("strasse", "Die Straße", ["Straße"]),
        ("employee's", "the employee’s leave", ["employee’s"]),
        ("non-binding", "non\u2011binding", ["non\u2011binding"]),
        ("efficient", "e\ufb03cient, ef\u00adficient", ["e\ufb03cient", "ef\u00adficient"]),
        ("3.5", "35 and 3.5 and 3x5", ["3.5"]),
        (".*", "a.*b", [".*"]),
        ("§ 4", "see § 4 (2)", ["§ 4"]),
        ("休暇", "年次有給休暇は", ["休暇"]),
        ("aa", "aaaa", ["aa", "aa"]),
        ("absent", "Nothing of it.", []),
    ],
)
def test_case_accents_white_space_and_shapes_of_marks_do_not_matter_and_all_else_does(
    words: str, text: str, wanted: list[str]
) -> None:
    assert found(words, text) == wanted


@pytest.mark.parametrize("words", ["", "  \n", "\u00ad", "\u0301"])
def test_without_words_there_is_nothing_to_look_for(words: str) -> None:
    assert not TextSearch(words)
    assert found(words, "some text") == []


@given(before=TEXTS, words=TEXTS, after=TEXTS)
def test_whatever_is_in_a_text_is_found_in_it(before: str, words: str, after: str) -> None:
    text = before + words + after
    search = TextSearch(words)
    spans = list(search.places(text))
    assert bool(spans) == bool(search)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(a_end <= b_start for (_, a_end), (b_start, _) in pairwise(spans))


def test_more_than_can_be_meant_is_cut() -> None:
    assert found("a" * (MOST_CHARS + 50), "a" * MOST_CHARS) == ["a" * MOST_CHARS]


@pytest.mark.parametrize("piece", ["a ", "ä ", "a\n\n\n\n "])
def test_the_work_grows_with_the_text_alone(piece: str) -> None:
    """S19."""
    search = TextSearch("a a a b")
    assert_grows_linearly(lambda size: list(search.places(piece * size + "b")), size=20_000)
