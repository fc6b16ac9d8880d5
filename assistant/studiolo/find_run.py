"""Keeps an examination that is not finished yet in a file of the user's own, and joins its pieces into one document.

The file lies beside the table that the user named, never in the data folder: it holds text of documents, which
removing a folder would have to find again (R32).
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

from studiolo.console import open_output
from studiolo.desk import Json
from studiolo.errors import AssistantError

SUFFIX = ".unfinished"
_FIELDS = {
    "query": str, "filters": dict, "after": str | None,
    "wanted": dict, "examined": int, "in_scope": int, "with_hits": int, "nearest": dict, "hits": list,
    "documents": list, "unreadable": list, "complete": bool, "milliseconds": dict,
}  # fmt: skip


class FindRun:
    """The pieces of one examination, each kept on a line as soon as it is there.

    Args:
        table: The file that the user named for the table; None keeps nothing.
        about: What is examined for what; a run goes on only with the same.
        resume: Whether to go on with the run that was not finished, if there is one.

    Raises (on construction):
        AssistantError: `question.bad_cursor` if the file is of another run, or damaged; `output.unwritable`.
    """

    def __init__(self, table: Path | None, about: Json, *, resume: bool) -> None:
        self._file = None if table is None else table.with_name(table.name + SUFFIX)
        self._stream: TextIO | None = None
        self.pieces: list[Json] = []
        if self._file is None:
            return
        goes_on = resume and self._file.exists()
        if goes_on:
            self.pieces = _read(self._file, about)
        self._stream = open_output(self._file, append=goes_on)
        if not goes_on:
            self._write(about)

    def __enter__(self) -> FindRun:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._stream is not None:
            self._stream.close()
        if kind is None and self._file is not None:
            self._file.unlink(missing_ok=True)

    @property
    def after(self) -> str | None:
        """Where to go on."""
        after = self.pieces[-1]["after"] if self.pieces else None
        return after if isinstance(after, str) else None

    @property
    def is_complete(self) -> bool:
        """Whether every document was examined."""
        return bool(self.pieces) and self.pieces[-1]["complete"] is True

    def add(self, piece: Json) -> None:
        """Keep a piece."""
        self._write(piece)
        self.pieces.append(piece)

    def document(self) -> Json:
        """Give the whole as one document; at least one piece is there."""
        return joined(self.pieces)

    def _write(self, row: Json) -> None:
        if self._stream is not None:
            self._stream.write(json.dumps(row, ensure_ascii=True) + "\n")
            self._stream.flush()


def joined(pieces: Sequence[Json]) -> Json:
    """Join the results of requests that went on one behind the other."""
    whole = {**pieces[-1], "resumed": len(pieces) > 1}
    for name in ("hits", "documents"):
        whole[name] = [row for piece in pieces for row in piece[name]]
    for name in ("examined", "with_hits"):
        whole[name] = sum(piece[name] for piece in pieces)
    whole["nearest"] = {name: sum(piece["nearest"][name] for piece in pieces) for name in pieces[-1]["nearest"]}
    whole["milliseconds"] = {"total": round(sum(piece["milliseconds"]["total"] for piece in pieces), 1)}
    return whole


def _read(file: Path, about: Json) -> list[Json]:
    """Read the pieces that were kept, and cut off a last line that was not written whole."""
    try:
        data = file.read_bytes()
        whole = data.rfind(b"\n") + 1
        lines = data[:whole].decode("ascii").splitlines()
        if whole < len(data):
            os.truncate(file, whole)
    except (OSError, UnicodeDecodeError) as error:
        raise AssistantError("question.bad_cursor", f"{file.name} cannot be read") from error
    rows = [_row(line) for line in lines]
    if not rows or rows[0] != about:
        raise AssistantError("question.bad_cursor", f"{file.name} belongs to another one")
    if not all(_is_piece(row) for row in rows[1:]):
        raise AssistantError("question.bad_cursor", f"{file.name} is damaged")
    return [row for row in rows[1:] if row is not None]


def _row(line: str) -> Json | None:
    try:
        row: Any = json.loads(line)  # Any: untrusted JSON, checked here
    except (ValueError, RecursionError):
        return None
    return row if isinstance(row, dict) else None


def _is_piece(row: Json | None) -> bool:
    return row is not None and all(name in row and isinstance(row[name], kind) for name, kind in _FIELDS.items())
