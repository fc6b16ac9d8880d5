"""Cuts a document into chunks: exact slices at headings, paragraphs, sentences, words, in this order; pure, linear."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Sequence

from studiolo_indexer.records import Chunk, Document, Heading, Part

MAX_CHARS = 800
_CONTEXT_CHARS = 200
# Where a text may be cut, best first.
_CUTS = (
    re.compile(r"\n[ \t]*\n\s*"),
    re.compile(r"(?<=[.!?…])[\"'”’)\]]{0,3}\s+|(?<=[。！？])"),
    re.compile(r"\n"),
    re.compile(r"\s+|(?<=[，、；])"),
)

# From this level on pieces are lines or less. A span of lines is at least so full.
_LINES = 3
_LEAST_FULL = 0.4


def chunk_document(document: Document, *, max_chars: int = MAX_CHARS) -> list[Chunk]:
    """Cut a document into chunks of at most `max_chars` code points.

    A chunk never crosses a part, unless neighbouring sections under the same heading path are tiny; the chunks cover
    all but white space. `context` is the title and the path of headings above the chunk, and in a table the names of
    its columns, so that a number in its last row still says what it is.
    """
    chunks: list[Chunk] = []
    paths = _HeadingPaths(document)
    columns = _ColumnNames(document)
    for part in _joined_parts(document.parts, max_chars):
        for start, end in _spans(document.text, part.start, part.end, max_chars):
            page = int(part.label) if part.kind in ("page", "slide") and part.label.isdigit() else None
            chunks.append(
                Chunk(
                    ordinal=len(chunks),
                    start=start,
                    end=end,
                    text=document.text[start:end],
                    context="\n".join(c for c in (paths.context_at(start), columns.names_at(start)) if c),
                    part=part.label,
                    part_kind=part.kind,
                    page=page,
                )
            )
    return chunks


def split_text(text: str, *, max_chars: int = MAX_CHARS) -> list[tuple[int, int]]:
    """Cut a text into half-open spans of at most `max_chars` code points without white space at their ends."""
    return list(_spans(text, 0, len(text), max_chars))


def _joined_parts(parts: Sequence[Part], max_chars: int) -> Iterator[Part]:
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


def _spans(text: str, start: int, end: int, max_chars: int) -> Iterator[tuple[int, int]]:
    """Pack pieces into spans; a last piece that is small joins the one before it where it fits.

    Among lines a span does not end where it is full, but at one of the last of them, chosen by what follows: otherwise
    a line that is put in would move every later cut, and change the chunks of a whole table.
    """
    held: list[tuple[int, int]] = []
    are_lines = False
    for piece_start, piece_end, level in _pieces(text, start, end, max_chars, 0):
        while held and piece_end - held[0][0] > max_chars:
            cut = len(held)
            if are_lines and level >= _LINES:
                cut = _chosen(text, [*held, (piece_start, piece_end)], held[0][0] + int(max_chars * _LEAST_FULL))
            yield from _trimmed(text, held[0][0], held[cut - 1][1])
            held = held[cut:]
        are_lines = level >= _LINES and (are_lines or not held)
        held.append((piece_start, piece_end))
    if held:
        yield from _trimmed(text, held[0][0], held[-1][1])


def _chosen(text: str, pieces: Sequence[tuple[int, int]], least: int) -> int:
    """Choose the piece that begins the next span, of those at `least` or later: the one with the least checksum."""
    candidates = [n for n in range(1, len(pieces)) if pieces[n][0] >= least]
    if not candidates:
        return len(pieces) - 1
    return min(candidates, key=lambda n: zlib.crc32(text[slice(*pieces[n])].encode("utf-8", "replace")))


def _pieces(text: str, start: int, end: int, max_chars: int, level: int) -> Iterator[tuple[int, int, int]]:
    """Cut [start, end) at the best marks that give pieces of at most `max_chars`; gives the level of the marks too."""
    if end - start <= max_chars:
        yield start, end, level
        return
    if level == len(_CUTS):
        # A word without end: Chinese without punctuation, or base64.
        yield from ((at, min(at + max_chars, end), level) for at in range(start, end, max_chars))
        return
    at = start
    for match in _CUTS[level].finditer(text, start, end):
        if match.end() > at:
            yield from _pieces(text, at, match.end(), max_chars, level + 1)
            at = match.end()
    if at < end:
        yield from _pieces(text, at, end, max_chars, level + 1)


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
        """Give the title and the headings above `start`, joined by " > ", at most 200 code points."""
        while self._next < len(self._headings) and self._headings[self._next].start <= start:
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
