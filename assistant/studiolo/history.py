"""Past questions and answers with their numbered sources, in SQLite; one owner thread."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from studiolo_indexer.sqlite_errors import open_database, use_write_ahead_log
from studiolo_indexer.sqlite_schema import ensure_schema

_SCHEMA = (
    """
CREATE TABLE answers (
    id INTEGER PRIMARY KEY,
    asked_at TEXT NOT NULL,
    question TEXT NOT NULL,
    collections TEXT NOT NULL,
    answer TEXT NOT NULL
);
""",
)


class History:
    """The answers that were given, each as the JSON document that `ask` printed (R19)."""

    def __init__(self, path: Path) -> None:
        """Open or create the history.

        Raises:
            StoreDamaged: If the file is no database of ours.
            StoreFull, StoreUnwritable: If it cannot be opened. Every method may raise these three.
        """
        self._db = open_database(path)
        use_write_ahead_log(self._db)
        self._db.execute("PRAGMA secure_delete=ON")
        ensure_schema(self._db, _SCHEMA)

    def add(self, question: str, collections: Sequence[str], answer: dict[str, Any]) -> int:  # Any: a JSON document
        """Keep an answer; gives its id."""
        row = (
            datetime.now(UTC).isoformat(timespec="seconds"),
            question.encode("utf-8", "replace").decode("utf-8"),
            json.dumps(list(collections)),
            json.dumps(answer),
        )
        cursor = self._db.execute(
            "INSERT INTO answers (asked_at, question, collections, answer) VALUES (?, ?, ?, ?)", row
        )
        return int(cursor.lastrowid or 0)

    def newest(self, limit: int) -> list[dict[str, Any]]:  # Any: JSON documents
        """List past questions, newest first."""
        rows = self._db.execute(
            "SELECT id, question, asked_at, collections FROM answers ORDER BY id DESC LIMIT ?", (limit,)
        )
        return [{"id": i, "question": q, "asked_at": at, "collections": json.loads(c)} for i, q, at, c in rows]

    def entry(self, entry_id: int) -> dict[str, Any] | None:  # Any: a JSON document
        """Give one answer as it was stored, or None."""
        row = self._db.execute("SELECT asked_at, answer FROM answers WHERE id = ?", (entry_id,)).fetchone()
        return None if row is None else {**json.loads(row[1]), "id": entry_id, "asked_at": row[0]}

    def forget_under(self, folder: str) -> int:
        """Remove every answer that cites a file under a folder; gives how many (promise 8)."""
        prefix = folder.rstrip("/\\")
        doomed = [
            entry_id
            for entry_id, answer in self._db.execute("SELECT id, answer FROM answers").fetchall()
            if any(_lies_under(source["path"], prefix) for source in _sources(json.loads(answer)))
        ]
        self._db.executemany("DELETE FROM answers WHERE id = ?", [(i,) for i in doomed])
        if doomed:
            self._db.execute("VACUUM")
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return len(doomed)

    def close(self) -> None:
        """Close the database."""
        self._db.close()


def _sources(answer: dict[str, Any]) -> list[dict[str, Any]]:  # Any: a JSON document
    return [*answer.get("citations", []), *answer.get("passages", [])]


def _lies_under(path: str, prefix: str) -> bool:
    return path == prefix or path.startswith((prefix + "/", prefix + "\\"))
