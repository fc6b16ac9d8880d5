"""The demonstration chooses its questions and names the places of its answers."""

from __future__ import annotations

import demo


def test_one_question_is_asked_in_each_collection_and_a_marked_one_goes_first() -> None:
    rows = [
        {"id": 1, "question": "no answer", "sources": [], "unanswerable": True},
        {"id": 2, "question": "first", "sources": [{"path": "hr/a.md"}]},
        {"id": 3, "question": "marked", "sources": [{"path": "hr/b.md"}], "demo": True},
        {"id": 4, "question": "product", "collection": "product-docs", "sources": [{"path": "c.pdf"}]},
        {"id": 5, "question": "customer", "sources": [{"path": "customers/d.docx"}]},
    ]
    assert demo.questions(rows) == [("hr", "marked"), ("product-docs", "product"), ("customers", "customer")]


def test_a_citation_is_named_by_its_file_and_page() -> None:
    path = str(demo.EXAMPLES / "hr" / "leave.pdf")
    assert demo.place({"path": path, "page": 2, "part": "2"}) == "hr/leave.pdf, page 2"
    assert demo.place({"path": path, "page": None, "part": "Carry-over"}) == "hr/leave.pdf, Carry-over"
