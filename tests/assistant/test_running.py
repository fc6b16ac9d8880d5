"""Running a set: each question once for each mode, in order, stopped when the user says so."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace

import pytest
from evaluated import a_row

from studiolo.answering import Answer, Citation
from studiolo.citations import CitedSentence
from studiolo.evaluation.configurations import Configuration
from studiolo.evaluation.gold import Gold, resolve
from studiolo.evaluation.question_sets import Question, Source
from studiolo.evaluation.running import Tools, dead_halves, run_questions
from studiolo.evaluation.runs import Row
from studiolo_indexer.records import LedgerCounts, Passage, SearchMode, SearchResult, SearchTimes

ROOTS = (b"/r",)


def passage(name: str, page: int | None = 1) -> Passage:
    return Passage(
        "c", "d", "documents", f"/r/{name}".encode(), f"/r/{name}", "p", "page", page, 0, 20, "Ten days of leave.", "",
        1.0, 1.0, ("text",), "sha", "2026-01-01",
    )  # fmt: skip


def search(question: str, k: int, mode: SearchMode) -> SearchResult:
    names = ["b.pdf", "a.pdf"] if mode == "vector" else ["a.pdf", "b.pdf"]
    return SearchResult(question, mode, tuple(map(passage, names))[:k], SearchTimes(total=5.0))


def ask(question: str) -> Answer:
    return Answer(
        question=question,
        text="Ten days of leave [1].",
        sentences=(CitedSentence("Ten days of leave.", (1,), 0.9, "supported"),),
        citations=(Citation(1, passage("a.pdf"), 0, 18, "Ten days of leave."),),
        evidence=(),
        refused=False,
        cancelled=False,
        composed_by="quotes",
        coverage=LedgerCounts(),
        stats=None,
        retrieve_s=0.1,
        first_token_s=0.2,
        total_s=0.5,
    )


def question(number: int, name: str = "a.pdf") -> Question:
    return Question(f"q{number}", "How many days?", (Source(name, 1),), ("ten days of leave",))


TOOLS = Tools(search=search, ask=ask, source_texts=lambda q, gold: "Ten days of leave.", roots=ROOTS)


def run(questions: Sequence[Question], tools: Tools = TOOLS, *, k: int = 6) -> list[Row]:
    cases = [(q, resolve(q, ROOTS)) for q in questions]
    configuration = Configuration(k=k)
    progress: list[tuple[int, int]] = []
    rows = run_questions(
        cases,
        configuration,
        tools,
        on_progress=lambda done, total: progress.append((done, total)),
        cancel=threading.Event(),
    )
    assert progress == [(n, len(cases)) for n in range(1, len(cases) + 1)]
    return rows


def test_each_mode_is_measured_apart_and_the_first_carries_the_answer() -> None:
    (row,) = run([question(1)])
    assert [row.values[key] for key in ("page.mrr", "vector:page.mrr", "text:page.mrr")] == [1.0, 0.5, 1.0]
    assert (row.values["f1"], row.values["citation.recall"], row.values["answer_ms"]) == (1.0, 1.0, 500.0)
    assert (row.cause, row.found, row.cited) == ("right", ("a.pdf, p. 1", "b.pdf, p. 1"), ("a.pdf, p. 1",))
    assert (row.sources, row.values["first_token_ms"], row.values["search_ms"]) == (("a.pdf, p. 1",), 200.0, 5.0)


def test_rows_come_in_the_order_of_the_set() -> None:
    assert [row.id for row in run([question(3), question(1), question(2)])] == ["q3", "q1", "q2"]


def test_without_answers_only_retrieval_is_judged_and_only_the_passages_of_an_answer_count() -> None:
    tools = replace(TOOLS, ask=None)
    (found,) = run([question(1, "b.pdf")], tools)
    assert (found.cause, found.answer, "f1" in found.values) == ("right", None, False)
    (lost,) = run([question(1, "b.pdf")], tools, k=1)
    assert lost.cause == "retrieval"
    assert lost.values["page.hit@5"] == 1.0


def test_only_a_failed_question_is_looked_up_in_its_source() -> None:
    looked: list[str] = []

    def texts(asked: Question, gold: Gold) -> str:
        looked.append(asked.id)
        return ""

    rows = run([question(1), question(2, "none.pdf")], replace(TOOLS, ask=None, source_texts=texts))
    assert looked == ["q2"]
    assert [row.cause for row in rows] == ["right", "data"]


def test_a_passage_that_goes_on_to_the_page_of_a_source_is_found() -> None:
    crossing = replace(passage("a.pdf"), page_breaks=((2, 8),))
    found = SearchResult("q", "hybrid", (crossing,), SearchTimes(total=5.0))
    asked = replace(question(1), sources=(Source("a.pdf", 2),))
    (row,) = run([asked], replace(TOOLS, ask=None, search=lambda q, k, mode: found))
    assert (row.cause, row.values["page.hit@10"]) == ("right", 1.0)


def test_a_cancelled_run_gives_what_was_done_but_for_the_question_in_hand() -> None:
    cancel = threading.Event()
    asked: list[str] = []

    def stopping(words: str) -> Answer:
        asked.append(words)
        if len(asked) == 3:
            cancel.set()
        return ask(words)

    cases = [(q, resolve(q, ROOTS)) for q in map(question, range(1, 6))]
    progress: list[int] = []
    rows = run_questions(
        cases,
        Configuration(),
        replace(TOOLS, ask=stopping),
        on_progress=lambda done, total: progress.append(done),
        cancel=cancel,
    )
    assert ([row.id for row in rows], progress, len(asked)) == (["q1", "q2"], [1, 2], 3)
    assert rows[1].values["f1"] == 1.0


def test_a_run_that_was_cancelled_before_searches_nothing() -> None:
    cancel = threading.Event()
    cancel.set()
    tools = replace(TOOLS, search=lambda q, k, mode: pytest.fail("searched"))
    cases = [(question(1), resolve(question(1), ROOTS))]
    assert run_questions(cases, Configuration(), tools, on_progress=lambda *n: None, cancel=cancel) == []


def test_a_half_that_finds_nothing_is_named_where_the_other_finds_something() -> None:
    """R24."""
    rows = [a_row(1, {"file.hit@10": 1.0, "vector:file.hit@10": 0.0, "text:file.hit@10": 1.0})]
    (warning,) = dead_halves(["hybrid", "vector", "text"], rows)
    assert warning.startswith("vector search found not one")
    assert dead_halves(["hybrid"], [a_row(1, {"file.hit@10": 0.0})]) == []
    assert dead_halves(["hybrid", "text"], [a_row(1, {})]) == []
