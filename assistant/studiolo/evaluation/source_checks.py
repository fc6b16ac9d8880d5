"""Names what is wrong with the sources of a question set: files outside the scope, unread, or too short; pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from studiolo.evaluation.gold import Gold, GoldSource
from studiolo.evaluation.question_sets import Question
from studiolo_indexer.records import FileRecord

_NAMED = 5
Find = Callable[[bytes], FileRecord | None]


def source_warnings(cases: Sequence[tuple[Question, Gold]], find: Find) -> list[str]:
    """Name each problem once, with the questions that it concerns, in the order of the set.

    Args:
        cases: The questions with their resolved sources.
        find: Gives the ledger's row of a path in scope; None if there is none.
    """
    found: dict[str, list[str]] = {}
    for question, gold in cases:
        for problem in dict.fromkeys(_problems(question, gold, find)):
            found.setdefault(problem, []).append(question.id)
    return [f"{problem} ({_named(ids)})" for problem, ids in found.items()]


def _problems(question: Question, gold: Gold, find: Find) -> Iterator[str]:
    if question.unanswerable and question.sources:
        yield "a question is marked unanswerable, and names a source"
    if not question.unanswerable and not question.sources and not question.answers:
        yield "neither a source nor an answer is expected: nothing can be measured but the time"
    for source in gold.sources:
        problem = _problem(source, find)
        if problem:
            yield problem


def _problem(source: GoldSource, find: Find) -> str:
    name, page = source.source.path, source.source.page
    records = [record for record in map(find, sorted(source.paths)) if record is not None]
    if not records:
        return f"{name} is no file of the folders in scope"
    # A pending file may be there already, found by its words or by its first pages.
    readable = [r for r in records if r.chunks]
    if not readable:
        return f"{name} is {records[0].state}" + (f" ({records[0].code})" if records[0].code else "")
    if page is not None and all(r.pages is not None and r.pages < page for r in readable):
        return f"{name} has {readable[0].pages} pages, and page {page} is expected"
    if page is not None and all(r.pages is None for r in readable):
        return f"{name} has no pages, and page {page} is expected"
    return ""


def _named(ids: Sequence[str]) -> str:
    more = f" and {len(ids) - _NAMED} more" if len(ids) > _NAMED else ""
    return ", ".join(ids[:_NAMED]) + more
