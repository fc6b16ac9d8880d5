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

    def mend(self) -> None:
        """Mend the store if a write was cut short; costs nothing else.

        Raises:
            StoreFull, StoreUnwritable, StoreDamaged: If the store is at fault; it is tried again with the next call.
        """
        if not self._catalogue.store_is_dirty():
            return
        self.drop_other_tables()
        chunks, purge = self._catalogue.chunks, self._catalogue.purge_is_due()
        for collection in self._catalogue.collections():
            found = self._store.compare(collection, chunks.all(collection))
            with self._catalogue.transaction():
                # A vector that is lost must be made again: its document is read anew.
                removed = chunks.forget_documents_of(found.without_vector, embedder=self._embedder)
            if found.without_words:
                self._store.texts.add(collection, chunks.texts(collection, found.without_words))
            if extra := [*found.extra, *removed]:
                log.info("swept %s chunks that a write had left", len(extra))
                self._store.remove(collection, extra)
            if purge:
                self._store.purge(collection, chunks.texts(collection))
        if purge:
            self._catalogue.scrub()
            self._catalogue.set_purge_due(due=False)
        self._catalogue.set_store_dirty(dirty=False)

    def drop_other_tables(self) -> None:
        """Remove what no collection has with this embedder; documents that other vectors were made of wait for new."""
        self._catalogue.forget_other_embedders(self._embedder)
        self._store.drop_others(self._catalogue.collections())
