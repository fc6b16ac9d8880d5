"""Finds passages: vector, full text, or both fused; read-only, with a handle of its own for each thread."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

from studiolo_indexer.catalogue import Catalogue, CurrentDocument
from studiolo_indexer.errors import StoreDamaged
from studiolo_indexer.fusion import FusedRow, fuse, lift_literal
from studiolo_indexer.pipeline import CATALOGUE_FILE, STORE_FOLDER
from studiolo_indexer.records import Embedder, PartKind, Passage, SearchMode, SearchResult, SearchTimes, Vectors
from studiolo_indexer.store import Store, StoredRow

_POOL = 60
_POOL_PER_K = 3
_SCORED_MATCHES = 1000


class Searcher:
    """Searches the index of one data folder while another thread or process writes it.

    Every answer is current: a row counts only while the catalogue names its generation, so what was deleted or
    replaced is not found from the moment in which the catalogue says so.
    """

    def __init__(self, *, data_folder: Path, embedder: Embedder) -> None:
        self._catalogue = Catalogue.reader(data_folder / CATALOGUE_FILE)
        self._store = Store(data_folder / STORE_FOLDER, dimension=embedder.dimension, embedder=embedder.identity)
        self._embedder = embedder

    def close(self) -> None:
        """Close the handles."""
        self._catalogue.close()

    def search(
        self,
        query: str,
        *,
        k: int = 10,
        collections: Sequence[str] = ("documents",),
        mode: SearchMode = "hybrid",
        under: Path | None = None,
    ) -> SearchResult:
        """Find the best `k` passages of the named collections, and of no other.

        Args:
            query: The user's words; any text is allowed.
            k: How many passages, positive.
            collections: Whose documents are searched.
            mode: Which halves take part.
            under: Only documents at or under this folder.

        Returns:
            Passages in total order (-score, chunk_id).

        Raises:
            CollectionUnknown: If a collection does not exist.
            StoreDamaged: If the store cannot be read.
        """
        started = time.perf_counter()
        clock = _Clock()
        self._catalogue.require_collections(collections)
        words = query.encode("utf-8", "replace").decode("utf-8").replace("\0", " ")
        only = None if under is None else self._catalogue.documents_under(os.fsencode(under), collections)
        passages: list[Passage] = []
        if words.strip() and (only is None or only):
            vector = self._embedder.embed_query(words)
            clock.lap("embed")
            for collection in dict.fromkeys(collections):
                found = self._search_again_if_replaced(collection, words, vector, k, mode, only, clock)
                passages += self._current(found)
        passages.sort(key=lambda p: (-p.score, p.chunk_id))
        best = self._with_confidence(passages[:k])
        times = SearchTimes(**clock.milliseconds, total=(time.perf_counter() - started) * 1000)
        return SearchResult(query=query, mode=mode, passages=best, milliseconds=times)

    def _search_again_if_replaced(
        self,
        collection: str,
        words: str,
        vector: Vectors,
        k: int,
        mode: SearchMode,
        only: Sequence[str] | None,
        clock: _Clock,
    ) -> list[FusedRow]:
        """Search a table; if its version was cleaned away or the table dropped meanwhile, open it once more."""
        try:
            return self._fused(collection, words, vector, k, mode, only, clock)
        except (OSError, RuntimeError, ValueError, StoreDamaged):
            self._store.forget_handles()
            return self._fused(collection, words, vector, k, mode, only, clock)

    def _fused(
        self,
        collection: str,
        words: str,
        vector: Vectors,
        k: int,
        mode: SearchMode,
        only: Sequence[str] | None,
        clock: _Clock,
    ) -> list[FusedRow]:
        pool = max(_POOL, _POOL_PER_K * k)
        by_vector: list[StoredRow] = []
        by_text: list[StoredRow] = []
        if mode in ("hybrid", "vector"):
            by_vector = self._store.by_vector(collection, vector, limit=pool, only=only)
            clock.lap("vector")
        if mode in ("hybrid", "text"):
            by_text = self._store.by_text(collection, words, vector, limit=pool, only=only)
        if mode == "text":
            clock.lap("text")
            return [FusedRow(row, row.match or 0.0, ("text",)) for row in by_text]
        if mode == "vector":
            return [FusedRow(row, row.cosine or 0.0, ("vector",)) for row in by_vector]
        matches = self._store.match_scores(collection, words, limit=max(_SCORED_MATCHES, pool), only=only)
        clock.lap("text")
        fused = lift_literal(fuse(by_vector, by_text, matches), by_text, words)
        clock.lap("fuse")
        return fused

    def _current(self, rows: Sequence[FusedRow]) -> list[Passage]:
        """Keep the rows that count now."""
        current = self._catalogue.current_documents(f.row.doc_id for f in rows)
        return [
            _passage(f, current[f.row.doc_id])
            for f in rows
            if f.row.doc_id in current and current[f.row.doc_id].generation == f.row.generation
        ]

    def _with_confidence(self, passages: Sequence[Passage]) -> tuple[Passage, ...]:
        """Say which passages were recognised from pictures, and how surely."""
        confidences = self._catalogue.recognised.confidences((p.sha256, p.page) for p in passages if p.page is not None)
        return tuple(replace(p, ocr_confidence=confidences.get((p.sha256, p.page or 0))) for p in passages)


def _passage(fused: FusedRow, document: CurrentDocument) -> Passage:
    row = fused.row
    return Passage(
        chunk_id=f"{row.doc_id}{row.ordinal:06x}",
        doc_id=row.doc_id,
        collection=document.collection,
        path=document.path,
        path_text=document.path.decode("utf-8", "replace"),
        part=row.part,
        part_kind=cast("PartKind", row.part_kind),  # written from a Chunk
        page=row.page,
        start=row.start,
        end=row.end,
        text=row.text,
        context=row.context,
        score=fused.score,
        cosine=row.cosine or 0.0,
        found_by=fused.found_by,
        sha256=document.sha256,
        indexed_at=document.indexed_at,
    )


class _Clock:
    """Adds up the milliseconds of the steps of one search."""

    def __init__(self) -> None:
        self.milliseconds: dict[str, float] = {}
        self._at = time.perf_counter()

    def lap(self, step: str) -> None:
        now = time.perf_counter()
        self.milliseconds[step] = self.milliseconds.get(step, 0.0) + (now - self._at) * 1000
        self._at = now
