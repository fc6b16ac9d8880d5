"""Many values, some at a time."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from studiolo_indexer.sqlite_among import AT_ONCE, among


def test_each_value_is_asked_for_once_however_many_there_are() -> None:
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute("CREATE TABLE rows (n INTEGER, kind TEXT)")
        db.executemany("INSERT INTO rows VALUES (?, ?)", [(n, "even odd".split()[n % 2]) for n in range(3 * AT_ONCE)])
        wanted = [*range(2 * AT_ONCE + 7), 0, 1, 99_999]
        assert [n for (n,) in among(db, "SELECT n FROM rows WHERE n", wanted)] == list(range(2 * AT_ONCE + 7))
        even = among(db, "SELECT n FROM rows WHERE kind = ? AND n", wanted, before=["even"], after=" ORDER BY n DESC")
        assert sorted(n for (n,) in even) == list(range(0, 2 * AT_ONCE + 7, 2))
        assert list(among(db, "SELECT n FROM rows WHERE n", [])) == []
