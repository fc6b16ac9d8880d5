"""Both scores count for every candidate, and the order depends on the input alone."""

from __future__ import annotations

import random

from studiolo_indexer.fusion import fuse, lift_literal
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


SENTENCE = "Depending on the plans you have, you may be able to coordinate benefits."


def said(name: str, text: str, *, cosine: float, match: float) -> StoredRow:
    return StoredRow(name, 1, 0, 0, len(text), None, "", "section", "", text, cosine, match)


def test_a_pasted_sentence_finds_where_it_stands_before_its_near_twins() -> None:
    twin = said(
        "a", "Benefits: you may have plans that coordinate, depending on what you are able to.", cosine=0.9, match=8
    )
    here = said("b", f"Before it.\n\nDepending on the plans\n{SENTENCE[23:]} And after it.", cosine=0.5, match=9)
    ranked = fuse([twin], [here, twin], {twin.key: 8.0, here.key: 9.0})
    assert [f.row.doc_id for f in ranked] == ["a", "b"]
    lifted = lift_literal(ranked, [here, twin], SENTENCE)
    assert (lifted[0].row.doc_id, round(lifted[0].score, 3)) == ("b", 1.0)


def test_part_of_a_sentence_lifts_by_its_share_and_a_question_lifts_nothing() -> None:
    half = said("a", "Depending on the plans you have, ask.", cosine=0.5, match=5)
    ranked = fuse([], [half, said("b", "Other.", cosine=1.0, match=10)], {})
    before = {f.row.doc_id: f.score for f in ranked}
    after = {f.row.doc_id: f.score for f in lift_literal(ranked, [half], SENTENCE)}
    assert before["a"] < after["a"] < 1.0
    assert after["b"] == before["b"]
    for question in ("plans you have", "", "Which plans may I have at all?"):
        assert lift_literal(ranked, [half], question) == ranked
