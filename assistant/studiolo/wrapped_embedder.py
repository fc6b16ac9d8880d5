"""An embedder around another one, which says of itself what the one inside says."""

from __future__ import annotations

from collections.abc import Sequence

from studiolo_indexer.records import Embedder, Vectors


class WrappedEmbedder:
    """Passes on all but the embedding of documents, which is what those that wrap an embedder change."""

    def __init__(self, inside: Embedder) -> None:
        self._inside = inside

    @property
    def identity(self) -> str:
        """Stable id of the vectors that the embedder inside makes (hex digits)."""
        return self._inside.identity

    @property
    def dimension(self) -> int:
        """Length of each vector."""
        return self._inside.dimension

    @property
    def max_tokens(self) -> int:
        """Longest input in tokens."""
        return self._inside.max_tokens

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Count the tokens of each text as the embedder inside does."""
        return self._inside.count_tokens(texts)

    def embed_query(self, text: str) -> Vectors:
        """Embed a question at once: float32, shape (dimension,), length 1."""
        return self._inside.embed_query(text)
