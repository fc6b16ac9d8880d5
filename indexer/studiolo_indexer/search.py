"""Finds passages: vector, full text, or both fused; read-only, with a handle of its own for each thread."""

from __future__ import annotations

import os
import time
from collections.abc import Collection, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from studiolo_indexer.catalogue import Catalogue
from studiolo_indexer.errors import StoreDamaged
from studiolo_indexer.full_text import query_words
from studiolo_indexer.fusion import WEIGHTS, Candidate, Ranked, Weights, fuse, in_order, rank_by, spread, with_copies
from studiolo_indexer.literals import lift_literal
from studiolo_indexer.neighbours import join_neighbours
from studiolo_indexer.pipeline import CATALOGUE_FILE
from studiolo_indexer.query_filters import Filter
from studiolo_indexer.records import Embedder, Passage, SearchMode, SearchResult, SearchTimes, Vectors
from studiolo_indexer.reranking import Reranking, rerank
from studiolo_indexer.scope_rows import Scope
from studiolo_indexer.store import Store
from studiolo_indexer.versions import ages, as_names_say, asks_for_newest

_POOL = 60
_POOL_PER_K = 3
# So many of the best, and twice as many as are wanted, are ranked once more with what stands beside them.
_AGAIN = 40
_AGAIN_PER_K = 2


class Searcher:
    """Searches the index of one data folder while another thread or process writes it.

    Every answer is current: a chunk counts only while the catalogue has it, so what was deleted or replaced is not
    found from the moment in which the catalogue says so.
    """

    def __init__(self, *, data_folder: Path, embedder: Embedder, weights: Weights = WEIGHTS) -> None:
        self._weights = weights
        self._catalogue = Catalogue.reader(data_folder / CATALOGUE_FILE)
        self._store = Store(data_folder, dimension=embedder.dimension, embedder=embedder.identity)
        self._embedder = embedder
        self._helper = ThreadPoolExecutor(max_workers=2, thread_name_prefix="search")

    def close(self) -> None:
        """Close the handles."""
        self._helper.shutdown()
        self._store.close()
        self._catalogue.close()

    def search(
        self,
        query: str,
        *,
        k: int = 10,
        collections: Sequence[str] = ("documents",),
        mode: SearchMode = "hybrid",
        under: Path | None = None,
        filters: Sequence[Filter] = (),
        reranking: Reranking | None = None,
    ) -> SearchResult:
        """Find the best `k` passages of the named collections, and of no other.

        Args:
            query: The user's words; any text is allowed.
            k: How many passages, positive.
            collections: Whose documents are searched.
            mode: Which halves take part.
            under: Only documents at or under this folder.
            filters: Only documents that pass these.
            reranking: Who judges the first passages of the hybrid mode once more, if anybody.

        Returns:
            Passages in total order (-score, path, start); in hybrid mode one of each page, and of each text, comes
            first, and what they held back follows with lower scores. For filters without words the beginnings of the
            newest documents that pass, newest first.

        Raises:
            CollectionUnknown: If a collection does not exist.
            StoreDamaged: If the store cannot be read.
        """
        started = time.perf_counter()
        clock = _Clock()
        self._catalogue.require_collections(collections)
        words = query.encode("utf-8", "replace").decode("utf-8").replace("\0", " ")
        scope = Scope(tuple(collections), None if under is None else os.fsencode(under))
        passing = self._catalogue.scope.passing(scope, filters) if filters or under is not None else None
        only = None if passing is None else passing.numbers
        ranked: list[Ranked] = []
        if words.strip() and (only is None or only):
            vector = None if mode == "text" else self._helper.submit(self._embed, words, clock)
            asked = _Asked(words, vector, max(_POOL, _POOL_PER_K * k), max(_AGAIN, _AGAIN_PER_K * k), mode, only, clock)
            for collection in dict.fromkeys(collections):
                ranked += self._ranked(asked, collection)
        ranked, reranked = in_order(ranked), 0
        if filters and only and not words.strip():
            ranked = self._newest(only, k)
        elif mode == "hybrid":
            ranked, reranked = _judged(ranked, words, reranking, clock)
            ranked = spread(ranked, set(query_words(as_names_say(words))))
        else:
            ranked = with_copies(ranked)
        best = self._with_confidence(join_neighbours(map(_passage, ranked), k))
        times = SearchTimes(**clock.milliseconds, total=(time.perf_counter() - started) * 1000)
        found = SearchResult(query=query, mode=mode, passages=best, milliseconds=times, reranked=reranked)
        if passing is None or not filters:
            return found
        return replace(found, documents=len(passing.numbers), mailboxes_left_out=passing.mailboxes_left_out)

    def _newest(self, documents: Sequence[int], k: int) -> list[Ranked]:
        """Give the beginnings of the newest documents, newest first; nothing was looked for, so none has a score."""
        chunks = self._catalogue.scope.newest_chunks(documents, k)
        rows = self._catalogue.chunks.current(chunks)
        return [Ranked(Candidate(rows[c], None, 0.0, by_vector=False, by_text=False), 0.0) for c in chunks if c in rows]

    def _embed(self, words: str, clock: _Clock) -> Vectors:
        started = time.perf_counter()
        vector = self._embedder.embed_query(words)
        clock.add("embed", since=started)
        return vector

    def _ranked(self, asked: _Asked, collection: str) -> list[Ranked]:
        """Rank what a collection has; if what is open was dropped or cleaned away meanwhile, open it once more."""
        try:
            return self._rank(asked, collection)
        except StoreDamaged:
            if asked.vector is not None and (error := asked.vector.exception()) is not None:
                raise error from None  # the embedder's, met while the table was read
            self._store.forget_handles()
            return self._rank(asked, collection)

    def _by_text(self, asked: _Asked, collection: str) -> dict[int, float]:
        started = time.perf_counter()
        found = dict(self._store.texts.best(collection, asked.words, limit=asked.pool, only=asked.only))
        asked.clock.add("text", since=started)
        return found

    def _rank(self, asked: _Asked, collection: str) -> list[Ranked]:
        mode, clock = asked.mode, asked.clock
        started = time.perf_counter()
        by_text, nearest, others = dict[int, float](), dict[int, float](), dict[int, float]()
        # The words are looked for while the query is embedded, and the vectors as soon as it is.
        finding = None if mode == "vector" else self._helper.submit(self._by_text, asked, collection)
        try:
            if asked.vector is not None:
                nearest, others = self._store.vectors.near(
                    collection, asked.vector, limit=asked.pool, only=asked.only, others=finding or ()
                )
                clock.add("vector", since=started)
        finally:  # also where the vectors cannot be read: what is open is closed then
            by_text = {} if finding is None else finding.result()
        started = time.perf_counter()
        if mode == "hybrid":
            by_text_of_others = self._store.texts.scores(
                collection, asked.words, [chunk for chunk in nearest if chunk not in by_text]
            )
            ranked = self._fused(asked, collection, nearest, by_text, others | nearest, by_text | by_text_of_others)
        else:
            rows = self._catalogue.chunks.current([*nearest, *by_text])
            ranked = rank_by(
                [
                    Candidate(row, nearest.get(chunk), by_text.get(chunk, 0.0), chunk in nearest, chunk in by_text)
                    for chunk, row in rows.items()
                ],
                mode,
            )
        clock.add("fuse", since=started)
        return ranked

    def _fused(
        self,
        asked: _Asked,
        collection: str,
        nearest: Collection[int],
        by_text: Collection[int],
        cosines: dict[int, float],
        matches: dict[int, float],
    ) -> list[Ranked]:
        """Rank by both halves and the documents' names; the best once more, with the chunks beside them."""
        rows = self._catalogue.chunks.current([*nearest, *by_text])
        named = query_words(as_names_say(asked.words))
        names = self._catalogue.names.scores(collection, named, {row.document for row in rows.values()})
        aged = ages(row.path for row in rows.values()) if asks_for_newest(asked.words) else {}
        candidates = [
            Candidate(
                row,
                cosines.get(chunk),
                matches.get(chunk, 0.0),
                chunk in nearest,
                chunk in by_text,
                name=names.get(row.document, 0.0),
                age=aged.get(row.path, 0.0),
            )
            for chunk, row in rows.items()
        ]
        best = [r.found for r in fuse(candidates, weights=self._weights)[: asked.again]]
        beside = self._catalogue.chunks.neighbours(c.row.chunk for c in best)
        unknown = [chunk for chunk in {n for ns in beside.values() for n in ns} if chunk not in rows]
        if asked.vector is not None:
            cosines = cosines | self._store.vectors.cosines(collection, asked.vector.result(), unknown)
        matches = matches | self._store.texts.scores(collection, asked.words, unknown)
        again = [
            replace(c, beside=tuple((cosines.get(n), matches.get(n, 0.0)) for n in beside[c.row.chunk])) for c in best
        ]
        return lift_literal(fuse(again, weights=self._weights), asked.words)

    def _with_confidence(self, passages: Sequence[Passage]) -> tuple[Passage, ...]:
        """Say which passages were recognised from pictures, and how surely."""
        confidences = self._catalogue.recognised.confidences((p.sha256, p.page) for p in passages if p.page is not None)
        return tuple(replace(p, ocr_confidence=confidences.get((p.sha256, p.page or 0))) for p in passages)


def _judged(ranked: list[Ranked], words: str, reranking: Reranking | None, clock: _Clock) -> tuple[list[Ranked], int]:
    """Rerank, and put first again what says the query letter for letter: a cross-encoder reads meaning."""
    if reranking is None or not ranked:
        return ranked, 0
    started = time.perf_counter()
    judged, number = rerank(ranked, words, reranking)
    clock.add("rerank", since=started)
    return (lift_literal(judged, words) if judged != ranked else ranked), number


def _passage(ranked: Ranked) -> Passage:
    found, row = ranked.found, ranked.found.row
    return Passage(
        chunk_id=f"{row.doc_id}{row.ordinal:06x}",
        doc_id=row.doc_id,
        collection=row.collection,
        path=row.path,
        path_text=row.path.decode("utf-8", "replace"),
        part=row.part,
        part_kind=row.part_kind,
        page=row.page,
        page_breaks=row.page_breaks,
        start=row.start,
        end=row.end,
        text=row.text,
        context=row.context,
        score=ranked.score,
        cosine=found.cosine or 0.0,
        found_by=found.found_by,
        sha256=row.sha256,
        indexed_at=row.indexed_at,
        behind=row.behind,
        also_in=ranked.also_in,
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    """One search: `pool` candidates of each half, of which the best `again` are ranked twice.

    `only` are the numbers of the documents that are searched, None for all.
    """

    words: str
    vector: Future[Vectors] | None
    pool: int
    again: int
    mode: SearchMode
    only: Sequence[int] | None
    clock: _Clock


class _Clock:
    """Adds up the milliseconds of the steps of one search; some go on side by side."""

    def __init__(self) -> None:
        self.milliseconds: dict[str, float] = {}

    def add(self, step: str, *, since: float) -> None:
        """Add what passed since a moment of `time.perf_counter`; a step is added by one thread at a time."""
        self.milliseconds[step] = self.milliseconds.get(step, 0.0) + (time.perf_counter() - since) * 1000
