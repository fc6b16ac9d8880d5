"""A new file gets its tables once, whoever comes first."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest

from studiolo_indexer.sqlite_schema import ensure_schema

SCHEMA = "CREATE TABLE marks (n INTEGER); INSERT INTO marks VALUES (1)"


def open_file(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, isolation_level=None, timeout=20)


def test_many_threads_that_open_a_new_file_at_once_make_its_tables_once(tmp_path: Path) -> None:
    """The first start of the engine does this with three threads."""
    together = threading.Barrier(8)
    versions: list[int | Exception] = []

    def open_it() -> None:
        db = open_file(tmp_path / "new.sqlite")
        together.wait()
        try:
            versions.append(ensure_schema(db, SCHEMA, version=3))
        except sqlite3.Error as error:
            versions.append(error)
        db.close()

    threads = [threading.Thread(target=open_it) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert versions == [3] * 8
    assert open_file(tmp_path / "new.sqlite").execute("SELECT n FROM marks").fetchall() == [(1,)]


def test_a_file_keeps_the_version_that_it_has(tmp_path: Path) -> None:
    db = open_file(tmp_path / "old.sqlite")
    ensure_schema(db, SCHEMA, version=1)
    assert ensure_schema(db, "CREATE TABLE other (n INTEGER)", version=2) == 1


def test_a_schema_that_fails_leaves_an_empty_file(tmp_path: Path) -> None:
    db = open_file(tmp_path / "new.sqlite")
    with pytest.raises(sqlite3.OperationalError):
        ensure_schema(db, "CREATE TABLE one (n INTEGER); CREATE NONSENSE", version=1)
    assert db.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
    assert ensure_schema(db, SCHEMA, version=1) == 1
