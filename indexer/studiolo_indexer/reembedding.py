"""Makes the vectors that documents lack, from the texts that the catalogue has: no file is read for it (R21)."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from threading import Event

import numpy as np

from studiolo_indexer.catalogue import Catalogue
from studiolo_indexer.chunk_rows import WaitingForVectors
from studiolo_indexer.errors import Stopped
from studiolo_indexer.ledger_rows import display
from studiolo_indexer.records import Embedder, IndexProgress
from studiolo_indexer.store import Store
from studiolo_indexer.tally import Tally

_BATCH_CHUNKS = 256


class Reembedder:
    """Embeds documents after a change of the embedder, or the loss of their vectors; owned by the indexer's thread.

    Each document can be found by its meaning as soon as its vectors are there, and by its words all the time.

    Args:
        catalogue, store, embedder: What is used.
        stop: Ends the work between two steps.
        on_progress: Told of each batch before it is embedded.
    """

    def __init__(
        self,
        *,
        catalogue: Catalogue,
        store: Store,
        embedder: Embedder,
        stop: Event,
        on_progress: Callable[[IndexProgress], None],
    ) -> None:
        self._catalogue = catalogue
        self._store = store
        self._embedder = embedder
        self._stop = stop
        self._on_progress = on_progress

    def run(self, *, until: Callable[[], bool], tally: Tally) -> bool:
        """Embed what waits, until `until` says yes between two batches; tells whether nothing waits any more.

        Raises:
            Stopped: If the stop is set; what was written stays.
            StoreFull, StoreUnwritable: If the vectors cannot be written.
        """
        waiting = self._catalogue.chunks.waiting_for_vectors()
        done, started = 0, time.monotonic()
        total = sum(document.n_chunks for document in waiting)
        n_chunks = 0
        if waiting and until():
            return False
        for batch in _batches(waiting):
            elapsed = time.monotonic() - started
            rate = n_chunks / elapsed if n_chunks and elapsed > 0 else None
            left = (total - n_chunks) / rate if rate else None
            name = display(os.path.basename(batch[0].path))
            collection = batch[0].collection
            embedded = tally.chunks_embedded
            self._on_progress(IndexProgress("index", collection, done, len(waiting), embedded, name, left, rate))
            rows = ((n, d.document, text) for d in batch for n, text in self._catalogue.chunks.texts_of(d.document))
            while piece := list(islice(rows, _BATCH_CHUNKS)):
                n_chunks += self._embed(collection, piece, tally)
                if until():  # what was embedded of a long document is there when it goes on
                    return False
                if self._stop.is_set():
                    raise Stopped
            with self._catalogue.transaction():
                self._catalogue.chunks.set_embedded([d.document for d in batch], self._embedder.identity)
            self._store.merge(collection, idle=False)
            done += len(batch)
        return True

    def _embed(self, collection: str, rows: Sequence[tuple[int, int, str]], tally: Tally) -> int:
        """Embed what some (chunk, document, text) lack; gives how many they are.

        No mark is needed: whatever stops it, a vector belongs to a chunk that counts.
        """
        there = self._store.vectors.vectors(collection, [n for n, _, _ in rows])
        missing = [row for row in rows if row[0] not in there]
        texts = list(dict.fromkeys(text for _, _, text in missing))
        started = time.perf_counter()
        made = dict(zip(texts, self._embedder.embed_documents(texts), strict=True)) if texts else {}
        tally.embed_s += time.perf_counter() - started
        tally.chunks_embedded += len(texts)
        tally.chunks_reused += len(rows) - len(texts)
        started = time.perf_counter()
        if missing:
            vectors = np.stack([made[text] for _, _, text in missing])
            chunks, documents = [n for n, _, _ in missing], [document for _, document, _ in missing]
            self._store.vectors.add(collection, chunks, documents, vectors)
        tally.write_s += time.perf_counter() - started
        return len(rows)


def _batches(waiting: Sequence[WaitingForVectors]) -> Iterator[list[WaitingForVectors]]:
    """Cut documents into batches of one collection each, of about as many chunks as are embedded at once."""
    batch: list[WaitingForVectors] = []
    for document in waiting:
        if batch and batch[0].collection != document.collection:
            yield batch
            batch = []
        batch.append(document)
        if sum(d.n_chunks for d in batch) >= _BATCH_CHUNKS:
            yield batch
            batch = []
    if batch:
        yield batch
