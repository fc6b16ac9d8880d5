"""Vectors in LanceDB: one table a collection and embedder, so that no filter can leak.

A row is a chunk's number, its document's number and its vector in half precision. Filters hold integers only (S13).
Below `_INDEX_FROM` rows all vectors are compared; above, an inverted index of one-bit codes names candidates, whose
vectors are then compared. LanceDB is spoken to by its asynchronous interface, in a loop of this handle's own: its
other one hands each query six times from thread to thread (4.5 against 2.9 ms for the cheapest query).
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import shutil
import weakref
from collections.abc import Collection, Coroutine, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from studiolo_indexer.errors import StoreDamaged, first_line, store_error
from studiolo_indexer.held_vectors import HeldVectors, unit_length
from studiolo_indexer.lance import lancedb
from studiolo_indexer.records import Vectors

log = logging.getLogger(__name__)

T = TypeVar("T")

_AT_ONCE = 2000
# Comparing with all takes 0.7 us a row, the index 4 to 6 ms whatever the number (docs/architecture.md).
_INDEX_FROM = 16_384
# recall@10 .994 at 100,000 rows with one candidate for each wanted row, .991 at 1,000,000 with five.
_CANDIDATES = ((200_000, 1), (500_000, 3), (10**12, 5))
# Of the index: each update adds a segment, and a search reads all (6.5 ms with one, 9.3 ms with three). Training takes
# 2 s at 100,000 rows and 32 s at 1,000,000, so a small index gets one segment at each idle moment.
_MOST_SEGMENTS = 8
_SMALL_ROWS, _SMALL_SEGMENTS = 250_000, 1
# Merging rewrites the whole table, so it waits until it pays: at work, and in an idle moment.
_MERGE_ROWS, _MERGE_SHARE, _MERGE_COMMITS = 4096, 8, 200
_IDLE_ROWS, _IDLE_SHARE, _IDLE_COMMITS = 256, 64, 32
_ROWS_A_COMMIT = 5000  # a large table bears a commit more for so many rows
# A filter on 10,000 documents costs 37 ms; without it five times as many nearest rows hold enough of a fifth of all.
_FEW_DOCUMENTS = 500
_WIDER = 5
# Vectors of so many bytes at most (200,000 at 384 dimensions) are held in memory, from a collection's second search on.
_MOST_HELD_BYTES = 160 << 20
_OLD = timedelta(seconds=10)
_NOW = timedelta(milliseconds=1)


def table_name(collection: str, embedder: str) -> str:
    """Name a table without a letter of the user's."""
    return "v" + hashlib.sha256(f"{collection}\0{embedder}".encode("utf-8", "surrogatepass")).hexdigest()[:24]


def start_threads() -> None:
    """Start the threads of LanceDB: they keep the priority of the thread that needed them first."""
    asyncio.run(lancedb.connect_async("memory://"))


@dataclass(slots=True)
class _Loose:
    """What was written since the table was merged last."""

    rows: int = 0
    commits: int = 0


class VectorTables:
    """The tables below one folder; a handle of its own for each thread, one of which may write.

    Args:
        folder: Where LanceDB keeps its tables.
        dimension: Length of the vectors.
        embedder: Identity of the embedder; part of every table's name.
    """

    def __init__(self, folder: Path, *, dimension: int, embedder: str) -> None:
        self._folder = folder
        self._dimension = dimension
        self._embedder = embedder
        self._loop = asyncio.new_event_loop()
        weakref.finalize(self, self._loop.close)  # also where an operation ended in an error before `close`
        self._db: Any = None  # Any here and below: LanceDB has no type information
        self._tables: dict[str, Any] = {}
        self._loose: dict[str, _Loose] = {}
        self._held: dict[str, HeldVectors | None] = {}  # None after a first search

    def close(self) -> None:
        """Give back the handles."""
        self._tables.clear()
        self._held.clear()
        self._loop.close()

    # ---- reading -------------------------------------------------------------------------------------------------

    def near(
        self,
        collection: str,
        vector: Vectors | Future[Vectors],
        *,
        limit: int,
        only: Sequence[int] | None = None,
        others: Collection[int] | Future[dict[int, float]] = (),
    ) -> tuple[dict[int, float], dict[int, float]]:
        """Find the chunks whose vectors are nearest, and compare some others too; both at once.

        Args:
            collection: Whose chunks.
            vector: float32, shape (dimension,), length 1; or one that is still being made.
            limit: How many are looked for.
            only: Numbers of documents to search, or None for all.
            others: Chunks whose cosine is wanted in any case; or the scores of some that are still being found.

        Returns:
            Cosines by chunk: of the nearest, best first, and of the others that there are.

        Raises:
            StoreDamaged: If the table cannot be read.
        """

        async def nearest(asked: _Asked) -> dict[int, float]:
            return await _nearest(asked, await _made(vector), limit, only)

        async def compared(asked: _Asked) -> dict[int, float]:
            return await _compared(asked, await _named(others), vector)

        async def work() -> tuple[dict[int, float], dict[int, float]]:
            asked = await self._asked(collection)
            if asked is None or (only is not None and not only):
                return {}, {}
            # Both are awaited even if one fails: LanceDB would call back into a loop that may be closed by then.
            first, second = await asyncio.gather(nearest(asked), compared(asked), return_exceptions=True)
            for outcome in (first, second):
                if isinstance(outcome, BaseException):
                    raise outcome
            return first, second  # type: ignore[return-value]  # no exceptions, as was just looked at

        return self._read(work())

    def cosines(self, collection: str, vector: Vectors, chunks: Sequence[int]) -> dict[int, float]:
        """Compare the vectors of chunks with one: float32, shape (dimension,), length 1; what has none is left out.

        Raises:
            StoreDamaged: If the table cannot be read.
        """

        async def work() -> dict[int, float]:
            asked = await self._asked(collection)
            return {} if asked is None else await _compared(asked, chunks, vector)

        held = self._held.get(collection)
        if held is None or held.missing(chunks):
            return self._read(work()) if chunks else {}
        keys, vectors = held.give(chunks)  # without a look at the table: 0.2 ms, not 1.1
        return dict(zip(keys, (vectors @ vector).tolist(), strict=True))

    def vectors(self, collection: str, chunks: Sequence[int]) -> dict[int, Vectors]:
        """Give the vectors of chunks: float32, shape (dimension,); what has none is left out."""

        async def work() -> dict[int, Vectors]:
            table = await self._table(collection)
            if table is None:
                return {}
            return dict(zip(*await _vectors(table, chunks, self._dimension), strict=True))

        return self._read(work())

    def chunks(self, collection: str) -> list[int]:
        """List the chunk of every row."""

        async def work() -> list[int]:
            table = await self._table(collection)
            if table is None:
                return []
            rows = await table.query().select(["chunk"]).to_arrow()
            numbers: list[int] = rows["chunk"].to_pylist()
            return numbers

        return self._read(work())

    def count(self, collection: str) -> int:
        """Count the rows of a collection, those that no longer count included."""

        async def work() -> int:
            table = await self._table(collection)
            return 0 if table is None else int(await table.count_rows())

        return self._read(work())

    # ---- writing (the indexer alone) -----------------------------------------------------------------------------

    def add(self, collection: str, chunks: Sequence[int], documents: Sequence[int], vectors: Vectors) -> None:
        """Add rows in one commit.

        Args:
            collection: Whose rows.
            chunks, documents: Their numbers.
            vectors: Shape (chunks, dimension).

        Raises:
            StoreFull, StoreUnwritable: If they cannot be written; then none is seen.
        """
        half = np.ascontiguousarray(vectors, dtype=np.float16).reshape(-1)
        rows = pa.table(
            {
                "chunk": pa.array(chunks, pa.int64()),
                "document": pa.array(documents, pa.int64()),
                "vector": pa.FixedSizeListArray.from_arrays(pa.array(half, pa.float16()), self._dimension),
            }
        )

        async def work() -> None:
            table = await self._table(collection)
            if table is None:
                name = table_name(collection, self._embedder)
                table = await (await self._connected()).create_table(name, schema=rows.schema)
                self._tables[collection] = table
            await table.add(rows)

        self._write(work())
        self._count(collection, len(chunks))

    def remove(self, collection: str, chunks: Sequence[int]) -> None:
        """Remove rows."""

        async def work() -> None:
            table = await self._table(collection)
            if table is not None:
                for at in range(0, len(chunks), _AT_ONCE):
                    await table.delete(f"chunk IN ({_numbers(chunks[at : at + _AT_ONCE])})")

        if chunks:
            self._write(work())
            self._count(collection, len(chunks))

    def is_due(self, collection: str, *, idle: bool) -> bool:
        """Tell whether so much was written that merging pays: while indexing, or in an idle moment."""
        loose = self._loose.get(collection, _Loose())
        rows, share, commits = (
            (_IDLE_ROWS, _IDLE_SHARE, _IDLE_COMMITS) if idle else (_MERGE_ROWS, _MERGE_SHARE, _MERGE_COMMITS)
        )
        if loose.commits <= commits and loose.rows <= rows:
            return False
        total = self.count(collection)
        return loose.commits > commits + total // _ROWS_A_COMMIT or loose.rows > max(rows, total // share)

    def merge(self, collection: str, *, idle: bool, purge: bool = False) -> None:
        """Merge fragments, bring the index up to date, and drop old versions; readers stay right.

        Args:
            collection: Whose table.
            idle: Whether there is time to train a small index anew.
            purge: Whether every old version goes at once, else those that no search can be using any more.

        Raises:
            StoreFull, StoreUnwritable: If it cannot be written; then the table is as it was.
        """

        async def work() -> None:
            table = await self._table(collection)
            if table is not None:
                if purge:
                    table = await self._rewritten(collection, table)
                await table.optimize(cleanup_older_than=_NOW if purge else _OLD, delete_unverified=purge)
                small = idle and await table.count_rows() < _SMALL_ROWS
                await _index(table, most_segments=_SMALL_SEGMENTS if small else _MOST_SEGMENTS)

        self._loose.pop(collection, None)
        self._write(work())

    def drop(self, collection: str) -> None:
        """Remove a collection's table from the disk."""

        async def work() -> None:
            if await self._table(collection) is not None:
                self._tables.pop(collection, None)
                await (await self._connected()).drop_table(table_name(collection, self._embedder))

        self._write(work())

    def drop_others(self, collections: Sequence[str]) -> None:
        """Remove every table from the disk that holds none of these collections with this embedder.

        Raises:
            StoreUnwritable: If one cannot be removed.
        """
        kept = {table_name(c, self._embedder) for c in collections}
        for place in self._folder.glob("*.lance"):
            if place.stem not in kept:
                self._tables.clear()
                try:
                    shutil.rmtree(place)
                except OSError as error:
                    raise store_error(error) from error

    def forget_handles(self) -> None:
        """Open every table anew at its next use: the one that was open was removed or cleaned away."""
        self._tables.clear()
        self._held.clear()

    # ---- inside --------------------------------------------------------------------------------------------------

    async def _asked(self, collection: str) -> _Asked | None:
        table = await self._table(collection)
        if table is None:
            return None
        n_rows = await table.count_rows()
        return _Asked(table, n_rows, self._dimension, await self._hold(collection, table, n_rows))

    async def _hold(self, collection: str, table: Any, n_rows: int) -> HeldVectors | None:
        """Give the vectors in memory; None for none or many, and for a first search, which may be the only one."""
        searched = collection in self._held
        held = self._held.pop(collection, None)  # put back below: those used last stand last
        size_bytes = 2 * n_rows * self._dimension
        if not 0 < size_bytes <= _MOST_HELD_BYTES:
            return None
        if searched and (held is None or held.is_worn(n_rows)):
            while sum(h.size_bytes for h in self._held.values() if h) + size_bytes > _MOST_HELD_BYTES:
                self._held[next(c for c, h in self._held.items() if h)] = None
            held = await _loaded(table, n_rows, self._dimension)
        self._held[collection] = held
        return held

    async def _rewritten(self, collection: str, table: Any) -> Any:
        """Write a table anew from its rows: merging alone leaves removed vectors in a fragment of which few went."""
        batches = await table.query().select(["chunk", "document", "vector"]).to_batches()
        schema = await table.schema()
        held = [batch async for batch in batches]
        name = table_name(collection, self._embedder)
        rows = pa.Table.from_batches(held, schema=schema)
        self._tables[collection] = await (await self._connected()).create_table(name, data=rows, mode="overwrite")
        return self._tables[collection]

    async def _connected(self) -> Any:
        if self._db is None:
            self._db = await lancedb.connect_async(str(self._folder))
        return self._db

    async def _table(self, collection: str) -> Any:
        """Give a table at its newest version, where what was just deleted is not found; None if there is none."""
        if collection in self._tables:
            await self._tables[collection].checkout_latest()
            return self._tables[collection]
        name = table_name(collection, self._embedder)
        place = self._folder / f"{name}.lance"
        # A folder look-up, since listing tables grows with their number.
        if not place.is_dir():
            return None
        try:
            self._tables[collection] = await (await self._connected()).open_table(name)
        except (OSError, RuntimeError, ValueError) as error:
            # No version yet: the disk was full, or a crash came, while the table was made.
            if not any((place / "_versions").glob("*.manifest")):
                return None
            raise StoreDamaged(f"{name}: {first_line(error)}") from error
        return self._tables[collection]

    def _read(self, work: Coroutine[Any, Any, T]) -> T:
        try:
            return self._loop.run_until_complete(work)
        except (OSError, RuntimeError, ValueError) as error:
            raise StoreDamaged(first_line(error)) from error

    def _write(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            self._loop.run_until_complete(work)
        except (OSError, RuntimeError, ValueError) as error:
            raise store_error(error) from error

    def _count(self, collection: str, rows: int) -> None:
        loose = self._loose.setdefault(collection, _Loose())
        loose.rows += rows
        loose.commits += 1


@dataclass(frozen=True, slots=True)
class _Asked:
    """A table as one search sees it."""

    table: Any
    n_rows: int
    dimension: int
    held: HeldVectors | None


async def _nearest(asked: _Asked, vector: Vectors, limit: int, only: Sequence[int] | None) -> dict[int, float]:
    """Look among all documents or some; all are searched, and those kept, where some are many: a filter is slow."""
    if only is None:
        return await _cosines(asked, await _look(asked, vector, limit), vector, limit)
    if len(only) > _FEW_DOCUMENTS:
        rows = await _look(asked, vector, limit * _WIDER, columns=("document",))
        kept = rows.filter(pc.is_in(rows["document"], value_set=pa.array(only, pa.int64())))
        if kept.num_rows >= limit:
            return await _cosines(asked, kept, vector, limit)
    rows = await _look(asked, vector, limit, where=f"document IN ({_numbers(only)})")
    return await _cosines(asked, rows, vector, limit)


async def _look(
    asked: _Asked, vector: Vectors, limit: int, *, columns: Sequence[str] = (), where: str | None = None
) -> pa.Table:
    """Give the nearest, best first; where the vectors are held, candidates for them, which are still to be compared."""
    query = asked.table.query().nearest_to(vector).column("vector").distance_type("cosine").limit(limit)
    if asked.n_rows >= _INDEX_FROM:
        factor = next(factor for most, factor in _CANDIDATES if asked.n_rows <= most)
        query = query.refine_factor(factor) if asked.held is None else query.limit(limit * factor)
    if where is not None:
        # As many partitions as it takes: the nearest ones alone may hold few of the documents that are wanted.
        query = query.where(where).maximum_nprobes(0)
    return await query.select(["chunk", *columns, "_distance"]).to_arrow()


async def _cosines(asked: _Asked, rows: pa.Table, vector: Vectors, limit: int) -> dict[int, float]:
    """Give the cosines of the best `limit` rows, best first."""
    if asked.held is None:
        rows = rows.slice(0, limit)
        distances = rows["_distance"].to_pylist()
        return {chunk: 1.0 - distance for chunk, distance in zip(rows["chunk"].to_pylist(), distances, strict=True)}
    chunks, vectors = await _vectors_of(asked, rows["chunk"].to_pylist())
    cosines = vectors @ vector
    return {chunks[at]: float(cosines[at]) for at in np.argsort(-cosines, kind="stable")[:limit]}


async def _compared(asked: _Asked, chunks: Sequence[int], vector: Vectors | Future[Vectors]) -> dict[int, float]:
    """Give the cosines of those of the chunks that have a vector; they are read while the other is still being made."""
    keys, vectors = await _vectors_of(asked, chunks)
    return dict(zip(keys, (vectors @ await _made(vector)).tolist(), strict=True))


async def _vectors_of(asked: _Asked, chunks: Sequence[int]) -> tuple[list[int], Vectors]:
    """Give those of the chunks that have a vector, and their vectors: from memory, where they are held."""
    if asked.held is None:
        return await _vectors(asked.table, chunks, asked.dimension)
    if missing := asked.held.missing(chunks):
        asked.held.add(*await _vectors(asked.table, missing, asked.dimension))
    return asked.held.give(chunks)


async def _vectors(table: Any, chunks: Sequence[int], dimension: int) -> tuple[list[int], Vectors]:
    """Give those of the chunks that have a vector, and their vectors: float32, shape (chunks, dimension), length 1."""
    keys, vectors = list[int](), [np.empty((0, dimension), dtype=np.float32)]
    for at in range(0, len(chunks), _AT_ONCE):
        query = table.query().where(f"chunk IN ({_numbers(chunks[at : at + _AT_ONCE])})")
        rows = await query.select(["chunk", "vector"]).to_arrow()
        keys += rows["chunk"].to_pylist()
        vectors.append(unit_length(_halves(rows["vector"].combine_chunks(), dimension)))
    return keys, np.concatenate(vectors)


async def _loaded(table: Any, n_rows: int, dimension: int) -> HeldVectors:
    """Load all vectors, piece by piece: at once they would be in memory three times."""
    chunks, halves = np.empty(n_rows, dtype=np.int64), np.empty((n_rows, dimension), dtype=np.float16)
    at = 0
    async for batch in await table.query().select(["chunk", "vector"]).to_batches():
        here = slice(at, at + batch.num_rows)
        chunks[here], halves[here] = batch["chunk"].to_numpy(), _halves(batch["vector"], dimension)
        at = here.stop
    return HeldVectors(chunks[:at], halves[:at])


def _halves(vectors: pa.Array, dimension: int) -> Any:
    """Give vectors as they are kept: float16, shape (rows, dimension)."""
    return vectors.flatten().to_numpy(zero_copy_only=False).reshape(-1, dimension)


async def _made(vector: Vectors | Future[Vectors]) -> Vectors:
    return await asyncio.wrap_future(vector) if isinstance(vector, Future) else vector


async def _named(chunks: Collection[int] | Future[dict[int, float]]) -> list[int]:
    if not isinstance(chunks, Future):
        return list(chunks)
    scores = await asyncio.wrap_future(chunks)
    return list(scores)


async def _index(table: Any, *, most_segments: int) -> None:
    """Make the indexes where they pay, and the vectors' one anew when it has too many segments."""
    if await table.count_rows() < _INDEX_FROM:
        return
    segments = {index.columns[0]: index.num_segments for index in await table.list_indices()}
    if "chunk" not in segments:
        await table.create_index("chunk", config=lancedb.index.BTree())
    if segments.get("vector", most_segments + 1) > most_segments:
        await table.create_index("vector", config=lancedb.index.IvfRq(distance_type="cosine"), replace=True)


def _numbers(values: Sequence[int]) -> str:
    """Write numbers for a filter, and nothing else (S13)."""
    return ",".join(str(int(value)) for value in values)
