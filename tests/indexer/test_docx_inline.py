"""The words of one paragraph of DOCX."""

from __future__ import annotations

import pytest
from lxml import etree

from studiolo_indexer.parsers.office.docx_inline import Inline, NoteNumbers, read_inline

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"


def inline(inside: str) -> Inline:
    return read_inline(etree.fromstring(f'<w:p xmlns:w="{W}" xmlns:wp="{WP}">{inside}</w:p>'), NoteNumbers())


@pytest.mark.parametrize(
    ("inside", "text"),
    [
        ("<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t></w:r>", "a\tb\nc"),
        ("<w:r><w:t>co</w:t><w:noBreakHyphen/><w:t>op</w:t></w:r>", "co-op"),
        ("<w:hyperlink><w:r><w:t>link</w:t></w:r></w:hyperlink>", "link"),
        ("<w:smartTag><w:r><w:t>tag</w:t></w:r></w:smartTag>", "tag"),
        ("<w:r><w:ruby><w:rt><w:r><w:t>かな</w:t></w:r></w:rt><w:r><w:t>字</w:t></w:r></w:ruby></w:r>", "字"),
        ('<w:r><w:sym w:font="Wingdings 2" w:char="F0A3"/></w:r>', "☐"),
        ('<w:r><w:sym w:font="Wingdings" w:char="F0FF"/></w:r>', ""),
        ('<w:r><w:sym w:font="Arial" w:char="0394"/></w:r>', "Δ"),
        ('<w:r><w:sym w:font="Arial" w:char="zz"/></w:r>', ""),
        ('<w:r><w:fldChar w:fldCharType="end"/><w:t>stray</w:t></w:r>', "stray"),
    ],
)
def test_runs_become_the_words_that_a_reader_sees(inside: str, text: str) -> None:
    assert inline(inside).text == text


def test_notes_are_counted_in_the_order_of_their_marks() -> None:
    found = inline(
        '<w:r><w:footnoteReference w:id="9"/><w:footnoteReference w:id="2"/><w:footnoteReference w:id="9"/></w:r>'
    )
    assert found.text == "[note 1][note 2][note 1]"
    assert found.notes[1] == ("footnote", "2")


def test_a_picture_says_what_a_person_wrote_about_it() -> None:
    drawing = '<w:r><w:drawing><wp:inline><wp:docPr descr="{}"/></wp:inline></w:drawing></w:r>'
    assert inline(drawing.format("Our office")).pictures == ["[picture: Our office]"]
    assert inline(drawing.format("logo.png")).pictures == [""]


def test_nesting_needs_no_recursion() -> None:
    root = etree.Element(f"{{{W}}}p")
    node = root
    for _ in range(5000):
        node = etree.SubElement(node, f"{{{W}}}ins")
    etree.SubElement(etree.SubElement(node, f"{{{W}}}r"), f"{{{W}}}t").text = "deep"
    assert read_inline(root, NoteNumbers()).text == "deep"
