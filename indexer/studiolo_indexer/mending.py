"""Puts right what a crash or a full disk left: the store is made to hold what the catalogue has, and no more."""

from __future__ import annotations

import logging

from studiolo_indexer.catalogue import Catalogue
from studiolo_indexer.store import Store

log = logging.getLogger(__name__)


class Mender:
    """Compares the store with the catalogue where a write was cut short; owned by the indexer's thread.

    Args:
        catalogue: The truth.
        store: What is mended.
        embedder: Identity of the embedder in use.
    """

    def __init__(self, catalogue: Catalogue, store: Store, embedder: str) -> None:
        self._catalogue = catalogue
        self._store = store
        self._embedder = embedder

    def begin(self) -> None:
        """Mend the store when the index is opened; what another embedder made waits to be made by this one (R21).

        What this one has made when it was in use before is used again, and the other's stays until all is made.

        Raises:
            As `mend`.
        """
        chunks = self._catalogue.chunks
        is_other = chunks.has_other_embedders(self._embedder)
        if is_other:
            self._catalogue.set_store_dirty(dirty=True)
            chunks.forget_other_embedders(self._embedder)
        if is_other or chunks.has_waiting_for_vectors() or self._store_has_other_sizes():
            self._drop_other_tables_if_due()
            self._compare()
        else:
            self.mend()

    def mend(self) -> None:
        """Mend the store if a write was cut short; costs nothing else.

        Raises:
            StoreFull, StoreUnwritable, StoreDamaged: If the store is at fault; it is tried again with the next call.
        """
        if self._catalogue.store_is_dirty():
            self._drop_other_tables_if_due()
            self._compare()

    def _store_has_other_sizes(self) -> bool:
        """Tell whether a half of a collection was lost, or holds what it should not: its number tells nearly always."""
        counts = {c: self._catalogue.chunks.count(c) for c in self._catalogue.collections()}
        vectors, texts = self._store.vectors, self._store.texts
        return any(n != vectors.count(c) or n != texts.count(c) for c, n in counts.items())

    def _drop_other_tables_if_due(self) -> None:
        """Keep the former embedder's tables while documents wait, in case it comes back, but not if words must go."""
        if self._catalogue.purge_is_due() or not self._catalogue.chunks.has_waiting_for_vectors():
            self.drop_other_tables()

    def _compare(self) -> None:
        chunks, purge = self._catalogue.chunks, self._catalogue.purge_is_due()
        for collection in self._catalogue.collections():
            found = self._store.compare(collection, chunks.all(collection))
            with self._catalogue.transaction():
                chunks.wait_for_vectors(found.without_vector)
            if found.without_words:
                self._store.texts.add(collection, chunks.texts(collection, found.without_words))
            if found.extra:
                log.info("swept %s chunks that a write had left", len(found.extra))
                self._store.remove(collection, found.extra)
            if purge:
                self._store.purge(collection, chunks.texts(collection))
        if purge:
            self._catalogue.scrub()
            self._catalogue.set_purge_due(due=False)
        self._catalogue.set_store_dirty(dirty=False)

    def drop_other_tables(self) -> None:
        """Remove from the disk what no collection has, and what other embedders made."""
        self._store.drop_others(self._catalogue.collections())
