"""Joins what vectors, full text and names say of chunks into one ranking; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace

from studiolo_indexer.chunk_rows import CurrentChunk
from studiolo_indexer.document_names import name_words
from studiolo_indexer.records import SearchMode

_BELOW, _LEAST = 0.999, 1e-9
_NAMED = 0.5


@dataclass(frozen=True, slots=True)
class Weights:
    """How much what counts. Source: `benchmarks/retrieval.py --tune` on the development sets; docs/evaluation.md.

    `vector` and the rest of 1 weigh cosine and match, each divided by the best of its kind; `beside` is the share that
    the chunks before and behind have in both; `name` weighs the score of the document's name; `age` is what the oldest
    version of a document loses where the newest is asked for.
    """

    vector: float = 0.5
    beside: float = 0.25
    name: float = 0.025
    age: float = 0.1


WEIGHTS = Weights()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A chunk that one half or both found, with both halves' scores.

    `match` is 0 where no word was found; `cosine` is None where the chunk's vector is still to be made: then its words
    count for both. `beside` has (cosine, match) of the chunks before and behind it, as far as it has them. `name` is
    the score of its document's name, `age` says how old a version its document is, from 0 (the newest) to 1.
    """

    row: CurrentChunk
    cosine: float | None
    match: float
    by_vector: bool
    by_text: bool
    beside: tuple[tuple[float | None, float], ...] = ()
    name: float = 0.0
    age: float = 0.0

    @property
    def found_by(self) -> tuple[str, ...]:
        """The names of the halves that found it."""
        return (("vector",) if self.by_vector else ()) + (("text",) if self.by_text else ())


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate with its joined score in [0, 1], and the paths of other documents that have its text too."""

    found: Candidate
    score: float
    also_in: tuple[bytes, ...] = ()


def fuse(candidates: Sequence[Candidate], *, weights: Weights = WEIGHTS) -> list[Ranked]:
    """Rank candidates by their scores, each half's divided by the best of its kind.

    A chunk is helped by its neighbours: an answer that begins in one and ends in the next is found by both. A chunk at
    the end of a document, which has one or none, stands for what is missing itself.

    Returns:
        Best first; equal scores ordered by document and place, so that the result depends only on the input.

    Source: each score divided by its best: measured on scifact (nDCG@10 .738 against .715 for reciprocal ranks); never
    ranks alone.
    """
    cosines = [None if c.cosine is None else _smoothed(c, 0, c.cosine, weights.beside) for c in candidates]
    matches = [_smoothed(c, 1, c.match, weights.beside) for c in candidates]
    best_cosine = max((c for c in cosines if c is not None), default=0.0) or 1.0
    best_match = max(matches, default=0.0) or 1.0

    def score(found: Candidate, cosine: float | None, match: float) -> float:
        by_text = match / best_match
        by_vector = by_text if cosine is None else cosine / best_cosine
        fused = weights.vector * by_vector + (1 - weights.vector) * by_text
        return max(0.0, fused + weights.name * found.name - weights.age * found.age)

    scores = [score(*one) for one in zip(candidates, cosines, matches, strict=True)]
    most = max(1.0, *scores) if scores else 1.0
    return in_order(Ranked(c, s / most) for c, s in zip(candidates, scores, strict=True))


def _smoothed(found: Candidate, half: int, own: float, share: float) -> float:
    own = max(0.0, own)
    around = [max(0.0, beside[half] or 0.0) for beside in found.beside]
    around += [own] * (2 - len(around))
    return (1 - share) * own + share * sum(around) / 2


def rank_by(candidates: Sequence[Candidate], half: SearchMode) -> list[Ranked]:
    """Rank candidates by the score of one half alone: the cosine, or the match."""
    return in_order(Ranked(c, (c.cosine or 0.0) if half == "vector" else c.match) for c in candidates)


def in_order(ranked: Iterable[Ranked]) -> list[Ranked]:
    """Sort by score, best first, then by path and place: equal texts come in the same order in every index."""
    return sorted(ranked, key=lambda r: (-r.score, r.found.row.path, r.found.row.ordinal))


def spread(ranked: Sequence[Ranked], asked: Set[str] = frozenset()) -> list[Ranked]:
    """Put first one chunk of each page, and one of documents that say the same: five passages show five places.

    What is put back follows in its order, with scores below the others': the other chunks of a page, and texts that
    another document has letter for letter. Of copies the one stays that the query names (at least half of its name's
    words are `asked`); among these the one with the shortest path, since "Copy of", "(2)" and the names of downloads
    make names longer. Each says which other documents have its text (see `with_copies`).
    """
    texts = _plain_texts(ranked)
    copies = _copies(ranked, texts)
    originals = {text: _original(paths, asked) for text, paths in copies.items()}
    best: dict[str, float] = {}
    first, others = list[Ranked](), list[Ranked]()
    for found, text in zip(_naming(ranked, texts, copies), texts, strict=True):
        score = best.setdefault(text, found.score)
        is_kept = originals.get(text, found.found.row.path) == found.found.row.path
        (first if is_kept else others).append(replace(found, score=score) if is_kept else found)
    return _one_a_page(in_order(first), others)


def with_copies(ranked: Sequence[Ranked]) -> list[Ranked]:
    """Say of each chunk which other documents among these have its text, but for case and white space."""
    texts = _plain_texts(ranked)
    return _naming(ranked, texts, _copies(ranked, texts))


def _naming(ranked: Sequence[Ranked], texts: Sequence[str], copies: Mapping[str, set[bytes]]) -> list[Ranked]:
    return [
        replace(r, also_in=tuple(sorted(copies[text] - {r.found.row.path}))) if text in copies else r
        for r, text in zip(ranked, texts, strict=True)
    ]


def _plain_texts(ranked: Sequence[Ranked]) -> list[str]:
    return [" ".join(r.found.row.text.casefold().split()) for r in ranked]


def _copies(ranked: Sequence[Ranked], texts: Sequence[str]) -> dict[str, set[bytes]]:
    """Give the documents of each text that more than one has."""
    paths: dict[str, set[bytes]] = {}
    for found, text in zip(ranked, texts, strict=True):
        paths.setdefault(text, set()).add(found.found.row.path)
    return {text: copies for text, copies in paths.items() if len(copies) > 1}


def _original(copies: Iterable[bytes], asked: Set[str]) -> bytes:
    """Choose the copy of a text to show."""

    def rank(path: bytes) -> tuple[float, int, bytes]:
        words = name_words(path)
        share = len(words & asked) / len(words) if words else 0.0
        return -share if share >= _NAMED else 0.0, len(path), path

    return min(copies, key=rank)


def _one_a_page(ranked: Sequence[Ranked], copies: Sequence[Ranked]) -> list[Ranked]:
    first, others = list[Ranked](), list[Ranked]()
    pages = set[tuple[str, int]]()
    for found in ranked:
        row = found.found.row
        if row.page is not None and (row.doc_id, row.page) in pages:
            others.append(found)
            continue
        if row.page is not None:
            pages.add((row.doc_id, row.page))
        first.append(found)
    return put_behind(first, in_order([*others, *copies]))


def put_behind(first: Sequence[Ranked], others: Sequence[Ranked]) -> list[Ranked]:
    """Join two rankings, best first, one behind the other; the scores of the second are lowered as far as they must."""
    if not (first and others):
        return [*first, *others]
    below = min(1.0, _BELOW * first[-1].score / max(others[0].score, _LEAST))
    return [*first, *(replace(found, score=found.score * below) for found in others)]
