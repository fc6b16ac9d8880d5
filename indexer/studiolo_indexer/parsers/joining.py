"""Joins documents into one: the chapters of a book, the mails of a mailbox with what is attached; pure."""

from __future__ import annotations

from collections.abc import Iterable

from studiolo_indexer.records import Document, Heading, Part, PartKind, Table

_GAP = "\n\n"
_MOST_LEVEL = 9


class DocumentJoiner:
    """Collects documents; each becomes a part, or as many as it has pages, slides or sheets."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._length = 0
        self._begun: list[tuple[PartKind, str, int]] = []
        self._headings: list[Heading] = []
        self._tables: list[Table] = []
        self._warnings: list[str] = []

    @property
    def length(self) -> int:
        """Characters so far."""
        return self._length

    def warn(self, *warnings: str) -> None:
        """Note what the ledger should say."""
        self._warnings.extend(warnings)

    def add(self, document: Document, *, kind: PartKind, label: str, level: int = 0) -> None:
        """Add a document as a part; its headings come to lie `level` deeper. One without text leaves no trace."""
        self.warn(*document.warnings)
        if not document.text.strip():
            return
        if self._pieces:
            self._append(_GAP)
        start = self._length
        paged = [p for p in document.parts if p.kind in ("page", "slide", "sheet") and p.start < p.end]
        if paged:
            names = [f"{label}, {p.kind} {p.label}".strip() if label else f"{p.kind} {p.label}" for p in paged]
            self._begun.extend((kind, name, start + p.start) for name, p in zip(names, paged, strict=True))
        else:
            self._begun.append((kind, label, start))
        self._headings.extend(
            Heading(min(h.level + level, _MOST_LEVEL), start + h.start, start + h.end) for h in document.headings
        )
        self._tables.extend(Table(start + t.start, start + t.header_end, start + t.end) for t in document.tables)
        self._append(document.text)

    def _append(self, text: str) -> None:
        self._pieces.append(text)
        self._length += len(text)

    def document(
        self, *, media_type: str, parser: str, title: str | None = None, properties: Iterable[tuple[str, str]] = ()
    ) -> Document:
        """Finish; the space between two parts belongs to the first of them. Without a title the first heading is it."""
        text = "".join(self._pieces)
        begun: list[tuple[PartKind, str, int]] = self._begun or [("section", "", 0)]
        starts = [0, *(start for _, _, start in begun[1:])]
        ends = [*starts[1:], len(text)]
        parts = tuple(Part(kind, label, s, e) for (kind, label, _), s, e in zip(begun, starts, ends, strict=True))
        if title is None:
            title = text[self._headings[0].start : self._headings[0].end] if self._headings else ""
        return Document(
            media_type=media_type,
            parser=parser,
            text=text,
            parts=parts,
            title=title[:300],
            headings=tuple(self._headings),
            tables=tuple(self._tables),
            properties=tuple((name, value) for name, value in properties if value),
            warnings=tuple(dict.fromkeys(self._warnings)),
        )
