"""Dates of documents in one form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studiolo_indexer.parsers.dates import iso_date


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2024-03-01", "2024-03-01"),
        ("20240301", "2024-03-01"),
        ("2024", "2024"),
        ("2024-03", "2024-03"),
        ("2024/03/01 10:20", "2024-03-01T10:20:00"),
        ("2024-03-01T10:20:30.123+02:00", "2024-03-01T10:20:30+02:00"),
        ("2024-03-01T10:20:30Z", "2024-03-01T10:20:30Z"),
        ("Fri, 22 Mar 2024 22:52:24 +0100", "2024-03-22T22:52:24+01:00"),
        ("2024-13-45", ""),
        ("yesterday", ""),
        ("", ""),
        ("2024-03-01" * 20, ""),
    ],
)
def test_a_date_is_written_as_iso_8601_or_left_out(written: str, read: str) -> None:
    assert iso_date(written) == read


@given(st.text(max_size=70))
def test_no_text_breaks_it(text: str) -> None:
    assert len(iso_date(text)) <= 40
