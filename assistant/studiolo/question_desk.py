"""Question sets: remembered, looked at, and their drafts decided on; holds nothing between two requests; T-view's."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import cast

from studiolo import messages
from studiolo.desk import Job, Json
from studiolo.drafting.draft_files import CONFIRMED, DRAFT, DraftFile
from studiolo.errors import AssistantError, report
from studiolo.evaluation.kept_sets import KeptSets
from studiolo.evaluation.question_sets import check_questions
from studiolo.messages import Request
from studiolo.paths import AppPaths
from studiolo.workspace import as_path

REQUESTS = (
    messages.QuestionSets, messages.AddQuestionSet, messages.ForgetQuestionSet, messages.QuestionSet,
    messages.DecideQuestion,
)  # fmt: skip
_MOST_PROBLEMS = 100
_MOST_DRAFTS = 5000
_MOST_BYTES = 64 * 1024 * 1024


class QuestionDesk:
    """Answers what is asked about question sets.

    Args:
        paths: Where the list of them lies; the sets themselves lie where the user keeps them.
    """

    def __init__(self, paths: AppPaths) -> None:
        self._sets = KeptSets(paths.evaluation)

    def handle(self, request: Request, job: Job) -> Json:
        """Do one request.

        Raises:
            AssistantError: `question.bad_file`, `question.unknown`, `question.bad_decision`, `question.file_changed`,
                `output.unwritable`, `path.bad`.
            OSError: If the list of sets cannot be written.
        """
        handlers: dict[type[Request], Callable[[], Json]] = {
            messages.QuestionSets: self._list,
            messages.AddQuestionSet: lambda: self._add(cast("messages.AddQuestionSet", request)),
            messages.ForgetQuestionSet: lambda: self._forget(cast("messages.ForgetQuestionSet", request)),
            messages.QuestionSet: lambda: _whole(as_path(cast("messages.QuestionSet", request).path)),
            messages.DecideQuestion: lambda: _decide(cast("messages.DecideQuestion", request)),
        }  # the casts repeat what the key says
        if type(request) not in handlers:
            raise TypeError(f"not for this desk: {request.type}")
        return handlers[type(request)]()

    def close(self) -> None:
        """Give nothing back: nothing is held."""

    def _list(self) -> Json:
        return {"sets": [_listed(path) for path in self._sets.paths()]}

    def _add(self, request: messages.AddQuestionSet) -> Json:
        path = as_path(request.path)
        found = _whole(path)
        if not found["questions"] and not found["problems"]:
            raise AssistantError("question.bad_file", f"{path}: there is no question in it")
        self._sets.add(path)
        return found

    def _forget(self, request: messages.ForgetQuestionSet) -> Json:
        path = as_path(request.path)
        self._sets.forget(path)
        return {"path": os.fspath(path)}


def _listed(path_text: str) -> Json:
    """Give a set for the list; one that cannot be read now says why, and stays in it."""
    try:
        return _set(as_path(path_text))
    except AssistantError as error:
        path = Path(path_text)
        return {"path": path_text, "name": path.name, "error": report(error).as_dict()}


def _set(path: Path) -> Json:
    """Look at a file: how many questions it holds, and what is wrong with which line.

    Raises:
        AssistantError: `question.bad_file` if it cannot be read, or is no file of questions by its size.
    """
    _refuse_huge(path)
    questions, problems = check_questions(path)
    return {
        "path": os.fspath(path),
        "name": path.name,
        "questions": len(questions),
        "unanswerable": sum(q.unanswerable for q in questions),
        "waiting": sum((q.more or {}).get("status") == DRAFT for q in questions),
        "problems": len(problems),
        "lines": [{"line": p.line, "reason": p.reason} for p in problems[:_MOST_PROBLEMS]],
        "error": None,
    }


def _whole(path: Path) -> Json:
    found = _set(path)
    drafts = DraftFile(path).waiting() if found["waiting"] and not found["problems"] else []
    return found | {"drafts": [_draft(row) for row in drafts[:_MOST_DRAFTS]]}


def _draft(row: Json) -> Json:
    known = ("id", "question", "answer", "sources", "kind", "passage")
    return {key: row.get(key) for key in known}


def _decide(request: messages.DecideQuestion) -> Json:
    path = as_path(request.path)
    words = {"question": request.question, "answer": request.answer}
    if request.decision not in ("keep", "drop"):
        raise AssistantError("question.bad_decision", request.decision[:40])
    if any(text is not None and not text.strip() for text in words.values()):
        raise AssistantError("question.bad_decision", "without a word")
    file = DraftFile(path)
    row = next((row for row in file.waiting() if row.get("id") == request.entry), None)
    if row is None:
        raise AssistantError("question.unknown", request.entry[:80])
    changed = {key: text.strip() for key, text in words.items() if text is not None}
    file.replace(row, [] if request.decision == "drop" else [{**row, **changed, "status": CONFIRMED}])
    return _whole(path)


def _refuse_huge(path: Path) -> None:
    """Keep a file out that was chosen by mistake, before it is read whole."""
    try:
        status = path.stat()
    except OSError as error:
        raise AssistantError("question.bad_file", f"{path}: {error.strerror}") from error
    if not path.is_file():
        raise AssistantError("question.bad_file", f"{path}: it is no file")
    if status.st_size > _MOST_BYTES:
        raise AssistantError("question.bad_file", f"{path}: it is too large to hold questions")
