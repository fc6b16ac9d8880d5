"""Sets, runs, comparisons and adapters as the engine gives them, for the tests of the window."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]  # Any: a JSON document

SET = "/sets/leave questions.jsonl"
DRAFTS: list[Json] = [
    {"id": "d1", "question": "How many days may be carried over?", "answer": "ten days", "kind": "figure",
     "sources": [{"path": "hr/leave.pdf", "page": 4, "text": "Up to ten days may be carried over."}],
     "passage": "4.2 Carry-over. Up to ten days may be carried over. The rest lapses."},
    {"id": "d2", "question": "Who approves a desk?", "answer": "the head", "kind": "name",
     "sources": [{"path": "hr/desk.md", "text": "The head approves it."}], "passage": "The head approves it."},
]  # fmt: skip
SETS: list[Json] = [
    {"path": SET, "name": "leave questions.jsonl", "questions": 30, "unanswerable": 5, "waiting": 2, "problems": 0,
     "lines": [], "error": None, "drafts": DRAFTS},
    {"path": "/sets/broken.jsonl", "name": "broken.jsonl", "questions": 1, "unanswerable": 0, "waiting": 0,
     "problems": 2, "lines": [{"line": 2, "reason": "no JSON"}, {"line": 7, "reason": "the id of line 1 again"}],
     "error": None},
    {"path": "/sets/gone.jsonl", "name": "gone.jsonl", "error": {
        "code": "question.bad_file", "message": "The question file cannot be read.", "hint": "One object a line."}},
]  # fmt: skip


def interval(value: float, low: float, high: float, n: int = 30) -> Json:
    """Make an interval."""
    return {"value": value, "low": low, "high": high, "n": n}


def a_record(run: str, name: str = "current", **changes: Any) -> Json:  # Any: fields
    """Make the record of a run."""
    about: Json = {
        "collections": ["documents"], "modes": ["hybrid", "vector", "text"], "k": 6, "answers_by": "model",
        "model": "smollm2-135m", "adapter": None, "adapter_scale": None, "reranker": None,
    }  # fmt: skip
    record: Json = {
        "run": run, "made_at": "2026-11-27T10:00:00+00:00", "set": SET, "folders": ["/docs"], "questions": 30,
        "unanswerable": 5, "name": name, "complete": True, "not_run": 0, "about": about,
        "diagnosis": {"right": 24, "retrieval": 3, "model": 1, "form": 1, "data": 1, "unmeasured": 0},
        "measures": {
            "page.hit@5": interval(0.86, 0.72, 0.96), "f1": interval(0.542, 0.41, 0.66),
            "page.mrr": interval(0.7, 0.6, 0.8), "answer_ms": interval(1240, 900, 1500),
            "vector:page.hit@5": interval(0.8, 0.7, 0.9),
        },
    }  # fmt: skip
    return record | changes


RECORDS = [a_record("1" * 16), a_record("0" * 16, "base", made_at="2026-11-26T09:00:00+00:00")]


def a_row(number: int, cause: str, **changes: Any) -> Json:  # Any: fields
    """Make what became of one question."""
    row: Json = {
        "id": f"q{number}", "question": f"What is number {number}?", "cause": cause, "reason": "because",
        "expected": ["ten days"], "answer": "five days", "values": {}, "unanswerable": False,
    }  # fmt: skip
    return row | changes


RUN: Json = a_record("1" * 16) | {
    "warnings": ["leave.pdf is failed (q3)"],
    "rows": [
        a_row(1, "retrieval", question="How <b>many</b> days?"),
        a_row(2, "model"),
        a_row(3, "data"),
        *[a_row(n, "right") for n in range(10, 34)],
    ],
}


def a_difference(verdict: str, before: float, value: float, low: float, high: float, **changes: Any) -> Json:
    """Make how one measure changed."""
    difference: Json = {
        "before": before, "after": before + value, "difference": interval(value, low, high), "verdict": verdict,
        "improved": [], "regressed": [],
    }  # fmt: skip
    return difference | changes


COMPARISON: Json = {
    "before": "base", "after": "current", "shared": 30, "left_out": 2, "runs": list(reversed(RECORDS)),
    "differences": {
        "page.hit@5": a_difference(
            "better", 0.7, 0.16, 0.04, 0.28,
            improved=[{"id": "q1", "question": "How many days?", "before": 0.0, "after": 1.0}],
        ),
        "f1": a_difference(
            "unclear", 0.5, 0.04, -0.02, 0.1,
            improved=[{"id": "q2", "question": "Who signs?", "before": 0.25, "after": 0.75}],
            regressed=[{"id": "q3", "question": "Who pays?", "before": 0.5, "after": 0.25}],
        ),
        "refusal.false": a_difference("worse", 0.1, 0.2, 0.1, 0.3),
        "answer_ms": a_difference("unjudged", 1200, -300, -400, -200),
        "vector:f1": a_difference("same", 0.5, 0.0, 0.0, 0.0),
    },
}  # fmt: skip
ADAPTERS: Json = {
    "adapters": [
        {"name": "letters", "sha256": "ab" * 32, "size_bytes": 12_000_000, "licence": "mit", "made_for": "SmolLM2",
         "rank": 8, "fits": True, "reason": None},
        {"name": "other & <b>", "sha256": "cd" * 32, "size_bytes": 9_000_000, "licence": "", "made_for": "Llama",
         "rank": 4, "fits": False, "reason": "it was made for 'Llama'"},
    ],
    "base": {"name": "smollm2-135m", "sha256": "12" * 32, "size_bytes": 98_000_000},
    "attached": None, "scale": 1.0, "most_scale": 2.0,
}  # fmt: skip
