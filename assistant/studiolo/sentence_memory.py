"""An embedder that remembers the sentences of the last questions: a passage has the same ones for every question."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

import numpy as np

from studiolo_indexer.records import Embedder, Vectors

MOST_SENTENCES = 1024
"""Those of some twenty questions about other passages: 1.5 MB of vectors at 384 dimensions."""


class SentenceMemory:
    """Embeds a text once as long as it is remembered; in memory alone, owned by the thread that answers."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._known: OrderedDict[str, Vectors] = OrderedDict()

    @property
    def identity(self) -> str:
        """Stable id of the vectors that the embedder makes."""
        return self._embedder.identity

    @property
    def dimension(self) -> int:
        """Length of each vector."""
        return self._embedder.dimension

    @property
    def max_tokens(self) -> int:
        """Longest input in tokens."""
        return self._embedder.max_tokens

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Count the tokens of each text."""
        return self._embedder.count_tokens(texts)

    def embed_query(self, text: str) -> Vectors:
        """Embed a question: float32, shape (dimension,), length 1."""
        return self._embedder.embed_query(text)

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """Embed texts: float32, shape (len(texts), dimension), rows of length 1; only what is not remembered costs."""
        found = {text: self._known[text] for text in texts if text in self._known}
        new = list(dict.fromkeys(text for text in texts if text not in found))
        if new:
            found.update(zip(new, self._embedder.embed_documents(new), strict=True))
        for text in texts:
            self._known[text] = found[text]
            self._known.move_to_end(text)
        while len(self._known) > MOST_SENTENCES:
            self._known.popitem(last=False)
        return np.stack([found[text] for text in texts]) if texts else np.zeros((0, self.dimension), dtype=np.float32)
