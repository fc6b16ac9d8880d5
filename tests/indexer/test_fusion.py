"""Both scores count for every candidate, and the order depends on the input alone."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

from studiolo_indexer.chunk_rows import CurrentChunk
from studiolo_indexer.fusion import Candidate, Ranked, fuse, lift_literal, rank_by


def candidate(name: str, *, cosine: float = 0.0, match: float = 0.0, text: str = "") -> Candidate:
    number = ord(name)
    row = CurrentChunk(
        number, number, name, 0, 0, len(text), None, (), "", "section", "", text, f"/{name}".encode(), "documents",
        "", "",
    )  # fmt: skip
    return Candidate(row, cosine, match, cosine > 0, match > 0)


def names(ranked: Sequence[Ranked]) -> list[str]:
    return [r.found.row.doc_id for r in ranked]


def test_a_row_that_both_halves_score_beats_one_that_one_half_scores() -> None:
    both, vector_only = candidate("a", cosine=0.8, match=8.0), candidate("b", cosine=0.9)
    text_only = candidate("c", cosine=0.1, match=9.0)
    assert names(fuse([vector_only, both, text_only])) == ["a", "c", "b"]


def test_the_best_of_both_halves_scores_one() -> None:
    assert fuse([candidate("a", cosine=0.7, match=3.0)])[0].score == 1.0


def test_words_count_for_both_where_the_vector_is_still_to_be_made() -> None:
    """Else a document that waits for the new embedder would stand below all that are done."""
    waiting = replace(candidate("w", match=9.0), cosine=None)
    assert names(fuse([candidate("a", cosine=0.9, match=2.0), waiting])) == ["w", "a"]
    assert fuse([waiting])[0].score == 1.0
    assert rank_by([waiting], "vector")[0].score == 0.0


def test_equal_scores_are_ordered_by_path_whatever_the_order_of_the_input() -> None:
    """Ids are random: ordered by them, copies of a text would change places from one index to the next."""
    rows = [candidate(name, cosine=0.5) for name in "dbca"]
    for seed in range(5):
        random.Random(seed).shuffle(rows)
        assert names(fuse(rows)) == list("abcd")


def test_nothing_found_is_nothing_and_a_negative_cosine_counts_as_none() -> None:
    assert fuse([]) == []
    assert fuse([candidate("a", cosine=-0.4)])[0].score == 0.0


SENTENCE = "Depending on the plans you have, you may be able to coordinate benefits."


def test_a_pasted_sentence_finds_where_it_stands_before_its_near_twins() -> None:
    twin = candidate(
        "a", text="Benefits: you may have plans that coordinate, depending on what you can.", cosine=0.9, match=8
    )
    text = f"Before it.\n\nDepending on the plans\n{SENTENCE[23:]} And after it."
    here = candidate("b", text=text, cosine=0.5, match=9)
    ranked = fuse([twin, here])
    assert names(ranked) == ["a", "b"]
    lifted = lift_literal(ranked, SENTENCE)
    assert (names(lifted)[0], round(lifted[0].score, 3)) == ("b", 1.0)


def test_part_of_a_sentence_lifts_by_its_share_and_a_question_lifts_nothing() -> None:
    half = candidate("a", text="Depending on the plans you have, ask.", cosine=0.5, match=5)
    ranked = fuse([half, candidate("b", text="Other.", cosine=1.0, match=10)])
    before = {r.found.row.doc_id: r.score for r in ranked}
    after = {r.found.row.doc_id: r.score for r in lift_literal(ranked, SENTENCE)}
    assert before["a"] < after["a"] < 1.0
    assert after["b"] == before["b"]
    for question in ("plans you have", "", "Which plans may I have at all?"):
        assert lift_literal(ranked, question) == ranked


def test_words_that_stand_inside_others_or_apart_are_no_run() -> None:
    inside = candidate("a", text="Depending on the plansible you have.", cosine=0.5, match=9)
    apart = candidate("b", text="You have the plans, depending on it.", cosine=0.6, match=8)
    ranked = fuse([inside, apart])
    assert lift_literal(ranked, "depending on the plans you have") == ranked
