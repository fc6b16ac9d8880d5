"""Reads a question set: JSONL, a question a line, as the user wrote it; what is wrong is named with its line."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from studiolo.console import read_lines
from studiolo.errors import AssistantError

_KNOWN = frozenset({"id", "question", "sources", "answer", "answers", "unanswerable"})
_Line = Mapping[str, Any]  # Any: untrusted JSON, checked here


@dataclass(frozen=True, slots=True)
class Source:
    """Where the answer stands: a path relative to a watched folder; a page from 1; a half-open span in code points."""

    path: str
    page: int | None = None
    start: int | None = None
    end: int | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """One question with what is expected; `more` holds the keys that we do not know, as they stood."""

    id: str
    question: str
    sources: tuple[Source, ...] = ()
    answers: tuple[str, ...] = ()
    unanswerable: bool = False
    more: Mapping[str, Any] | None = None  # Any: the user's own keys

    @property
    def digest(self) -> str:
        """Hex id of the question and what is expected: two runs can be compared where it is the same."""
        places = [[s.path, s.page, s.start, s.end] for s in self.sources]
        body = json.dumps([self.question, places, self.answers, self.unanswerable])
        return hashlib.sha256(body.encode("utf-8")).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one line, counted from 1."""

    line: int
    reason: str


def read_questions(path: Path) -> tuple[Question, ...]:
    """Read a question set in the order of its lines; empty lines are passed over.

    Raises:
        AssistantError: `question.bad_file` if it cannot be read, holds no question, or a line is not as it must be.
    """
    questions, problems = check_questions(path)
    if problems:
        raise AssistantError("question.bad_file", f"{path}, line {problems[0].line}: {problems[0].reason}")
    if not questions:
        raise AssistantError("question.bad_file", f"{path}: there is no question in it")
    return questions


def check_questions(path: Path) -> tuple[tuple[Question, ...], tuple[Problem, ...]]:
    """Read the lines that are questions, and say of each other one what is wrong with it.

    Raises:
        AssistantError: `question.bad_file` if the file cannot be read.
    """
    questions: list[Question] = []
    problems: list[Problem] = []
    seen: dict[str, int] = {}
    for number, line in enumerate(read_lines(path), start=1):
        if not line.strip():
            continue
        try:
            question = _question(_object(line))
            if question.id in seen:
                raise ValueError(f"the id of line {seen[question.id]} again")
        except ValueError as error:
            problems.append(Problem(number, str(error)))
            continue
        seen[question.id] = number
        questions.append(question)
    return tuple(questions), tuple(problems)


def _object(line: str) -> _Line:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ValueError("no JSON") from error
    if not isinstance(row, dict):
        raise ValueError("no JSON object")
    return row


def _question(row: _Line) -> Question:
    if not isinstance(row.get("id"), str | int) or isinstance(row["id"], bool):
        raise ValueError("no id")
    words = row.get("question")
    if not isinstance(words, str) or not words.strip():
        raise ValueError("no question")
    unanswerable = row.get("unanswerable", False)
    if not isinstance(unanswerable, bool):
        raise ValueError("unanswerable must be true or false")
    return Question(
        id=_clean(str(row["id"])),
        question=_clean(words),
        sources=tuple(_source(s) for s in _list(row, "sources")),
        answers=_answers(row),
        unanswerable=unanswerable,
        more={key: value for key, value in row.items() if key not in _KNOWN},
    )


def _answers(row: _Line) -> tuple[str, ...]:
    """Give the accepted answers: `answers`, or the one `answer`; empty ones are left out."""
    given = [*_list(row, "answers"), *([row["answer"]] if row.get("answer") is not None else [])]
    if not all(isinstance(a, str) for a in given):
        raise ValueError("an answer must be a text")
    return tuple(dict.fromkeys(_clean(a) for a in given if a.strip()))


def _list(row: _Line, key: str) -> Sequence[Any]:  # Any: untrusted JSON
    value = row.get(key)
    if value is not None and not isinstance(value, list):
        raise ValueError(f"{key} must be a list")
    return value or []


def _source(row: object) -> Source:
    if not isinstance(row, dict) or not isinstance(row.get("path"), str) or not row["path"]:
        raise ValueError("a source without a path")
    try:
        os.fsencode(row["path"])
    except UnicodeEncodeError as error:
        raise ValueError("a source whose path no file can have") from error
    page, start, end = (_count(row, key) for key in ("page", "start", "end"))
    if page == 0:
        raise ValueError("a source's page counts from 1")
    if (start is None) != (end is None) or (start is not None and end is not None and start >= end):
        raise ValueError("a source's start must lie before its end")
    text = row.get("text")
    return Source(path=row["path"], page=page, start=start, end=end, text=_clean(text) if isinstance(text, str) else "")


def _count(row: Mapping[str, Any], key: str) -> int | None:  # Any: untrusted JSON
    value = row.get(key)
    if value is not None and (not isinstance(value, int) or isinstance(value, bool) or value < 0):
        raise ValueError(f"a source's {key} must be a whole number")
    return value


def _clean(text: str) -> str:
    """Replace lone surrogates, which JSON can carry and nothing can embed."""
    return text.encode("utf-8", "replace").decode("utf-8")
