"""Versions of a document, by name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studiolo_indexer.versions import ages, as_names_say, asks_for_newest


@pytest.mark.parametrize(
    "question",
    [
        "What is the latest margin?",
        "most recent 10-Q",
        "Who currently signs?",
        "Was ist der aktuelle Stand?",
        "la dernière version",
    ],
)
def test_who_asks_for_what_counts_now_is_understood(question: str) -> None:
    assert asks_for_newest(question)


@pytest.mark.parametrize("question", ["What was the margin in 2022?", "Who concurrently signs?", "translate this", ""])
def test_other_questions_ask_for_no_version(question: str) -> None:
    assert not asks_for_newest(question)


def test_versions_are_ordered_by_year_then_by_the_other_numbers() -> None:
    paths = [
        b"/a/2022 Q3 AAPL.pdf",
        b"/a/2023 Q1 AAPL.pdf",
        b"/b/2023 Q3 AAPL.pdf",
        b"/a/Q2 2023 INTC.pdf",
        b"/a/x.pdf",
    ]
    assert ages(paths) == {paths[0]: 1.0, paths[1]: 0.5, paths[2]: 0.0}


def test_the_same_version_in_two_places_has_one_age() -> None:
    assert ages([b"/a/plan 2023.pdf", b"/b/plan 2023.pdf"]) == {}
    found = ages([b"/a/plan 2023.pdf", b"/b/plan 2023.pdf", b"/c/plan-2024.docx"])
    assert found == {b"/a/plan 2023.pdf": 1.0, b"/b/plan 2023.pdf": 1.0, b"/c/plan-2024.docx": 0.0}


def test_a_quarter_in_words_is_what_names_write() -> None:
    assert as_names_say("in the third quarter of 2022").endswith(" q3")
    assert as_names_say("im zweiten Quartal").endswith(" q2")
    assert as_names_say("a quarter of all staff") == "a quarter of all staff"


@given(st.lists(st.binary(max_size=20), max_size=20))
def test_any_names_have_ages_from_0_to_1(paths: list[bytes]) -> None:
    assert all(0.0 <= age <= 1.0 for age in ages(paths).values())
