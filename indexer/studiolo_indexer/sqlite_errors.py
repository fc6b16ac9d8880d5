"""SQLite connections whose errors carry our codes: a full disk, a damaged file and a place that cannot be written."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from studiolo_indexer.errors import IndexerError, StoreDamaged, StoreFull, StoreUnwritable

_WAIT_S = 20
_RETRY_S = 0.02
# By the beginning of SQLite's name of the error. The shared memory beside a WAL fails to grow on a full disk alone.
_NAMES: tuple[tuple[str, type[IndexerError]], ...] = (
    ("SQLITE_FULL", StoreFull),
    ("SQLITE_IOERR_SHMSIZE", StoreFull),
    ("SQLITE_CORRUPT", StoreDamaged),
    ("SQLITE_NOTADB", StoreDamaged),
    ("SQLITE_CANTOPEN", StoreUnwritable),
    ("SQLITE_READONLY", StoreUnwritable),
    ("SQLITE_PERM", StoreUnwritable),
    ("SQLITE_IOERR", StoreUnwritable),
    ("SQLITE_BUSY", StoreUnwritable),
    ("SQLITE_LOCKED", StoreUnwritable),
)


def open_database(path: Path, *, read_only: bool = False) -> sqlite3.Connection:
    """Open a database in autocommit; a missing one is made, unless it is only read.

    The connection raises StoreFull, StoreDamaged and StoreUnwritable in SQLite's stead, from every statement and from
    every row that is fetched. What is wrong with a statement itself stays SQLite's error: that is a mistake of ours.

    Raises:
        StoreUnwritable: If it cannot be opened.
    """
    target = f"{path.absolute().as_uri()}?mode={'ro' if read_only else 'rwc'}"
    with _named(path.name):
        return sqlite3.connect(target, uri=True, isolation_level=None, timeout=_WAIT_S, factory=_Connection)


def use_write_ahead_log(db: sqlite3.Connection) -> None:
    """Let readers and one writer work side by side; the file keeps it, so that it is set once.

    SQLite does not wait where two connections set it on a new file at the same moment, so the wait is here.

    Raises:
        StoreFull, StoreDamaged, StoreUnwritable: If it cannot be set.
    """
    until = time.monotonic() + _WAIT_S
    while db.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        try:
            db.execute("PRAGMA journal_mode=WAL")
        except StoreUnwritable as error:
            busy = getattr(error.__cause__, "sqlite_errorname", "") == "SQLITE_BUSY"
            if not busy or time.monotonic() > until:
                raise
            time.sleep(_RETRY_S)  # SQLite gives no other sign of when the other connection is done


class _Cursor(sqlite3.Cursor):
    """Names its errors; rows are fetched all at once when it is iterated, so that naming costs nothing a row."""

    def execute(self, *arguments: Any) -> _Cursor:  # Any: as sqlite3 has it
        with _named():
            super().execute(*arguments)
        return self

    def executemany(self, *arguments: Any) -> _Cursor:  # Any: as sqlite3 has it
        with _named():
            super().executemany(*arguments)
        return self

    def fetchone(self) -> Any:  # Any: as sqlite3 has it
        with _named():
            return super().fetchone()

    def fetchall(self) -> list[Any]:  # Any: as sqlite3 has it
        with _named():
            return super().fetchall()

    def __iter__(self) -> Any:  # Any: an iterator of rows; sqlite3 says that a cursor is its own
        return iter(self.fetchall())


class _Connection(sqlite3.Connection):
    """Makes cursors that name their errors."""

    def cursor(self, factory: Any = _Cursor) -> Any:  # Any: as sqlite3 has it
        return super().cursor(factory)

    def execute(self, *arguments: Any) -> Any:  # Any: as sqlite3 has it
        return self.cursor().execute(*arguments)

    def executemany(self, *arguments: Any) -> Any:  # Any: as sqlite3 has it
        return self.cursor().executemany(*arguments)


@contextmanager
def _named(what: str = "SQLite") -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        name = getattr(error, "sqlite_errorname", None) or ""
        for beginning, kind in _NAMES:
            if name.startswith(beginning):
                raise kind(f"{what}: {error}") from error
        raise
