"""Rows, runs and question sets for the tests of the evaluation."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from studiolo.evaluation.question_sets import Question, Source
from studiolo.evaluation.runs import Row, Run


def a_row(number: int, values: Mapping[str, float], *, cause: str = "right", **changes: Any) -> Row:  # Any: fields
    """Make the row of question `q<number>`."""
    fields: dict[str, Any] = {"question": f"What is number {number}?", "digest": f"d{number}", "unanswerable": False}
    return Row(id=f"q{number}", values=values, cause=cause, reason="because", **(fields | changes))


def a_run(name: str, key: str, values: Sequence[float]) -> Run:
    """Make a run with one value a question."""
    about = {"modes": ["hybrid"], "k": 6, "answers_by": "quotes"}
    return Run(name, about, tuple(a_row(n, {key: v}) for n, v in enumerate(values)))


def a_question(*sources: Source, answers: Sequence[str] = (), unanswerable: bool = False) -> Question:
    """Make a question."""
    return Question("q", "How many days?", sources, tuple(answers), unanswerable)


def write_set(path: Path, *rows: Mapping[str, object]) -> Path:
    """Write a question set; a row without an id gets its number."""
    lines = [json.dumps({"id": f"q{n}", **row}) for n, row in enumerate(rows, start=1)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
