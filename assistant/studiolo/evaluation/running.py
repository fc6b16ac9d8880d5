"""Runs the questions of a set one after the other, and gives the values of each; on the thread that calls it."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from threading import Event

from studiolo.answering import Answer
from studiolo.evaluation.answer_texts import match_text, share_held
from studiolo.evaluation.configurations import Configuration
from studiolo.evaluation.diagnosis import Finding, Symptoms, diagnose
from studiolo.evaluation.gold import Gold, Place, place_of
from studiolo.evaluation.measures import DEPTH, AnswerFacts, answer_values, ranking_values, span_values
from studiolo.evaluation.question_sets import Question, Source
from studiolo.evaluation.runs import Row
from studiolo_indexer.records import SearchMode, SearchResult

_SHOWN = 5
_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Tools:
    """What running a set needs.

    Attributes:
        search: Finds passages: (question, k, mode) to a result.
        ask: Answers a question; None where no answers are wanted.
        source_texts: Gives the text of the passages that lie on the expected places; empty if there is none.
        roots: The watched folders in scope.
    """

    search: Callable[[str, int, SearchMode], SearchResult]
    ask: Callable[[str], Answer] | None
    source_texts: Callable[[Question, Gold], str]
    roots: Sequence[bytes]


@dataclass(frozen=True, slots=True)
class _Seen:
    """What one question gave: the places and milliseconds of each mode, and the answer."""

    places: dict[SearchMode, list[Place]]
    milliseconds: dict[SearchMode, float]
    answer: Answer | None


def run_questions(
    cases: Sequence[tuple[Question, Gold]],
    configuration: Configuration,
    tools: Tools,
    *,
    on_progress: Callable[[int, int], None],
    cancel: Event,
) -> list[Row]:
    """Search and answer every question in its order; gives the rows of those that were done.

    Args:
        cases: The questions with their resolved sources.
        configuration: What is measured.
        tools: Searches and answers.
        on_progress: Called after each question with how many are done, and of how many.
        cancel: Ends the run before the next question, and within an answer, which then does not count.

    Raises:
        IndexerError, ModelError: As for a question.
    """
    seen = list[_Seen]()
    for question, _ in cases:
        found = None if cancel.is_set() else _look(question, configuration, tools)
        if found is None or cancel.is_set():
            break
        seen.append(found)
        on_progress(len(seen), len(cases))
    return [_row(question, gold, s, configuration, tools) for (question, gold), s in zip(cases, seen, strict=False)]


def dead_halves(modes: Sequence[SearchMode], rows: Sequence[Row]) -> list[str]:
    """Name the modes that found no expected source at all, where another did: half of the search is dead (R24)."""
    best = {mode: max((_hit(row, mode if at else "") for row in rows), default=0.0) for at, mode in enumerate(modes)}
    if not any(best.values()):
        return []
    return [f"{mode} search found not one expected source; the others did" for mode, hit in best.items() if not hit]


def _hit(row: Row, mode: str) -> float:
    return row.values.get(f"{mode}:file.hit@10" if mode else "file.hit@10", 0.0)


def _look(question: Question, configuration: Configuration, tools: Tools) -> _Seen:
    places, milliseconds = {}, {}
    for mode in configuration.modes:
        found = tools.search(question.question, max(DEPTH, configuration.k), mode)
        places[mode] = [place_of(p) for p in found.passages]
        milliseconds[mode] = found.milliseconds.total
    return _Seen(places, milliseconds, tools.ask(question.question) if tools.ask else None)


def _values(question: Question, gold: Gold, seen: _Seen, facts: AnswerFacts | None) -> dict[str, float]:
    """Give all values of a question; those of the main mode come under their own names."""
    values: dict[str, float] = {}
    for at, (mode, places) in enumerate(seen.places.items()):
        of_mode = ranking_values(gold, places) | span_values(gold, places) | {"search_ms": seen.milliseconds[mode]}
        values |= {f"{mode}:{key}" if at else key: value for key, value in of_mode.items()}
    if facts is not None:
        values |= answer_values(gold, facts, unanswerable=question.unanswerable)
    return {key: round(value, _DIGITS) for key, value in values.items()}


def _row(question: Question, gold: Gold, seen: _Seen, configuration: Configuration, tools: Tools) -> Row:
    first = seen.places[configuration.modes[0]][: configuration.k]
    facts = None if seen.answer is None else _facts(question, seen.answer)
    finding = _finding(question, gold, first, facts, tools)
    return Row(
        id=question.id,
        question=question.question,
        digest=question.digest,
        unanswerable=question.unanswerable,
        values=_values(question, gold, seen, facts),
        cause=finding.cause,
        reason=finding.reason,
        expected=question.answers,
        sources=tuple(_source_name(s) for s in question.sources),
        found=tuple(_place_name(p, tools.roots) for p in first[:_SHOWN]),
        answer=None if seen.answer is None else seen.answer.text,
        refused=None if facts is None else facts.refused,
        cited=() if facts is None else tuple(_place_name(p, tools.roots) for p in facts.cited),
    )


def _facts(question: Question, answer: Answer) -> AnswerFacts:
    said = "" if answer.refused else " ".join(s.text for s in answer.sentences)
    return AnswerFacts(
        refused=answer.refused,
        cited=tuple(Place(c.passage.path, c.passage.page_at(c.start), c.start, c.end) for c in answer.citations),
        supports=tuple(s.support for s in answer.sentences),
        match=match_text(said, question.answers) if question.answers else None,
        answer_ms=answer.total_s * 1000,
        first_token_ms=None if answer.first_token_s is None else answer.first_token_s * 1000,
    )


def _finding(
    question: Question, gold: Gold, first: Sequence[Place], facts: AnswerFacts | None, tools: Tools
) -> Finding:
    symptoms = Symptoms(
        unanswerable=question.unanswerable,
        has_sources=bool(gold.sources),
        indexed=True,
        said=None,
        found=any(gold.holds(place) for place in first),
        answered=facts is not None,
    )
    if facts is not None:
        cites = any(gold.holds(place) for place in facts.cited)
        symptoms = replace(symptoms, refused=facts.refused, cites_source=cites, match=facts.match)
    finding = diagnose(symptoms)
    if question.unanswerable or finding.cause not in ("retrieval", "model"):
        return finding
    # Only where it failed: whether the source says it at all costs a search.
    text = tools.source_texts(question, gold)
    said = share_held(text, question.answers) if question.answers else None
    return diagnose(replace(symptoms, indexed=bool(text), said=said))


def _source_name(source: Source) -> str:
    return f"{source.path}, p. {source.page}" if source.page is not None else source.path


def _place_name(place: Place, roots: Sequence[bytes]) -> str:
    """Name a place as a question set does: relative to its watched folder."""
    inside = [root for root in roots if place.path.startswith(root.rstrip(b"/\\") + os.sep.encode())]
    longest = max(inside, key=len, default=b"")
    name = os.fsdecode(place.path[len(longest) :].lstrip(b"/\\") if longest else place.path)
    return f"{name}, p. {place.page}" if place.page is not None else name
