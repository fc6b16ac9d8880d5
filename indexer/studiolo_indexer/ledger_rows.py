"""The ledger as it is looked at: filtered by words, state, collection and code, in a chosen order, a slice at a time.

SQLite answers from indexes alone, and reads a file's row only when it is given. Which rows pass a filter is kept until
the catalogue changes. An order is an index that is walked until the slice is full, or, where few rows pass, a handful
of keys to sort. What the user wrote is bound to `instr`, which knows no wild cards. How long it takes:
benchmarks/ledger.py.
"""

from __future__ import annotations

import json
import os
import re
import sqlite3
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count, islice
from typing import Any, Literal, cast

from studiolo_indexer.records import FileRecord, FileState, LedgerCounts
from studiolo_indexer.sqlite_among import among
from studiolo_indexer.word_splitting import folded

LedgerOrder = Literal["path", "name", "size", "indexed_at"]

LEDGER_SCHEMA = """
ALTER TABLE files ADD COLUMN name_key TEXT NOT NULL DEFAULT '';
ALTER TABLE files ADD COLUMN path_words TEXT NOT NULL DEFAULT '';
UPDATE files SET name_key = name_key(path), path_words = path_words(path);
CREATE INDEX files_by_name ON files (name_key);
CREATE INDEX files_by_size ON files (size_bytes);
CREATE INDEX files_by_time ON files (indexed_at);
CREATE INDEX files_by_words ON files (state, code, folder_id, path_words);
"""
RECORD = """
SELECT f.doc_id, f.folder_id, d.collection, f.path, d.path, f.state, f.code, f.reason, f.size_bytes, f.sha256,
       f.media_type, f.parser, f.pages, f.parts, f.chunks, f.ocr_pages, f.warnings, f.seconds, f.indexed_at, f.rowid
FROM files f JOIN folders d USING (folder_id)
"""
# Rows that are equal in the first respect stand in the order in which they were found: none is given twice.
_ORDERS: dict[LedgerOrder, tuple[str, ...]] = {
    "path": ("path",),
    "name": ("name_key", "rowid"),
    "size": ("size_bytes", "rowid"),
    "indexed_at": ("indexed_at", "rowid"),
}
_DIGITS = re.compile("[0-9]+")
_LONGEST_NUMBER = 12
_MOST_WORDS = 20
_FEW = 4000
_PIECE = 8000
_WORD = re.compile(r'"([^"]*)(?:"|$)|(\S+)')


@dataclass(frozen=True, slots=True)
class LedgerQuery:
    """Which rows of the ledger are wanted, and in which order; every filter that is given must hold.

    `words` are parts of the path with white space between them, or in double quotes, in any case and with or without
    accents.
    """

    state: FileState | None = None
    collection: str | None = None
    code: str | None = None
    words: str = ""
    order: LedgerOrder = "path"
    descending: bool = False

    @property
    def is_filtered(self) -> bool:
        """Tell whether some rows may not pass."""
        return bool(words_of(self.words)) or any(f is not None for f in (self.state, self.collection, self.code))


_Asked = tuple[LedgerQuery, int, int]


@dataclass(frozen=True, slots=True)
class CodeCount:
    """How many files have a code, and the reason that one of them gives."""

    code: str
    reason: str
    files: int


class LedgerRows:
    """The reader; owned by the thread of the catalogue whose connection it uses."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._kept: tuple[_Asked, array[int]] | None = None
        self._codes: tuple[_Asked, list[CodeCount]] | None = None

    def count(self, query: LedgerQuery) -> int:
        """Count the rows that pass."""
        if query.is_filtered:
            return len(self._passing(query))
        return int(self._db.execute("SELECT count(*) FROM files").fetchone()[0])

    def rows(self, query: LedgerQuery, *, offset: int = 0, limit: int | None = None) -> list[FileRecord]:
        """Give a slice of the rows that pass, in the query's order."""
        columns = _ORDERS[query.order]
        order = ", ".join(f"{column} DESC" if query.descending else column for column in columns)
        walk = f"SELECT rowid FROM files ORDER BY {order} LIMIT ? OFFSET ?"
        if not query.is_filtered:
            walked = self._db.execute(walk, (-1 if limit is None else limit, offset))
            numbers = [number for (number,) in walked]
        else:
            passing = self._passing(query)
            if len(passing) <= _FEW:
                found = list(among(self._db, f"SELECT {', '.join(columns)}, rowid FROM files WHERE rowid", passing))
                found.sort(key=lambda row: [(value is not None, value) for value in row], reverse=query.descending)
                in_order: Iterator[tuple[Any, ...]] = iter(found)  # Any: rows as sqlite3 gives them
            else:
                chosen = set(passing)
                in_order = (row for row in self._walk(walk) if row[0] in chosen)
            numbers = [row[-1] for row in islice(in_order, offset, None if limit is None else offset + limit)]
        records = {row[-1]: row for row in among(self._db, f"{RECORD} WHERE f.rowid", numbers)}
        return [record_of(records[number]) for number in numbers if number in records]

    def codes(self, query: LedgerQuery) -> list[CodeCount]:
        """Tell which codes the rows have that pass, whatever code the query wants; the most frequent first."""
        wanted = replace(query, code=None)
        now = self._asked(wanted)
        if self._codes is None or self._codes[0] != now:
            where, values = _condition(wanted)
            counted = self._db.execute(
                f"SELECT code, count(*), max(rowid) FROM files WHERE code IS NOT NULL AND {where} GROUP BY code"
                " ORDER BY 2 DESC, 1",
                values,
            ).fetchall()
            reasons = dict(among(self._db, "SELECT rowid, reason FROM files WHERE rowid", [row[2] for row in counted]))
            self._codes = now, [CodeCount(code, reasons.get(last) or "", n) for code, n, last in counted]
        return list(self._codes[1])

    def counts_by_folder(self) -> dict[int, LedgerCounts]:
        """Count the files by state, of each folder that has any."""
        counts: dict[int, dict[str, int]] = {}
        for folder_id, state, n in self._db.execute(
            "SELECT folder_id, state, count(*) FROM files GROUP BY folder_id, state"
        ):
            counts.setdefault(folder_id, {})[state] = n
        return {folder_id: LedgerCounts(**by_state) for folder_id, by_state in counts.items()}

    def _walk(self, query: str) -> Iterator[tuple[Any, ...]]:
        """Give rows as long as they are wanted: a cursor of ours would fetch them all at once."""
        for offset in count(0, _PIECE):
            piece = self._db.execute(query, (_PIECE, offset)).fetchall()
            yield from piece
            if len(piece) < _PIECE:
                return

    def _passing(self, query: LedgerQuery) -> array[int]:
        """Give the numbers of the rows that pass, in no order; asked once for a state of the catalogue."""
        now = self._asked(query)
        if self._kept is None or self._kept[0] != now:
            where, values = _condition(query)
            rows = self._db.execute(f"SELECT rowid FROM files WHERE {where}", values).fetchall()
            self._kept = now, array("q", [number for (number,) in rows])
        return self._kept[1]

    def _asked(self, query: LedgerQuery) -> _Asked:
        """Give the filters of a query with what is another pair after each commit, of this connection or another."""
        data = int(self._db.execute("PRAGMA data_version").fetchone()[0])
        return replace(query, order="path", descending=False), data, self._db.total_changes


def add_functions(db: sqlite3.Connection) -> None:
    """Give a connection the functions that `LEDGER_SCHEMA` fills its columns with."""
    db.create_function("name_key", 1, name_key, deterministic=True)
    db.create_function("path_words", 1, path_words, deterministic=True)


def display(path: bytes) -> str:
    """Give a path as text for people; bytes that are no UTF-8 become U+FFFD."""
    return path.decode("utf-8", "replace")


def name_key(path: bytes) -> str:
    """Give what files are ordered by: the name in small letters and without accents, `9` before `10`."""
    return _DIGITS.sub(lambda run: run[0].zfill(_LONGEST_NUMBER), folded(display(os.path.basename(path))))


def path_words(path: bytes) -> str:
    """Give what the words of a query are looked for in: the whole path, in small letters and without accents."""
    return folded(display(path))


def words_of(text: str) -> list[str]:
    """Give the parts that a path must hold; a byte that is no UTF-8 is looked for as the sign that it is shown as."""
    known = "".join("\ufffd" if "\ud800" <= sign <= "\udfff" else sign for sign in text)
    parts = (folded(quoted or plain) for quoted, plain in _WORD.findall(known))
    return [part for part in dict.fromkeys(parts) if part][:_MOST_WORDS]


def record_of(row: Sequence[object]) -> FileRecord:
    """Read one row of `RECORD`."""
    path, root = cast("bytes", row[3]), cast("bytes", row[4])  # the schema's types
    relative = os.path.relpath(path, root) if path != root else b"."
    return FileRecord(
        doc_id=cast("str", row[0]),
        folder_id=cast("int", row[1]),
        collection=cast("str", row[2]),
        path=path,
        path_text=display(path),
        relative_text=display(relative),
        state=cast("FileState", row[5]),
        code=cast("str | None", row[6]),
        reason=cast("str | None", row[7]),
        size_bytes=cast("int", row[8]),
        sha256=cast("str | None", row[9]),
        media_type=cast("str | None", row[10]),
        parser=cast("str | None", row[11]),
        pages=cast("int | None", row[12]),
        parts=cast("int | None", row[13]),
        chunks=cast("int", row[14]),
        ocr_pages=cast("int", row[15]),
        warnings=tuple(json.loads(cast("str", row[16]))),
        seconds=cast("float | None", row[17]),
        indexed_at=cast("str | None", row[18]),
    )


def _condition(query: LedgerQuery) -> tuple[str, list[object]]:
    """Give a condition on `files`, of constants and "?", and what its marks stand for."""
    in_collection = "folder_id IN (SELECT folder_id FROM folders WHERE collection = ?)"
    given = (("state = ?", query.state), ("code = ?", query.code), (in_collection, query.collection))
    tests: list[tuple[str, object]] = [(test, value) for test, value in given if value is not None]
    tests += [("instr(path_words, ?)", word) for word in words_of(query.words)]
    return " AND ".join(test for test, _ in tests) or "1", [value for _, value in tests]
