"""Reads the pages of a PDF: text layers in order, without running heads, with the words that line ends had broken."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pypdfium2 as pdfium

from studiolo_indexer.errors import FileFailure
from studiolo_indexer.parsers.pdf.pdf_layer import Layer, read_layer
from studiolo_indexer.parsers.pdf.pdf_notes import read_notes
from studiolo_indexer.parsers.pdf.pdf_running import edge_lines, running_lines
from studiolo_indexer.parsers.pdf.pdf_salvage import salvaged
from studiolo_indexer.parsers.pdf.pdf_text import Note, Run, arrange, assemble, mend_hyphens, without

PAGE_GAP = "\n\n"

_MAX_PAGES = 20_000
_MAX_CHARS = 100_000_000
_FEW_CHARS = 3
_CAPTION_CHARS = 50
_PICTURED = 0.5
_UNREADABLE = re.compile("[\x00-\x08\x0e-\x1f\ufffd\ue000-\uf8ff]")
_MOST_UNREADABLE = 0.3


@dataclass(slots=True)
class ReadPage:
    """A page: its text layer, what it says beside, and the runs that its text is made of."""

    layer: Layer
    notes: tuple[Note, ...]
    runs: list[Run]

    def text(self) -> str:
        """Give the page's text."""
        return self.assembled()[0]

    def assembled(self) -> tuple[str, list[tuple[int, int]]]:
        """Give the page's text, and the span of each run in it."""
        return assemble(self.layer.raw, self.runs, self.notes)

    def wants_ocr(self) -> bool:
        """Tell whether the page shows something, but has no text layer that says it."""
        chars = len("".join(self.layer.raw.split()))
        if chars < _FEW_CHARS:
            return self.layer.has_content
        if chars < _CAPTION_CHARS and self.layer.pictured >= _PICTURED:
            return True
        return len(_UNREADABLE.findall(self.layer.raw)) > _MOST_UNREADABLE * chars


@contextmanager
def opened(data: bytes, on_salvage: Callable[[int], object] | None = None) -> Iterator[pdfium.PdfDocument]:
    """Open a PDF, with its form if it has one; of a damaged one the pages that can still be found.

    Args:
        data: The file.
        on_salvage: Told how many pages are lost where it had to be put together again.

    Raises:
        FileFailure: file.password, file.damaged or file.too_large.
    """
    try:
        pdf = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower():
            raise FileFailure("file.password", "It is protected with a password.") from error
        pdf, lost = _put_together_again(data)
        if on_salvage is not None:
            on_salvage(lost)
    try:
        pdf.init_forms()
        count = len(pdf)
        if not 1 <= count <= _MAX_PAGES:
            raise FileFailure("file.damaged" if count < 1 else "file.too_large", f"It has {count} pages.")
        yield pdf
    finally:
        pdf.close()


def _put_together_again(data: bytes) -> tuple[pdfium.PdfDocument, int]:
    try:
        found = salvaged(data)
        if found is not None:
            return pdfium.PdfDocument(found[0]), found[1]
    except pdfium.PdfiumError:
        pass  # nothing can be done for it
    raise FileFailure("file.damaged", "It is no readable PDF.")


@contextmanager
def page_opened(pdf: pdfium.PdfDocument, index: int) -> Iterator[tuple[pdfium.PdfPage, pdfium.PdfTextPage]]:
    """Open a page with its text layer; the layer costs PDFium more than the page.

    Raises:
        pypdfium2.PdfiumError: If the page is damaged.
    """
    sheet = pdf[index]
    try:
        layer = sheet.get_textpage()
        try:
            yield sheet, layer
        finally:
            layer.close()
    finally:
        sheet.close()


def read_page(sheet: pdfium.PdfPage, layer: pdfium.PdfTextPage) -> ReadPage:
    """Read one page by itself: running heads are still there, and hyphens at line ends.

    Raises:
        pypdfium2.PdfiumError: If PDFium cannot tell something about the page.
    """
    found = read_layer(sheet, layer)
    notes = read_notes(sheet)
    return ReadPage(found, notes, arrange(found.lines, notes))


def read_pages(pdf: pdfium.PdfDocument, *, most: int = _MAX_PAGES) -> list[ReadPage]:
    """Read all pages, or the first `most`, as they are in the document's text: without running heads, with whole words.

    Raises:
        FileFailure: file.too_large if they hold more text than a document may.
    """
    pages = []
    chars = 0
    for index in range(min(most, len(pdf))):
        try:
            with page_opened(pdf, index) as (sheet, layer):
                pages.append(read_page(sheet, layer))
        except pdfium.PdfiumError:
            pages.append(ReadPage(Layer(), (), []))  # one broken page does not take the others with it
        chars += len(pages[-1].layer.raw)
        if chars > _MAX_CHARS:
            raise FileFailure("file.too_large", "It holds more text than a document may.")
    running = running_lines([edge_lines(page.runs, page.layer.height) for page in pages])
    for page, dropped in zip(pages, running, strict=True):
        if dropped:
            page.runs = without(page.runs, dropped)
    mend_hyphens((page.layer.raw, page.runs) for page in pages)
    return pages
