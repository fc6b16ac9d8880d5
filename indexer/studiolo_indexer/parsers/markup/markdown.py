"""Markdown: the file's own characters, each in its place; headings, tables and front matter are found in them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from studiolo_indexer.media_types import MARKDOWN
from studiolo_indexer.parsers.building import section_document
from studiolo_indexer.parsers.dates import iso_date
from studiolo_indexer.parsers.decoding import decode
from studiolo_indexer.parsers.markup.markdown_html import Fence, without_html
from studiolo_indexer.records import Document, Heading, Table

_ATX = re.compile(r"^ {0,3}(#{1,6})[ \t]+(\S[^\n]*)$")
_SETEXT = re.compile(r"^ {0,3}(=+|-{2,})[ \t]*$")
_NO_PARAGRAPH = ("#", "-", "|", ">", "*", "+", "`", "~")
_RULE_OF_TABLE = frozenset("|-: \t")
_FRONT_LINES = 200
_FIELD = re.compile(
    r"(title|authors?|creator|date|created|published|lastmod|updated|modified)[ \t]*[:=][ \t]*(\S[^\n]*)$"
)
_PROPERTIES = {
    "author": "author", "authors": "author", "creator": "author",
    "date": "created", "created": "created", "published": "created",
    "lastmod": "modified", "updated": "modified", "modified": "modified",
}  # fmt: skip


def parse_markdown(data: bytes, name: str) -> Document:
    """Read Markdown; the text keeps its marks and its places, the headings make sections.

    Raises:
        FileFailure: file.damaged if it is no text.
    """
    text, _ = decode(data)
    front = front_matter_end(text)
    title, properties = _fields(text[:front])
    masked = without_html(text, front)
    headings = sorted([*markdown_headings(masked.text, front), *masked.headings], key=lambda h: h.start)
    document = section_document(masked.text, headings, media_type=MARKDOWN, parser="markdown", title=title)
    tables = sorted([*_tables(masked.text, front), *masked.tables], key=lambda t: t.start)
    return replace(document, tables=tuple(tables), properties=properties)


def front_matter_end(text: str) -> int:
    """Give where the front matter (between --- or +++ lines at the very top) ends; 0 if there is none."""
    mark = text[:3]
    if mark not in ("---", "+++") or text[3:4] != "\n":
        return 0
    at = 4
    for _ in range(_FRONT_LINES):
        end = text.find("\n", at)
        line = text[at : end if end >= 0 else len(text)].rstrip()
        if (line in (mark, "...") and mark != "+++") or line == mark:
            return end + 1 if end >= 0 else len(text)
        if end < 0:
            break
        at = end + 1
    return 0


def _fields(front: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Give the title and the properties that a front matter names."""
    title = ""
    found: dict[str, str] = {}
    for line in front.split("\n"):
        field = _FIELD.match(line)
        if field is None:
            continue
        value = field[2].strip().strip("[]").strip("\"'").strip()
        if field[1] == "title":
            title = title or value
        else:
            key = _PROPERTIES[field[1]]
            found.setdefault(key, value.replace('"', "") if key == "author" else iso_date(value))
    return title, tuple((key, value) for key, value in sorted(found.items()) if value)


def markdown_headings(text: str, start: int = 0) -> list[Heading]:
    """Find the headings (# and underlined) outside code fences; spans hold the words without the marks."""
    headings = []
    fence = Fence()
    at = start
    before: tuple[int, str] | None = None
    for line in text[start:].split("\n"):
        if fence.holds(line):
            before = None
        else:
            heading = _heading(line, at, before)
            if heading is not None:
                headings.append(heading)
            before = None if heading is not None else (at, line)
        at += len(line) + 1
    return headings


def _heading(line: str, at: int, before: tuple[int, str] | None) -> Heading | None:
    atx = _ATX.match(line) if "#" in line else None
    if atx:
        words = atx.group(2).rstrip()
        unmarked = words.rstrip("#")
        # A closing row of marks stands apart; "C#" keeps its own.
        words = unmarked.rstrip() if not unmarked or unmarked[-1].isspace() else words
        start = at + atx.start(2)
        return Heading(len(atx.group(1)), start, start + len(words)) if words else None
    under = _SETEXT.match(line) if before is not None else None
    if under and before is not None:
        words = before[1].strip()
        if words and not words.startswith(_NO_PARAGRAPH) and not before[1].startswith("    "):
            start = before[0] + len(before[1]) - len(before[1].lstrip())
            return Heading(1 if under.group(1)[0] == "=" else 2, start, start + len(words))
    return None


def _tables(text: str, start: int) -> Iterable[Table]:
    """Find the tables of | and their headers."""
    if "|" not in text:
        return
    fence = Fence()
    at = start
    header: tuple[int, int] | None = None  # of the line before
    begun: tuple[int, int] | None = None
    end = start
    for line in text[start:].split("\n"):
        held = fence.holds(line)
        is_row = not held and "|" in line
        if begun is not None and not is_row:
            yield Table(*begun, end)
            begun = None
        elif begun is None and is_row and header is not None and "-" in line and _RULE_OF_TABLE.issuperset(line):
            begun = header
        header = (at + len(line) - len(line.lstrip()), at + len(line.rstrip())) if is_row else None
        at += len(line) + 1
        end = header[1] if header is not None else end
    if begun is not None:
        yield Table(*begun, end)
