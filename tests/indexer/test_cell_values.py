"""Values of cells as people read them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from studiolo_indexer.parsers.spreadsheets.cell_values import (
    CellValue,
    ValueKind,
    formatted,
    kind_of_format,
    number_text,
    value_text,
)


@pytest.mark.parametrize(
    ("number", "code", "kind"),
    [
        (0, "", "plain"),
        (14, "", "date"),
        (9, "", "percent"),
        (46, "", "duration"),
        (164, "General", "plain"),
        (164, "yyyy-mm-dd", "date"),
        (164, "[$-409]d mmm yyyy;@", "date"),
        (164, "[h]:mm", "duration"),
        (164, "0.00%", "percent"),
        (164, '#,##0.00 "days"', "plain"),
        (164, "#,##0\\h", "plain"),
        (164, "[Red]-0.0;[Blue]0.0", "plain"),
        (164, "00000", "padded"),
        (164, '_("$"* #,##0.00_)', "plain"),
    ],
)
def test_a_format_says_what_a_number_is(number: int, code: str, kind: ValueKind) -> None:
    assert kind_of_format(number, code) == kind


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (3.0, "plain", "3"),
        (0.1 + 0.2, "plain", "0.3"),
        (3.0000000000000004, "plain", "3"),
        (-0.0, "plain", "0"),
        (1e21, "plain", "1e+21"),
        (float("nan"), "plain", ""),
        (0.19, "percent", "19%"),
        (0.938271604938272, "percent", "93.8272%"),
        (45_292, "date", "2024-01-01"),
        (45_292.5, "date", "2024-01-01 12:00"),
        (0.25, "date", "06:00"),
        (59, "date", "1900-02-28"),
        (61, "date", "1900-03-01"),
        (-5, "date", "-5"),
        (1e300, "date", "1e+300"),
        (1.1041666667, "duration", "26:30"),
        (-0.5, "duration", "-12:00"),
        (1234, "padded", "01234"),
    ],
)
def test_a_number_is_shown_as_its_format_shows_it(value: float, kind: ValueKind, text: str) -> None:
    assert formatted(value, kind, digits=5) == text


def test_days_can_be_counted_from_1904() -> None:
    assert formatted(43_830, "date", since_1904=True) == "2024-01-01"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("word", "word"),
        (True, "TRUE"),
        (5, "5"),
        (2.50, "2.5"),
        (datetime(2024, 1, 2), "2024-01-02"),
        (datetime(2024, 1, 2, 3, 4, 5, 600_000), "2024-01-02 03:04:06"),
        (datetime.max, "9999-12-31 23:59:59"),
        (date(2024, 1, 2), "2024-01-02"),
        (time(9, 30), "09:30"),
        (timedelta(hours=26, seconds=5), "26:00:05"),
    ],
)
def test_every_type_of_value_is_written(value: CellValue, text: str) -> None:
    assert value_text(value) == text


@example(float("inf"), "padded")
@example(float("nan"), "percent")
@given(st.floats(), st.sampled_from(["plain", "date", "duration", "percent", "padded"]))
def test_no_number_raises_or_fills_a_page(value: float, kind: ValueKind) -> None:
    assert len(formatted(value, kind, digits=15)) < 40
    assert len(number_text(value)) < 40
