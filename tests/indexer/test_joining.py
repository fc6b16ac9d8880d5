"""Documents joined into one: parts, headings and tables keep their places."""

from __future__ import annotations

from damaged_files import assert_sound

from studiolo_indexer.parsers.building import TextBuilder
from studiolo_indexer.parsers.joining import DocumentJoiner
from studiolo_indexer.records import Document


def made(*, paged: bool = False) -> Document:
    builder = TextBuilder()
    if paged:
        builder.begin_part("page", "1")
    builder.block("Title", level=1)
    builder.table([["a", "b"], ["1", "2"]])
    if paged:
        builder.begin_part("page", "2")
        builder.block("More.")
    return builder.document(media_type="x", parser="x", warnings=["odd"])


def test_spans_are_shifted_and_parts_cover_the_text() -> None:
    joiner = DocumentJoiner()
    joiner.add(made(), kind="section", label="one")
    joiner.add(TextBuilder().document(media_type="x", parser="x"), kind="section", label="empty")
    joiner.add(made(), kind="section", label="two", level=2)
    document = joiner.document(media_type="x", parser="x", properties=[("author", ""), ("created", "2024")])
    assert_sound(document)
    assert [(p.label, document.text[p.start : p.end].strip()) for p in document.parts] == [
        ("one", "Title\n\na | b\n1 | 2"), ("two", "Title\n\na | b\n1 | 2"),
    ]  # fmt: skip
    assert [(h.level, document.text[h.start : h.end]) for h in document.headings] == [(1, "Title"), (3, "Title")]
    assert [document.text[t.start : t.header_end] for t in document.tables] == ["a | b", "a | b"]
    assert document.warnings == ("odd",)
    assert document.properties == (("created", "2024"),)
    assert document.title == "Title"


def test_pages_of_what_is_joined_stay_apart() -> None:
    joiner = DocumentJoiner()
    joiner.add(made(paged=True), kind="message", label="a.pdf")
    document = joiner.document(media_type="x", parser="x", title="Mail")
    assert_sound(document)
    assert [(p.kind, p.label) for p in document.parts] == [("message", "a.pdf, page 1"), ("message", "a.pdf, page 2")]
    assert document.title == "Mail"
    assert joiner.length == len(document.text)


def test_nothing_is_an_empty_document() -> None:
    document = DocumentJoiner().document(media_type="x", parser="x")
    assert_sound(document)
    assert (document.text, document.title) == ("", "")
