"""Orders the first passages of a ranking by what a cross-encoder says of them, as far as a time budget reaches."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from studiolo_indexer.fusion import Ranked, in_order, put_behind
from studiolo_indexer.records import with_context

MOST = 20
# Equal shares. No trained cross-encoder was at hand to choose them by measuring; `studiolo eval --compare
# no-reranker,reranker` tells what they do with one.
_WEIGHT = 0.5


class Reranker(Protocol):
    """What a search needs of a cross-encoder; the engine supplies it."""

    def score(self, query: str, texts: Sequence[str], *, go_on: Callable[[], bool]) -> NDArray[np.float32]:
        """Judge texts in their order: float32, shape (n,), the scores of the first n texts, higher is better.

        `go_on` is asked before each batch but the first; once it says no, the scores so far are given.
        """


@dataclass(frozen=True, slots=True)
class Reranking:
    """A cross-encoder, and how long it may take: `milliseconds`, None for no limit, 0 for not at all."""

    reranker: Reranker
    milliseconds: int | None = None
    clock: Callable[[], float] = time.perf_counter


def rerank(ranked: Sequence[Ranked], query: str, how: Reranking) -> tuple[list[Ranked], int]:
    """Judge the first passages of a ranking, and order what was judged by both scores, in equal shares.

    The first ones are judged first, so that what a budget leaves out are the last of them. What was not judged follows
    in its old order, with scores below. The result depends only on the input and on how many were judged; without a
    limit that is always the same number.

    Args:
        ranked: A ranking, best first, scores in [0, 1].
        query: What was asked.
        how: Who judges, and for how long.

    Returns:
        The new ranking with scores in [0, 1], and how many passages were judged. What a model says has no scale of its
        own: the lowest and the highest of its scores for this query become 0 and 1.
    """
    head = ranked[:MOST]
    if len(head) < 2 or how.milliseconds == 0:
        return list(ranked), 0
    texts = list(dict.fromkeys(_text(r) for r in head))  # a copy is judged once
    scores = how.reranker.score(query, texts, go_on=_Budget(how).go_on)
    judged = dict(zip(texts, (float(score) for score in scores), strict=False))
    if len(judged) < 2:
        return list(ranked), len(judged)
    low = min(judged.values())
    spread = max(judged.values()) - low
    if spread <= 0:
        return list(ranked), len(judged)
    first, others = list[Ranked](), list[Ranked]()
    for found in ranked:
        score = judged.get(_text(found))
        if score is None:
            others.append(found)
        else:
            mixed = (1 - _WEIGHT) * found.score + _WEIGHT * (score - low) / spread
            first.append(replace(found, score=mixed))
    return put_behind(in_order(first), others), len(judged)


def _text(ranked: Ranked) -> str:
    return with_context(ranked.found.row.context, ranked.found.row.text)


class _Budget:
    """Says no before a batch that would likely end after the limit: it takes what the batch before it took."""

    def __init__(self, how: Reranking) -> None:
        self._clock = how.clock
        self._at = how.clock()
        self._ends = None if how.milliseconds is None else self._at + how.milliseconds / 1000

    def go_on(self) -> bool:
        """Tell whether there is time for one more batch."""
        now = self._clock()
        took, self._at = now - self._at, now
        return self._ends is None or now + took <= self._ends
