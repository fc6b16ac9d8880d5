"""Both scores count for every candidate, and the order depends on the input alone."""

from __future__ import annotations

import random
from dataclasses import replace

from candidates import candidate, names

from studiolo_indexer.fusion import Candidate, Ranked, Weights, fuse, rank_by, spread, with_copies


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


def test_a_chunk_between_two_that_match_comes_before_one_that_stands_alone() -> None:
    """An answer that begins in one chunk and ends in the next."""
    alone = candidate("a", cosine=0.8, match=8.0)
    between = replace(candidate("b", cosine=0.78, match=7.8), beside=((0.7, 7.0), (0.7, 7.0)))
    lost = replace(alone, beside=((0.1, 0.0), (0.1, 0.0)))
    assert names(fuse([lost, between])) == ["b", "a"]
    assert names(fuse([alone, between])) == ["a", "b"]  # a document of one chunk has nothing beside it to lose by


def test_the_document_that_is_named_comes_first_and_an_old_version_last() -> None:
    one, two, three = (candidate(n, cosine=0.8, match=8.0) for n in "abc")
    assert names(fuse([replace(one, age=1.0), two, replace(three, name=3.0)])) == ["c", "b", "a"]
    assert all(0.0 <= r.score <= 1.0 for r in fuse([replace(three, name=30.0), replace(one, age=1.0)]))


def test_weights_decide() -> None:
    by_meaning, by_words = candidate("a", cosine=0.9, match=1.0), candidate("b", cosine=0.1, match=9.0)
    assert names(fuse([by_meaning, by_words], weights=Weights(vector=0.9))) == ["a", "b"]
    assert names(fuse([by_meaning, by_words], weights=Weights(vector=0.1))) == ["b", "a"]


def on_page(found: Candidate, page: int, document: str = "d") -> Candidate:
    return replace(found, row=replace(found.row, page=page, doc_id=document))


def test_one_chunk_of_each_page_and_text_comes_first_and_scores_still_fall() -> None:
    ranked = [
        Ranked(on_page(candidate("a", text="One."), 1), 0.9),
        Ranked(on_page(candidate("b", text="Two."), 1), 0.8),
        Ranked(on_page(candidate("c", text="Three."), 2), 0.7),
        Ranked(candidate("e", text="one. "), 0.65),
        Ranked(on_page(candidate("f", text="Four."), 1, "other"), 0.6),
    ]
    found = spread(ranked)
    assert [r.found.row.text for r in found] == ["One.", "Three.", "Four.", "Two.", "one. "]
    scores = [r.score for r in found]
    assert scores == sorted(scores, reverse=True)
    assert spread([]) == []


def test_what_a_document_says_twice_is_found_twice() -> None:
    first, again = candidate("a", text="One."), candidate("b", text="One.")
    again = replace(again, row=replace(again.row, doc_id="a", path=first.row.path))
    assert [r.found.row.chunk for r in spread([Ranked(first, 0.9), Ranked(again, 0.8)])] == [ord("a"), ord("b")]


def test_of_two_copies_the_one_with_the_shorter_name_takes_the_place() -> None:
    copy, original, other = (candidate(n, text=t) for n, t in (("a", "One."), ("b", "One."), ("c", "Two.")))
    copy = replace(copy, row=replace(copy.row, path=b"/Copy of lease.pdf"))
    original = replace(original, row=replace(original.row, path=b"/lease.pdf"))
    found = spread([Ranked(copy, 0.9), Ranked(other, 0.8), Ranked(original, 0.7)])
    assert [r.found.row.path for r in found] == [b"/lease.pdf", b"/c", b"/Copy of lease.pdf"]
    assert found[0].score == 0.9


def test_of_two_copies_the_one_that_the_query_names_takes_the_place() -> None:
    """A search for “employee_handbook_2024” showed its copy “final.pdf”, and the named file behind everything."""
    short, named = (candidate(n, text="One.") for n in "ab")
    short = replace(short, row=replace(short.row, path=b"/final.pdf"))
    named = replace(named, row=replace(named.row, path=b"/employee_handbook_2024.pdf"))
    found = spread([Ranked(named, 0.9), Ranked(short, 0.8)], {"handbook", "2024"})
    assert [r.found.row.path for r in found] == [b"/employee_handbook_2024.pdf", b"/final.pdf"]


def test_a_chunk_names_the_other_documents_with_its_text_and_keeps_them_when_it_is_moved() -> None:
    one, two, three, other = (
        candidate(n, text=t) for n, t in (("a", "One."), ("b", "one. "), ("c", "One."), ("d", "X"))
    )
    again = replace(candidate("e", text="One."), row=replace(one.row, chunk=7))
    ranked = [Ranked(c, 0.9 - 0.1 * n) for n, c in enumerate((two, other, one, three, again))]
    found = spread(with_copies(ranked))
    assert {r.found.row.chunk: r.also_in for r in found} == {
        ord("a"): (b"/b", b"/c"), ord("b"): (b"/a", b"/c"), ord("c"): (b"/a", b"/b"), ord("d"): (), 7: (b"/b", b"/c"),
    }  # fmt: skip


def test_whoever_orders_chunks_anew_before_they_are_spread_loses_no_copy() -> None:
    """A reranker and a lifted phrase make new rankings of the same chunks."""
    ranked = [Ranked(candidate(name, text="One."), score) for name, score in (("a", 0.9), ("b", 0.8))]
    assert [r.also_in for r in spread(ranked)] == [(b"/b",), (b"/a",)]


def test_sections_without_pages_are_not_held_back() -> None:
    ranked = [Ranked(candidate("a", text="One."), 0.9), Ranked(candidate("b", text="Two."), 0.8)]
    assert spread(ranked) == ranked
