"""A batch is embedded while the next is read; its vectors are those of its texts, and it can be stopped."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

import numpy as np
import pytest

from studiolo_indexer.embedding_ahead import EmbeddingAhead
from studiolo_indexer.errors import Stopped
from studiolo_indexer.records import Vectors
from studiolo_models.fakes import FakeEmbedder

TEXTS = [f"{'word ' * (n % 7)}text {n}" for n in range(200)]


class Slow(FakeEmbedder):
    """Embeds when it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.begun, self.go = threading.Event(), threading.Event()

    def embed_documents(self, texts: Sequence[str], *, before_batch: Callable[[], None] | None = None) -> Vectors:
        self.begun.set()
        self.go.wait(20)
        return super().embed_documents(texts)


def test_the_vectors_stand_in_the_order_of_their_texts_whatever_their_lengths() -> None:
    made = EmbeddingAhead(FakeEmbedder(), TEXTS, stop=threading.Event())
    assert np.allclose(made.vectors(), FakeEmbedder().embed_documents(TEXTS))
    assert made.is_done()
    assert EmbeddingAhead(FakeEmbedder(), [], stop=threading.Event()).vectors().shape == (0, FakeEmbedder().dimension)


def test_it_begins_at_once_and_waits_only_when_asked() -> None:
    embedder = Slow()
    made = EmbeddingAhead(embedder, TEXTS, stop=threading.Event())
    assert embedder.begun.wait(20)
    assert not made.is_done()
    embedder.go.set()
    assert len(made.vectors()) == len(TEXTS)


def test_after_a_stop_there_are_no_vectors_whether_the_embedder_ended_or_not() -> None:
    embedder, stop = Slow(), threading.Event()
    made = EmbeddingAhead(embedder, TEXTS, stop=stop)
    assert embedder.begun.wait(20)
    stop.set()
    embedder.go.set()
    with pytest.raises(Stopped):
        made.vectors()

    class Ends(FakeEmbedder):
        def embed_documents(self, texts: Sequence[str], *, before_batch: Callable[[], None] | None = None) -> Vectors:
            raise Stopped

    with pytest.raises(Stopped):
        EmbeddingAhead(Ends(), TEXTS, stop=threading.Event()).vectors()


def test_what_the_embedder_raises_is_raised_where_the_vectors_are_wanted() -> None:
    class Broken(FakeEmbedder):
        def embed_documents(self, texts: Sequence[str], *, before_batch: Callable[[], None] | None = None) -> Vectors:
            raise MemoryError("no room")

    with pytest.raises(MemoryError, match="no room"):
        EmbeddingAhead(Broken(), TEXTS, stop=threading.Event()).vectors()
