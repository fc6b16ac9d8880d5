"""Embeds one batch of texts in a thread while the next files are read: the extractor's process and the model share the
processor then, where one would wait for the other.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence

import numpy as np

from studiolo_indexer.errors import Stopped
from studiolo_indexer.records import Embedder, Vectors


class EmbeddingAhead:
    """The vectors of some texts, being made; owned by the thread that began it. `seconds` is what they took.

    Args:
        embedder: Embeds; safe to be called from another thread.
        texts: What is embedded.
        stop: What the embedder ends with Stopped for; then there are no vectors.
    """

    def __init__(self, embedder: Embedder, texts: Sequence[str], *, stop: threading.Event) -> None:
        self._embedder = embedder
        self._texts = list(texts)
        self._stop = stop
        self._made = np.zeros((0, embedder.dimension), dtype=np.float32)
        self.seconds = 0.0
        self._error: Exception | None = None
        self._thread: threading.Thread | None = None
        if self._texts:
            self._thread = threading.Thread(target=self._run, name="embed-ahead", daemon=True)
            self._thread.start()

    def is_done(self) -> bool:
        """Tell whether `vectors` would come back at once."""
        return self._thread is None or not self._thread.is_alive()

    def vectors(self) -> Vectors:
        """Wait for the vectors: float32, shape (texts, dimension).

        Raises:
            Stopped: If `stop` was set before all were made.
            Exception: What the embedder raised.
        """
        if self._thread is not None:
            self._thread.join()
        if self._error is not None:
            raise self._error
        if self._stop.is_set():
            raise Stopped
        return self._made

    def _run(self) -> None:
        started = time.perf_counter()
        try:
            self._made = self._embedder.embed_documents(self._texts)
            self.seconds = time.perf_counter() - started
        except Exception as error:  # noqa: BLE001 - a thread's boundary: it is raised again where the vectors are wanted
            self._error = error
