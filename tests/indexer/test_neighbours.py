"""Neighbours become one passage: an exact slice, where the better one stood, and k passages are k places."""

from __future__ import annotations

import itertools
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from studiolo_indexer import neighbours
from studiolo_indexer.chunking import chunk_document
from studiolo_indexer.records import Document, Part, Passage

TEXT = "\n\n".join(f"Paragraph {n} says something about leave. " + "It goes on. " * 30 for n in range(24))
BASE = Passage("", "d", "c", b"/a", "/a", "", "section", None, 0, 0, "", "", 0.5, 0.5, ("vector",), "s", "t")

LONGEST = 1800


def join_neighbours(ranked: list[Passage], k: int) -> list[Passage]:
    return neighbours.join_neighbours(ranked, k, longest=LONGEST)


def passages(text: str = TEXT, doc_id: str = "d") -> list[Passage]:
    """Cut a text as the index does."""
    document = Document("text/plain", "plain", text, (Part("section", "", 0, len(text)),))
    return [
        replace(
            BASE, doc_id=doc_id, chunk_id=f"{doc_id}{c.ordinal}", start=c.start, end=c.end, text=c.text, behind=c.behind
        )
        for c in chunk_document(document)
    ]


def ranked(found: list[Passage], *order: int) -> list[Passage]:
    return [replace(found[at], score=1 - 0.1 * rank) for rank, at in enumerate(order)]


def test_two_neighbours_are_one_exact_slice_with_the_better_one_s_score_and_place() -> None:
    found = passages()
    first, second, other = join_neighbours(ranked(found, 5, 2, 6, 9), 3)
    assert (first.start, first.end) == (found[5].start, found[6].end)
    assert first.text == TEXT[first.start : first.end]
    assert (first.score, first.chunk_id) == (1.0, "d5")
    assert [second.chunk_id, other.chunk_id] == ["d2", "d9"]


def test_the_one_before_joins_too_and_what_found_either_is_named() -> None:
    found = passages()
    pair = ranked(found, 6, 5)
    (joined,) = join_neighbours([pair[0], replace(pair[1], found_by=("text",), cosine=0.9)], 3)
    assert joined.text == TEXT[found[5].start : found[6].end]
    assert (joined.found_by, joined.cosine, joined.chunk_id) == (("vector", "text"), 0.9, "d6")


@given(st.permutations(range(8)), st.integers(1, 8))
def test_any_order_gives_exact_slices_that_are_apart_and_not_too_long(order: list[int], k: int) -> None:
    places = join_neighbours(ranked(passages(), *order), k)
    assert len(places) <= k
    assert all(p.text == TEXT[p.start : p.end] and p.end - p.start <= LONGEST for p in places)
    spans = sorted((p.start, p.end) for p in places)
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(spans))
    assert [p.score for p in places] == sorted((p.score for p in places), reverse=True)


def test_k_passages_show_k_places() -> None:
    assert len(join_neighbours(ranked(passages(), 0, 1, 4, 7), 3)) == 3
    assert [p.chunk_id for p in join_neighbours(ranked(passages(), 0, 4, 7, 1), 2)] == ["d0", "d4"]


def test_neighbours_of_another_document_or_with_unknown_white_space_stay_apart() -> None:
    found = passages()
    assert len(join_neighbours([found[0], replace(found[1], doc_id="e")], 2)) == 2
    assert len(join_neighbours([replace(found[0], behind=""), found[1]], 2)) == 2


def test_a_new_section_or_page_stays_apart_and_pages_within_are_kept() -> None:
    found = passages()
    assert len(join_neighbours([found[0], replace(found[1], part="Annex")], 2)) == 2
    one = replace(found[0], page=3)
    crossing = replace(found[1], page=3, page_breaks=((4, found[1].start + 9),))
    assert len(join_neighbours([one, replace(found[1], page=4)], 2)) == 2
    (joined,) = join_neighbours([one, crossing], 2)
    assert joined.page_breaks == ((4, found[1].start + 9),)
    assert [joined.page_at(place) for place in (0, found[1].start, found[1].start + 9)] == [3, 3, 4]


def test_only_copies_that_have_all_of_it_are_named() -> None:
    found = passages()
    pair = [replace(found[0], also_in=(b"/b", b"/c")), replace(found[1], also_in=(b"/c",))]
    assert join_neighbours(pair, 1)[0].also_in == (b"/c",)
