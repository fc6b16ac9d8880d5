"""Past questions and answers with their numbered sources, in SQLite; one owner thread."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from studiolo.history_tables import SCHEMA, words_of
from studiolo_indexer.sqlite_errors import open_database, use_write_ahead_log
from studiolo_indexer.sqlite_schema import ensure_schema
from studiolo_indexer.word_splitting import folded

# Of a conversation: its newest and first answer, and how many there are.
_ROWS = """
SELECT c.id, c.title, c.pinned, n.answers, first.question, first.asked_at, last.asked_at, last.collections
FROM conversations AS c
JOIN (
    SELECT conversation, MIN(id) AS first, MAX(id) AS last, COUNT(*) AS answers FROM answers GROUP BY conversation
) AS n ON n.conversation = c.id
JOIN answers AS first ON first.id = n.first
JOIN answers AS last ON last.id = n.last
"""
_ANSWERS = """
SELECT a.id, a.conversation, a.asked_at, a.collections, a.answer, f.rating, f.correction, f.given_at
FROM answers AS a LEFT JOIN feedback AS f ON f.answer = a.id
"""
_NEWEST_FIRST = " ORDER BY c.pinned DESC, n.last DESC LIMIT ? OFFSET ?"
_LONGEST_TITLE = 200
_MOST_WORDS = 16

Json = dict[str, Any]  # Any: a JSON document, whose shape is the contract


class History:
    """The answers that were given, in their conversations; each as the JSON document that `ask` printed (R19)."""

    def __init__(self, path: Path) -> None:
        """Open or create the history.

        Raises:
            StoreDamaged: If the file is no database of ours.
            StoreFull, StoreUnwritable: If it cannot be opened. Every method may raise these three.
        """
        self._db = open_database(path)
        use_write_ahead_log(self._db)
        self._db.execute("PRAGMA secure_delete=ON")
        self._db.create_function("words_of", 2, words_of, deterministic=True)
        ensure_schema(self._db, SCHEMA)

    def add(
        self,
        question: str,
        collections: Sequence[str],
        answer: Json,
        *,
        conversation: int | None = None,
        instead_of: int | None = None,
    ) -> Json:
        """Keep an answer; without a conversation, or with one that has gone, it begins one.

        Args:
            question: As it was asked.
            collections: Where it was looked for.
            answer: The `ask` document.
            conversation: Where it belongs.
            instead_of: The answer of that conversation whose place it takes; that one is kept as well. Of several in
                one place the first is named, whichever of them this one replaces.

        Returns:
            {"id", "asked_at", "conversation", "instead_of"} of the answer.
        """
        asked_at = datetime.now(UTC).isoformat(timespec="seconds")
        text = question.encode("utf-8", "replace").decode("utf-8")
        with _Transaction(self._db):
            place = self._place_of(instead_of, conversation)
            document = json.dumps({**answer, "instead_of": place})
            known = self._db.execute("SELECT id FROM conversations WHERE id = ?", (conversation,)).fetchone()
            if known is None:
                conversation = self._db.execute("INSERT INTO conversations DEFAULT VALUES").lastrowid
            entry = self._db.execute(
                "INSERT INTO answers (conversation, asked_at, question, collections, answer) VALUES (?, ?, ?, ?, ?)",
                (conversation, asked_at, text, json.dumps(list(collections)), document),
            ).lastrowid
            self._db.execute("INSERT INTO answer_words VALUES (?, ?)", (entry, words_of(text, document)))
        return {"id": entry, "asked_at": asked_at, "conversation": conversation, "instead_of": place}

    def newest(self, limit: int) -> list[Json]:
        """List past questions, newest first."""
        rows = self._db.execute(
            "SELECT id, question, asked_at, collections FROM answers ORDER BY id DESC LIMIT ?", (limit,)
        )
        return [{"id": i, "question": q, "asked_at": at, "collections": json.loads(c)} for i, q, at, c in rows]

    def entry(self, entry_id: int) -> Json | None:
        """Give one answer as it was stored, or None."""
        found = self._answers("a.id = ?", (entry_id,))
        return found[0] if found else None

    def conversations(self, words: str = "", *, offset: int = 0, limit: int = 100) -> tuple[int, list[Json]]:
        """List conversations, pinned ones first, then by their newest answer.

        Args:
            words: If there are any, each must stand in the title, or in a question or an answer of the conversation;
                case and accents do not matter, and part of a word is enough.
            offset: How many to pass over.
            limit: How many to give at most.

        Returns:
            How many there are, and a row for each in the range.
        """
        where, values = _holding(words)
        (total,) = self._db.execute(f"SELECT COUNT(*) FROM conversations AS c{where}", values).fetchone()  # noqa: S608 - of constants
        rows = self._db.execute(f"{_ROWS}{where}{_NEWEST_FIRST}", (*values, limit, offset)).fetchall()
        return total, [_conversation_row(row) for row in rows]

    def conversation(self, conversation: int) -> Json | None:
        """Give one conversation's row, or None."""
        row = self._db.execute(f"{_ROWS} WHERE c.id = ?", (conversation,)).fetchone()
        return None if row is None else _conversation_row(row)

    def turns(self, conversation: int) -> list[Json]:
        """Give the answers of a conversation as they were stored, oldest first; none if there is no such one."""
        return self._answers("a.conversation = ?", (conversation,))

    def rename(self, conversation: int, title: str) -> None:
        """Give a conversation a title; an empty one lets it be called by its first question."""
        shown = " ".join(title.encode("utf-8", "replace").decode("utf-8").split())[:_LONGEST_TITLE]
        self._db.execute("UPDATE conversations SET title = ? WHERE id = ?", (shown or None, conversation))
        self._truncate()  # the former title is no longer in the file, and may have been taken back for what it says

    def pin(self, conversation: int, *, pinned: bool) -> None:
        """Keep a conversation at the top, or no longer."""
        self._db.execute("UPDATE conversations SET pinned = ? WHERE id = ?", (pinned, conversation))

    def delete(self, conversation: int) -> int:
        """Remove a conversation with all that belongs to it from the disk; gives how many answers."""
        doomed = self._db.execute("SELECT id FROM answers WHERE conversation = ?", (conversation,))
        return self._purge([entry_id for (entry_id,) in doomed])

    def clear(self) -> int:
        """Remove every conversation from the disk; gives how many answers."""
        return self._purge([entry_id for (entry_id,) in self._db.execute("SELECT id FROM answers").fetchall()])

    def rate(self, entry_id: int, *, rating: str | None, correction: str) -> None:
        """Keep what the user says of an answer in the place of what was said before; nothing at all removes it."""
        text = correction.encode("utf-8", "replace").decode("utf-8").strip()
        if rating is None and not text:
            self._db.execute("DELETE FROM feedback WHERE answer = ?", (entry_id,))
        else:
            given_at = datetime.now(UTC).isoformat(timespec="seconds")
            self._db.execute(
                "INSERT OR REPLACE INTO feedback (answer, rating, correction, given_at) SELECT id, ?, ?, ? FROM answers"
                " WHERE id = ?",
                (rating, text, given_at, entry_id),
            )
        self._truncate()

    def examples(self, *, offset: int = 0, limit: int = 100) -> tuple[int, list[Json]]:
        """Give answers of which something was said, with question, passages and what was said, oldest first.

        Returns:
            How many there are, and those in the range.
        """
        (total,) = self._db.execute("SELECT COUNT(*) FROM feedback").fetchone()
        return total, self._answers("f.answer IS NOT NULL", (), offset=offset, limit=limit)

    def forget_under(self, folder: str) -> int:
        """Remove every answer that cites a file under a folder; gives how many (promise 8)."""
        prefix = folder.rstrip("/\\")
        return self._purge(
            [
                entry_id
                for entry_id, answer in self._db.execute("SELECT id, answer FROM answers").fetchall()
                if any(_lies_under(source["path"], prefix) for source in _sources(json.loads(answer)))
            ]
        )

    def close(self) -> None:
        """Close the database."""
        self._db.close()

    def _place_of(self, entry: int | None, conversation: int | None) -> int | None:
        """Give the first answer in the place of another one; None where there is no such one in the conversation."""
        query = "SELECT id, answer FROM answers WHERE id = ? AND conversation = ?"
        row = self._db.execute(query, (entry, conversation)).fetchone()
        if row is None:
            return None
        first = json.loads(row[1]).get("instead_of")
        return first if isinstance(first, int) else row[0]

    def _answers(self, where: str, values: tuple[int, ...], *, offset: int = 0, limit: int = -1) -> list[Json]:
        rows = self._db.execute(f"{_ANSWERS} WHERE {where} ORDER BY a.id LIMIT ? OFFSET ?", (*values, limit, offset))
        return [
            {
                **json.loads(answer),
                "id": entry_id,
                "conversation": conversation,
                "asked_at": asked_at,
                "collections": json.loads(collections),
                "feedback": {"rating": rating, "correction": correction or "", "given_at": given_at},
            }
            for entry_id, conversation, asked_at, collections, answer, rating, correction, given_at in rows
        ]

    def _purge(self, doomed: Sequence[int]) -> int:
        with _Transaction(self._db):
            self._db.executemany("DELETE FROM answers WHERE id = ?", [(i,) for i in doomed])
        if doomed:
            self._db.execute("VACUUM")
            self._truncate()
        return len(doomed)

    def _truncate(self) -> None:
        """Empty the log of writes, which holds what pages said before."""
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


class _Transaction:
    """Makes several statements one: all of them count, or none."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def __enter__(self) -> None:
        self._db.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        if kind is None:
            self._db.execute("COMMIT")
        elif self._db.in_transaction:  # SQLite has rolled back by itself where the disk is full
            self._db.execute("ROLLBACK")


def _holding(words: str) -> tuple[str, tuple[str, ...]]:
    """Write the condition for conversations that hold words, and its values; nothing without words.

    Looked through letter by letter (`instr`), not by an index of words: part of a word is found as well ("Frist" in
    "Kündigungsfrist"), a removed answer leaves nothing in an index (FTS5 keeps deleted words until it merges), and
    10,000 answers take some tens of milliseconds.
    """
    wanted = tuple(dict.fromkeys(folded(words.encode("utf-8", "replace").decode("utf-8")).split()))[:_MOST_WORDS]
    one = (
        "(instr(words_of(coalesce(c.title, ''), '{}'), ?) OR EXISTS (SELECT 1 FROM answers AS a JOIN answer_words AS w"
        " ON w.answer = a.id WHERE a.conversation = c.id AND instr(w.words, ?)))"
    )
    where = " WHERE " + " AND ".join([one] * len(wanted)) if wanted else ""
    return where, tuple(word for word in wanted for _ in range(2))


def _conversation_row(row: Sequence[Any]) -> Json:  # Any: a row as SQLite gives it
    number, title, pinned, answers, question, started_at, asked_at, collections = row
    return {
        "id": number,
        "title": title or question,
        "named": title is not None,
        "pinned": bool(pinned),
        "started_at": started_at,
        "asked_at": asked_at,
        "answers": answers,
        "collections": json.loads(collections),
    }


def _sources(answer: Json) -> list[Json]:
    return [*answer.get("citations", []), *answer.get("passages", [])]


def _lies_under(path: str, prefix: str) -> bool:
    return path == prefix or path.startswith((prefix + "/", prefix + "\\"))
