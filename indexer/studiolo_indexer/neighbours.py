"""Joins chunks that follow each other in their document to one readable passage; pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from studiolo_indexer.records import Passage

# Of the expected letters of `chunk-spans` (every fourth question) .895 stand in the first 4,000 with 1,200 code points,
# .877 with 1,800, and .884 where nothing is joined.
LONGEST = 1200


def join_neighbours(ranked: Iterable[Passage], k: int, *, longest: int = LONGEST) -> list[Passage]:
    """Give the best `k` places: a passage that goes on where a better one ends, or ends where it begins, joins it.

    Args:
        ranked: Passages, best first.
        k: How many places; neighbours of a place are looked for until there is one more.
        longest: Code points that a joined passage may have.

    Returns:
        At most `k` passages in the order of their best chunks, with these chunks' scores and ids.
    """
    places: list[Passage] = []
    for passage in ranked:
        beside = [at for at, place in enumerate(places) if _follow(place, passage, longest)]
        if not beside:
            if len(places) == k:
                break
            places.append(passage)
            continue
        places[beside[0]] = _joined(places[beside[0]], passage)
        # It may lie between two places.
        if len(beside) > 1 and _follow(places[beside[0]], places[beside[1]], longest):
            places[beside[0]] = _joined(places[beside[0]], places.pop(beside[1]))
    return places


def _follow(first: Passage, second: Passage, longest: int) -> bool:
    """Tell whether one passage begins where the other ends, but for known white space, and both are short enough."""
    if first.doc_id != second.doc_id:
        return False
    before, after = sorted((first, second), key=lambda p: p.start)
    # Both begin on one page, in one part: else the passage would be called by the page before that of its best words
    # (of 201 questions of `northwind-hr` the right page was among the first five for .83, and for .89 without that).
    return (
        (before.page, before.part) == (after.page, after.part)
        and before.end + len(before.behind) == after.start
        and after.end - before.start <= longest
    )


def _joined(best: Passage, other: Passage) -> Passage:
    """Put two neighbours together; the score, the id and what was found of the text are those of the better one."""
    before, after = sorted((best, other), key=lambda p: p.start)
    return replace(
        best,
        part=before.part,
        page=before.page,
        start=before.start,
        end=after.end,
        text=before.text + before.behind + after.text,
        context=before.context,
        found_by=tuple(half for half in ("vector", "text") if half in best.found_by or half in other.found_by),
        cosine=max(best.cosine, other.cosine),
        page_breaks=before.page_breaks + after.page_breaks,
        behind=after.behind,
        also_in=tuple(path for path in best.also_in if path in other.also_in),
    )
