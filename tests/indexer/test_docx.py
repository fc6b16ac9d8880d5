"""DOCX: text in order, as accepted, and no bomb."""

from __future__ import annotations

import io
import zipfile

import docx
import pytest

from studiolo_indexer.errors import FileFailure
from studiolo_indexer.parsers.archives import OLE_MARK
from studiolo_indexer.parsers.docx import parse_docx

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def made(body: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>')
    return stream.getvalue()


def code_of(data: bytes) -> str:
    with pytest.raises(FileFailure) as caught:
        parse_docx(data, "a.docx")
    return caught.value.code


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def test_a_document_of_a_word_processor_is_read_in_order() -> None:
    document = docx.Document()
    document.core_properties.title = "Handbook"
    document.add_heading("Leave", level=1)
    document.add_paragraph("Ten days.")
    document.add_paragraph("first", style="List Bullet")
    table = document.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "Basic", "10 euros"
    document.add_paragraph("After the table.")
    stream = io.BytesIO()
    document.save(stream)
    read = parse_docx(stream.getvalue(), "a.docx")
    assert read.title == "Handbook"
    assert [(h.level, read.text[h.start : h.end]) for h in read.headings] == [(1, "Leave")]
    order = [read.text.index(t) for t in ("Leave", "Ten days.", "first", "Basic | 10 euros", "After the table.")]
    assert order == sorted(order)


def test_tracked_changes_are_read_as_accepted() -> None:
    body = (
        "<w:p><w:r><w:t>The limit is </w:t></w:r><w:del><w:r><w:delText>five</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>ten</w:t></w:r></w:ins><w:moveFrom><w:r><w:t>gone</w:t></w:r></w:moveFrom>"
        "<w:r><w:t> days.</w:t></w:r></w:p>"
    )
    assert parse_docx(made(body), "a.docx").text == "The limit is ten days."


def test_footnotes_are_read_where_they_are_marked_and_at_the_end() -> None:
    body = '<w:p><w:r><w:t>Ten days</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r></w:p>'
    notes = f'<w:footnotes xmlns:w="{W}"><w:footnote w:id="2">{paragraph("As agreed.")}</w:footnote></w:footnotes>'
    stream = io.BytesIO(made(body))
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr("word/footnotes.xml", notes)
    assert "[note 2] As agreed." in parse_docx(stream.getvalue(), "a.docx").text


def test_what_is_no_document_is_damaged_or_protected() -> None:
    assert code_of(b"this is no archive") == "file.damaged"
    assert code_of(made(paragraph("x"))[:-40]) == "file.damaged"
    assert code_of(OLE_MARK + b"\0" * 600) == "file.password"
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("other.xml", "<a/>")
    assert code_of(stream.getvalue()) == "file.damaged"


def test_bombs_are_refused_before_they_unfold() -> None:
    """S5: billion laughs, external entities, a part that unpacks a thousandfold, too many members."""
    laughs = '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    xxe = '<!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    for doctype in (laughs, xxe):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            archive.writestr("word/document.xml", f'{doctype}<w:document xmlns:w="{W}">&a;</w:document>')
        assert code_of(stream.getvalue()) == "file.bomb"
    assert code_of(made(paragraph("a" * 30_000_000))) == "file.bomb"
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for n in range(10_001):
            archive.writestr(f"{n}", "")
    assert code_of(stream.getvalue()) == "file.bomb"


def test_deep_nesting_in_the_xml_ends() -> None:
    assert code_of(made("<w:sdt>" * 100_000 + "</w:sdt>" * 100_000)) == "file.damaged"
