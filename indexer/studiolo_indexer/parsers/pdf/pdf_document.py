"""PDF: the text of each page with its headings, what the document says about itself, and what a reader cannot see."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from itertools import islice

import pypdfium2 as pdfium

from studiolo_indexer.media_types import PDF
from studiolo_indexer.ocr_merging import no_text_layer
from studiolo_indexer.parsers.building import safe_text
from studiolo_indexer.parsers.pdf.pdf_headings import Bookmark, SetLine, find_headings, set_lines, title_heading
from studiolo_indexer.parsers.pdf.pdf_pages import unseen_lines
from studiolo_indexer.parsers.pdf.pdf_reading import PAGE_GAP, ReadPage, opened, read_pages
from studiolo_indexer.records import Document, Heading, Part

_MOST_BOOKMARKS = 3000
_MOST_WARNINGS = 50
_MOST_ATTACHMENTS = 20
_TITLE_CHARS = 300
_LONG_PAGES = 100
_BEGINNING_PAGES = 12
# What a word processor leaves there by itself is no title.
_NO_TITLE = re.compile(
    r"(?i)^microsoft word|\.(docx?|pdf|indd|tex|rtf|pptx?|xlsx?)$|^untitled|^\(?(anonymous|unspecified)\)?$|"
    r"^powerpoint presentation$|^[\W\d_]*$"
)
_NOBODY = re.compile(r"(?i)\(?(anonymous|unspecified)\)?$")
_DATE = re.compile(r"(?:D:)?(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?(?:([+-])(\d\d)'?(\d\d)?'?|(Z))?")
_HIDDEN = {
    "invisible": "is set to be invisible",
    "transparent": "is set to be invisible",
    "tiny": "has no size",
    "outside": "lies outside of the page",
    "white": "is white on white",
}


def parse_pdf(data: bytes, name: str) -> Document:
    """Read a PDF; each page is a part.

    A page that shows something and has no usable text layer is named in `ocr_wanted`; its part is empty then, or holds
    the little that there is.

    Raises:
        FileFailure: file.password, file.damaged or file.too_large.
    """
    lost: list[int] = []
    with opened(data, lost.append) as pdf:
        document = _read(pdf, read_pages(pdf))
    return dataclasses.replace(document, warnings=(_damaged(lost[0]), *document.warnings)) if lost else document


def parse_beginning(data: bytes, name: str) -> Document | None:
    """Read the first pages of a long PDF, which takes a moment; None for one that is read whole as soon.

    The text is nearly as it begins when all is read; a running head may not be known as one yet.

    Raises:
        FileFailure: As for `parse_pdf`.
    """
    with opened(data) as pdf:
        return _read(pdf, read_pages(pdf, most=_BEGINNING_PAGES)) if len(pdf) >= _LONG_PAGES else None


def _read(pdf: pdfium.PdfDocument, pages: Sequence[ReadPage]) -> Document:
    unseen = unseen_lines(pdf, {index: page.layer.white for index, page in enumerate(pages) if page.layer.white})
    said = {key: _about(pdf, key) for key in ("Title", "Author", "Subject", "Keywords", "CreationDate", "ModDate")}
    text, parts, lines = _put_together(pages)
    headings = find_headings(lines, _outline(pdf))
    title = "" if _NO_TITLE.search(said["Title"]) else said["Title"]
    return Document(
        media_type=PDF,
        parser="pdfium",
        text=text,
        parts=parts,
        title=(title or _first_title(text, lines, headings))[:_TITLE_CHARS],
        headings=tuple(headings),
        properties=_properties(said),
        pages=len(pdf),
        warnings=(*_warnings(pages, unseen), *_attachments(pdf))[:_MOST_WARNINGS],
        ocr_wanted=tuple(number for number, page in enumerate(pages, start=1) if page.wants_ocr()),
    )


def iso_pdf_date(text: str) -> str:
    """Give a PDF's date (D:20240131120000+01'00') in ISO 8601; empty if it is none."""
    match = _DATE.match(text.strip())
    if match is None:
        return ""
    year, month, day, hour, minute, second, sign, hours, minutes, zulu = match.groups()
    zone = "+00:00" if zulu else f"{sign}{hours}:{minutes or '00'}" if sign else ""
    try:
        whole = datetime(int(year), int(month or 1), int(day or 1), int(hour or 0), int(minute or 0), int(second or 0))
    except ValueError:
        return ""
    return f"{whole.isoformat()}{zone}" if hour else whole.date().isoformat()


def _put_together(pages: Sequence[ReadPage]) -> tuple[str, tuple[Part, ...], list[list[SetLine]]]:
    """Join the pages' texts; the gap behind a page belongs to its part."""
    texts: list[str] = []
    parts: list[Part] = []
    lines: list[list[SetLine]] = []
    at = 0
    for number, page in enumerate(pages, start=1):
        text, spans = page.assembled()
        lines.append(set_lines(page.runs, spans, at))
        end = at + len(text) + (len(PAGE_GAP) if number < len(pages) else 0)
        texts.append(text)
        parts.append(Part("page", str(number), at, end))
        at = end
    return PAGE_GAP.join(texts), tuple(parts), lines


def _damaged(lost: int) -> str:
    pages = f"{lost} {'page is' if lost == 1 else 'pages are'} lost" if lost else "pages may be lost"
    return f"it is damaged, and was put together again from what was found: {pages}"


def _about(pdf: pdfium.PdfDocument, key: str) -> str:
    try:
        value = pdf.get_metadata_value(key)
    except UnicodeDecodeError:
        return ""
    return " ".join(safe_text(value).replace("\ufffd", " ").split())


def _properties(said: dict[str, str]) -> tuple[tuple[str, str], ...]:
    known = (
        ("author", said["Author"]),
        ("created", iso_pdf_date(said["CreationDate"])),
        ("modified", iso_pdf_date(said["ModDate"])),
        ("subject", said["Subject"]),
        ("keywords", said["Keywords"]),
    )
    return tuple((name, value[:_TITLE_CHARS]) for name, value in known if value and not _NOBODY.match(value))


def _outline(pdf: pdfium.PdfDocument) -> list[Bookmark]:
    found = []
    for entry in islice(pdf.get_toc(), _MOST_BOOKMARKS):
        try:
            title = entry.get_title()
        except UnicodeDecodeError:
            continue
        place = entry.get_dest()
        index = place.get_index() if place else None
        found.append(Bookmark(entry.level + 1, title, None if index is None else index + 1))
    return found


def _attachments(pdf: pdfium.PdfDocument) -> list[str]:
    """Name the files that are attached; they are not read."""
    names = []
    for number in range(min(_MOST_ATTACHMENTS, pdf.count_attachments())):
        try:
            name = " ".join(safe_text(pdf.get_attachment(number).get_name()).split())[:100]
        except (pdfium.PdfiumError, UnicodeDecodeError):
            name = ""
        names.append(f"holds an attached file that is not read: {name or 'without a name'}")
    return names


def _first_title(text: str, lines: Sequence[Sequence[SetLine]], headings: Sequence[Heading]) -> str:
    heading = title_heading(lines, headings)
    return " ".join(text[heading.start : heading.end].split()) if heading is not None else ""


def _warnings(pages: Sequence[ReadPage], unseen: dict[int, int]) -> list[str]:
    """Word what a reader of the page does not see (S7), and which pages have no text."""
    found = []
    for index, page in enumerate(pages):
        hidden = Counter(line.hidden for line in page.layer.lines if line.hidden)
        if unseen.get(index):
            hidden["white"] = unseen[index]
        for kind, count in sorted(hidden.items()):
            found.append(f"page {index + 1}: text {_HIDDEN[kind]} ({count} {'line' if count == 1 else 'lines'})")
    return found + [no_text_layer(number) for number, page in enumerate(pages, start=1) if page.wants_ocr()]
