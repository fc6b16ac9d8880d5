"""What goes wrong in SQLite has a code of ours, wherever it shows: opening, a statement, a row."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from races import at_once

from studiolo_indexer.errors import IndexerError, StoreDamaged, StoreFull, StoreUnwritable
from studiolo_indexer.sqlite_errors import open_database, use_write_ahead_log


def filled(path: Path) -> sqlite3.Connection:
    db = open_database(path)
    db.execute("PRAGMA synchronous=OFF")
    db.execute("CREATE TABLE words (word TEXT)")
    db.executemany("INSERT INTO words VALUES (?)", [("x" * 500,) for _ in range(100)])
    return db


def test_a_database_that_may_not_grow_is_a_full_disk(tmp_path: Path) -> None:
    db = filled(tmp_path / "a.sqlite")
    db.execute("PRAGMA max_page_count = 20")
    with pytest.raises(StoreFull):
        db.executemany("INSERT INTO words VALUES (?)", [("x" * 500,) for _ in range(400)])
    db.close()


def test_a_damaged_page_is_named_also_when_rows_are_fetched(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    filled(path).close()
    data = path.read_bytes()
    path.write_bytes(data[:8192] + b"\xff" * (len(data) - 8192))
    for read in (
        lambda db: db.execute("SELECT word FROM words").fetchall(),
        lambda db: list(db.execute("SELECT word FROM words")),
        lambda db: [db.execute("SELECT count(*) FROM words").fetchone()],
    ):
        db = open_database(path)
        with pytest.raises(StoreDamaged):
            read(db)
        db.close()


def test_a_file_that_is_no_database_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    path.write_bytes(b"not a database, but long enough to look like one" * 20)
    db = open_database(path)
    with pytest.raises(StoreDamaged):
        db.execute("PRAGMA user_version")
    db.close()


@pytest.mark.parametrize("name", ["nowhere/a.sqlite", "folder"])
def test_a_place_that_cannot_be_opened_is_unwritable(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(StoreUnwritable):
        open_database(tmp_path / name)


def test_a_missing_database_is_not_made_by_reading(tmp_path: Path) -> None:
    with pytest.raises(StoreUnwritable):
        open_database(tmp_path / "a.sqlite", read_only=True)
    assert os.listdir(tmp_path) == []


def test_a_mistake_in_a_statement_stays_ours(tmp_path: Path) -> None:
    db = open_database(tmp_path / "a?b#c%20.sqlite")
    with pytest.raises(sqlite3.OperationalError) as caught:
        db.execute("SELECT nothing FROM nowhere")
    assert not isinstance(caught.value, IndexerError)
    db.close()
    assert os.listdir(tmp_path) == ["a?b#c%20.sqlite"]


def test_many_threads_may_set_the_log_of_a_new_file_at_once(tmp_path: Path) -> None:
    """SQLite says at once that the file is locked, and does not wait: seen at the first start of the engine."""

    def mode_set_in(path: Path, wait: Callable[[], object]) -> object:
        db = open_database(path)
        wait()
        try:
            use_write_ahead_log(db)
            return db.execute("PRAGMA journal_mode").fetchone()[0]
        finally:
            db.close()

    for number in range(60):
        assert at_once(6, partial(mode_set_in, tmp_path / f"{number}.sqlite")) == ["wal"] * 6
