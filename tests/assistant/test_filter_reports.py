"""What was understood of filters is told, to programs and to people."""

from __future__ import annotations

from studiolo.desk import Job
from studiolo.filter_reports import filter_lines, filters_row, tell_not_understood
from studiolo.messages import EngineEvent, Notice
from studiolo_indexer.query_filters import read_filters


def lines(query: str, documents: int | None, mailboxes_left_out: int = 0) -> list[str]:
    read = read_filters(query)
    return list(filter_lines(filters_row(read, documents=documents, mailboxes_left_out=mailboxes_left_out)))


def test_a_result_says_what_was_understood() -> None:
    row = filters_row(read_filters("lease -type:PDF before:2025 after:hours"), documents=3)
    assert row == {
        "words": "lease after:hours",
        "understood": [
            {"filter": "type", "value": "pdf", "negated": True},
            {"filter": "before", "value": "2025-01-01", "negated": False},
        ],
        "not_understood": ["after:hours"],
        "documents": 3,
        "mailboxes_left_out": 0,
    }


def test_people_read_how_many_documents_pass() -> None:
    assert lines("lease", None) == []
    assert lines('x -type:pdf under:"My Folder"', 1204) == ['1,204 documents pass: -type:pdf under:"My Folder"']
    assert lines("x type:pdf", 1) == ["1 document passes: type:pdf"]
    assert lines("x type:pdf", 0) == ["No document passes: type:pdf"]
    assert lines("x from:a", 2, 1)[1] == "1 mailbox left out: from: looks at single mails."
    assert lines("x from:a", 2, 3)[1] == "3 mailboxes left out: from: looks at single mails."
    assert lines("see after:hours", None) == ["Looked for as words, and filtering nothing: after:hours"]


def test_the_window_is_told_of_what_filters_nothing() -> None:
    said: list[EngineEvent] = []
    for query in ("lease type:pdf 10:30", "see after:hours type:string"):
        tell_not_understood(read_filters(query), Job(emit=said.append))
    (notice,) = said
    assert isinstance(notice, Notice)
    assert notice.error["code"] == "question.not_a_filter"
    assert "after:hours type:string" in notice.error["message"]
