"""The order in which passages are looked at."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from studiolo.drafting.choosing import by_turns, in_turn, spread_over_pages

PAGES = st.lists(st.integers(min_value=1, max_value=6), max_size=30)


@given(PAGES, st.integers(min_value=0, max_value=9))
def test_each_page_gives_one_before_any_gives_a_second(pages: list[int], seed: int) -> None:
    order = spread_over_pages(list(enumerate(pages)), seed=seed)
    assert sorted(order) == list(range(len(pages)))
    first = [pages[chunk] for chunk in order[: len(set(pages))]]
    assert sorted(first) == sorted(set(pages))


def test_the_same_seed_gives_the_same_order_and_another_one_another() -> None:
    documents = [f"{n}.pdf" for n in range(20)]
    assert in_turn(documents, seed=3) == in_turn(documents, seed=3)
    assert in_turn(documents, seed=3) != in_turn(documents, seed=4)
    chunks = [(n, None) for n in range(50)]
    assert spread_over_pages(chunks, seed=3) == spread_over_pages(chunks, seed=3)


def test_a_text_without_pages_is_looked_at_all_over() -> None:
    order = spread_over_pages([(n, None) for n in range(50)], seed=0)
    assert {n // 10 for n in order[:5]} == {0, 1, 2, 3, 4}


def test_documents_take_turns_until_there_is_enough_or_nothing_left() -> None:
    queues = {"a": iter([1, 2, 3]), "b": iter([10])}
    assert list(by_turns(queues, at_most=10)) == [1, 10, 2, 3]
    assert list(by_turns({"a": iter([1, 2]), "b": iter([3])}, at_most=2)) == [1, 3]
