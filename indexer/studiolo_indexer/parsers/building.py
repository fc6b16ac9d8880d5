"""Builds a document's text piece by piece, with its headings and parts; and makes any text safe; pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from studiolo_indexer.records import Document, Heading, Part, PartKind, Table

CELL_GAP = " | "

_UNSAFE = re.compile("[\x00\ud800-\udfff]")


def safe_text(text: str) -> str:
    """Give a text without NUL and lone surrogates (each becomes U+FFFD), and with `\\n` as its only line end."""
    return _UNSAFE.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


class TextBuilder:
    """Collects blocks of text; a heading opens a section, `begin_part` a page, slide, sheet or message.

    The text of two blocks is joined by an empty line, rows of a list or table by a line end.
    """

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._length = 0
        self._headings: list[Heading] = []
        self._tables: list[Table] = []
        self._begun: list[tuple[PartKind, str, int]] = []

    def begin_part(self, kind: PartKind, label: str) -> None:
        """Begin a part; what follows belongs to it. A document with such parts has no sections."""
        # The gap belongs to the part before, so that a part starts with its own first letter.
        if self._pieces and not self._pieces[-1].isspace():
            self._append("\n\n")
        self._begun.append((kind, safe_text(" ".join(label.split())), self._length))

    def block(self, text: str, *, level: int = 0, tight: bool = False) -> None:
        """Add a block; `level` from 1 makes it a heading, `tight` joins it to the block before it.

        Empty blocks are left out.
        """
        text = safe_text(text).strip()
        if not text:
            return
        if self._pieces and not self._pieces[-1].isspace():
            self._append("\n" if tight else "\n\n")
        start = self._length
        self._append(text)
        if level:
            self._headings.append(Heading(min(level, 9), start, self._length))

    def table(self, rows: Iterable[Sequence[str]], *, header_rows: int = 1) -> None:
        """Add a table, a row a line; the first rows name the columns. Empty rows and trailing empty cells are left out.

        The names of the columns go with every chunk of the table (see `chunking`), so that no number stands alone.
        """
        start: int | None = None
        header_end = 0
        for number, row in enumerate(rows):
            cells = [safe_text(" ".join(cell.split())) for cell in row]
            while cells and not cells[-1]:
                cells.pop()
            if not cells:
                continue
            line = CELL_GAP.join(cells).strip()
            self.block(line, tight=start is not None)
            if start is None:
                start = header_end = self._length - len(line)
            if number < header_rows:
                header_end = self._length
        if start is not None:
            self._tables.append(Table(start, header_end, self._length))

    def lines(self) -> list[str]:
        """Give the lines of what was added so far, without the empty ones."""
        return [line for line in "".join(self._pieces).split("\n") if line.strip()]

    def _append(self, text: str) -> None:
        self._pieces.append(text)
        self._length += len(text)

    def document(
        self,
        *,
        media_type: str,
        parser: str,
        title: str = "",
        properties: Iterable[tuple[str, str]] = (),
        pages: int | None = None,
        warnings: Iterable[str] = (),
    ) -> Document:
        """Finish: parts are those that were begun, else the sections between the headings."""
        text = "".join(self._pieces)
        made = section_document(
            text, self._headings, media_type=media_type, parser=parser, title=title, warnings=warnings
        )
        known = tuple((name, safe_text(" ".join(value.split()))) for name, value in properties if value.strip())
        parts = self._parts(len(text)) if self._begun else made.parts
        return replace(made, parts=parts, tables=tuple(self._tables), properties=known, pages=pages)

    def _parts(self, length: int) -> tuple[Part, ...]:
        starts = [0, *(start for _, _, start in self._begun[1:])]  # what stands before the first belongs to it
        ends = [*starts[1:], length]
        return tuple(Part(kind, label, s, e) for (kind, label, _), s, e in zip(self._begun, starts, ends, strict=True))


def section_document(
    text: str,
    headings: Iterable[Heading],
    *,
    media_type: str,
    parser: str,
    title: str = "",
    warnings: Iterable[str] = (),
) -> Document:
    """Make a document whose parts are its sections; each heading starts one.

    Without a title of its own it takes the first heading's text.
    """
    known = tuple(headings)
    # A part begins with its heading's line, marks included.
    starts = [text.rfind("\n", 0, h.start) + 1 for h in known]
    labels = [text[h.start : h.end] for h in known]
    if not starts or starts[0] > 0:
        starts.insert(0, 0)
        labels.insert(0, "")
    ends = [*starts[1:], len(text)]
    parts = tuple(Part("section", label, s, e) for label, s, e in zip(labels, starts, ends, strict=True))
    first = text[known[0].start : known[0].end] if known else ""
    return Document(
        media_type=media_type,
        parser=parser,
        text=text,
        parts=parts,
        title=" ".join(safe_text(title).split())[:300] or first[:300],
        headings=known,
        warnings=tuple(warnings),
    )
