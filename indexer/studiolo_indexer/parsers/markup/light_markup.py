"""reStructuredText and AsciiDoc: the file's own characters, each in its place; comments become spaces; linear."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from studiolo_indexer.media_types import ASCIIDOC, RST
from studiolo_indexer.parsers.building import section_document
from studiolo_indexer.parsers.dates import iso_date
from studiolo_indexer.parsers.decoding import decode
from studiolo_indexer.records import Document, Heading, Table

_UNDERLINE = re.compile(r"([=\-`:'\"~^_*+#<>.])\1{2,}[ \t]*$")
_RST_COMMENT = re.compile(r"\.\.(?:$|[ \t]+(?![\w+.-]+::|\[|_|\||[\w+.:-]+:[\w+.:-]+::))")
_RST_FIELD = re.compile(r":(author|authors|date)s?:[ \t]+(\S[^\n]*)$", re.IGNORECASE)
_SIMPLE_RULE = re.compile(r"[ \t]*={2,}(?:[ \t]+={2,})+[ \t]*$")
_GRID_HEAD = re.compile(r"[ \t]*\+(?:=+\+)+[ \t]*$")
_GRID_RULE = re.compile(r"[ \t]*\+(?:-+\+)+[ \t]*$")
_FIELD_LINES = 60

_ADOC_HEADING = re.compile(r"(={1,6}|#{1,6})[ \t]+(\S[^\n]*)$")
_ADOC_FENCE = re.compile(r"(?:-{4,}|\.{4,}|\+{4,}|/{4,}|```+[\w-]*)[ \t]*$")
_ADOC_IMAGE = re.compile(r"(image|video|audio|include)(::?)([^\s\[\]]{1,500})\[([^\[\]\n]{0,500})\]")
_ADOC_FIELD = re.compile(r":(author|revdate|docdate):[ \t]+(\S[^\n]*)$")
_ADOC_TABLE = re.compile(r"[|,:!]={3,}[ \t]*$")


@dataclass(slots=True)
class _Read:
    """What was found in a text, whose lines are kept in the same length."""

    lines: list[str]
    headings: list[Heading] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    properties: dict[str, str] = field(default_factory=dict)


def parse_rst(data: bytes, name: str) -> Document:
    """Read reStructuredText; titles make sections, wherever their lines of marks stand.

    Raises:
        FileFailure: file.damaged if it is no text.
    """
    text, _ = decode(data)
    lines = text.split("\n")
    read = _Read(_without_rst_comments(lines))
    _rst_headings(read)
    _rst_tables(read)
    for line in lines[:_FIELD_LINES]:
        found = _RST_FIELD.match(line)
        if found:
            _note(read, "created" if found[1].lower() == "date" else "author", found[2])
    return _document(read, RST, "rst")


def parse_asciidoc(data: bytes, name: str) -> Document:
    """Read AsciiDoc; titles make sections.

    Raises:
        FileFailure: file.damaged if it is no text.
    """
    text, _ = decode(data)
    read = _Read([])
    at = 0
    fence = table = ""
    rows: list[tuple[int, str]] = []
    for line in text.split("\n"):
        is_fence = not table and _ADOC_FENCE.match(line) is not None
        if fence:
            read.lines.append(" " * len(line) if fence.startswith("////") else line)
            fence = "" if line.rstrip() == fence or (fence == "```" and line.startswith("```")) else fence
        elif is_fence:
            fence = "```" if line.startswith("```") else line.rstrip()
            read.lines.append(" " * len(line) if fence.startswith("////") else line)
        elif _ADOC_TABLE.match(line):
            if table:
                _adoc_table(read, rows)
            table, rows = "" if table else line, []
            read.lines.append(line)
        elif table:
            rows.append((at, line))
            read.lines.append(line)
        else:
            read.lines.append(_adoc_line(read, line, at))
        at += len(line) + 1
    return _document(read, ASCIIDOC, "asciidoc")


def _document(read: _Read, media_type: str, parser: str) -> Document:
    text = "\n".join(read.lines)
    made = section_document(text, read.headings, media_type=media_type, parser=parser)
    return replace(made, tables=tuple(read.tables), properties=tuple(sorted(read.properties.items())))


def _note(read: _Read, key: str, value: str) -> None:
    value = iso_date(value) if key == "created" else " ".join(value.split())
    if value:
        read.properties.setdefault(key, value)


def _adoc_line(read: _Read, line: str, at: int) -> str:
    if line.startswith("//") and not line.startswith("///"):
        return " " * len(line)
    heading = _ADOC_HEADING.match(line)
    if heading:
        words = heading[2].rstrip()
        start = at + heading.start(2)
        read.headings.append(Heading(len(heading[1]), start, start + len(words)))
    noted = _ADOC_FIELD.match(line)
    if noted:
        _note(read, "author" if noted[1] == "author" else "created", noted[2])
    return _ADOC_IMAGE.sub(_alternative_text, line) if "[" in line else line


def _alternative_text(image: re.Match[str]) -> str:
    """Keep what a picture shows; its file and its size become spaces."""
    shown = image[4].partition(",")[0]
    shown = "" if "=" in shown else shown
    before = len(image[1] + image[2] + image[3]) + 1
    return " " * before + shown + " " * (len(image[0]) - before - len(shown))


def _adoc_table(read: _Read, rows: list[tuple[int, str]]) -> None:
    filled = [(at, line) for at, line in rows if line.strip()]
    if len(filled) < 2:
        return
    start, first = filled[0]
    last_at, last = filled[-1]
    header_end = start + len(first.rstrip())
    if first.count("|") < 2:  # a cell a line: the header ends with the first empty line
        blank = next((number for number, (_, line) in enumerate(rows) if not line.strip() and number), None)
        header = [row for row in rows[:blank] if row[1].strip()] if blank is not None else []
        header_end = header[-1][0] + len(header[-1][1].rstrip()) if header else start
    read.tables.append(Table(start, header_end, last_at + len(last.rstrip())))


def _without_rst_comments(lines: Iterable[str]) -> list[str]:
    kept = []
    inside: int | None = None  # the indentation of the comment
    for line in lines:
        indent = len(line) - len(line.lstrip())
        if inside is not None and line.strip() and indent <= inside:
            inside = None
        if inside is None and _RST_COMMENT.match(line.lstrip()):
            inside = indent
        kept.append(line if inside is None else " " * len(line))
    return kept


def _rst_headings(read: _Read) -> None:
    """Find the titles; the order in which their marks first come makes their levels."""
    levels: dict[tuple[str, bool], int] = {}
    lines = read.lines
    at = 0
    for number, line in enumerate(lines):
        under = _UNDERLINE.match(lines[number + 1]) if line.strip() and number + 1 < len(lines) else None
        before = lines[number - 1] if number else ""
        over = _UNDERLINE.match(before)
        words = line.strip()
        stands_alone = not before.strip() or over is not None
        if under and stands_alone and not _UNDERLINE.match(line) and len(lines[number + 1].rstrip()) >= len(words) - 2:
            is_over = over is not None and over[1] == under[1]
            if is_over or not line[:1].isspace():
                level = levels.setdefault((under[1], is_over), len(levels) + 1)
                start = at + len(line) - len(line.lstrip())
                read.headings.append(Heading(min(level, 9), start, start + len(words)))
        at += len(line) + 1


def _rst_tables(read: _Read) -> None:
    """Find the tables that are drawn, and their headers."""
    block: list[tuple[int, str]] = []
    at = 0
    for line in [*read.lines, ""]:
        if line.strip():
            block.append((at, line))
        else:
            table = _drawn_table(block) if len(block) > 2 else None
            if table is not None:
                read.tables.append(table)
            block = []
        at += len(line) + 1


def _drawn_table(block: list[tuple[int, str]]) -> Table | None:
    """Read a run of lines as a table; its header ends above the second rule of three, or the rule of `=` signs."""
    first = block[0][1]
    if _SIMPLE_RULE.match(first):
        rules = [number for number, (_, line) in enumerate(block) if _SIMPLE_RULE.match(line)]
        head = rules[1] if len(rules) > 2 else 0
    elif _GRID_RULE.match(first):
        head = next((number for number, (_, line) in enumerate(block) if _GRID_HEAD.match(line)), 0)
    else:
        return None
    ends = [at + len(line.rstrip()) for at, line in block]
    start = block[1 if head > 1 else 0][0]
    return Table(start, ends[head - 1] if head > 1 else start, ends[-1])
