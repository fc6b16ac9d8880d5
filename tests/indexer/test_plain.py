"""Plain text stays as it is."""

from __future__ import annotations

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


def test_a_document_carries_the_warnings_that_it_is_given() -> None:
    assert plain_document("a", "why").warnings == ("why",)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_a_damaged_text_is_read_or_refused(seed: int) -> None:
    assert_read_or_refused(parse_plain, damaged("Größe und Maß. Ünlü.\n".encode("cp1252") * 5, seed), "a.txt")
