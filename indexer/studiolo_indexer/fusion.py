"""Joins the vector's and the full text's findings into one ranking; pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from studiolo_indexer.store import StoredRow

Key = tuple[str, int, int]

_WORD = re.compile(r"\w+")
_RUN = 5
_LIKELY = 20


@dataclass(frozen=True, slots=True)
class FusedRow:
    """A row with its joined score in [0, 1] and the halves that found it."""

    row: StoredRow
    score: float
    found_by: tuple[str, ...]


def fuse(
    by_vector: Sequence[StoredRow],
    by_text: Sequence[StoredRow],
    match_scores: Mapping[Key, float],
    *,
    vector_weight: float = 0.5,
) -> list[FusedRow]:
    """Join two rankings by their scores, each divided by its best.

    Both scores count for every candidate of either list: a row that the vectors found takes its match from
    `match_scores` (0 where it is not among them), a row that the text found carries its cosine.

    Returns:
        Best first; equal scores ordered by key, so that the result depends only on the input.

    Source: measured on scifact (nDCG@10 .738 against .715 for reciprocal ranks); never ranks alone.
    """
    rows = {row.key: row for row in by_text} | {row.key: row for row in by_vector}
    cosines = {row.key: max(0.0, row.cosine or 0.0) for row in (*by_text, *by_vector)}
    matches = {key: match_scores.get(key, rows[key].match or 0.0) for key in rows}
    best_cosine = max(cosines.values(), default=0.0) or 1.0
    best_match = max(matches.values(), default=0.0) or 1.0
    in_vector = {row.key for row in by_vector}
    in_text = {row.key for row in by_text}
    fused = [
        FusedRow(
            row=row,
            score=vector_weight * cosines[key] / best_cosine + (1 - vector_weight) * matches[key] / best_match,
            found_by=tuple(n for n, keys in (("vector", in_vector), ("text", in_text)) if key in keys),
        )
        for key, row in rows.items()
    ]
    return sorted(fused, key=lambda f: (-f.score, f.row.key))


def lift_literal(fused: Sequence[FusedRow], by_text: Sequence[StoredRow], query: str) -> list[FusedRow]:
    """Put first what says the query's own words in their order: who pastes a sentence looks for where it stands.

    By meaning alone its near twins in other documents are as good; five words in a row are hardly met by chance, so
    that questions keep their ranking. A row goes up by the share of the query's runs of five words that it holds.

    Args:
        fused: A ranking, scores in [0, 1].
        by_text: What the full text found, best first; only the best can hold the words.
        query: What was asked.
    """
    words = _WORD.findall(query.casefold())
    runs = [f" {' '.join(words[i : i + _RUN])} " for i in range(len(words) - _RUN + 1)]
    if not runs:
        return list(fused)
    shares = {}
    for row in by_text[:_LIKELY]:
        text = f" {' '.join(_WORD.findall(row.text.casefold()))} "
        shares[row.key] = sum(run in text for run in runs) / len(runs)
    lifted = [replace(f, score=f.score + (1 - f.score) * shares.get(f.row.key, 0.0)) for f in fused]
    return sorted(lifted, key=lambda f: (-f.score, f.row.key))
