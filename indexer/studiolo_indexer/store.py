"""Chunks, vectors and full text in LanceDB: one table a collection and embedder, so that no filter can leak.

A row belongs to a document and a generation; which generation counts stands in the catalogue. Filters hold hex ids
and integers only (S13). `words` is the context and the slice joined by a line end, and `slice_at` is where the slice
begins, so that its text is stored once.
"""

from __future__ import annotations

import hashlib
import logging
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from studiolo_indexer.errors import StoreDamaged, StoreFull, StoreUnwritable
from studiolo_indexer.lance import lancedb
from studiolo_indexer.records import Chunk, Vectors

log = logging.getLogger(__name__)

_HEX = frozenset("0123456789abcdef")
_HASH_BATCH = 2000
_KEY = ["doc_id", "generation", "ordinal"]
_PASSAGE = [*_KEY, "start", "end", "page", "part", "part_kind", "words", "slice_at"]
_MAX_QUERY_CHARS = 4000


@dataclass(frozen=True, slots=True)
class StoredRow:
    """A row that a search found; `cosine` and `match` are None where that half did not score it."""

    doc_id: str
    generation: int
    ordinal: int
    start: int
    end: int
    page: int | None
    part: str
    part_kind: str
    context: str
    text: str
    cosine: float | None
    match: float | None

    @property
    def key(self) -> tuple[str, int, int]:
        """What names the row."""
        return self.doc_id, self.generation, self.ordinal


def text_hash(embedded_text: str) -> str:
    """The key under which a vector is found again; the table already names the embedder."""
    return hashlib.blake2b(embedded_text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def table_name(collection: str, embedder: str) -> str:
    """Name a table without a letter of the user's."""
    return "c" + hashlib.sha256(f"{collection}\0{embedder}".encode("utf-8", "surrogatepass")).hexdigest()[:24]


class Store:
    """The tables of one data folder; a handle of its own for each thread.

    Args:
        folder: Where LanceDB keeps its tables.
        dimension: Length of the vectors.
        embedder: Identity of the embedder; part of every table's name.
    """

    def __init__(self, folder: Path, *, dimension: int, embedder: str) -> None:
        self._folder = folder
        self._dimension = dimension
        self._embedder = embedder
        # Every read looks for the newest version: what was deleted a moment ago must not be found.
        self._db = lancedb.connect(str(folder), read_consistency_interval=timedelta(0))
        self._tables: dict[str, Any] = {}  # Any: LanceDB has no type information
        self._loose_rows: dict[str, int] = {}
        self._text_indexed: set[str] = set()

    # ---- reading -------------------------------------------------------------------------------------------------

    def by_vector(self, collection: str, vector: Vectors, *, limit: int, only: Sequence[str] | None) -> list[StoredRow]:
        """Find the rows whose vectors are nearest, best first; exact search by cosine.

        Args:
            collection: Whose rows.
            vector: float32, shape (dimension,), length 1.
            limit: How many rows.
            only: Ids of documents to search, or None for all.
        """
        table = self._open(collection)
        if table is None:
            return []
        query = table.search(vector, vector_column_name="vector").distance_type("cosine").limit(limit)
        rows = _fetch(_where(query, only).select([*_PASSAGE, "_distance"])).to_pylist()
        return [_row(r, cosine=1.0 - r["_distance"], match=None) for r in rows]

    def by_text(
        self, collection: str, words: str, vector: Vectors, *, limit: int, only: Sequence[str] | None
    ) -> list[StoredRow]:
        """Find the rows whose text matches best by BM25, best first, with their cosine to `vector`."""
        table = self._open(collection)
        if table is None or not words.strip():
            return []
        found = _fetch(self._match(table, words, limit, only).select([*_PASSAGE, "vector", "_score"]))
        if found.num_rows == 0:
            return []
        flat = found["vector"].combine_chunks().flatten().to_numpy(zero_copy_only=False)
        vectors = flat.reshape(-1, self._dimension).astype(np.float32)
        lengths = np.maximum(np.linalg.norm(vectors, axis=1), 1e-12)
        cosines = (vectors @ vector) / lengths
        rows = found.drop_columns(["vector"]).to_pylist()
        return [_row(r, cosine=float(c), match=float(r["_score"])) for r, c in zip(rows, cosines, strict=True)]

    def match_scores(
        self, collection: str, words: str, *, limit: int, only: Sequence[str] | None
    ) -> dict[tuple[str, int, int], float]:
        """Give the BM25 score of the best `limit` rows by key, and nothing else of them."""
        table = self._open(collection)
        if table is None or not words.strip():
            return {}
        rows = _fetch(self._match(table, words, limit, only).select([*_KEY, "_score"])).to_pylist()
        return {(r["doc_id"], r["generation"], r["ordinal"]): float(r["_score"]) for r in rows}

    def vectors_by_hash(self, collection: str, hashes: Iterable[str]) -> dict[str, Vectors]:
        """Find vectors that were made already, by the hash of their text."""
        table = self._open(collection)
        wanted = sorted(set(hashes))
        known: dict[str, Vectors] = {}
        if table is None:
            return known
        for start in range(0, len(wanted), _HASH_BATCH):
            part = ", ".join(f"'{_hex(h)}'" for h in wanted[start : start + _HASH_BATCH])
            found = _fetch(table.search().where(f"embed_hash IN ({part})").select(["embed_hash", "vector"]))
            for row in found.to_pylist():
                known[row["embed_hash"]] = np.asarray(row["vector"], dtype=np.float32)
        return known

    def count(self, collection: str) -> int:
        """Count the rows of a collection, those that no longer count included."""
        table = self._open(collection)
        return 0 if table is None else int(table.count_rows())

    def keys(self, collection: str) -> list[tuple[str, int]]:
        """List (document, generation) of every row."""
        table = self._open(collection)
        if table is None:
            return []
        rows = _fetch(table.search().select(["doc_id", "generation"]))
        return list(zip(rows["doc_id"].to_pylist(), rows["generation"].to_pylist(), strict=True))

    # ---- writing (the indexer alone) -----------------------------------------------------------------------------

    def add(self, collection: str, rows: Sequence[tuple[str, int, Chunk]], vectors: Vectors) -> None:
        """Add rows of (document, generation, chunk) with their vectors, in one commit.

        Raises:
            StoreFull, StoreUnwritable: If they cannot be written; then none is seen.
        """
        batch = _batch(rows, vectors, self._dimension)
        try:
            table = self._open(collection)
            if table is None:
                table = self._db.create_table(table_name(collection, self._embedder), schema=batch.schema)
                self._tables[collection] = table
            if collection not in self._text_indexed:
                # Looked at once: a crash or a full disk may have come between a table and its index.
                if not table.list_indices():
                    table.create_index("words", config=_full_text())
                self._text_indexed.add(collection)
            table.add(batch)
            self._loose_rows[collection] = self._loose_rows.get(collection, 0) + len(rows)
        except (OSError, RuntimeError, ValueError) as error:
            raise _store_error(error) from error

    def remove_documents(self, collection: str, doc_ids: Sequence[str]) -> None:
        """Remove all rows of documents."""
        self._delete(collection, [f"doc_id IN ({', '.join(_quoted(part))})" for part in _parts(doc_ids)])

    def remove_older(self, collection: str, generation: int, doc_ids: Sequence[str]) -> None:
        """Remove the rows of documents that are older than a generation."""
        older = f"generation < {int(generation)} AND doc_id IN"
        self._delete(collection, [f"{older} ({', '.join(_quoted(part))})" for part in _parts(doc_ids)])

    def keep_generations(self, collection: str, current: dict[str, int]) -> int:
        """Remove rows whose generation is not the current one of their document (what a crash left); gives how many."""
        orphans = {key for key in self.keys(collection) if current.get(key[0]) != key[1]}
        tests = [f"(doc_id = '{_hex(d)}' AND generation = {int(g)})" for d, g in sorted(orphans)]
        self._delete(collection, [" OR ".join(tests[i : i + 200]) for i in range(0, len(tests), 200)])
        return len(orphans)

    def compact(self, collection: str, *, purge: bool = False) -> None:
        """Merge fragments, bring the indexes up to date, and drop old versions; readers stay right.

        With `purge` every old version goes at once (what was removed is gone from the disk), else those of an hour ago.
        """
        table = self._open(collection)
        self._loose_rows.pop(collection, None)
        if table is None:
            return
        try:
            table.optimize(
                cleanup_older_than=timedelta(milliseconds=1) if purge else timedelta(hours=1), delete_unverified=purge
            )
        except (OSError, RuntimeError) as error:
            raise _store_error(error) from error

    def drop(self, collection: str) -> None:
        """Remove a collection's table from the disk."""
        if self._open(collection) is not None:
            self._tables.pop(collection, None)
            self._text_indexed.discard(collection)
            self._db.drop_table(table_name(collection, self._embedder))

    def drop_others(self, collections: Sequence[str]) -> None:
        """Remove every table from the disk that holds none of these collections with this embedder.

        Raises:
            StoreUnwritable: If one cannot be removed.
        """
        kept = {table_name(c, self._embedder) for c in collections}
        for place in self._folder.glob("c*.lance"):
            if place.stem not in kept:
                try:
                    shutil.rmtree(place)
                except OSError as error:
                    raise _store_error(error) from error

    def loose_rows(self, collection: str) -> int:
        """Count the rows that this handle added or removed since the collection was compacted."""
        return self._loose_rows.get(collection, 0)

    def _delete(self, collection: str, filters: Sequence[str]) -> None:
        table = self._open(collection)
        if table is None or not filters:
            return
        self._loose_rows[collection] = self._loose_rows.get(collection, 0) + 1
        try:
            for text in filters:
                table.delete(text)
        except (OSError, RuntimeError) as error:
            raise _store_error(error) from error

    def _open(self, collection: str) -> Any:  # Any: LanceDB has no type information
        if collection not in self._tables:
            name = table_name(collection, self._embedder)
            # A folder look-up, since listing tables grows with their number.
            if not (self._folder / f"{name}.lance").is_dir():
                return None
            try:
                self._tables[collection] = self._db.open_table(name)
            except (OSError, RuntimeError, ValueError) as error:
                # No version yet: the disk was full, or a crash came, while the table was made.
                if not any((self._folder / f"{name}.lance" / "_versions").glob("*.manifest")):
                    return None
                raise StoreDamaged(f"{name}: {_first_line(error)}") from error
        return self._tables[collection]

    def forget_handles(self) -> None:
        """Open every table anew at its next use: the one that was open was removed or cleaned away."""
        self._tables.clear()

    @staticmethod
    def _match(table: Any, words: str, limit: int, only: Sequence[str] | None) -> Any:  # Any: as above
        query = table.search(lancedb.query.MatchQuery(words[:_MAX_QUERY_CHARS], "words"), query_type="fts").limit(limit)
        return _where(query, only)


def _full_text() -> Any:  # Any: LanceDB has no type information
    """icu splits words in every script; English endings are cut, which other languages survive."""
    return lancedb.index.FTS(
        base_tokenizer="icu", stem=True, remove_stop_words=False, ascii_folding=True, with_position=False
    )


def _fetch(query: Any) -> pa.Table:  # Any: LanceDB has no type information
    """Run a query.

    Raises:
        StoreDamaged: If the table's files cannot be read.
    """
    try:
        return query.to_arrow()
    except (OSError, RuntimeError) as error:
        raise StoreDamaged(_first_line(error)) from error


def _where(query: Any, only: Sequence[str] | None) -> Any:  # Any: LanceDB has no type information
    return query if only is None else query.where(f"doc_id IN ({', '.join(_quoted(only))})", prefilter=True)


def _batch(rows: Sequence[tuple[str, int, Chunk]], vectors: Vectors, dimension: int) -> pa.Table:
    chunks = [chunk for _, _, chunk in rows]
    half = np.ascontiguousarray(vectors, dtype=np.float16).reshape(-1)
    words = [c.embedded_text for c in chunks]
    return pa.table(
        {
            "doc_id": pa.array([d for d, _, _ in rows], pa.string()),
            "generation": pa.array([g for _, g, _ in rows], pa.int64()),
            "ordinal": pa.array([c.ordinal for c in chunks], pa.int32()),
            "start": pa.array([c.start for c in chunks], pa.int64()),
            "end": pa.array([c.end for c in chunks], pa.int64()),
            "page": pa.array([c.page for c in chunks], pa.int32()),
            "part": pa.array([c.part for c in chunks], pa.string()),
            "part_kind": pa.array([c.part_kind for c in chunks], pa.string()),
            "words": pa.array(words, pa.string()),
            "slice_at": pa.array([len(w) - len(c.text) for w, c in zip(words, chunks, strict=True)], pa.int32()),
            "embed_hash": pa.array([text_hash(w) for w in words], pa.string()),
            "vector": pa.FixedSizeListArray.from_arrays(pa.array(half, pa.float16()), dimension),
        }
    )


def _row(row: dict[str, Any], *, cosine: float | None, match: float | None) -> StoredRow:  # Any: an Arrow row
    words, slice_at = row["words"], row["slice_at"]
    return StoredRow(
        doc_id=row["doc_id"],
        generation=row["generation"],
        ordinal=row["ordinal"],
        start=row["start"],
        end=row["end"],
        page=row["page"],
        part=row["part"],
        part_kind=row["part_kind"],
        context=words[: max(0, slice_at - 1)],
        text=words[slice_at:],
        cosine=cosine,
        match=match,
    )


def _parts(doc_ids: Sequence[str]) -> list[Sequence[str]]:
    return [doc_ids[i : i + 500] for i in range(0, len(doc_ids), 500)]


def _quoted(ids: Sequence[str]) -> list[str]:
    return [f"'{_hex(i)}'" for i in ids]


def _hex(value: str) -> str:
    """Check that a value that goes into a filter is hex digits alone (S13)."""
    if not value or not set(value) <= _HEX:
        raise ValueError("no hex id")
    return value


def _store_error(error: Exception) -> StoreFull | StoreUnwritable:
    text = str(error)
    first = _first_line(error)
    if "No space left" in text or "os error 28" in text or "Disk quota" in text:
        return StoreFull(first)
    return StoreUnwritable(first)


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)[:200]
