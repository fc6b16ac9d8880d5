"""All documents of a scope, one by one in the order of their paths, and the files that have no text to examine.

For what must look at every document. No step holds the catalogue for longer than one document takes, so that its log
can be emptied meanwhile; a document is read by one statement, and is seen before or after a change, never in it.
"""

from __future__ import annotations

import json
import os
import re
import sqlite3
from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from studiolo_indexer.chunk_rows import read_breaks
from studiolo_indexer.errors import (
    CHANGED_SINCE,
    CHANGED_SINCE_REASON,
    NOT_READ_YET,
    NOT_READ_YET_REASON,
    READ_WITH_LOSS,
    VECTORS_WAITING,
)
from studiolo_indexer.filtered_documents import Passing, newest_chunks, passing
from studiolo_indexer.query_filters import Filter
from studiolo_indexer.records import LedgerCounts, PageBreaks, page_at
from studiolo_indexer.sqlite_among import AT_ONCE

# What the user leaves out, or what lies elsewhere too, is not missed.
_UNMISSED = (
    "file.hidden", "file.link", "file.special", "folder.hidden", "folder.excluded", "ignored.pattern",
    "ignore.too_large", "ignore.unreadable",
)  # fmt: skip
# The words of the warnings that tell of text that is not there, not of text that nobody sees.
_LOSS = re.compile(r"damaged|lost|left out|not read|could not|only the first")
_FILES = "FROM files f JOIN folders d USING (folder_id)"
_TEXT = f"""
SELECT d.collection, f.sha256, f.indexed_at, c.start, c.stop, c.page, c.part, c.words, c.slice_at, c.breaks
{_FILES} LEFT JOIN chunks c ON c.document = f.number
WHERE f.path = ? AND f.generation > 0 ORDER BY c.chunk
"""


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose documents are meant: of these collections; under a folder, or of these numbers alone, if they are given."""

    collections: tuple[str, ...]
    under: bytes | None = None
    only: frozenset[int] | None = None

    def holds(self, number: int) -> bool:
        """Tell whether a document of these collections and this folder is one of those named by `only`."""
        return self.only is None or number in self.only


@dataclass(frozen=True, slots=True)
class TextPiece:
    """A chunk as it stands in its document: `text` is the document's slice from `start` to `end`.

    `page` and `part` are where it begins; it may go on to other pages.
    """

    start: int
    end: int
    page: int | None
    part: str
    text: str
    page_breaks: PageBreaks = ()

    def page_at(self, place: int) -> int | None:
        """Give the page on which a place of the document's text lies."""
        return page_at(place, self.page, self.page_breaks)

    def part_at(self, place: int) -> str:
        """Give the label of the part in which a place of the document's text lies."""
        page = self.page_at(place)
        return self.part if page == self.page else str(page)


@dataclass(frozen=True, slots=True)
class ScopeDocument:
    """A document with its text, to be read once and at once: the catalogue is held until `pieces` ends or is closed."""

    path: bytes
    collection: str
    sha256: str
    indexed_at: str
    pieces: Generator[TextPiece, None, None]


@dataclass(frozen=True, slots=True)
class NotWhollyRead:
    """A file whose text is not known, or not all of it, or of a former version; `examined` where some is."""

    path: bytes
    collection: str
    state: str
    code: str
    reason: str
    examined: bool


class ScopeRows:
    """Reads whole scopes; owned by the thread of the catalogue whose connection it uses."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def count(self, scope: Scope, *, up_to: bytes | None = None) -> int:
        """Count the documents of a scope, or those whose path comes not after `up_to`."""
        where, values = _within(scope)
        if up_to is not None:
            where, values = f"{where} AND f.path <= ?", [*values, up_to]
        rows = self._db.execute(f"SELECT f.number {_FILES} WHERE f.generation > 0 AND {where}", values)
        return sum(scope.holds(number) for (number,) in rows)

    def counts(self, scope: Scope) -> LedgerCounts:
        """Count the files of a scope by state."""
        where, values = _within(scope)
        rows = self._db.execute(f"SELECT f.number, f.state {_FILES} WHERE {where}", values)
        return LedgerCounts(**Counter(state for number, state in rows if scope.holds(number)))

    def passing(self, scope: Scope, filters: Sequence[Filter], *, with_unread: bool = False) -> Passing:
        """Find the documents of a scope that pass filters; with the files that have no text, if they are wanted."""
        return passing(self._db, _within(scope), filters, with_unread=with_unread)

    def newest_chunks(self, numbers: Sequence[int], limit: int) -> list[int]:
        """Give the first chunk of each of the newest of these documents, newest first."""
        return newest_chunks(self._db, numbers, limit)

    def paths(self, scope: Scope, *, after: bytes = b"") -> Iterator[bytes]:
        """Give the paths of the documents in their order; what is added behind the place that is reached comes too."""
        where, values = _within(scope)
        query = f"SELECT f.path, f.number {_FILES} WHERE f.generation > 0 AND f.path > ? AND {where}"
        query += " ORDER BY f.path LIMIT ?"
        while rows := self._db.execute(query, [after, *values, AT_ONCE]).fetchall():
            yield from (path for path, number in rows if scope.holds(number))
            after = rows[-1][0]

    def read(self, path: bytes) -> ScopeDocument | None:
        """Give a document with its text as it counts now; None where it has gone."""
        cursor = self._db.execute(_TEXT, (path,))
        rows = cursor.fetchmany(AT_ONCE)
        if not rows:
            return None
        collection, sha256, indexed_at = rows[0][:3]
        return ScopeDocument(path, collection, sha256 or "", indexed_at or "", _pieces(cursor, rows))

    def not_wholly_read(self, scope: Scope) -> list[NotWhollyRead]:
        """List the files of a scope whose text, or some of it, is not what `read` gives; ordered by path."""
        where, values = _within(scope)
        marks = ",".join("?" * len(_UNMISSED))
        rows = self._db.execute(
            f"SELECT f.path, d.collection, f.state, f.code, f.reason, f.generation, f.warnings, f.number"
            f" {_FILES} WHERE {where}"
            f" AND (f.state <> 'indexed' OR f.warnings <> '[]') AND coalesce(f.code, '') NOT IN ({marks})"
            " ORDER BY f.path",
            [*values, *_UNMISSED],
        )
        held = (row[:-1] for row in rows if scope.holds(row[-1]))
        return [found for row in held if (found := _not_wholly_read(row)) is not None]


def _pieces(
    cursor: sqlite3.Cursor, rows: list[Any]
) -> Generator[TextPiece, None, None]:  # Any: rows as sqlite3 gives them
    try:
        while rows:
            for _, _, _, start, stop, page, part, words, slice_at, breaks in rows:
                if words is not None:
                    yield TextPiece(
                        start, stop, page, part, words[slice_at : slice_at + stop - start], read_breaks(breaks)
                    )
            rows = cursor.fetchmany(AT_ONCE)
    finally:
        cursor.close()


def _not_wholly_read(row: tuple[Any, ...]) -> NotWhollyRead | None:  # Any: a row as sqlite3 gives it
    path, collection, state, code, reason, generation, warnings = row
    has_text = generation > 0
    if has_text and (state == "indexed" or code == VECTORS_WAITING):
        lost = [warning for warning in json.loads(warnings) if _LOSS.search(warning)]
        return NotWhollyRead(path, collection, state, READ_WITH_LOSS, "; ".join(lost), True) if lost else None
    if not code:
        code, reason = (CHANGED_SINCE, CHANGED_SINCE_REASON) if has_text else (NOT_READ_YET, NOT_READ_YET_REASON)
    return NotWhollyRead(path, collection, state, code, reason or "", has_text)


def _within(scope: Scope) -> tuple[str, list[object]]:
    where = f"d.collection IN ({','.join('?' * len(scope.collections))})"
    values: list[object] = [*scope.collections]
    if scope.under is not None:
        below = scope.under.rstrip(os.fsencode(os.sep)) + os.fsencode(os.sep)
        where += " AND (f.path = ? OR (f.path > ? AND f.path < ?))"
        values += [scope.under, below, below[:-1] + bytes([below[-1] + 1])]
    return where, values
