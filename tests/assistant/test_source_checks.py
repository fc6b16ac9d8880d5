"""What is wrong with the sources of a question set is said once, with the questions that it concerns."""

from __future__ import annotations

from dataclasses import replace

from studiolo.evaluation.gold import resolve
from studiolo.evaluation.question_sets import Question, Source
from studiolo.evaluation.source_checks import source_warnings
from studiolo_indexer.records import FileRecord

READ = FileRecord(
    "d", 1, "documents", b"/r/a.pdf", "/r/a.pdf", "a.pdf", "indexed", None, None, 9, "sha", "application/pdf", "pdf",
    5, 5, 20, 0, (), 0.1, "2026-01-01",
)  # fmt: skip


def warnings(record: FileRecord | None, *questions: Question) -> list[str]:
    return source_warnings([(q, resolve(q, (b"/r",))) for q in questions], lambda path: record)


def asks(number: int, *sources: Source, unanswerable: bool = False) -> Question:
    return Question(f"q{number}", "?", sources, ("ten",), unanswerable)


def test_a_file_that_is_not_in_scope_is_named_once_with_its_questions() -> None:
    questions = [asks(n, Source("a.pdf", 1), Source("a.pdf", 2)) for n in range(7)]
    assert warnings(None, *questions) == ["a.pdf is no file of the folders in scope (q0, q1, q2, q3, q4 and 2 more)"]


def test_a_file_that_could_not_be_read_is_named_with_its_code() -> None:
    failed = replace(READ, state="failed", code="file.damaged", chunks=0)
    assert warnings(failed, asks(1, Source("a.pdf"))) == ["a.pdf is failed (file.damaged) (q1)"]


def test_a_page_behind_the_end_is_named() -> None:
    assert warnings(READ, asks(1, Source("a.pdf", 6))) == ["a.pdf has 5 pages, and page 6 is expected (q1)"]
    no_pages = replace(READ, pages=None)
    assert warnings(no_pages, asks(1, Source("a.pdf", 1))) == ["a.pdf has no pages, and page 1 is expected (q1)"]


def test_a_sound_set_says_nothing_and_a_contradiction_is_named() -> None:
    assert warnings(READ, asks(1, Source("a.pdf", 5)), asks(2, unanswerable=True)) == []
    assert "marked unanswerable" in warnings(READ, asks(1, Source("a.pdf"), unanswerable=True))[0]
    assert "nothing can be measured" in warnings(READ, Question("q1", "?"))[0]
