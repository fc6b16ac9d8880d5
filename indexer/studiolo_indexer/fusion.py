"""Joins the vector's and the full text's findings into one ranking; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from studiolo_indexer.store import StoredRow

Key = tuple[str, int, int]


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
