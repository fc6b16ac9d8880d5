"""A few letters find what is meant, and what fits better comes first."""

from __future__ import annotations

import pytest
from effort import assert_grows_linearly
from hypothesis import given
from hypothesis import strategies as st

from studiolo_desktop.fuzzy import folded, ranked, score

ENTRIES = [
    ("New question", "begin"),
    ("Settings and checks", "doctor offline"),
    ("Switch theme: system, light, dark", "night"),
    ("Add folder …", "watch directory"),
    ("How many days of unused leave may be carried over?", ""),
    ("Größe der Büros in Zürich", ""),
]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("set", 1), ("stg", 1), ("doctor", 1), ("dark", 2), ("add fo", 3), ("folder add", 3), ("carried leave", 4),
        ("DAYS", 4), ("grosse", 5), ("buros zurich", 5), ("night", 2), ("quest", 0),
    ],
)  # fmt: skip
def test_words_find_their_entry_in_any_order_without_case_and_accents(query: str, first: int) -> None:
    assert ranked(query, ENTRIES)[0] == first


def test_every_word_must_fit() -> None:
    assert ranked("leave dinosaur", ENTRIES) == []
    assert ranked("zzz", ENTRIES) == []


def test_without_a_word_everything_is_there_in_its_order() -> None:
    assert ranked("", ENTRIES) == list(range(len(ENTRIES)))
    assert ranked(" … ", ENTRIES) == list(range(len(ENTRIES)))


def test_a_beginning_is_better_than_a_part_and_that_than_scattered_letters() -> None:
    assert score("the", "theme") > score("the", "bathe") > score("tme", "theme") > 0


def test_the_title_counts_more_than_other_words() -> None:
    assert score("theme", "Switch theme") > score("theme", "Switch colours", "theme")


@given(query=st.text(max_size=40), title=st.text(max_size=80))
def test_nothing_that_can_be_typed_or_shown_breaks_it(query: str, title: str) -> None:
    assert 0 <= score(query, title) < 100


@given(text=st.text(min_size=1, max_size=60))
def test_what_is_folded_stays_folded(text: str) -> None:
    assert folded(folded(text)) == folded(text)


def test_time_grows_with_the_number_of_entries_alone() -> None:
    entries = [(f"A question number {n} " + "about words and other words " * 4, "") for n in range(4000)]
    assert_grows_linearly(lambda n: ranked("words number", entries[:n]), size=4000)
