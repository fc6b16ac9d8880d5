"""Is a sentence supported by a passage, and by which of its words? Pure.

A sentence is compared with each sentence of the passage: the share of its terms that stand there, and (where the
caller has them) the cosine of the two embeddings. Numbers are held to more: each must stand beside the same word in
the very sentence that is quoted, and a sentence that denies is not supported by one that does not.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from studiolo.sentences import Span, denies, is_number, numbers_in_place, split_sentences, terms

Verdict = Literal["supported", "weak", "unsupported"]

SUPPORTED = 0.6
WEAK = 0.4
_CONTRADICTED_CEILING = 0.35
_TERM_WEIGHT = 0.7


@dataclass(frozen=True, slots=True)
class Support:
    """How well a passage carries a sentence, and the span of the passage's own words that does."""

    score: float
    span: Span

    @property
    def verdict(self) -> Verdict:
        """Name the score for people."""
        return verdict_of(self.score)


def verdict_of(score: float) -> Verdict:
    """Name a score: supported from 0.6, weak from 0.4."""
    return "supported" if score >= SUPPORTED else "weak" if score >= WEAK else "unsupported"


def support_of(sentence: str, passage: str, spans: Sequence[Span] = (), cosines: Sequence[float] = ()) -> Support:
    """Judge one sentence against one passage.

    Args:
        sentence: A sentence of an answer, its `[n]` marks removed.
        passage: The passage's text.
        spans: The passage's sentences; found here if none are given.
        cosines: Cosine of the sentence with each of `spans`; empty if unknown.

    Returns:
        The score in [0, 1], and the sentence (or two neighbours) of the passage that carries it.
    """
    spans = spans or split_sentences(passage) or [Span(0, len(passage))]
    claim = _Claim(sentence)
    if not claim.says_something:
        return Support(0.0, spans[0])
    known = [*cosines, *[None] * (len(spans) - len(cosines))]
    singles = [claim.compare(passage, span, cosine) for span, cosine in zip(spans, known, strict=True)]
    best = max(singles, key=lambda found: found.score)
    if claim.numbers:
        # Two sentences may hold a number each; only one that holds both the number and its subject says it.
        return best
    for index, (first, second) in enumerate(itertools.pairwise(spans)):
        closer = max((c for c in known[index : index + 2] if c is not None), default=None)
        pair = claim.compare(passage, Span(first.start, second.end), closer)
        # Two sentences must say clearly more than one, so that a quote stays short.
        best = pair if pair.score > best.score + 0.1 else best
    return best


class _Claim:
    """A sentence, taken apart once for many comparisons."""

    def __init__(self, sentence: str) -> None:
        self._terms = terms(sentence)
        self._weights = {term: 2.0 if is_number(term) else 1.0 for term in self._terms}
        self._denies = denies(sentence)
        self.numbers = numbers_in_place(sentence)
        # A bare number stands in many places; without a word beside it nothing says which is meant.
        self.says_something = any(not is_number(term) for term in self._terms)

    def compare(self, passage: str, span: Span, cosine: float | None) -> Support:
        text = passage[span.start : span.end]
        shared = self._terms & terms(text)
        share = sum(self._weights[term] for term in shared) / sum(self._weights.values())
        score = share if cosine is None else _TERM_WEIGHT * share + (1 - _TERM_WEIGHT) * max(0.0, min(1.0, cosine))
        if not self.numbers <= numbers_in_place(text) or self._denies != denies(text):
            score = min(score, _CONTRADICTED_CEILING)
        return Support(score, span)
