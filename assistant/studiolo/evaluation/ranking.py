"""The measures of a ranking, as trec_eval defines them for what is either right or not; pure.

Our own, since the libraries that offer them bring more than they save: ir-measures needs a binding of trec_eval, which
asks for scipy (113 MB), has no wheel for Linux on ARM64 and downloads its sources when it is built; ranx needs numba.
tests/assistant/test_ranking.py holds these functions to values that ir-measures 0.4.3 with pytrec_eval 0.5.11 gave.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Hashable, Sequence


def hit(ranked: Sequence[Hashable], gold: Collection[Hashable], *, k: int) -> float:
    """Tell whether one of the first `k` is right: 1 or 0 (trec_eval: success)."""
    return float(any(item in gold for item in ranked[:k]))


def recall(ranked: Sequence[Hashable], gold: Collection[Hashable], *, k: int) -> float:
    """Give the share of what is right that is among the first `k`; one that comes twice counts once.

    Raises:
        ValueError: If nothing is right.
    """
    _require(gold)
    return len({item for item in ranked[:k] if item in gold}) / len(gold)


def reciprocal_rank(ranked: Sequence[Hashable], gold: Collection[Hashable]) -> float:
    """Give 1 / the rank of the first that is right, 0 if none is."""
    return next((1 / rank for rank, item in enumerate(ranked, start=1) if item in gold), 0.0)


def ndcg(ranked: Sequence[Hashable], gold: Collection[Hashable], *, k: int) -> float:
    """Give the discounted gain of the first `k`, of that of the best order; `ranked` may not repeat.

    Raises:
        ValueError: If nothing is right, or `ranked` repeats.

    Source: Järvelin and Kekäläinen, TOIS 2002, with the discount log2(rank + 1).
    """
    _require(gold)
    if len(set(ranked)) != len(ranked):
        raise ValueError("the ranking repeats")
    gain = sum(_discount(rank) for rank, item in enumerate(ranked[:k], start=1) if item in gold)
    return gain / sum(_discount(rank) for rank in range(1, min(k, len(gold)) + 1))


def _discount(rank: int) -> float:
    return 1 / math.log2(rank + 1)


def _require(gold: Collection[Hashable]) -> None:
    if not gold:
        raise ValueError("nothing is right")
