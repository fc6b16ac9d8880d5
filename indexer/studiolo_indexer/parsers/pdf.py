"""PDF through PDFium: the text of each page, and a page as a picture with the place of any of its characters.

The text of a page is PDFium's own with one deterministic clean-up, so that an offset in the document leads back to
PDFium's character and its box (`char_indices`).
"""

from __future__ import annotations

import io
import re

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from studiolo_indexer.errors import FileFailure
from studiolo_indexer.parsers.building import safe_text
from studiolo_indexer.records import Document, HighlightBox, PageImage, Part

PAGE_GAP = "\n\n"
_MAX_PAGES = 20_000
_MAX_CHARS = 100_000_000
_MAX_PIXELS = 40_000_000
_FEW_CHARS = 3
# PDFium marks a hyphen at the end of a line with U+0002 or U+FFFE.
_LINE_HYPHEN = re.compile("[\x02\ufffe]")


def parse_pdf(data: bytes, name: str) -> Document:
    """Read the text layer of a PDF; each page is a part.

    Raises:
        FileFailure: file.password, file.damaged, or file.no_text if no page has a text layer.
    """
    pdf = _open(data)
    try:
        texts = [_page_text(pdf, index) for index in range(len(pdf))]
        title = _title(pdf)
    finally:
        pdf.close()
    empty = [number for number, text in enumerate(texts, start=1) if len(text.strip()) < _FEW_CHARS]
    if len(empty) == len(texts):
        raise FileFailure("file.no_text", "It holds pictures of text (a scan); text recognition is not there yet.")
    parts = []
    at = 0
    for number, text in enumerate(texts, start=1):
        end = at + len(text) + (len(PAGE_GAP) if number < len(texts) else 0)
        parts.append(Part("page", str(number), at, end))
        at = end
    warnings = [f"page {number} has no text layer" for number in empty]
    return Document(
        media_type="application/pdf",
        parser="pdfium",
        text=PAGE_GAP.join(texts),
        parts=tuple(parts),
        title=title,
        pages=len(texts),
        warnings=tuple(warnings[:50]),
    )


def render_pdf_page(data: bytes, *, page: int, start: int, end: int, width: int) -> PageImage:
    """Draw one page as PNG, with the boxes of the code points [start, end) of the document's text on it.

    Args:
        data: The file's bytes.
        page: From 1; one beyond the end shows the last page.
        start, end: Half-open span of the document's text; what lies on other pages is left out.
        width: Width of the picture in pixels.

    Raises:
        FileFailure: As for `parse_pdf`.
    """
    pdf = _open(data)
    try:
        index = max(0, min(page, len(pdf)) - 1)
        first = sum(len(_page_text(pdf, before)) + len(PAGE_GAP) for before in range(index)) if end > start else 0
        sheet = pdf[index]
        scale = width / max(1.0, sheet.get_width())
        if sheet.get_width() * sheet.get_height() * scale * scale > _MAX_PIXELS:
            raise FileFailure("file.too_large", "The page is too large to be shown.")
        bitmap = sheet.render(scale=scale, rev_byteorder=False)
        boxes = _boxes(sheet, bitmap, start - first, end - first) if end > start else ()
        stream = io.BytesIO()
        bitmap.to_pil().convert("RGB").save(stream, format="PNG", compress_level=3)
        return PageImage(stream.getvalue(), bitmap.width, bitmap.height, index + 1, len(pdf), boxes)
    except pdfium.PdfiumError as error:
        raise FileFailure("file.damaged", "The page cannot be drawn.") from error
    finally:
        pdf.close()


def clean_page_text(raw: str) -> str:
    """Clean PDFium's text of a page: one line end, a real hyphen, nothing that no text may hold."""
    return _LINE_HYPHEN.sub("-", safe_text(raw))


def char_indices(raw: str) -> list[int]:
    """Give for each code point of `clean_page_text(raw)` the index of its code point in `raw`."""
    indices = []
    at = 0
    while at < len(raw):
        indices.append(at)
        at += 2 if raw.startswith("\r\n", at) else 1
    return indices


def _open(data: bytes) -> pdfium.PdfDocument:
    try:
        pdf = pdfium.PdfDocument(data)
        count = len(pdf)
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower():
            raise FileFailure("file.password", "It is protected with a password.") from error
        raise FileFailure("file.damaged", "It is no readable PDF.") from error
    if not 1 <= count <= _MAX_PAGES:
        pdf.close()
        raise FileFailure("file.damaged" if count < 1 else "file.too_large", f"It has {count} pages.")
    return pdf


def _page_text(pdf: pdfium.PdfDocument, index: int) -> str:
    try:
        sheet = pdf[index]
        layer = sheet.get_textpage()
        text = clean_page_text(layer.get_text_range(errors="replace"))
        layer.close()
        sheet.close()
    except pdfium.PdfiumError:
        # One broken page does not take the others with it; it shows up as a page without text.
        return ""
    return text[:_MAX_CHARS]


def _title(pdf: pdfium.PdfDocument) -> str:
    title = safe_text(str(pdf.get_metadata_value("Title") or ""))
    words = " ".join(title.split())
    # What a word processor leaves there by itself is no title.
    return "" if re.search(r"(?i)^microsoft word|\.(docx?|pdf|indd|tex)$|^untitled", words) else words[:300]


def _boxes(sheet: pdfium.PdfPage, bitmap: pdfium.PdfBitmap, start: int, end: int) -> tuple[HighlightBox, ...]:
    layer = sheet.get_textpage()
    raw = layer.get_text_range(errors="replace")
    indices = char_indices(raw)
    wanted = indices[max(0, start) : max(0, end)]
    if not wanted:
        return ()
    chars = _pdfium_chars(layer, raw)
    inside = [chars[i] for i in wanted if i < len(chars)]
    if not inside:
        return ()
    converter = bitmap.get_posconv(sheet)
    boxes = []
    for number in range(layer.count_rects(inside[0], inside[-1] - inside[0] + 1)):
        left, bottom, right, top = layer.get_rect(number)
        x0, y0 = converter.to_bitmap(left, top)
        x1, y1 = converter.to_bitmap(right, bottom)
        boxes.append(HighlightBox(min(x0, x1), min(y0, y1), abs(x1 - x0), abs(y1 - y0)))
    return tuple(boxes)


def _pdfium_chars(layer: pdfium.PdfTextPage, raw: str) -> list[int]:
    """Give for each code point of the raw text PDFium's character index: it counts some that it does not print."""
    indices = []
    char = 0
    count = layer.count_chars()
    for wanted in raw:
        ahead = char
        while ahead < count and chr(pdfium_c.FPDFText_GetUnicode(layer, ahead) or 0xFFFD) != wanted:
            ahead += 1
        if ahead < count:
            char = ahead
        indices.append(min(char, max(0, count - 1)))
        char = min(char + 1, count)
    return indices
