"""Numbers of lists in the forms of word processors."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studiolo_indexer.parsers.office.numerals import letters, numeral, roman


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (4, "decimal", "4"),
        (4, "lowerRoman", "iv"),
        (1999, "upperRoman", "MCMXCIX"),
        (2, "lowerLetter", "b"),
        (28, "upperLetter", "BB"),
        (7, "decimalZero", "07"),
        (7, "none", ""),
        (7, "chicago", "7"),
        (0, "lowerLetter", "0"),
        (-3, "lowerRoman", "-3"),
        (10**9, "upperRoman", "1000000000"),
    ],
)
def test_a_number_is_written_in_its_form(value: int, form: str, text: str) -> None:
    assert numeral(value, form) == text


@given(st.integers(-(10**10), 10**10))
def test_no_number_makes_a_long_label(value: int) -> None:
    assert len(roman(value)) < 20
    assert len(letters(value)) < 20
