"""Reads and writes files of drafted questions, a JSON object a line; what a row holds besides is kept."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from studiolo.console import open_output, read_questions_text, rows_of
from studiolo.desk import Json
from studiolo.errors import AssistantError
from studiolo.paths import write_atomically

if TYPE_CHECKING:
    from studiolo.drafting.drafter import Draft

DRAFT, CONFIRMED = "draft", "confirmed"


def draft_row(number: int, draft: Draft) -> Json:
    """Give a draft the form of the question set."""
    source: Json = {"path": draft.path}
    if draft.page is not None:
        source["page"] = draft.page
    return {
        "id": f"d{number}",
        "question": draft.question,
        "sources": [{**source, "start": draft.start, "end": draft.end, "text": draft.text}],
        "answer": draft.answer,
        "unanswerable": False,
        "status": DRAFT,
        "kind": draft.kind,
        "composed_by": draft.composed_by,
        "collection": draft.collection,
        "passage": draft.passage,
    }


def line_of(row: Json) -> str:
    """Write a row as one line that a person can read; what else ends a line for some programs is escaped."""
    text = json.dumps(row, ensure_ascii=False)
    for ends_a_line in ("\x85", "\u2028", "\u2029"):
        text = text.replace(ends_a_line, f"\\u{ord(ends_a_line):04x}")
    return text + "\n"


def write_drafts(path: Path, rows: Iterable[Json]) -> None:
    """Write rows into a new file, a line as soon as it is there.

    Raises:
        AssistantError: `output.unwritable` if the file cannot be made.
    """
    with open_output(path) as stream:
        for row in rows:
            stream.write(line_of(row))
            stream.flush()


def refuse_to_overwrite(path: Path) -> None:
    """Keep what a person may have worked on.

    Raises:
        AssistantError: `output.exists`.
    """
    if path.exists() and (not path.is_file() or path.stat().st_size):
        raise AssistantError("output.exists", str(path))


class DraftFile:
    """The rows of one file, which a person goes through; each change is written at once and in one step.

    Raises (on construction):
        AssistantError: `question.bad_file` if it cannot be read, or a line is no question.
    """

    def __init__(self, path: Path) -> None:
        self._path = path.resolve()  # a link stays a link when the file is replaced
        self._written = read_questions_text(self._path)
        self.rows = list(rows_of(self._path, self._written.split("\n"), "question"))

    def waiting(self) -> list[Json]:
        """List the rows that nobody has decided on."""
        return [row for row in self.rows if row.get("status") == DRAFT]

    def replace(self, row: Json, by: Sequence[Json]) -> None:
        """Put rows in the place of one, and write the file; no row drops it.

        Raises:
            AssistantError: `question.file_changed` if somebody else wrote it meanwhile; `output.unwritable`.
        """
        at = next(n for n, known in enumerate(self.rows) if known is row)
        rows = [*self.rows[:at], *by, *self.rows[at + 1 :]]
        if read_questions_text(self._path) != self._written:
            raise AssistantError("question.file_changed", str(self._path))
        text = "".join(map(line_of, rows))
        try:
            write_atomically(self._path, text.encode("utf-8", "backslashreplace"))
        except OSError as error:
            raise AssistantError("output.unwritable", f"{self._path}: {error.strerror}") from error
        self.rows, self._written = rows, text
