"""Puts recognised pages into a document, and finds the boxes of a span on such a page; pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from studiolo_indexer.highlighting import join_boxes
from studiolo_indexer.records import Document, Heading, HighlightBox, OcrPage, Part, Table

_UNSURE = 0.8
_LITTLE = 500


def no_text_layer(page: int) -> str:
    """Word the warning that a page has no text; it goes once the page has been recognised."""
    return f"page {page} has no text layer"


def with_ocr(document: Document, pages: Mapping[int, OcrPage]) -> Document:
    """Put the text of recognised pages in the place of what their parts hold now.

    Of the little that a part held, lines stay behind the recognised text that do not say it again: a comment, a field.
    Pages that the document does not want (`ocr_wanted`), and those that are no part of it, are left out. What lies
    behind a page moves; the gap behind a page stays. Headings and tables on a recognised page go.

    Args:
        document: A document whose pages are parts of the kind "page".
        pages: Recognised pages by their number, from 1.
    """
    wanted = {str(number): number for number in document.ocr_wanted if number in pages}
    pieces: list[str] = []
    parts: list[Part] = []
    headings: list[Heading] = []
    tables: list[Table] = []
    merged: list[int] = []
    at = 0
    for part in document.parts:
        old = document.text[part.start : part.end]
        number = wanted.get(part.label) if part.kind == "page" else None
        if number is None:
            moved = at - part.start
            headings += [_moved(h, moved) for h in document.headings if part.start <= h.start < part.end]
            tables += [_moved_table(t, moved) for t in document.tables if part.start <= t.start < part.end]
            new = old
        else:
            merged.append(number)
            new = _joined(pages[number].text, old.rstrip()) + old[len(old.rstrip()) :]
        pieces.append(new)
        recognised = number is not None and pages[number].text.strip()
        confidence = round(pages[number].confidence, 3) if number is not None and recognised else part.confidence
        parts.append(replace(part, start=at, end=at + len(new), confidence=confidence))
        at += len(new)
    return replace(
        document,
        text="".join(pieces),
        parts=tuple(parts),
        headings=tuple(headings),
        tables=tuple(tables),
        ocr_pages=document.ocr_pages + sum(bool(pages[number].text.strip()) for number in merged),
        warnings=_warnings(document, {number: pages[number] for number in merged}),
        ocr_wanted=tuple(number for number in document.ocr_wanted if number not in merged),
    )


def boxes_of(page: OcrPage, start: int, end: int, *, width: int | None = None) -> tuple[HighlightBox, ...]:
    """Give the boxes of the words of a recognised page that share a letter with its text's span [start, end).

    Words that follow each other on a line share a box.

    Args:
        page: The page.
        start, end: Half-open span of the page's own text.
        width: Width in pixels of the picture that the boxes are for; without it, that of the recognised one.
    """
    scale = width / page.width if width is not None else 1.0
    found = (word for word in page.words if word.start < end and word.end > start)
    boxes = (HighlightBox(w.x * scale, w.y * scale, w.width * scale, w.height * scale) for w in found)
    return tuple(join_boxes(boxes))


def _joined(recognised: str, old: str) -> str:
    """Add to a recognised text what else a page said, if that was little; much of it was letters without a meaning."""
    if not recognised.strip():
        return old
    said = _letters(recognised)
    lines = old.strip().split("\n") if len(old) <= _LITTLE else []
    more = "\n".join(line for line in lines if _letters(line) and _letters(line) not in said)
    return "\n\n".join(text for text in (recognised, more) if text)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def _warnings(document: Document, merged: Mapping[int, OcrPage]) -> tuple[str, ...]:
    answered = {no_text_layer(number) for number in merged}
    unsure = [
        f"page {number}: its recognised text is unsure ({page.confidence:.0%})"
        for number, page in sorted(merged.items())
        if page.text.strip() and page.confidence < _UNSURE
    ]
    return (*(w for w in document.warnings if w not in answered), *unsure)


def _moved(heading: Heading, by: int) -> Heading:
    return replace(heading, start=heading.start + by, end=heading.end + by)


def _moved_table(table: Table, by: int) -> Table:
    return Table(table.start + by, table.header_end + by, table.end + by)
