"""PDF: pages, titles, and the way back from an offset to a place on the page."""

from __future__ import annotations

import io

import pypdfium2 as pdfium
import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from studiolo_indexer.errors import FileFailure
from studiolo_indexer.parsers.pdf import char_indices, clean_page_text, parse_pdf, render_pdf_page


def made(*pages: str, title: str = "", encrypt: StandardEncryption | None = None) -> bytes:
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=(400, 400), encrypt=encrypt)
    canvas.setTitle(title)
    for page in pages:
        for number, line in enumerate(page.split("\n")):
            canvas.drawString(40, 340 - 20 * number, line)
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


def code_of(data: bytes) -> str:
    with pytest.raises(FileFailure) as caught:
        parse_pdf(data, "a.pdf")
    return caught.value.code


def test_each_page_is_a_part_and_parts_cover_the_text() -> None:
    document = parse_pdf(made("First page.", "Second page.", title="Leave policy"), "a.pdf")
    assert (document.pages, document.title) == (2, "Leave policy")
    assert [p.label for p in document.parts] == ["1", "2"]
    assert [document.text[p.start : p.end].strip() for p in document.parts] == ["First page.", "Second page."]


def test_a_page_without_text_is_named_and_a_document_without_text_fails() -> None:
    document = parse_pdf(made("Words.", ""), "a.pdf")
    assert document.warnings == ("page 2 has no text layer",)
    assert code_of(made("", "")) == "file.no_text"


def test_a_protected_and_a_damaged_file_are_told_apart() -> None:
    assert code_of(made("Secret.", encrypt=StandardEncryption("user", "owner", canPrint=0))) == "file.password"
    whole = made("Words.")
    assert code_of(b"%PDF-1.7\nthis is no PDF\n") == "file.damaged"
    assert code_of(whole[:60]) == "file.damaged"
    assert code_of(b"") == "file.damaged"


def test_the_words_of_a_span_are_boxed_where_they_stand_on_the_page() -> None:
    """R17: a click opens the right page with the quoted words highlighted."""
    data = made("Nothing here.", "Some words before.\nUnused leave up to ten days.\nSome words after.")
    text = parse_pdf(data, "a.pdf").text
    start = text.index("Unused leave")
    end = text.index("days.") + len("days.")
    image = render_pdf_page(data, page=2, start=start, end=end, width=800)
    assert (image.page, image.pages, image.width) == (2, 2, 800)
    assert len(image.boxes) >= 1
    scale = 800 / 400
    for box in image.boxes:
        # The second line stands 80 points below the top of the page.
        assert 80 - 14 <= box.y / scale <= 80
        assert box.x / scale >= 39
    words = pdfium.PdfDocument(data)[1].get_textpage()
    left, right = min(b.x for b in image.boxes) / scale, max(b.x + b.width for b in image.boxes) / scale
    boxed = words.get_text_bounded(left - 1, 312, right + 1, 336)
    assert boxed.strip() == "Unused leave up to ten days."


def test_a_span_on_another_page_and_a_page_beyond_the_end_box_nothing_wrong() -> None:
    data = made("First.", "Second.")
    assert render_pdf_page(data, page=1, start=8, end=12, width=300).boxes == ()
    assert render_pdf_page(data, page=99, start=0, end=0, width=300).page == 2


def test_clean_text_leads_back_to_each_character() -> None:
    raw = "one\r\ntwo\x02\r\nthree\ufffe"
    clean, indices = clean_page_text(raw), char_indices(raw)
    assert clean == "one\ntwo-\nthree-"
    assert len(clean) == len(indices)
    assert all(clean[n] == raw[i] or raw[i] in "\r\x02\ufffe" for n, i in enumerate(indices))
