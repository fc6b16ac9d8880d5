"""A new file gets its tables once, whoever comes first."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from races import at_once

from studiolo_indexer.sqlite_schema import ensure_schema

SCHEMA = "CREATE TABLE marks (n INTEGER); INSERT INTO marks VALUES (1)"


def open_file(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, isolation_level=None, timeout=20)


def test_many_threads_that_open_a_new_file_at_once_make_its_tables_once(tmp_path: Path) -> None:
    """The first start of the engine does this with three threads."""

    def version_made(wait: Callable[[], object]) -> object:
        db = open_file(tmp_path / "new.sqlite")
        wait()
        try:
            return ensure_schema(db, [SCHEMA, "CREATE TABLE more (n INTEGER)"])
        finally:
            db.close()

    assert at_once(8, version_made) == [2] * 8
    assert open_file(tmp_path / "new.sqlite").execute("SELECT n FROM marks").fetchall() == [(1,)]


def test_an_older_file_gets_what_is_new_and_keeps_its_rows(tmp_path: Path) -> None:
    db = open_file(tmp_path / "old.sqlite")
    assert ensure_schema(db, [SCHEMA]) == 1
    later = (
        "CREATE TRIGGER t AFTER INSERT ON marks BEGIN DELETE FROM marks WHERE n = 1; END; INSERT INTO marks VALUES (2)"
    )
    assert ensure_schema(db, [SCHEMA, later]) == 2
    assert db.execute("SELECT n FROM marks").fetchall() == [(2,)]


def test_a_newer_file_stays_as_it_is(tmp_path: Path) -> None:
    db = open_file(tmp_path / "newer.sqlite")
    ensure_schema(db, [SCHEMA, "CREATE TABLE other (n INTEGER)"])
    assert ensure_schema(db, [SCHEMA]) == 2


def test_a_step_that_fails_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    db = open_file(tmp_path / "new.sqlite")
    with pytest.raises(sqlite3.OperationalError):
        ensure_schema(db, ["CREATE TABLE one (n INTEGER); CREATE NONSENSE"])
    assert db.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
    with pytest.raises(sqlite3.OperationalError):
        ensure_schema(db, [SCHEMA, "CREATE NONSENSE"])
    assert ensure_schema(db, [SCHEMA]) == 1
