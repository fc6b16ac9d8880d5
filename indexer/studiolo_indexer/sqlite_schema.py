"""Gives a new SQLite file its tables, once, whoever comes first."""

from __future__ import annotations

import sqlite3


def ensure_schema(db: sqlite3.Connection, schema: str, *, version: int) -> int:
    """Create the tables of an empty file, and give the version that the file has now.

    Safe when several threads or processes open a new file at the same moment: one makes the tables, the others wait.

    Args:
        db: A connection in autocommit (`isolation_level=None`) that may write.
        schema: Statements joined by ";", none of which holds one inside.
        version: The version that `schema` makes; an existing file keeps its own.

    Raises:
        sqlite3.DatabaseError: If the file is no database, or cannot be written.
    """
    if found := _version(db):
        return found
    db.execute("BEGIN IMMEDIATE")
    try:
        if not _version(db):
            for statement in schema.split(";"):
                db.execute(statement)
            db.execute(f"PRAGMA user_version={int(version)}")
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:  # SQLite has rolled back by itself where the disk is full
            db.execute("ROLLBACK")
        raise
    return _version(db)


def _version(db: sqlite3.Connection) -> int:
    return int(db.execute("PRAGMA user_version").fetchone()[0])
