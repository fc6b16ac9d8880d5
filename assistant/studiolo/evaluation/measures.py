"""The value of every measure for one question; pure. docs/evaluation.md says how each is defined.

A measure that a question says nothing about (a page where it names none, a refusal where it has an answer) has no value
for it, and the question does not count in its mean.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from studiolo.evaluation.answer_texts import TextMatch
from studiolo.evaluation.gold import Gold, Place, Unit
from studiolo.evaluation.ranking import hit, ndcg, recall, reciprocal_rank

DEPTH = 20
"""So many passages are looked at; the first ten of them are those that `studiolo search` shows."""
UNITS: tuple[Unit, ...] = ("page", "file")
_HIT_AT = (1, 3, 5, 10)
_RECALL_AT = (5, 10)
_SPAN_AT = (5, 10)
Values = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Measure:
    """What a measure is called for people, and how it is read; `kind` is "share" (0 to 1) or "ms"."""

    key: str
    title: str
    group: str
    kind: str = "share"
    lower_is_better: bool = False


def _ranking(unit: Unit) -> Iterator[Measure]:
    yield from (Measure(f"{unit}.hit@{k}", f"hit@{k}", f"Right {unit} found") for k in _HIT_AT)
    yield from (Measure(f"{unit}.recall@{k}", f"recall@{k}", f"Right {unit} found") for k in _RECALL_AT)
    yield Measure(f"{unit}.ndcg@10", "nDCG@10", f"Right {unit} found")
    yield Measure(f"{unit}.mrr", "MRR", f"Right {unit} found")


RETRIEVAL = (
    *(measure for unit in UNITS for measure in _ranking(unit)),
    *(Measure(f"span.recall@{k}", f"span recall@{k}", "Right words found") for k in _SPAN_AT),
    *(Measure(f"span.precision@{k}", f"span precision@{k}", "Right words found") for k in _SPAN_AT),
    Measure("search_ms", "a search", "Time", "ms", lower_is_better=True),
)
ANSWERS = (
    Measure("citation.precision", "citation precision", "Citations"),
    Measure("citation.recall", "citation recall", "Citations"),
    Measure("refusal.precision", "refusal precision", "Refusals"),
    Measure("refusal.recall", "refusal recall", "Refusals"),
    Measure("refusal.false", "false refusals", "Refusals", lower_is_better=True),
    Measure("exact", "exact match", "Words of the answer"),
    Measure("f1", "F1", "Words of the answer"),
    Measure("support", "support", "Words of the answer"),
    Measure("answer_ms", "an answer", "Time", "ms", lower_is_better=True),
    Measure("first_token_ms", "its first word", "Time", "ms", lower_is_better=True),
)
MEASURES: Mapping[str, Measure] = {m.key: m for m in (*RETRIEVAL, *ANSWERS)}


def ranking_values(gold: Gold, places: Sequence[Place]) -> dict[str, float]:
    """Give hit@k, recall@k and MRR over passages, and nDCG@10 over distinct pages and files.

    Args:
        gold: The expected sources.
        places: Where the passages stand, best first.
    """
    values: dict[str, float] = {}
    for unit in UNITS:
        wanted = gold.units(unit)
        if wanted:
            ranked = [gold.unit_of(place, unit) for place in places]
            values |= {f"{unit}.hit@{k}": hit(ranked, wanted, k=k) for k in _HIT_AT}
            values |= {f"{unit}.recall@{k}": recall(ranked, wanted, k=k) for k in _RECALL_AT}
            values[f"{unit}.ndcg@10"] = ndcg(list(dict.fromkeys(ranked)), wanted, k=10)
            values[f"{unit}.mrr"] = reciprocal_rank(ranked, wanted)
    return values


def span_values(gold: Gold, places: Sequence[Place]) -> dict[str, float]:
    """Give the share of the expected words that the first passages hold, and of the passages that is expected."""
    wanted = _points(gold, None)
    if not wanted:
        return {}
    values = {}
    for k in _SPAN_AT:
        first = places[:k]
        shown = {(p.path, point) for p in first for point in range(p.start, p.end)}
        held = {point for p in first for point in _points(gold, p)}
        values[f"span.recall@{k}"] = len(held) / len(wanted)
        values[f"span.precision@{k}"] = len(held) / len(shown) if shown else 0.0
    return values


def _points(gold: Gold, place: Place | None) -> set[tuple[str, int]]:
    """Give the expected code points, all or those that a place holds."""
    found: set[tuple[str, int]] = set()
    for s in gold.sources:
        if s.source.start is not None and s.source.end is not None:
            points = range(s.source.start, s.source.end) if place is None else s.shared(place)
            found |= {(s.source.path, point) for point in points}
    return found


@dataclass(frozen=True, slots=True)
class AnswerFacts:
    """What an answer was, for measuring: `supports` has a value a sentence; `match` where an answer is expected."""

    refused: bool
    cited: tuple[Place, ...]
    supports: tuple[float, ...]
    match: TextMatch | None
    answer_ms: float
    first_token_ms: float | None


def answer_values(gold: Gold, facts: AnswerFacts, *, unanswerable: bool) -> dict[str, float]:
    """Give the values of one answer."""
    values = {"answer_ms": facts.answer_ms}
    if facts.first_token_ms is not None:
        values["first_token_ms"] = facts.first_token_ms
    if facts.refused:
        values["refusal.precision"] = float(unanswerable)
    values["refusal.recall" if unanswerable else "refusal.false"] = float(facts.refused)
    if facts.supports:
        values["support"] = sum(facts.supports) / len(facts.supports)
    if not unanswerable:
        values |= _citation_values(gold, facts.cited)
        if facts.match is not None:
            values |= {"exact": facts.match.exact, "f1": facts.match.f1}
    return values


def _citation_values(gold: Gold, cited: Sequence[Place]) -> dict[str, float]:
    if not gold.sources:
        return {}
    named = [any(s.holds(place) for place in cited) for s in gold.sources]
    values = {"citation.recall": sum(named) / len(named)}
    if cited:
        values["citation.precision"] = sum(gold.holds(place) for place in cited) / len(cited)
    return values
