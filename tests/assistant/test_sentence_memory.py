"""A sentence is embedded once, as long as it is remembered, and its vector is the same."""

from __future__ import annotations

import numpy as np

from studiolo.sentence_memory import MOST_SENTENCES, SentenceMemory
from studiolo_models.fakes import FakeEmbedder


def test_only_new_sentences_are_embedded_and_all_vectors_come_in_order() -> None:
    inner = FakeEmbedder()
    memory = SentenceMemory(inner)
    memory.embed_documents(["one", "two"])
    found = memory.embed_documents(["two", "three", "three", "one"])
    assert inner.texts_embedded == ["one", "two", "three"]
    assert np.array_equal(found, FakeEmbedder().embed_documents(["two", "three", "three", "one"]))


def test_no_sentence_gives_no_row() -> None:
    assert SentenceMemory(FakeEmbedder()).embed_documents([]).shape == (0, FakeEmbedder().dimension)


def test_what_was_not_used_longest_goes_first() -> None:
    inner = FakeEmbedder()
    memory = SentenceMemory(inner)
    memory.embed_documents(["old", "used"])
    memory.embed_documents([f"sentence {n}" for n in range(MOST_SENTENCES - 2)])
    memory.embed_documents(["used"])
    memory.embed_documents(["one more"])
    inner.texts_embedded.clear()
    memory.embed_documents(["used", "old"])
    assert inner.texts_embedded == ["old"]


def test_more_sentences_than_are_remembered_are_embedded_all_the_same() -> None:
    texts = [f"sentence {n}" for n in range(MOST_SENTENCES + 10)]
    assert SentenceMemory(FakeEmbedder()).embed_documents(texts).shape[0] == len(texts)


def test_it_is_the_embedder_in_all_else() -> None:
    inner = FakeEmbedder()
    memory = SentenceMemory(inner)
    assert (memory.identity, memory.dimension, memory.max_tokens) == (inner.identity, inner.dimension, inner.max_tokens)
    assert memory.count_tokens(["two words"]) == inner.count_tokens(["two words"])
    assert np.array_equal(memory.embed_query("why"), inner.embed_query("why"))
