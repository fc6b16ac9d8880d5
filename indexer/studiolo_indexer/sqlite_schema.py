"""Gives a SQLite file its tables, and an older one what is new since; once, whoever comes first."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence


def ensure_schema(db: sqlite3.Connection, steps: Sequence[str]) -> int:
    """Bring a file to the newest version, and give the version that it has then.

    Safe when several threads or processes open a file at the same moment: one makes the tables, the others wait.

    Args:
        db: A connection in autocommit (`isolation_level=None`) that may write.
        steps: Statements, joined by ";": the first step makes an empty file version 1, the next one a version 2 of it.
            A file of a version that is newer than these stays as it is.

    Raises:
        sqlite3.DatabaseError: If the file is no database, or cannot be written; then it stays as it was.
    """
    if (found := _version(db)) >= len(steps):
        return found
    db.execute("BEGIN IMMEDIATE")
    try:
        for step in steps[_version(db) :]:
            for statement in _statements(step):
                db.execute(statement)
            db.execute(f"PRAGMA user_version={_version(db) + 1}")
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:  # SQLite has rolled back by itself where the disk is full
            db.execute("ROLLBACK")
        raise
    return _version(db)


def _statements(step: str) -> Iterator[str]:
    """Cut at the semicolons that end a statement, not at those inside a trigger."""
    held = ""
    for piece in step.split(";"):
        held += f"{piece};"
        if sqlite3.complete_statement(held):
            yield held
            held = ""


def _version(db: sqlite3.Connection) -> int:
    return int(db.execute("PRAGMA user_version").fetchone()[0])
