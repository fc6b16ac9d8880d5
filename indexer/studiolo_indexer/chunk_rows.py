"""Chunks in the catalogue: each one's text, place and document, under the number that the store knows it by.

They stand in the same file as the documents, so that a document's switch to new chunks is one transaction: a chunk
that the store finds counts if, and only if, it stands here. Vectors and full text can be compared with it at any time.
"""

from __future__ import annotations

import hashlib
import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from studiolo_indexer.errors import PARTLY_READ, VECTORS_WAITING, VECTORS_WAITING_REASON
from studiolo_indexer.records import Chunk, PageBreaks, PartKind
from studiolo_indexer.sqlite_among import AT_ONCE, among

CHUNKS_SCHEMA = """
ALTER TABLE files ADD COLUMN number INTEGER;
UPDATE files SET number = rowid;
CREATE UNIQUE INDEX files_by_number ON files (number);
CREATE TABLE chunks (
    chunk INTEGER PRIMARY KEY,
    document INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    start INTEGER NOT NULL,
    stop INTEGER NOT NULL,
    page INTEGER,
    part TEXT NOT NULL,
    part_kind TEXT NOT NULL,
    words TEXT NOT NULL,
    slice_at INTEGER NOT NULL,
    hash BLOB NOT NULL
);
CREATE INDEX chunks_by_document ON chunks (document);
CREATE INDEX chunks_by_hash ON chunks (hash);
ALTER TABLE marks ADD COLUMN last_chunk INTEGER NOT NULL DEFAULT 0;
ALTER TABLE marks ADD COLUMN purge_due INTEGER NOT NULL DEFAULT 0;
UPDATE files SET state = 'pending', code = NULL, reason = NULL, generation = 0, chunks = 0 WHERE generation > 0;
UPDATE marks SET store_dirty = 1;
"""
# What was embedded of a row's words: behind it stands the white space up to the next chunk.
_EMBEDDED = "substr(words, 1, slice_at + stop - start)"
_WAIT = "UPDATE files SET state = 'pending', code = ?, reason = ?, embedder = NULL"
_WAITING = (VECTORS_WAITING, VECTORS_WAITING_REASON)
_OTHERS = "generation > 0 AND embedder IS NOT ? AND coalesce(code, '') NOT IN (?, ?)"
_CURRENT = """
SELECT c.chunk, c.document, f.doc_id, c.ordinal, c.start, c.stop, c.page, c.part, c.part_kind, c.words, c.slice_at,
       c.breaks, f.path, d.collection, f.sha256, f.indexed_at
FROM chunks c JOIN files f ON f.number = c.document JOIN folders d USING (folder_id)
"""


@dataclass(frozen=True, slots=True)
class CurrentChunk:
    """A chunk that counts, with what is shown of its document."""

    chunk: int
    document: int
    doc_id: str
    ordinal: int
    start: int
    end: int
    page: int | None
    page_breaks: PageBreaks
    part: str
    part_kind: PartKind
    context: str
    text: str
    path: bytes
    collection: str
    sha256: str
    indexed_at: str
    behind: str = ""


@dataclass(frozen=True, slots=True)
class WaitingForVectors:
    """A document whose chunks wait to be embedded: its number, and how many chunks it has."""

    document: int
    path: bytes
    collection: str
    n_chunks: int


def text_hash(embedded_text: str) -> bytes:
    """The key under which a vector is found again; the vectors' table names the embedder.

    Lines and pages may end elsewhere: words mean the same, and embedders' tokenizers see no difference.
    """
    plain = " ".join(embedded_text.split())
    return hashlib.blake2b(plain.encode("utf-8", "surrogatepass"), digest_size=16).digest()


class ChunkRows:
    """The table's reader and writer; owned by the thread of the catalogue whose connection it uses."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    # ---- reading -------------------------------------------------------------------------------------------------

    def current(self, chunks: Iterable[int]) -> dict[int, CurrentChunk]:
        """Give those of the chunks that count now; one that is not there must not be shown."""
        rows = among(self._db, f"{_CURRENT} WHERE f.generation > 0 AND c.chunk", chunks)
        return {row[0]: _current(row) for row in rows}

    def neighbours(self, chunks: Iterable[int]) -> dict[int, tuple[int, ...]]:
        """Give the chunks before and behind each of the chunks in its document: their numbers follow each other."""
        wanted = set(chunks)
        around = {chunk + step for chunk in wanted for step in (-1, 0, 1)}
        owners = dict(among(self._db, "SELECT chunk, document FROM chunks WHERE chunk", around))
        return {
            chunk: tuple(n for n in (chunk - 1, chunk + 1) if n in owners and owners[n] == owners.get(chunk))
            for chunk in wanted
        }

    def by_hash(self, collection: str, hashes: Iterable[bytes]) -> dict[bytes, int]:
        """Give one chunk of a collection for each hash of an embedded text that it has."""
        query = (
            "SELECT c.hash, max(c.chunk) FROM chunks c JOIN files f ON f.number = c.document"
            " JOIN folders d USING (folder_id) WHERE d.collection = ?"
        )
        return dict(among(self._db, f"{query} AND c.hash", hashes, before=[collection], after=" GROUP BY c.hash"))

    def all(self, collection: str) -> set[int]:
        """List the chunks of a collection."""
        return {row[0] for row in self._db.execute(f"SELECT chunk {_OF_COLLECTION}", (collection,))}

    def count(self, collection: str) -> int:
        """Count the chunks of a collection, as its documents say: counting a million rows takes a second."""
        query = (
            "SELECT coalesce(sum(f.chunks), 0) FROM files f JOIN folders d USING (folder_id)"
            " WHERE d.collection = ? AND f.generation > 0"
        )
        return int(self._db.execute(query, (collection,)).fetchone()[0])

    def texts(self, collection: str, chunks: Iterable[int] | None = None) -> Iterator[tuple[int, int, str]]:
        """Give (chunk, document, embedded text) of a collection's chunks, or of those named."""
        if chunks is not None:
            yield from among(self._db, f"SELECT chunk, document, {_EMBEDDED} FROM chunks WHERE chunk", chunks)
            return
        yield from self._paged(f"SELECT c.chunk, c.document, {_EMBEDDED} {_OF_COLLECTION} AND c.chunk", collection)

    def pages_of(self, doc_id: str) -> list[tuple[int, int | None]]:
        """List the chunks of a document in their order, each with its page."""
        query = "SELECT chunk, page FROM chunks WHERE document = (SELECT number FROM files WHERE doc_id = ?)"
        return self._db.execute(f"{query} ORDER BY ordinal", (doc_id,)).fetchall()

    def beginning(self, doc_id: str) -> tuple[int, str]:
        """Give when a document's file was changed, in nanoseconds, and its first chunk's text; (0, "") if it has gone.

        For dating a document without reading it again.
        """
        row = self._db.execute(
            "SELECT f.mtime_ns, substr(c.words, c.slice_at + 1, c.stop - c.start) FROM files f"
            " LEFT JOIN chunks c ON c.document = f.number AND c.ordinal = 0 WHERE f.doc_id = ?",
            (doc_id,),
        ).fetchone()
        return (0, "") if row is None else (int(row[0]), row[1] or "")

    def span_on_page(self, doc_id: str, page: int, start: int, end: int) -> tuple[int, int]:
        """Give what of a span of chunks in a row lies on a page; all of it where no chunks hold the span."""
        rows = self._db.execute(
            "SELECT page, start, breaks, stop FROM chunks WHERE document = (SELECT number FROM files WHERE doc_id = ?)"
            " AND start < ? AND stop > ? ORDER BY start",
            (doc_id, end, start),
        ).fetchall()
        if not rows or rows[0][1] > start or rows[-1][3] < end:
            return start, end
        begins = [begin for first, at, breaks, _ in rows for begin in ((first, at), *read_breaks(breaks))]
        places = [place for number, place in begins if number == page]
        if not places:
            return end, end
        behind = next((place for number, place in begins if place > places[-1] and number != page), rows[-1][3])
        return max(start, places[0]), max(start, places[0], min(end, behind))

    # ---- writing -------------------------------------------------------------------------------------------------

    def new_numbers(self, count: int) -> range:
        """Give numbers that no chunk has, had, or will have.

        The clock is in them: a power cut may take back the last commits here, and not those of the store; a counter
        alone would then give a number a second time, to another text.
        """
        last = int(self._db.execute("SELECT last_chunk FROM marks").fetchone()[0])
        first = max(last + 1, int(time.time() * 1000) << 20)
        self._db.execute("UPDATE marks SET last_chunk = ?", (first + count,))
        return range(first, first + count)

    def number_of(self, doc_id: str) -> int:
        """Give the number that the store knows a document by."""
        return int(self._db.execute("SELECT number FROM files WHERE doc_id = ?", (doc_id,)).fetchone()[0])

    def add(self, document: int, chunks: Sequence[Chunk], numbers: Sequence[int]) -> None:
        """Record the chunks of a document under these numbers."""
        self._db.executemany(
            "INSERT INTO chunks VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (  # no list: a long document's text would be held twice
                (
                    number, document, c.ordinal, c.start, c.end, c.page, c.part, c.part_kind,
                    c.embedded_text + c.behind, len(c.embedded_text) - len(c.text), text_hash(c.embedded_text),
                    _written(c.page_breaks),
                )
                for c, number in zip(chunks, numbers, strict=True)
            ),
        )  # fmt: skip

    def remove(self, doc_ids: Iterable[str]) -> list[int]:
        """Remove the chunks of documents; gives their numbers, which the store is then told to forget."""
        query = "DELETE FROM chunks WHERE document = (SELECT number FROM files WHERE doc_id = ?) RETURNING chunk"
        return [row[0] for doc_id in doc_ids for row in self._db.execute(query, (doc_id,)).fetchall()]

    # ---- documents that lack vectors -----------------------------------------------------------------------------

    def has_other_embedders(self, embedder: str) -> bool:
        """Tell whether a document counts whose vectors were made by another embedder than this, or by nobody."""
        query = f"SELECT EXISTS (SELECT 1 FROM files WHERE {_OTHERS})"
        return bool(self._db.execute(query, (embedder, VECTORS_WAITING, PARTLY_READ)).fetchone()[0])

    def forget_other_embedders(self, embedder: str) -> None:
        """Let the documents whose vectors another embedder made wait for new ones."""
        # What was partly read is read again anyway.
        self._db.execute(f"{_WAIT} WHERE {_OTHERS}", (*_WAITING, embedder, VECTORS_WAITING, PARTLY_READ))

    def wait_for_vectors(self, chunks: Iterable[int]) -> None:
        """Let the documents of chunks that lost their vectors wait for new ones."""
        query = "SELECT DISTINCT document FROM chunks WHERE chunk"
        for (document,) in list(among(self._db, query, chunks)):
            self._db.execute(f"{_WAIT} WHERE number = ? AND code IS NOT ?", (*_WAITING, document, PARTLY_READ))

    def waiting_for_vectors(self) -> list[WaitingForVectors]:
        """List the documents that wait for vectors, collection by collection, the short ones first."""
        rows = self._db.execute(
            "SELECT f.number, f.path, d.collection, f.chunks FROM files f JOIN folders d USING (folder_id)"
            " WHERE f.code = ? AND f.generation > 0 ORDER BY d.collection, f.chunks, f.number",
            (VECTORS_WAITING,),
        )
        return [WaitingForVectors(*row) for row in rows.fetchall()]

    def has_waiting_for_vectors(self) -> bool:
        """Tell whether a document waits for vectors."""
        query = "SELECT EXISTS (SELECT 1 FROM files WHERE code = ?)"
        return bool(self._db.execute(query, (VECTORS_WAITING,)).fetchone()[0])

    def texts_of(self, document: int) -> Iterator[tuple[int, str]]:
        """Give (chunk, embedded text) of a document's chunks, some at a time: a book's text is large."""
        return self._paged(f"SELECT chunk, {_EMBEDDED} FROM chunks WHERE document = ? AND chunk", document)

    def set_embedded(self, documents: Iterable[int], embedder: str) -> None:
        """Note that all chunks of documents have their vectors."""
        self._db.executemany(
            "UPDATE files SET state = 'indexed', code = NULL, reason = NULL, embedder = ?"
            " WHERE number = ? AND code = ?",
            [(embedder, document, VECTORS_WAITING) for document in documents],
        )

    # ---- inside --------------------------------------------------------------------------------------------------

    def _paged(self, query: str, value: object) -> Iterator[tuple[Any, ...]]:  # Any: rows as sqlite3 gives them
        """Give rows some at a time, in the order of the chunk that they begin with; writes may come in between."""
        last = 0
        while rows := self._db.execute(f"{query} > ? ORDER BY 1 LIMIT ?", (value, last, AT_ONCE)).fetchall():
            yield from rows
            last = rows[-1][0]


_OF_COLLECTION = (
    "FROM chunks c JOIN files f ON f.number = c.document JOIN folders d USING (folder_id) WHERE d.collection = ?"
)


def _current(row: tuple[Any, ...]) -> CurrentChunk:  # Any: a row as sqlite3 gives it
    (chunk, document, doc_id, ordinal, start, stop, page, part, kind, words, at,
     breaks, path, collection, sha256, indexed_at) = row  # fmt: skip
    context, text, behind = words[: max(0, at - 1)], words[at : at + stop - start], words[at + stop - start :]
    return CurrentChunk(
        chunk, document, doc_id, ordinal, start, stop, page, read_breaks(breaks), part, kind, context, text,
        path, collection, sha256 or "", indexed_at or "", behind,
    )  # fmt: skip


def _written(breaks: PageBreaks) -> str:
    return " ".join(f"{page}:{start}" for page, start in breaks)


def read_breaks(breaks: str) -> PageBreaks:
    """Give the pages that a chunk goes on to, as they are kept in its row."""
    pairs = (entry.split(":") for entry in breaks.split())
    return tuple((int(page), int(start)) for page, start in pairs)
