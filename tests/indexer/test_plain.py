"""Plain text stays as it is."""

from __future__ import annotations

import pytest
from damaged_files import assert_read_or_refused, damaged
from hypothesis import given, settings
from hypothesis import strategies as st

from studiolo_indexer.parsers.plain import parse_plain, plain_document


def test_text_keeps_its_own_characters() -> None:
    text = "One  line.\n\n\tAnother – with a tab.\n"
    document = parse_plain(text.encode(), "a.txt")
    assert document.text == text
    assert [(p.kind, p.label, p.start, p.end) for p in document.parts] == [("section", "", 0, len(text))]
    assert document.title == ""


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Dendritic arbors and their input\n\nAs the system develops, …", "Dendritic arbors and their input"),
        ("\n  Minutes of   12 May \n \nPresent: all.", "Minutes of 12 May"),
        ("Dear Ms Albers,\n\nthank you.", ""),
        ("It is a sentence.\n\nAnother one.", ""),
        ("A line\nright above another.", ""),
        ("Alone", ""),
    ],
)
def test_a_line_that_stands_alone_above_the_text_is_its_title(text: str, title: str) -> None:
    assert parse_plain(text.encode(), "a.txt").title == title


def test_a_document_carries_the_warnings_that_it_is_given() -> None:
    assert plain_document("a", "why").warnings == ("why",)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_a_damaged_text_is_read_or_refused(seed: int) -> None:
    assert_read_or_refused(parse_plain, damaged("Größe und Maß. Ünlü.\n".encode("cp1252") * 5, seed), "a.txt")
