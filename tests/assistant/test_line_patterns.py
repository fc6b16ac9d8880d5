"""A line is compared with wildcards, and no pattern can make that long."""

from __future__ import annotations

import fnmatch
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studiolo.line_patterns import LONGEST_LINE, matches_line


@pytest.mark.parametrize(
    ("pattern", "line", "fits"),
    [
        ("- *", "- Ten days.", True),
        ("- *", "Ten days.", False),
        ("Date: ####-##-##", "date: 2026-03-31", True),
        ("Date: ####-##-##", "Date: soon", False),
        ("*: * EUR", "Lunch: 4.80 EUR", True),
        ("*: * EUR", "Lunch: 4.80 EUR each", False),
        ("a?c", "abc", True),
        ("a?c", "ac", False),
        (r"\* *", "* item", True),
        (r"\* *", "- item", False),
        ("a*a", "a", False),
        ("\\", "\\", True),
        ("straße", "STRASSE", True),
    ],
)
def test_wildcards_mean_what_the_help_says(pattern: str, line: str, fits: bool) -> None:
    assert matches_line(pattern, line) is fits


@given(st.text("ab*?", max_size=8), st.text("ab", max_size=10))
def test_it_agrees_with_a_matcher_that_looks_back(pattern: str, line: str) -> None:
    assert matches_line(pattern, line) is fnmatch.fnmatchcase(line, pattern)


def test_a_pattern_that_would_hang_a_regular_expression_is_answered_at_once() -> None:
    """S19: the worst that the bounds of a style allow, over a line of a million characters."""
    line = "a" * 1_000_000
    started = time.process_time()
    assert not matches_line("*a" * 39 + "*b", line)
    assert not matches_line("*" + "?" * 70 + "b*", line)
    assert time.process_time() - started < 1.0


def test_of_a_very_long_line_only_the_beginning_is_compared() -> None:
    assert matches_line("a*a", "a" * LONGEST_LINE + "b")
