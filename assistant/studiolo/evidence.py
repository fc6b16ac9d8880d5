"""The best quoted sentences for a question, before any model says a word; needs an embedder, no language model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from studiolo.sentences import Span, is_number, split_sentences, terms
from studiolo_indexer.records import Embedder, Passage, Vectors

_COSINE_WEIGHT = 0.6
_LONGEST_QUOTE = 420
_MAX_SENTENCES_PER_PASSAGE = 24
_NO_STATEMENT = 0.6
_ANSWERS_THE_QUESTION = 0.9
_LONGEST_HEADING = 60


@dataclass(frozen=True, slots=True)
class Evidence:
    """A passage with its number, its sentences, and the one that answers best.

    `vectors` is float32, shape (len(sentences), dimension); `cosines` (with the question) and `scores` have one value a
    sentence, higher is better;
    `rank_score` orders the passages: the best sentence's score and the passage's own.
    """

    number: int
    passage: Passage
    sentences: tuple[Span, ...]
    vectors: Vectors
    cosines: tuple[float, ...]
    scores: tuple[float, ...]
    rank_score: float

    @property
    def best(self) -> Span:
        """The sentence that answers best, as a span of the passage's text."""
        return self.sentences[max(range(len(self.scores)), key=lambda i: (self.scores[i], -i))]

    def around_best(self, neighbours: int) -> str:
        """The best sentence with so many sentences before and behind it, as one slice of the passage's text."""
        at = self.sentences.index(self.best)
        first = self.sentences[max(0, at - neighbours)]
        last = self.sentences[min(len(self.sentences) - 1, at + neighbours)]
        return self.passage.text[first.start : last.end]

    def quote(self) -> str:
        """The words of the best sentence."""
        return self.passage.text[self.best.start : self.best.end]


def find_evidence(question: str, passages: Sequence[Passage], embedder: Embedder) -> list[Evidence]:
    """Score each sentence of each passage against the question.

    A sentence's score joins its cosine with the question and the share of the question's terms that it holds. The
    passages are numbered by the sum of their best sentence's score and their own (right page first on `northwind-hr`:
    .567 by sentences alone, .627 by passages alone, .64 by the sum).

    Returns:
        Best first, numbered from 1.
    """
    if not passages:
        return []
    per_passage = [_sentences(p.text) for p in passages]
    texts = [p.text[s.start : s.end] for p, spans in zip(passages, per_passage, strict=True) for s in spans]
    vectors = embedder.embed_documents(texts)
    query = embedder.embed_query(question)
    wanted = terms(question)
    cosines = vectors @ query
    found = []
    at = 0
    for passage, spans in zip(passages, per_passage, strict=True):
        rows = slice(at, at + len(spans))
        at += len(spans)
        above = terms(passage.context)
        near = tuple(float(c) for c in cosines[rows])
        scores = _scores(near, texts[rows], wanted, above)
        rank = max(scores) + passage.score
        # A passage whose own vector is still to be made: its best sentence stands for it.
        cosine = passage.cosine if passage.cosine > 0.0 else max(near)
        found.append(
            Evidence(
                number=0,
                passage=replace(passage, cosine=cosine),
                sentences=tuple(spans),
                vectors=np.ascontiguousarray(vectors[rows]),
                cosines=near,
                scores=scores,
                rank_score=rank,
            )
        )
    found.sort(key=lambda e: (-e.rank_score, e.passage.path, e.passage.start))
    return [replace(e, number=number) for number, e in enumerate(found, start=1)]


def _scores(cosines: Sequence[float], texts: Sequence[str], wanted: set[str], above: set[str]) -> tuple[float, ...]:
    """Score the sentences of one passage; what is said right after a question inherits the question's score."""
    scores = [_score(c, t, wanted, above) for c, t in zip(cosines, texts, strict=True)]
    for at, text in enumerate(texts[:-1]):
        if text.endswith("?"):
            scores[at + 1] = max(scores[at + 1], _ANSWERS_THE_QUESTION * scores[at] / _NO_STATEMENT)
    return tuple(scores)


def _score(cosine: float, text: str, wanted: set[str], above: set[str]) -> float:
    there = terms(text)
    # The title counts too: of two versions of a rule, the year that was asked for often stands there alone.
    share = _weight(wanted & (there | above)) / _weight(wanted) if wanted else 0.0
    # A heading repeats the question's words and says nothing: a sentence needs words of its own.
    says_nothing = len(there - wanted) < 2
    score = _COSINE_WEIGHT * max(0.0, cosine) + (1 - _COSINE_WEIGHT) * share
    return score * (_NO_STATEMENT if says_nothing or _is_no_statement(text) else 1.0)


def _weight(found: set[str]) -> int:
    """Count terms; a number says more than a word."""
    return sum(2 if is_number(term) else 1 for term in found)


def _is_no_statement(text: str) -> bool:
    """Tell whether a sentence is a heading or a question: it may hold every word asked for, and answers nothing."""
    short_line = len(text) < _LONGEST_HEADING and text[-1:].isalnum() and not text.startswith(("-", "*", "•", "|"))
    return text.startswith("#") or text.endswith("?") or short_line


def _sentences(text: str) -> list[Span]:
    spans = [piece for span in split_sentences(text) for piece in _cut(text, span)]
    return spans[:_MAX_SENTENCES_PER_PASSAGE] or [Span(0, len(text))]


def _cut(text: str, span: Span) -> list[Span]:
    """Cut a sentence that is too long to quote (a table, a list without stops) at the ends of its lines."""
    if span.end - span.start <= _LONGEST_QUOTE:
        return [span]
    pieces = []
    start = span.start
    while span.end - start > _LONGEST_QUOTE:
        cut = max(
            text.rfind("\n", start + 1, start + _LONGEST_QUOTE),
            text.rfind(" ", start + _LONGEST_QUOTE // 2, start + _LONGEST_QUOTE),
        )
        cut = cut if cut > start else start + _LONGEST_QUOTE
        pieces.append(Span(start, cut))
        start = cut
    pieces.append(Span(start, span.end))
    return [p for p in (_stripped(text, piece) for piece in pieces) if p.end > p.start]


def _stripped(text: str, span: Span) -> Span:
    piece = text[span.start : span.end]
    start = span.start + len(piece) - len(piece.lstrip())
    return Span(start, max(start, span.start + len(piece.rstrip())))
