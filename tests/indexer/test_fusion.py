"""Both scores count for every candidate, and the order depends on the input alone."""

from __future__ import annotations

import random

from studiolo_indexer.fusion import fuse
from studiolo_indexer.store import StoredRow


def row(name: str, *, cosine: float | None = None, match: float | None = None) -> StoredRow:
    return StoredRow(name, 1, 0, 0, 1, None, "", "section", "", name, cosine, match)


def test_a_row_that_both_halves_find_beats_one_that_one_half_finds() -> None:
    both, vector_only, text_only = row("a", cosine=0.8), row("b", cosine=0.9), row("c", cosine=0.1, match=9.0)
    fused = fuse([vector_only, both], [text_only], {("a", 1, 0): 8.0, ("c", 1, 0): 9.0})
    assert [f.row.doc_id for f in fused] == ["a", "c", "b"]
    assert [f.found_by for f in fused] == [("vector",), ("text",), ("vector",)]


def test_the_best_of_both_halves_scores_one() -> None:
    fused = fuse([row("a", cosine=0.7)], [row("a", cosine=0.7, match=3.0)], {("a", 1, 0): 3.0})
    assert fused[0].score == 1.0
    assert fused[0].found_by == ("vector", "text")


def test_equal_scores_are_ordered_by_key_whatever_the_order_of_the_input() -> None:
    rows = [row(name, cosine=0.5) for name in "dbca"]
    for seed in range(5):
        random.Random(seed).shuffle(rows)
        assert [f.row.doc_id for f in fuse(rows, [], {})] == list("abcd")


def test_nothing_found_is_nothing_and_a_negative_cosine_counts_as_none() -> None:
    assert fuse([], [], {}) == []
    assert fuse([row("a", cosine=-0.4)], [], {})[0].score == 0.0
