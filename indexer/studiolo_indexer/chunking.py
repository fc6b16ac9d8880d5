"""Cuts a document into chunks: exact slices that begin at headings, paragraphs, sentences, lines; pure, linear."""

from __future__ import annotations

import bisect
import heapq
import re
import zlib
from collections.abc import Iterator, Sequence, Set
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from studiolo_indexer.records import Chunk, Document, Heading, PageBreaks, Part

MAX_CHARS = 1100
_CONTEXT_CHARS = 200
_MOST_GAP = 40
# Where a text may be cut, best first; a heading is better than all of them.
_CUTS = (
    re.compile(r"\n[ \t]*\n\s*"),
    re.compile(r"(?<=[.!?…])[\"'”’)\]]{0,3}\s+|(?<=[。！？])"),
    re.compile(r"\n"),
    re.compile(r"\s+|(?<=[，、；])"),
)
_HEADING, _PARAGRAPH, _SENTENCE, _LINE, _WORD = range(5)
# Shares of the longest chunk: from here on it may end before a heading or a paragraph, a sentence, a line; and from
# here on it ends before a heading. Measured with benchmarks/retrieval.py (what is found) and benchmarks/paragraph.py
# (what a change costs: the more places a chunk may end at, the sooner old and new cuts meet again).
_MAY_END = ((_PARAGRAPH, 0.4), (_SENTENCE, 0.5), (_LINE, 0.4))
_ENDS_BEFORE_HEADING = 0.5
# The end of a page: so much of what stands before it is looked at, and these end a paragraph.
_LOOKED_AT = 400
_STOPS = (".", "!", "?", "…", ":", "。", "！", "？")


class _Cuts(NamedTuple):
    """Where headings begin, in rising order, and the pages that a text flows on to."""

    headings: Sequence[int] = ()
    pages: Set[int] = frozenset()


class _Unit(NamedTuple):
    """A piece of text that is not cut further, and the level of the mark that it begins with."""

    start: int
    end: int
    level: int


def chunk_document(document: Document, *, max_chars: int = MAX_CHARS) -> list[Chunk]:
    """Cut a document into chunks of at most `max_chars` code points.

    A chunk crosses the end of a full page, since its text flows on; else no part, unless neighbouring sections under
    the same heading path are tiny. The chunks cover all but white space. `context` is the
    title and the path of headings above the chunk, and in a table the names of its columns, so that a number in its
    last row still says what it is. `page` is where the chunk begins.
    """
    chunks: list[Chunk] = []
    paths = _HeadingPaths(document)
    columns = _ColumnNames(document)
    headings = [h.start for h in document.headings]
    for flow in _flows(document.parts, max_chars):
        cuts = _Cuts(headings, frozenset(part.start for part in flow[1:]))
        for start, end in _spans(document.text, flow[0].start, flow[-1].end, max_chars, cuts):
            first = bisect.bisect_right(flow, start, key=lambda part: part.start) - 1
            chunks.append(
                Chunk(
                    ordinal=len(chunks),
                    start=start,
                    end=end,
                    text=document.text[start:end],
                    context="\n".join(c for c in (paths.context_at(start), columns.names_at(start)) if c),
                    part=flow[first].label,
                    part_kind=flow[first].kind,
                    page=_page(flow[first]),
                    page_breaks=_breaks(flow, first + 1, end),
                )
            )
    return _with_gaps(chunks, document.text)


def _with_gaps(chunks: Sequence[Chunk], text: str) -> list[Chunk]:
    """Say what white space lies behind each chunk, so that neighbours can be put together again."""
    gaps = [text[a.end : b.start] if b.start - a.end <= _MOST_GAP else "" for a, b in pairwise(chunks)]
    return [replace(c, behind=gap) if gap else c for c, gap in zip(chunks, [*gaps, ""], strict=False)]


def split_text(text: str, *, max_chars: int = MAX_CHARS) -> list[tuple[int, int]]:
    """Cut a text into half-open spans of at most `max_chars` code points without white space at their ends."""
    return list(_spans(text, 0, len(text), max_chars, _Cuts()))


def _flows(parts: Sequence[Part], max_chars: int) -> Iterator[list[Part]]:
    """Give the parts that are cut as one text: full pages with the next one, and tiny sections with theirs."""
    flow: list[Part] = []
    for part in _joined_sections(parts, max_chars):
        if flow and not _flows_on(flow[-1], part, max_chars):
            yield flow
            flow = []
        flow.append(part)
    if flow:
        yield flow


def _flows_on(before: Part, after: Part, max_chars: int) -> bool:
    """Tell whether a text goes on from page to page.

    A page that holds less than a chunk is one by itself: a slide, a form, the end of a chapter. So is one that was
    recognised from a picture: its chunks say how sure it is.
    """
    are_pages = before.kind == after.kind == "page"
    are_read = before.confidence is None and after.confidence is None
    return are_pages and are_read and before.end - before.start > max_chars


def _page(part: Part) -> int | None:
    return int(part.label) if part.kind in ("page", "slide") and part.label.isdigit() else None


def _breaks(flow: Sequence[Part], first: int, end: int) -> PageBreaks:
    """Give the pages that begin before `end`, from the part `first` on."""
    breaks = []
    for at in range(first, len(flow)):  # no slice: a document has 20,000 pages
        part = flow[at]
        if part.start >= end:
            break
        number = _page(part)
        if number is not None and part.end > part.start:
            breaks.append((number, part.start))
    return tuple(breaks)


def _joined_sections(parts: Sequence[Part], max_chars: int) -> Iterator[Part]:
    """Join tiny sections with the next one: a heading with two words below it is no chunk of its own."""
    held: Part | None = None
    for part in parts:
        if held is None:
            held = part
        elif _joinable(held, part, max_chars):
            held = Part(held.kind, held.label or part.label, held.start, part.end)
        else:
            yield held
            held = part
    if held is not None:
        yield held


def _joinable(first: Part, second: Part, max_chars: int) -> bool:
    tiny = max_chars // 4
    both_sections = first.kind == second.kind == "section"
    return both_sections and first.end - first.start < tiny and second.end - first.start <= max_chars


def _spans(text: str, start: int, end: int, max_chars: int, cuts: _Cuts) -> Iterator[tuple[int, int]]:
    """Pack units into spans.

    A span does not end where it is full, but at one of the last of the best marks, chosen by what follows it: otherwise
    a sentence that is put in would move every later cut, and change all chunks behind it.
    """
    held: list[_Unit] = []
    for unit in _units(text, start, end, max_chars, cuts):
        while held and unit.end - held[0].start > max_chars:
            cut = _chosen(text, [*held, unit], max_chars)
            yield from _trimmed(text, held[0].start, held[cut - 1].end)
            held = held[cut:]
        if held and unit.level == _HEADING and unit.start - held[0].start >= max_chars * _ENDS_BEFORE_HEADING:
            yield from _trimmed(text, held[0].start, held[-1].end)
            held = []
        held.append(unit)
    if held:
        yield from _trimmed(text, held[0].start, held[-1].end)


def _chosen(text: str, units: Sequence[_Unit], max_chars: int) -> int:
    """Choose the unit that begins the next span: of those late enough with the best mark, by a checksum."""
    for level, share in _MAY_END:
        if candidates := _from(units, int(max_chars * share), level):
            break
    else:
        return len(units) - 1

    def checksum(n: int) -> int:
        words = " ".join(text[units[n].start : units[n].end].split())  # as before where its line or page ends elsewhere
        return zlib.crc32(words.encode("utf-8", "replace"))

    return min(candidates, key=checksum)


def _from(units: Sequence[_Unit], least: int, level: int) -> list[int]:
    return [n for n in range(1, len(units)) if units[n].level <= level and units[n].start - units[0].start >= least]


def _units(text: str, start: int, end: int, max_chars: int, cuts: _Cuts) -> Iterator[_Unit]:
    """Cut [start, end) at all its marks but those between words, and there too where a unit would be too long."""
    at, level = start, _PARAGRAPH
    for mark, next_level in _marks(text, start, end, cuts):
        if mark > at:
            yield from _short(text, _Unit(at, mark, level), max_chars)
            at, level = mark, next_level
        else:
            level = min(level, next_level)
    if at < end:
        yield from _short(text, _Unit(at, end, level), max_chars)


def _marks(text: str, start: int, end: int, cuts: _Cuts) -> Iterator[tuple[int, int]]:
    """Give (place, level) of each mark, in rising order; several may stand at one place."""
    above = cuts.headings[bisect.bisect_left(cuts.headings, start) : bisect.bisect_left(cuts.headings, end)]
    marks: list[Iterator[tuple[int, int]]] = [((place, _HEADING) for place in above)]
    for level, cut in enumerate(_CUTS[:_LINE], start=_PARAGRAPH):
        marks.append(_ends(cut, level, text, start, end))
    for place, level in heapq.merge(*marks):
        at_page_end = level == _PARAGRAPH and place in cuts.pages
        said = _at_page_end(text, start, place) if at_page_end else level
        if said <= _LINE:
            yield place, said


def _at_page_end(text: str, start: int, place: int) -> int:
    """Give the level of the mark at which a page ends and the text flows on.

    Where it ends moves with each change before it, so it must say what the same words would say in the middle of a
    page: a sentence that goes on has no mark there.
    """
    before = text[max(start, place - _LOOKED_AT) : place].rstrip()
    if before.endswith(_STOPS):
        return _PARAGRAPH
    return _LINE if "\n" in before.rpartition("\n\n")[2] else _WORD


def _ends(cut: re.Pattern[str], level: int, text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    return ((match.end(), level) for match in cut.finditer(text, start, end) if match.end() < end)


def _short(text: str, unit: _Unit, max_chars: int) -> Iterator[_Unit]:
    """Cut a unit that is longer than a span between its words, and a word that is, anywhere."""
    if unit.end - unit.start <= max_chars:
        yield unit
        return
    at, level = unit.start, unit.level
    for end in (*(m.end() for m in _CUTS[-1].finditer(text, unit.start, unit.end)), unit.end):
        while at < end:
            # A word without end: Chinese without punctuation, or base64.
            stop = min(end, at + max_chars)
            yield _Unit(at, stop, level)
            at, level = stop, _WORD


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    piece = text[start:end]
    stripped = piece.strip()
    if stripped:
        begin = start + len(piece) - len(piece.lstrip())
        yield begin, begin + len(stripped)


class _HeadingPaths:
    """Knows the headings above a place; asked with rising places."""

    def __init__(self, document: Document) -> None:
        self._text = document.text
        self._title = " ".join(document.title.split())
        self._headings = document.headings
        self._next = 0
        self._open: list[Heading] = []

    def context_at(self, start: int) -> str:
        """Give the title and the headings above `start` and in its line, joined by " > ", at most 200 code points."""
        line_ends = self._text.find("\n", start, start + _CONTEXT_CHARS)
        while self._next < len(self._headings) and self._headings[self._next].start <= max(start, line_ends):
            heading = self._headings[self._next]
            self._open = [h for h in self._open if h.level < heading.level]
            self._open.append(heading)
            self._next += 1
        words = [" ".join(self._text[h.start : h.end].split()) for h in self._open]
        path = [w for i, w in enumerate([self._title, *words]) if w and w not in [self._title, *words][:i]]
        return " > ".join(path)[:_CONTEXT_CHARS]


class _ColumnNames:
    """Knows the columns of the table at a place; asked with rising places."""

    def __init__(self, document: Document) -> None:
        self._text = document.text
        self._tables = document.tables
        self._next = 0

    def names_at(self, start: int) -> str:
        """Give the header of the table in which `start` lies below the header; else nothing."""
        while self._next < len(self._tables) and self._tables[self._next].end <= start:
            self._next += 1
        if self._next == len(self._tables):
            return ""
        table = self._tables[self._next]
        inside = table.header_end <= start and table.start < table.header_end
        return " ".join(self._text[table.start : table.header_end].split())[:_CONTEXT_CHARS] if inside else ""
