"""A cross-encoder orders what it had time for; the rest stays behind in its order, and nothing depends on the clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from candidates import candidate, names
from world import World

from studiolo_indexer.fusion import Ranked
from studiolo_indexer.reranking import MOST, Reranking, rerank
from studiolo_indexer.search import Searcher
from studiolo_models.fakes import FakeReranker

QUERY = "leave days"


def ranking(*texts: str) -> list[Ranked]:
    """Rank texts in the order given, from 1.0 downwards by 0.01."""
    rows = [candidate(chr(ord("a") + n), text=text) for n, text in enumerate(texts)]
    return [Ranked(row, 1 - n / 100) for n, row in enumerate(rows)]


class Clock:
    """Stands still until it is told how much time has gone."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    def takes(self, seconds: float) -> Callable[[], None]:
        def go() -> None:
            self.now += seconds

        return go


def test_what_answers_better_comes_first_and_scores_stay_in_order() -> None:
    ranked, judged = rerank(ranking("notice", "leave", "leave days", "weeks"), QUERY, Reranking(FakeReranker()))
    assert (names(ranked), judged) == (["c", "b", "a", "d"], 4)
    scores = [r.score for r in ranked]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)
    assert scores[0] == pytest.approx(0.5 * 0.98 + 0.5)


def test_both_judgements_count_the_same() -> None:
    """What both halves of a search held for far better is not overturned by a little."""
    first, second, third = ranking("leave", "leave days", "weeks")
    ranked = [first, replace(second, score=0.4), replace(third, score=0.2)]
    assert names(rerank(ranked, QUERY, Reranking(FakeReranker()))[0]) == ["a", "b", "c"]


def test_the_context_of_a_chunk_is_read_with_it() -> None:
    plain, titled = ranking("of ten", "of ten")
    titled = Ranked(replace(titled.found, row=replace(titled.found.row, context="Leave days")), titled.score)
    assert names(rerank([plain, titled], QUERY, Reranking(FakeReranker()))[0]) == ["b", "a"]


def test_no_time_leaves_everything_as_it_was() -> None:
    before, reranker = ranking("notice", "leave days"), FakeReranker()
    assert rerank(before, QUERY, Reranking(reranker, 0)) == (before, 0)
    assert reranker.judged == []


def test_a_slow_model_orders_what_it_had_time_for_and_keeps_to_the_budget() -> None:
    """Two of the batches of four fit into 300 ms; the third would end at 360 ms."""
    clock = Clock()
    before = ranking(*(f"notice {n}" for n in range(7)), "leave days 7", "leave days 8", "weeks")
    how = Reranking(FakeReranker(before_batch=clock.takes(0.12)), 300, clock)
    after, judged = rerank(before, QUERY, how)
    assert judged == 8
    assert clock.now == pytest.approx(100.24)
    assert names(after) == ["h", *"abcdefg", "i", "j"]
    assert [r.score for r in after] == sorted((r.score for r in after), reverse=True)


def test_a_model_that_is_slower_than_the_budget_judges_one_batch() -> None:
    clock = Clock()
    before = ranking("notice", "leave", "leave days", "weeks", "leave days too")
    after, judged = rerank(before, QUERY, Reranking(FakeReranker(before_batch=clock.takes(2.0)), 300, clock))
    assert (names(after), judged, clock.now) == (["c", "b", "a", "d", "e"], 4, 102.0)


def test_without_a_limit_the_first_twenty_are_judged_whatever_it_takes() -> None:
    clock = Clock()
    reranker = FakeReranker(before_batch=clock.takes(1000.0))
    before = ranking(*(f"text {n}" for n in range(MOST)), "leave days")
    after, judged = rerank(before, "text 19", Reranking(reranker, None, clock))
    assert (judged, names(after)[0], names(after)[-1]) == (MOST, chr(ord("a") + 19), chr(ord("a") + MOST))


def test_a_copy_is_judged_once_and_goes_with_its_text() -> None:
    reranker = FakeReranker()
    after, judged = rerank(ranking("leave days", "notice", "leave days"), QUERY, Reranking(reranker))
    assert (names(after), judged, len(reranker.judged)) == (["a", "c", "b"], 2, 2)


@pytest.mark.parametrize("texts", [(), ("leave",), ("weeks", "notice"), ("leave", "leave")])
def test_where_there_is_nothing_to_tell_apart_the_order_stands(texts: tuple[str, ...]) -> None:
    before = ranking(*texts)
    assert rerank(before, QUERY, Reranking(FakeReranker()))[0] == before


def test_a_model_that_judges_nothing_leaves_the_order() -> None:
    class Silent:
        def score(self, query: str, texts: object, *, go_on: object) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
            return np.zeros(0, dtype=np.float32)

    before = ranking("notice", "leave days")
    assert rerank(before, QUERY, Reranking(Silent())) == (before, 0)


def searched(world: World, query: str, reranking: Reranking | None, mode: str = "hybrid") -> tuple[list[str], int]:
    searcher = Searcher(data_folder=world.data, embedder=world.embedder)
    try:
        found = searcher.search(query, reranking=reranking, mode=mode)  # type: ignore[arg-type]  # the tests' own word
        assert [p.score for p in found.passages] == sorted((p.score for p in found.passages), reverse=True)
        assert (found.milliseconds.rerank > 0) == (reranking is not None and mode == "hybrid")
        return [Path(p.path_text).name for p in found.passages], found.reranked
    finally:
        searcher.close()


def test_a_search_follows_the_reranker_and_copies_stay_behind(world: World) -> None:
    """The rule that copies are folded holds after it."""
    world.write("a.md", "Leave days are ten.")
    world.write("b.md", "Leave is granted by the head.")
    world.write("copy of b.md", "Leave is granted by the head.")
    world.sync()
    plain = searched(world, "leave days", None)
    assert plain == (["a.md", "b.md", "copy of b.md"], 0)
    turned, judged = searched(world, "leave days", Reranking(FakeReranker(factor=-1)))
    assert (turned, judged > 1) == (["b.md", "a.md", "copy of b.md"], True)
    assert searched(world, "leave days", Reranking(FakeReranker(factor=-1)), mode="text")[1] == 0


def test_what_says_the_query_letter_for_letter_stays_first(world: World) -> None:
    """R24, whatever a cross-encoder thinks of numbers."""
    world.write("a.txt", "Docket AZ-2024/0815 was closed.")
    world.write("b.txt", "Docket of another matter was closed.")
    world.sync()
    assert searched(world, "AZ-2024/0815", Reranking(FakeReranker(factor=-1)))[0][0] == "a.txt"
