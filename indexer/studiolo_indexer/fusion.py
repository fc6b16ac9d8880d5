"""Joins the vector's and the full text's findings into one ranking; pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from studiolo_indexer.chunk_rows import CurrentChunk
from studiolo_indexer.records import SearchMode

_WORD = re.compile(r"\w+")
_RUN = 5
_LIKELY = 20


@dataclass(frozen=True, slots=True)
class Candidate:
    """A chunk that one half or both found, with both halves' scores.

    `match` is 0 where no word was found; `cosine` is None where the chunk's vector is still to be made: then its words
    count for both.
    """

    row: CurrentChunk
    cosine: float | None
    match: float
    by_vector: bool
    by_text: bool

    @property
    def found_by(self) -> tuple[str, ...]:
        """The names of the halves that found it."""
        return (("vector",) if self.by_vector else ()) + (("text",) if self.by_text else ())


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate with its joined score in [0, 1]."""

    found: Candidate
    score: float


def fuse(candidates: Sequence[Candidate], *, vector_weight: float = 0.5) -> list[Ranked]:
    """Rank candidates by their two scores, each divided by the best of its kind.

    Returns:
        Best first; equal scores ordered by document and place, so that the result depends only on the input.

    Source: measured on scifact (nDCG@10 .738 against .715 for reciprocal ranks); never ranks alone.
    """
    best_cosine = max((max(0.0, c.cosine or 0.0) for c in candidates), default=0.0) or 1.0
    best_match = max((c.match for c in candidates), default=0.0) or 1.0

    def score(c: Candidate) -> float:
        by_text = c.match / best_match
        by_vector = by_text if c.cosine is None else max(0.0, c.cosine) / best_cosine
        return vector_weight * by_vector + (1 - vector_weight) * by_text

    return in_order(Ranked(c, score(c)) for c in candidates)


def rank_by(candidates: Sequence[Candidate], half: SearchMode) -> list[Ranked]:
    """Rank candidates by the score of one half alone: the cosine, or the match."""
    return in_order(Ranked(c, (c.cosine or 0.0) if half == "vector" else c.match) for c in candidates)


def in_order(ranked: Iterable[Ranked]) -> list[Ranked]:
    """Sort by score, best first, then by path and place: equal texts come in the same order in every index."""
    return sorted(ranked, key=lambda r: (-r.score, r.found.row.path, r.found.row.ordinal))


def lift_literal(ranked: Sequence[Ranked], query: str) -> list[Ranked]:
    """Put first what says the query's own words in their order: who pastes a sentence looks for where it stands.

    By meaning alone its near twins in other documents are as good; five words in a row are hardly met by chance, so
    that questions keep their ranking. A row goes up by the share of the query's runs of five words that it holds.

    Args:
        ranked: A ranking, scores in [0, 1]; only those that match best can hold the words.
        query: What was asked.
    """
    words = _WORD.findall(query.casefold())
    runs = [tuple(words[i : i + _RUN]) for i in range(len(words) - _RUN + 1)]
    if not runs:
        return list(ranked)
    likely = sorted(ranked, key=lambda r: -r.found.match)[:_LIKELY]
    shares = {r.found.row.chunk: _held(r.found.row.text, runs, set(words)) / len(runs) for r in likely}
    if not any(shares.values()):
        return list(ranked)
    lifted = {r.found.row.chunk: r.score + (1 - r.score) * shares.get(r.found.row.chunk, 0.0) for r in ranked}
    return in_order(Ranked(r.found, lifted[r.found.row.chunk]) for r in ranked)


def _held(text: str, runs: Sequence[tuple[str, ...]], words: set[str]) -> int:
    """Count the runs of words that a text holds; it is taken apart only if it has the letters of all words of one."""
    folded = text.casefold()
    there = {word for word in words if word in folded}
    likely = [run for run in runs if there.issuperset(run)]
    if not likely:
        return 0
    spaced = f" {' '.join(_WORD.findall(folded))} "
    return sum(f" {' '.join(run)} " in spaced for run in likely)
