"""A PDF's page as a picture, with the place of any of its characters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pypdfium2 as pdfium
from PIL import Image

from studiolo_indexer.errors import FileFailure
from studiolo_indexer.highlighting import letters_with_places
from studiolo_indexer.parsers.pdf.pdf_layer import Places, Rectangle, read_raw
from studiolo_indexer.parsers.pdf.pdf_reading import PAGE_GAP, opened, page_opened, read_page, read_pages
from studiolo_indexer.parsers.pdf.pdf_text import NO_ORIGIN, Note, Run, cleaned, origins
from studiolo_indexer.parsers.pictures.png import encode_png
from studiolo_indexer.records import HighlightBox, PageImage

OCR_DPI = 200

_Found = tuple[str, Sequence[Note], Sequence[int]]  # a page's text in PDFium's order, its notes, places of characters

_MAX_PIXELS = 40_000_000
_MAX_OCR_SIDE = 3400  # a page of A4 has 2339; larger ones are drawn smaller
_MOST_BOXES = 2000
_GAP_CHARS = 3  # PDFium's line end and hyphen between two letters of a highlight
_MOST_LOOKED_AT = 12
_LOOK_WIDTH = 600
_NEARLY_WHITE = 235


def render_pdf_page(data: bytes, *, page: int, start: int, end: int, width: int, quote: str = "") -> PageImage:
    """Draw one page as PNG, with the boxes of the code points [start, end) of the document's text on it.

    Where the words of `quote` stand on the page just once, they are boxed at once: the page alone is read. Else the
    span counts, and since an offset is counted from the document's start, all pages are read.

    Args:
        data: The file's bytes.
        page: From 1; one beyond the end shows the last page.
        start, end: Half-open span of the document's text; what lies on other pages is left out.
        width: Width of the picture in pixels.
        quote: The text of the span, if it is known.

    Raises:
        FileFailure: As for `parse_pdf`, and file.too_large if the picture would be.
    """
    with opened(data) as pdf:
        index = max(0, min(page, len(pdf)) - 1)
        try:
            with page_opened(pdf, index) as (sheet, layer):
                bitmap = _drawn(sheet, width)
                boxes: tuple[HighlightBox, ...] = ()
                if end > start:
                    found = _quoted(sheet, layer, quote) or _spanned(pdf, index, start, end)
                    boxes = _boxes(sheet, layer, bitmap, *found)
                png = encode_png(bitmap.to_numpy())
        except pdfium.PdfiumError as error:
            raise FileFailure("file.damaged", "The page cannot be drawn.") from error
        return PageImage(png, bitmap.width, bitmap.height, index + 1, len(pdf), boxes)


def picture_of_pdf_page(data: bytes, page: int) -> Image.Image:
    """Draw one page at 200 dpi, to recognise its text; a very large page is drawn smaller.

    Raises:
        FileFailure: As for `parse_pdf`.
    """
    with opened(data) as pdf:
        if not 1 <= page <= len(pdf):
            raise FileFailure("file.damaged", f"It has no page {page}.")
        try:
            sheet = pdf[page - 1]
            longest = max(sheet.get_size()) * OCR_DPI / 72
            scale = OCR_DPI / 72 * min(1.0, _MAX_OCR_SIDE / max(1.0, longest))
            picture: Image.Image = sheet.render(scale=scale).to_pil().convert("RGB")
            return picture
        except pdfium.PdfiumError as error:
            raise FileFailure("file.damaged", "The page cannot be drawn.") from error


def unseen_lines(pdf: pdfium.PdfDocument, white: Mapping[int, Sequence[Rectangle]]) -> dict[int, int]:
    """Count for some pages the lines in white letters with nothing but white behind them.

    White letters on a dark ground are common, so that the page is drawn and looked at; that is done for a few pages
    only, those with the most such lines.
    """
    chosen = sorted(white, key=lambda index: (-len(white[index]), index))[:_MOST_LOOKED_AT]
    counts = {}
    for index in sorted(chosen):
        try:
            sheet = pdf[index]
            bitmap = _drawn(sheet, _LOOK_WIDTH)
            counts[index] = sum(_is_blank(sheet, bitmap, box) for box in white[index][:_MOST_BOXES])
        except (pdfium.PdfiumError, FileFailure):
            continue
    return counts


def _drawn(sheet: pdfium.PdfPage, width: int) -> pdfium.PdfBitmap:
    scale = width / max(1.0, sheet.get_width())
    if sheet.get_width() * sheet.get_height() * scale * scale > _MAX_PIXELS:
        raise FileFailure("file.too_large", "The page is too large to be shown.")
    return sheet.render(scale=scale, rev_byteorder=True)


def _quoted(sheet: pdfium.PdfPage, layer: pdfium.PdfTextPage, quote: str) -> _Found | None:
    """Find the places of a quote's characters on a page, if it says these letters exactly once.

    Only letters count: the page alone does not know which hyphens at line ends are part of a word. Mostly they stand
    one behind the other in PDFium's own order; if not, the page is put in order.
    """
    wanted, _ = letters_with_places(quote, range(len(quote)))
    if not wanted:
        return None
    raw, _ = read_raw(layer)
    whole = [Run("", 0, len(raw))]
    found = _once(wanted, cleaned(raw), origins(raw, whole, ()))
    if found is not None:
        return raw, (), found
    page = read_page(sheet, layer)
    found = _once(wanted, page.text(), origins(page.layer.raw, page.runs, page.notes))
    return None if found is None else (page.layer.raw, page.notes, found)


def _once(wanted: str, text: str, places: Sequence[int]) -> Sequence[int] | None:
    said, kept = letters_with_places(text, places)
    at = said.find(wanted)
    return kept[at : at + len(wanted)] if at >= 0 and said.find(wanted, at + 1) < 0 else None


def _spanned(pdf: pdfium.PdfDocument, index: int, start: int, end: int) -> _Found:
    pages = read_pages(pdf)
    first = sum(len(page.text()) + len(PAGE_GAP) for page in pages[:index])
    page = pages[index]
    places = origins(page.layer.raw, page.runs, page.notes)[max(0, start - first) : max(0, end - first)]
    return page.layer.raw, page.notes, places


def _boxes(
    sheet: pdfium.PdfPage,
    layer: pdfium.PdfTextPage,
    bitmap: pdfium.PdfBitmap,
    raw: str,
    notes: Sequence[Note],
    places: Sequence[int],
) -> tuple[HighlightBox, ...]:
    """Give the boxes of characters by their places: of the text layer by PDFium's rectangles, of notes by their own."""
    converter = bitmap.get_posconv(sheet)
    found: list[Rectangle] = [notes[-2 - place].box for place in sorted(set(places)) if place < NO_ORIGIN]
    finder = Places(layer, raw)
    for first, last in _stretches(sorted({place for place in places if place >= 0})):
        begin, end = finder.exact_char(first), finder.exact_char(last)
        if begin < 0 or end < begin:
            continue
        for number in range(min(_MOST_BOXES, layer.count_rects(begin, end - begin + 1))):
            found.append(layer.get_rect(number))
    boxes = []
    for left, bottom, right, top in found[:_MOST_BOXES]:
        x0, y0 = converter.to_bitmap(left, top)
        x1, y1 = converter.to_bitmap(right, bottom)
        boxes.append(HighlightBox(min(x0, x1), min(y0, y1), abs(x1 - x0), abs(y1 - y0)))
    return tuple(boxes)


def _stretches(places: Sequence[int]) -> list[tuple[int, int]]:
    """Join rising places to stretches (first, last); a line end between two does not part them."""
    found: list[tuple[int, int]] = []
    for place in places:
        if found and place - found[-1][1] <= _GAP_CHARS:
            found[-1] = (found[-1][0], place)
        else:
            found.append((place, place))
    return found


def _is_blank(sheet: pdfium.PdfPage, bitmap: pdfium.PdfBitmap, box: Rectangle) -> bool:
    converter = bitmap.get_posconv(sheet)
    x0, y0 = converter.to_bitmap(box[0], box[3])
    x1, y1 = converter.to_bitmap(box[2], box[1])
    pixels = bitmap.to_numpy()[max(0, min(y0, y1)) : max(y0, y1) + 1, max(0, min(x0, x1)) : max(x0, x1) + 1]
    return bool(pixels.size and pixels.min() >= _NEARLY_WHITE)
