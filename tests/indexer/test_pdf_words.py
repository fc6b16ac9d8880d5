"""The words of a PDF's page stand where their boxes are, in the order of reading."""

from __future__ import annotations

from pathlib import Path

import pypdfium2 as pdfium
import pytest
from pdf_files import both, drawn, lines, side_by_side, wrapped
from reportlab.pdfgen.canvas import Canvas

from studiolo_indexer.errors import FileFailure
from studiolo_indexer.parsers.pdf.pdf_document import parse_pdf
from studiolo_indexer.parsers.pdf.pdf_pages import render_pdf_page
from studiolo_indexer.parsers.pdf.pdf_words import read_pdf_texts, read_pdf_words
from studiolo_indexer.records import OcrWord, PageWords

EXAMPLES = sorted((Path(__file__).parent.parent.parent / "examples").rglob("*.pdf"))
FLOWING = "the sentences of this text go on and on over many lines, so that each of the columns is full of words; "
COLUMNS = drawn(side_by_side(wrapped(FLOWING * 3, 160), wrapped(FLOWING * 3, 160), lefts=(40, 220)))


def said_at(data: bytes, found: PageWords, word: OcrWord) -> str:
    """Give what PDFium finds in the box of a word."""
    pdf = pdfium.PdfDocument(data)
    sheet = pdf[found.page - 1]
    converter = pdfium.PdfPosConv(sheet, (0, 0, round(found.width), round(found.height), 0))
    left, top = converter.to_page(round(word.x), round(word.y))
    right, bottom = converter.to_page(round(word.x + word.width), round(word.y + word.height))
    inset = 0.2
    text: str = sheet.get_textpage().get_text_bounded(left + inset, bottom + inset, right - inset, top - inset)
    return text


def letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.replace("\ufb03", "ffi")))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_each_word_of_the_examples_stands_in_its_box(path: Path) -> None:
    data = path.read_bytes()
    pages = parse_pdf(data, path.name).pages or 0
    for number in range(1, pages + 1):
        found = read_pdf_words(data, page=number)
        assert (found.page, found.pages) == (number, pages)
        assert "".join(found.text.split()) == "".join(found.text[w.start : w.end] for w in found.words)
        for word in found.words:
            assert letters(found.text[word.start : word.end]) in letters(said_at(data, found, word))
            assert 0 <= word.x < word.x + word.width <= found.width


def test_columns_are_read_one_after_the_other() -> None:
    found = read_pdf_words(COLUMNS, page=1)
    first = next(w for w in found.words if w.x > found.width / 2)
    assert all(w.x < found.width / 2 for w in found.words if w.start < first.start)
    assert FLOWING.strip() in " ".join(found.text.split())


def test_a_word_that_a_line_breaks_is_one_in_the_text_and_has_a_box_on_each_line() -> None:
    rows = [
        "This line of words is broken at its end, in the depart-",
        "ment of long words, which is another line of it.",
    ]
    found = read_pdf_words(drawn(lines(rows)), page=1)
    at = found.text.index("department")
    pieces = [w for w in found.words if at <= w.start < at + len("department")]
    assert [found.text[w.start : w.end] for w in pieces] == ["depart", "ment"]
    assert pieces[0].y < pieces[1].y


def test_a_turned_page_gives_places_as_it_is_seen() -> None:
    def turned(canvas: Canvas) -> None:
        canvas.setPageRotation(90)
        lines(["upright words"])(canvas)

    data = drawn(turned)
    found = read_pdf_words(data, page=1)
    assert [found.text[w.start : w.end] for w in found.words] == ["upright", "words"]
    image = render_pdf_page(data, page=1, start=0, end=7, width=1000, quote="upright")
    (box,), word, scale = image.boxes, found.words[0], image.width / found.width
    assert word.height > word.width
    for side in ("x", "y", "height"):
        assert getattr(word, side) * scale == pytest.approx(getattr(box, side), abs=6)


def test_running_heads_are_there_and_a_page_beyond_the_end_is_the_last() -> None:
    page = both(lines(["A Head"], top=380, size=8), lines(["The text of a page."]))
    data = drawn(*[page] * 4)
    assert read_pdf_words(data, page=99).page == 4
    assert read_pdf_words(data, page=-3).page == 1
    assert "A Head" in read_pdf_words(data, page=2).text


def test_an_empty_page_has_no_words() -> None:
    found = read_pdf_words(drawn(lambda canvas: None), page=1)
    assert (found.text, found.words) == ("", ())


def test_the_texts_are_those_of_the_words_and_go_on_as_long_as_there_is_time() -> None:
    data = drawn(*(lines([f"The text of page {number}."]) for number in range(1, 8)))
    texts, pages = read_pdf_texts(data, first=3, seconds=60)
    assert pages == 7
    assert texts == [read_pdf_words(data, page=number).text for number in range(3, 8)]
    assert read_pdf_texts(data, first=3, seconds=0) == ([texts[0]], 7)
    assert read_pdf_texts(data, first=8, seconds=60) == ([""], 7)


def test_a_damaged_file_is_named() -> None:
    for read in (lambda data: read_pdf_words(data, page=1), lambda data: read_pdf_texts(data, first=1, seconds=1)):
        with pytest.raises(FileFailure) as caught:
            read(b"%PDF-1.7 no")
        assert caught.value.code == "file.damaged"
