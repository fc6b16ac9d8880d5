"""Paragraphs and rows of one flow of RTF."""

from __future__ import annotations

from studiolo_indexer.parsers.building import TextBuilder
from studiolo_indexer.parsers.office.rtf_flow import Flow


def test_paragraphs_items_and_attachments_are_written_as_they_end() -> None:
    builder = TextBuilder()
    flow = Flow(builder)
    flow.add("Head")
    flow.end_paragraph(level=1)
    for label, text in (("•\t", "one"), ("2.\t", "two")):
        flow.add_label(label)
        flow.add(text)
        flow.attach(f"[note] {text}")
        flow.end_paragraph()
    flow.end()
    found = builder.document(media_type="x", parser="x")
    assert found.text == "Head\n\n- one\n[note] one\n2. two\n[note] two"
    assert found.title == "Head"


def test_rows_wait_for_the_end_of_their_table() -> None:
    builder = TextBuilder()
    flow = Flow(builder)
    for row in (("a", "b"), ("c", "d")):
        for cell in row:
            flow.add(cell)
            flow.end_cell()
        flow.end_row()
    flow.add("last")
    flow.end()
    assert builder.document(media_type="x", parser="x").text == "a | b\nc | d\n\nlast"


def test_a_flow_without_a_builder_gives_its_texts_at_its_end() -> None:
    flow = Flow(None, kind="footnote", mark="[note 1]")
    flow.add("unfinished cell")
    flow.end_cell()
    flow.attach("")
    flow.attach("[comment] x")
    assert flow.end() == ["unfinished cell", "[comment] x"]


def test_halves_of_a_character_become_one_and_a_lonely_half_none() -> None:
    flow = Flow(None)
    flow.add("\ud83d")
    flow.add("\ude00\ud83d")
    assert flow.end() == ["😀\ufffd"]
