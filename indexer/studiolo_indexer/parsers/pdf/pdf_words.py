"""The words of a PDF's page with their boxes, to be searched, selected and copied; a page by itself.

A page is read without the others, so that a book can be looked through a few pages at a time: running heads are still
there, since they can be seen, and whether a hyphen at a line's end belongs to a word is told from the page alone.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pypdfium2 as pdfium

from studiolo_indexer.errors import FileFailure
from studiolo_indexer.parsers.pdf.pdf_layer import Places, Rectangle
from studiolo_indexer.parsers.pdf.pdf_reading import ReadPage, opened, page_opened, read_page
from studiolo_indexer.parsers.pdf.pdf_text import mend_hyphens, origins
from studiolo_indexer.records import OcrWord, PageWords

_LONGEST_SIDE = 10_000  # PDFium gives places as whole numbers
_MOST_WORDS = 50_000
_UNSPACED = "\u2e80-\ua4cf\uac00-\ud7af\uf900-\ufaff\uff00-\uffef"
_WORD = re.compile(f"[{_UNSPACED}]|[^\\s{_UNSPACED}]+")


def read_pdf_words(data: bytes, *, page: int) -> PageWords:
    """Give the words of one page, in the order of reading, with their boxes.

    Args:
        data: The file's bytes.
        page: From 1; one beyond the end is the last page.

    Raises:
        FileFailure: As for `parse_pdf`, and file.damaged if the page cannot be read.
    """
    with opened(data) as pdf:
        index = max(0, min(page, len(pdf)) - 1)
        try:
            with page_opened(pdf, index) as (sheet, layer):
                read = _read(sheet, layer)
                size = sheet.get_size()
                scale = _LONGEST_SIDE / max(1.0, *size)
                width, height = (max(1, round(side * scale)) for side in size)
                converter = pdfium.PdfPosConv(sheet, (0, 0, width, height, 0))
                words = tuple(_placed(read, Places(layer, read.layer.raw), converter))
        except pdfium.PdfiumError as error:
            raise FileFailure("file.damaged", "The page cannot be read.") from error
        return PageWords(index + 1, len(pdf), read.text(), width, height, words)


def read_pdf_texts(data: bytes, *, first: int, seconds: float) -> tuple[list[str], int]:
    """Give the texts of pages as `read_pdf_words` gives them, and how many pages there are.

    Args:
        data: The file's bytes.
        first: The first page, from 1; at least this one is read.
        seconds: How long to go on with the pages behind it.

    Returns:
        The texts; that of a page that is broken is empty. None at all if there is no page `first`.

    Raises:
        FileFailure: As for `parse_pdf`.
    """
    until = time.monotonic() + seconds
    texts: list[str] = []
    with opened(data) as pdf:
        for index in range(max(0, first - 1), len(pdf)):
            if texts and time.monotonic() > until:
                break
            try:
                with page_opened(pdf, index) as (sheet, layer):
                    texts.append(_read(sheet, layer).text())
            except pdfium.PdfiumError:
                texts.append("")
        return texts or [""], len(pdf)


def _read(sheet: pdfium.PdfPage, layer: pdfium.PdfTextPage) -> ReadPage:
    read = read_page(sheet, layer)
    mend_hyphens([(read.layer.raw, read.runs)])
    return read


def _placed(read: ReadPage, places: Places, converter: pdfium.PdfPosConv) -> Iterator[OcrWord]:
    """Give the words of each line with their boxes; a note is one word, since its letters have no places."""
    text, spans = read.assembled()
    raw = origins(read.layer.raw, read.runs, read.notes)
    count = 0
    for run, (start, end) in zip(read.runs, spans, strict=True):
        if run.note >= 0:
            if text[start:end].strip():
                yield _boxed(start, end, read.notes[run.note].box, converter)
            continue
        for found in _WORD.finditer(text, start, end):
            count += 1
            if count > _MOST_WORDS:
                return
            first, last = (places.box(places.exact_char(raw[at])) for at in (found.start(), found.end() - 1))
            yield _boxed(found.start(), found.end(), _union(first, last), converter)


def _boxed(start: int, end: int, box: Rectangle, converter: pdfium.PdfPosConv) -> OcrWord:
    left, bottom, right, top = box
    x0, y0 = converter.to_bitmap(left, top)
    x1, y1 = converter.to_bitmap(right, bottom)
    return OcrWord(start, end, min(x0, x1), min(y0, y1), abs(x1 - x0), abs(y1 - y0))


def _union(a: Rectangle, b: Rectangle) -> Rectangle:
    if a[2] <= a[0] or b[2] <= b[0]:  # a letter of no width, which may be anywhere
        return b if a[2] <= a[0] else a
    return min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3])
