"""Indexing yields to answers, stops when it is told, and takes a third of the processor when it is to be gentle."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence

import numpy as np
import pytest

from studiolo.index_gate import GatedEmbedder, IndexGate
from studiolo_indexer.errors import Stopped
from studiolo_indexer.records import Vectors
from studiolo_models.fakes import FakeEmbedder

WAIT_S = 20.0


def test_vectors_come_back_in_the_order_of_their_texts() -> None:
    """They are embedded sorted by length and in small steps."""
    texts = [f"word{n} " * (1 + n * 7 % 50) for n in range(100)]
    inside = FakeEmbedder()
    gated = GatedEmbedder(inside, IndexGate(busy=threading.Event()), threading.Event())
    assert np.array_equal(gated.embed_documents(texts), FakeEmbedder().embed_documents(texts))
    assert (gated.identity, gated.dimension, gated.max_tokens) == (inside.identity, inside.dimension, inside.max_tokens)
    assert gated.count_tokens(texts) == inside.count_tokens(texts)
    assert np.array_equal(gated.embed_query("word1"), inside.embed_query("word1"))
    assert gated.embed_documents([]).shape == (0, inside.dimension)


def test_indexing_waits_while_a_question_is_answered() -> None:
    """R14: a question is not slowed by what can wait."""
    busy, stop = threading.Event(), threading.Event()
    embedder = FakeEmbedder()
    gated = GatedEmbedder(embedder, IndexGate(busy=busy), stop)
    busy.set()
    done = threading.Event()

    def embed() -> None:
        gated.embed_documents(["some words"])
        done.set()

    thread = threading.Thread(target=embed)
    thread.start()
    assert not done.wait(0.3)
    assert embedder.texts_embedded == []
    busy.clear()
    assert done.wait(WAIT_S)
    thread.join(WAIT_S)


def test_a_stop_takes_effect_between_a_few_texts_also_while_it_waits() -> None:
    stop = threading.Event()
    counted: list[int] = []

    class StopsAfterOneStep(FakeEmbedder):
        def embed_documents(self, texts: Sequence[str], *, before_batch: Callable[[], None] | None = None) -> Vectors:
            assert before_batch is not None
            for number in range(100):
                before_batch()
                counted.append(number)
                stop.set()
            return super().embed_documents(texts)

    gated = GatedEmbedder(StopsAfterOneStep(), IndexGate(busy=threading.Event()), stop)
    with pytest.raises(Stopped):
        gated.embed_documents(["x"] * 1000)
    assert counted == [0]
    waiting = threading.Event()
    waiting.set()
    with pytest.raises(Stopped):
        GatedEmbedder(FakeEmbedder(), IndexGate(busy=waiting), stop).embed_documents(["x"])


# ---- the gentle speed --------------------------------------------------------------------------------------------


class NotedStop(threading.Event):
    """Notes how long it was waited for, and waits for nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.rests: list[float] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.rests.append(timeout or 0.0)
        return self.is_set()


def gate(speed: tuple[str, str], *, on_battery: bool = False) -> IndexGate:
    return IndexGate(busy=threading.Event(), on_battery=lambda: on_battery, speed=lambda: speed)


@pytest.mark.parametrize(
    ("speed", "on_battery", "gentle"),
    [
        (("full", "gentle"), False, False),
        (("full", "gentle"), True, True),
        (("full", "full"), True, False),
        (("gentle", "full"), False, True),
    ],
)
def test_it_is_gentle_when_the_user_says_so_and_on_battery(
    speed: tuple[str, str], on_battery: bool, gentle: bool
) -> None:
    assert gate(speed, on_battery=on_battery).is_gentle() is gentle
    stop = NotedStop()
    gate(speed, on_battery=on_battery).wait(stop, worked_s=0.5)
    assert stop.rests == ([1.0] if gentle else [])


def test_a_rest_follows_work_alone_and_is_never_long() -> None:
    stop = NotedStop()
    slow = gate(("gentle", "gentle"))
    slow.wait(stop)
    assert stop.rests == []
    slow.wait(stop, worked_s=100.0)
    assert stop.rests == [3.0]


def test_embedding_rests_twice_as_long_as_it_works() -> None:
    class Slow(FakeEmbedder):
        def embed_documents(self, texts: Sequence[str], *, before_batch: Callable[[], None] | None = None) -> Vectors:
            assert before_batch is not None
            for _ in range(3):
                before_batch()
                threading.Event().wait(0.02)
            return super().embed_documents(texts)

    stop = NotedStop()
    GatedEmbedder(Slow(), gate(("gentle", "gentle")), stop).embed_documents(["x"] * 96)
    assert min(stop.rests[-2:]) >= 0.04  # between three batches


def test_a_rest_ends_with_the_stop() -> None:
    stop = threading.Event()
    stop.set()
    started = time.monotonic()
    gate(("gentle", "gentle")).wait(stop, worked_s=1.0)
    assert time.monotonic() - started < 0.5


def test_the_system_is_asked_for_its_battery_now_and_then() -> None:
    asked: list[int] = []

    def on_battery() -> bool:
        asked.append(1)
        return False

    looked = IndexGate(busy=threading.Event(), on_battery=on_battery, speed=lambda: ("full", "gentle"))
    assert not any(looked.is_gentle() for _ in range(100))
    assert asked == [1]
