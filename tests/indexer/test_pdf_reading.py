"""The pages of a document: running heads gone, words whole, and which pages need recognition."""

from __future__ import annotations

import io

import pypdfium2 as pdfium
import pytest
from pdf_files import Draw, both, drawn, lines, written
from PIL import Image
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader

from studiolo_indexer.errors import FileFailure
from studiolo_indexer.parsers.pdf import pdf_reading
from studiolo_indexer.parsers.pdf.pdf_layer import Layer
from studiolo_indexer.parsers.pdf.pdf_reading import opened, page_opened, read_page, read_pages


def texts(data: bytes) -> list[str]:
    with opened(data) as pdf:
        return [page.text() for page in read_pages(pdf)]


def wanting(*pages: Draw) -> list[bool]:
    with opened(drawn(*pages)) as pdf:
        return [page.wants_ocr() for page in read_pages(pdf)]


def picture(side: float) -> Draw:
    stream = io.BytesIO()
    Image.new("L", (50, 50), 200).save(stream, "PNG")
    return lambda canvas: canvas.drawImage(ImageReader(io.BytesIO(stream.getvalue())), 0, 0, side, side)


def test_running_heads_stay_on_the_first_page_and_are_gone_from_the_text_of_the_others() -> None:
    pages = [
        both(lines(["Leave Policy"], top=380, size=8), lines([f"Text {n}."]), lines([f"- {n} -"], top=15, size=8))
        for n in range(1, 6)
    ]
    assert texts(drawn(*pages)) == ["Leave Policy\n\nText 1.\n\n- 1 -", *(f"Text {n}." for n in range(2, 6))]


def test_a_page_by_itself_still_has_them() -> None:
    pages = [both(lines(["Head"], top=380, size=8), lines([f"Text {n}."])) for n in range(1, 6)]
    with opened(drawn(*pages)) as pdf, page_opened(pdf, 2) as (sheet, layer):
        assert read_page(sheet, layer).text() == "Head\n\nText 3."


def test_the_whole_document_tells_whether_a_word_was_broken() -> None:
    rows = ["He reads the long-", "term plan of the depart-", "ment with great care."]
    assert texts(drawn(lines(["A plan for the term is a long one."]), lines(rows)))[1].split() == (
        "He reads the long-term plan of the department with great care.".split()
    )


def test_scans_want_recognition_and_blank_pages_do_not() -> None:
    stamped = both(picture(400), lines(["Scanned page 3"]))
    illustrated = both(picture(100), lines(["A caption"]))
    assert wanting(picture(400), lines([]), stamped, illustrated, lines(["Words."])) == [
        True,
        False,
        True,
        False,
        False,
    ]


def test_letters_without_a_meaning_want_recognition() -> None:
    page = pdf_reading.ReadPage(Layer(raw="\x01\x02\x03\ue001 abc" * 10, has_content=True), (), [])
    assert page.wants_ocr()
    assert not pdf_reading.ReadPage(Layer(raw="a proper text" * 10), (), []).wants_ocr()


def test_a_protected_a_damaged_and_a_huge_file_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    def code_of(data: bytes) -> str:
        with pytest.raises(FileFailure) as caught, opened(data):
            pass
        return caught.value.code

    assert code_of(written("Secret.", encrypt=StandardEncryption("user", "owner"))) == "file.password"
    assert code_of(b"%PDF-1.7\nthis is no PDF\n") == "file.damaged"
    monkeypatch.setattr(pdf_reading, "_MAX_PAGES", 1)
    assert code_of(written("One.", "Two.")) == "file.too_large"


def test_a_text_that_is_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_reading, "_MAX_CHARS", 10)
    with opened(written("A text of more than ten letters.")) as pdf, pytest.raises(FileFailure) as caught:
        read_pages(pdf)
    assert caught.value.code == "file.too_large"


def test_a_broken_page_does_not_take_the_others_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = pdfium.PdfDocument.__getitem__

    def breaks(pdf: pdfium.PdfDocument, index: int) -> pdfium.PdfPage:
        if index == 1:
            raise pdfium.PdfiumError("broken")
        return whole(pdf, index)

    monkeypatch.setattr(pdfium.PdfDocument, "__getitem__", breaks)
    assert texts(written("One.", "Two.", "Three.")) == ["One.", "", "Three."]
