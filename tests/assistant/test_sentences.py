"""Splitting into sentences and comparable terms."""

from __future__ import annotations

import pytest
from effort import assert_grows_linearly
from hypothesis import given
from hypothesis import strategies as st

from studiolo.sentences import split_sentences, terms


def pieces(text: str) -> list[str]:
    return [text[s.start : s.end] for s in split_sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Leave is ten days. It lapses on 31 March.", ["Leave is ten days.", "It lapses on 31 March."]),
        ("Ask Dr. Brandt, e.g. by mail. She answers.", ["Ask Dr. Brandt, e.g. by mail.", "She answers."]),
        ("It costs 1.75 days. Yes!  Really?", ["It costs 1.75 days.", "Yes!", "Really?"]),
        ("See No. 14 and Art. 3 of the Act.", ["See No. 14 and Art. 3 of the Act."]),
        ("A line that\ngoes on here. Next.", ["A line that\ngoes on here.", "Next."]),
        ("Title\n\nBody of it.", ["Title", "Body of it."]),
        ("6 Warranty\nThe warranty lasts 36 months.", ["6 Warranty", "The warranty lasts 36 months."]),
        ("§ 9 Notice\nIt may be ended.", ["§ 9 Notice", "It may be ended."]),
        ("Notice\nThe contract may be ended at any time.", ["Notice", "The contract may be ended at any time."]),
        ("The sensor of\nFernhill is fixed.", ["The sensor of\nFernhill is fixed."]),
        ("Rules:\n- first rule\n- second rule", ["Rules:", "- first rule", "- second rule"]),
        ("1. Open the lid. 2. Close it.", ["1. Open the lid.", "2. Close it."]),
        ("Sie beginnt am 1. Juli 2022. Sie endet.", ["Sie beginnt am 1. Juli 2022.", "Sie endet."]),
        ("Das Urteil vom 14. März 2023 ist da.", ["Das Urteil vom 14. März 2023 ist da."]),
        ("1. Juli 2022 ist der Beginn. Gut.", ["1. Juli 2022 ist der Beginn.", "Gut."]),
        ("Fällig am 3. Werktag, im 2. Obergeschoss.", ["Fällig am 3. Werktag, im 2. Obergeschoss."]),
        ("Vgl. BGH, Rn. 12 des Urteils. Ende.", ["Vgl. BGH, Rn. 12 des Urteils.", "Ende."]),
        ("The flat has 3. It was 4. May we add one?", ["The flat has 3.", "It was 4.", "May we add one?"]),
        ("他喜欢猫。她喜欢狗。", ["他喜欢猫。", "她喜欢狗。"]),
        ('He said "Stop." Then he left.', ['He said "Stop."', "Then he left."]),
        ("", []),
        (" \n\t ", []),
    ],
)
def test_sentences_end_where_a_reader_would_end_them(text: str, expected: list[str]) -> None:
    assert pieces(text) == expected


@given(st.text(max_size=400))
def test_sentences_rise_do_not_overlap_and_lose_only_white_space(text: str) -> None:
    spans = split_sentences(text)
    ends = [0, *[s.end for s in spans]]
    starts = [*[s.start for s in spans], len(text)]
    assert all(end <= start for end, start in zip(ends, starts, strict=True))
    assert all(text[end:start].strip() == "" for end, start in zip(ends, starts, strict=True))
    assert all(text[s.start : s.end].strip() == text[s.start : s.end] != "" for s in spans)


@pytest.mark.parametrize(("piece", "size"), [("a", 1_000_000), (". ", 200_000), ("\n\t", 500_000), ("x.", 500_000)])
def test_time_grows_with_the_line_alone(piece: str, size: int) -> None:
    """S19: a line of a megabyte."""
    assert_grows_linearly(lambda n: split_sentences(piece * n), size=size)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ten days", "10 days"),
        ("1,200 euros", "1200 euro"),
        ("policies", "policy"),
        ("it was approved", "approves"),
        ("Carried", "carries"),
        ("the manager's desk", "manager desks"),
    ],
)
def test_different_forms_of_the_same_words_compare_as_equal(one: str, other: str) -> None:
    assert terms(one) == terms(other)


def test_words_that_every_question_holds_are_no_terms() -> None:
    assert terms("What is it that you would do with the?") == set()


def test_scripts_without_spaces_give_pairs_of_characters() -> None:
    assert {"年假", "假政"} <= terms("年假政策")
