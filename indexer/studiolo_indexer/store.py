"""What finds chunks: vectors in LanceDB and full text in Tantivy, by the chunks' numbers in the catalogue.

Both are made from the catalogue's chunks and hold nothing that is not there: `compare` says where they differ from it.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from studiolo_indexer.errors import StoreDamaged, store_error
from studiolo_indexer.full_text import TextIndexes, Texts
from studiolo_indexer.records import Vectors
from studiolo_indexer.vector_tables import VectorTables

VECTORS_FOLDER = "vectors.lance"
TEXT_FOLDER = "words.tantivy"
_FORMER_FOLDER = "chunks.lance"  # until November 2026 chunks, vectors and full text stood in one table


@dataclass(frozen=True, slots=True)
class Differences:
    """Chunks that the store has and the catalogue has not, and those that lack their vector or their words."""

    extra: list[int]
    without_vector: list[int]
    without_words: list[int]


class Store:
    """The store of one data folder; a handle of its own for each thread, one of which may write.

    `vectors` and `texts` are its halves; a search asks them one by one, what writes goes through here.

    Args:
        data_folder: Where the halves have their folders.
        dimension: Length of the vectors.
        embedder: Identity of the embedder; its vectors stand in tables of their own.
    """

    def __init__(self, data_folder: Path, *, dimension: int, embedder: str) -> None:
        self._data_folder = data_folder
        self.vectors = VectorTables(data_folder / VECTORS_FOLDER, dimension=dimension, embedder=embedder)
        self.texts = TextIndexes(data_folder / TEXT_FOLDER)

    def close(self) -> None:
        """Give back the handles; what was written is on the disk already."""
        self.vectors.close()
        self.texts.close()

    def forget_handles(self) -> None:
        """Open everything anew at its next use: what was open was removed or cleaned away."""
        self.vectors.forget_handles()
        self.texts.close()

    def add(
        self, collection: str, chunks: Sequence[int], documents: Sequence[int], words: Sequence[str], vectors: Vectors
    ) -> None:
        """Add chunks; no reader counts them before the catalogue has them.

        Args:
            collection: Whose chunks.
            chunks, documents: Their numbers.
            words: Their embedded texts.
            vectors: Shape (chunks, dimension).

        Raises:
            StoreFull, StoreUnwritable: If they cannot be written.
        """
        self.vectors.add(collection, chunks, documents, vectors)
        self.texts.add(collection, zip(chunks, documents, words, strict=True))

    def remove(self, collection: str, chunks: Sequence[int]) -> None:
        """Remove chunks that the catalogue no longer has."""
        self.vectors.remove(collection, chunks)
        self.texts.remove(collection, chunks)

    def merge(self, collection: str, *, idle: bool) -> None:
        """Merge what was written in pieces, where that pays by now; readers stay right meanwhile."""
        if self.vectors.is_due(collection, idle=idle):
            self.vectors.merge(collection, idle=idle)
        if idle:
            self.texts.settle(collection)

    def renew_worn(self, collection: str, texts: Texts) -> None:
        """Write the full text anew where many of its chunks were deleted."""
        if self.texts.is_worn(collection):
            self.texts.rewrite(collection, texts)

    def purge(self, collection: str, texts: Texts) -> None:
        """Leave no trace on the disk of what was removed: old versions go, the full text is written anew (S16)."""
        self.vectors.merge(collection, idle=False, purge=True)
        self.texts.rewrite(collection, texts)

    def compare(self, collection: str, chunks: set[int]) -> Differences:
        """Compare with what the catalogue has; a full text that cannot be read is dropped, to be made anew."""
        vectors = set(self.vectors.chunks(collection))
        try:
            texts = self.texts.chunks(collection)
        except StoreDamaged:
            self.texts.drop(collection)
            texts = set()
        return Differences(
            extra=sorted((vectors | texts) - chunks),
            without_vector=sorted(chunks - vectors),
            without_words=sorted(chunks - texts),
        )

    def drop(self, collection: str) -> None:
        """Remove all of a collection from the disk."""
        self.vectors.drop(collection)
        self.texts.drop(collection)

    def drop_others(self, collections: Sequence[str]) -> None:
        """Remove from the disk what belongs to none of these collections, and tables of other embedders.

        Raises:
            StoreUnwritable: If one cannot be removed.
        """
        self.vectors.drop_others(collections)
        self.texts.drop_others(collections)
        former = self._data_folder / _FORMER_FOLDER
        if former.exists():
            try:
                shutil.rmtree(former)
            except OSError as error:
                raise store_error(error) from error
