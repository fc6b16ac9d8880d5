"""What the fakes do beyond the contract (test_protocols.py): they are scripted, and tell what they were asked."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from studiolo_models.fakes import FakeChat, FakeEmbedder, FakeReranker
from studiolo_models.protocols import ChatMessage, GenerationOptions

ASK = [ChatMessage("user", "What?")]


def test_a_fake_chat_says_its_words_and_keeps_its_prompts() -> None:
    chat = FakeChat("Leave is\n30 days [1].")
    generation = chat.generate(ASK, options=GenerationOptions(), cancel=threading.Event())
    assert "".join(generation) == "Leave is\n30 days [1]."
    assert generation.stats is not None
    assert generation.stats.finish == "stop"
    assert chat.prompts == [ASK]


def test_a_fake_reranker_counts_common_words_and_stops_between_two_batches() -> None:
    reranker = FakeReranker()
    assert reranker.score("leave days", ["Days of leave", "notice"], go_on=lambda: True).tolist() == [2, 0]
    assert len(reranker.score("leave", ["leave"] * 9, go_on=lambda: False)) == 4


def test_a_slow_fake_chat_is_cancelled_at_once() -> None:
    """Its first word would come in an hour; the test's own limit is three minutes."""
    cancel = threading.Event()
    generation = FakeChat("a b c", seconds_per_word=3600).generate(ASK, options=GenerationOptions(), cancel=cancel)
    threading.Timer(0.05, cancel.set).start()
    assert list(generation) == []
    assert generation.stats is not None
    assert (generation.stats.finish, generation.stats.answer_tokens) == ("cancelled", 0)


@pytest.mark.parametrize("stop", ["30", "Leave", "never said"])
def test_a_fake_chat_keeps_to_stop_sequences(stop: str) -> None:
    answer = "Leave is 30 days."
    generation = FakeChat(answer).generate(ASK, options=GenerationOptions(stop=(stop,)), cancel=threading.Event())
    assert "".join(generation) == answer.partition(stop)[0].rstrip()


def test_a_fake_embedder_is_the_same_in_every_process_and_counts_its_work() -> None:
    one, other = FakeEmbedder(), FakeEmbedder()
    assert np.array_equal(one.embed_query("cat"), other.embed_query("CAT"))
    one.embed_documents(["a", "b"])
    assert one.texts_embedded == ["a", "b"]
    assert FakeEmbedder(dimension=8).embed_query("\udcff").shape == (8,)
