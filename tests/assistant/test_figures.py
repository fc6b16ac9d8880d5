"""Figures of sentences: what they count, and when two of them say the same."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studiolo.figures import figures, number_of


def read(text: str) -> list[tuple[str, object, str]]:
    return [(f.kind, f.value, text[f.start : f.end]) for f in figures(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Everyone has 25 days.", [("duration", 25.0, "25 days")]),
        ("twenty-five working days", [("duration", 25.0, "twenty-five working days")]),
        ("fünfundzwanzig Tage", [("duration", 25.0, "fünfundzwanzig Tage")]),
        ("a fee of $1,200.50", [("money:usd", 1200.5, "$1,200.50")]),
        ("1.200,50 € im Monat", [("money:eur", 1200.5, "1.200,50 €")]),
        ("EUR 1.2 million", [("money:eur", 1.2e6, "EUR 1.2 million")]),
        ("12 % or 80 percent", [("percent", 12.0, "12 %"), ("percent", 80.0, "80 percent")]),
        ("on 31 March 2024", [("date", "2024-03-31", "31 March 2024")]),
        ("March 31, 2024", [("date", "2024-03-31", "March 31, 2024")]),
        ("am 31.03.2024", [("date", "2024-03-31", "31.03.2024")]),
        ("by 31 March", [("date", "--03-31", "31 March")]),
        ("It ends on 31 March.", [("date", "--03-31", "31 March")]),
        ("on 3 Sept. 2024.", [("date", "2024-09-03", "3 Sept. 2024")]),
        ("opened in 1908", [("year", "1908", "1908")]),
        ("from 9 am to 18:30", [("time", 540.0, "9 am"), ("time", 1110.0, "18:30")]),
        ("14 employees in room 12", [("count:employ", 14.0, "14 employees"), ("label:room", 12.0, "12")]),
        ("see page 12", [("bare", 12.0, "12")]),
        ("one of the rules", []),
        ("nothing here", []),
    ],
)
def test_a_figure_has_its_kind_value_and_words(text: str, expected: list[tuple[str, object, str]]) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("two weeks", "14 days", True),
        ("one year", "12 months", True),
        ("one month", "30 days", True),
        ("48 hours", "2 days", True),
        ("27 days", "28 days", False),
        ("30 days", "60 days", False),
        ("$49.00", "49 dollars", True),
        ("$49", "49 euros", False),
        ("9:00", "9 am", True),
        ("March 2024", "5 March 2024", True),
        ("31 March", "31 March 2024", True),
        ("31 March", "30 June 2024", False),
        ("5 rooms", "5 guests", False),
    ],
)
def test_what_says_the_same_is_the_same(first: str, second: str, same: bool) -> None:
    assert figures(first)[0].same(figures(second)[0]) is same


@pytest.mark.parametrize(
    ("words", "number"),
    [("1,200", 1200), ("1.200", 1200), ("4,80", 4.8), ("1.200,50", 1200.5), ("1,200.50", 1200.5), ("sixty", 60)],
)
def test_numbers_are_read_in_both_writings(words: str, number: float) -> None:
    assert number_of(words) == number


@given(st.text(alphabet="0123456789.,:/-$€% aprildaysmxé", max_size=80))
def test_any_text_is_read_and_the_spans_are_apart(text: str) -> None:
    found = figures(text)
    assert all(0 <= f.start < f.end <= len(text) for f in found)
    assert all(a.end <= b.end and a.start < b.start for a, b in itertools.pairwise(found))
