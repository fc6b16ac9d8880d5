"""An embedder that remembers the sentences of the last questions: a passage has the same ones for every question."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

import numpy as np

from studiolo.wrapped_embedder import WrappedEmbedder
from studiolo_indexer.records import Embedder, Vectors

MOST_SENTENCES = 1024
"""Those of some twenty questions about other passages: 1.5 MB of vectors at 384 dimensions."""


class SentenceMemory(WrappedEmbedder):
    """Embeds a text once as long as it is remembered; in memory alone, owned by the thread that answers."""

    def __init__(self, embedder: Embedder) -> None:
        super().__init__(embedder)
        self._known: OrderedDict[str, Vectors] = OrderedDict()

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """Embed texts: float32, shape (len(texts), dimension), rows of length 1; only what is not remembered costs."""
        found = {text: self._known[text] for text in texts if text in self._known}
        new = list(dict.fromkeys(text for text in texts if text not in found))
        if new:
            found.update(zip(new, self._inside.embed_documents(new), strict=True))
        for text in texts:
            self._known[text] = found[text]
            self._known.move_to_end(text)
        while len(self._known) > MOST_SENTENCES:
            self._known.popitem(last=False)
        return np.stack([found[text] for text in texts]) if texts else np.zeros((0, self.dimension), dtype=np.float32)
