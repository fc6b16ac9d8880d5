"""Asks SQLite for the rows of many values, some at a time: a statement takes no more than so many marks."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

AT_ONCE = 500


def among(
    db: sqlite3.Connection,
    query: str,
    values: Iterable[object],
    *,
    before: Sequence[object] = (),
    after: str = "",
) -> Iterator[tuple[Any, ...]]:  # Any: rows as sqlite3 gives them
    """Give the rows of `query IN (values)`, each value once.

    Args:
        db: A connection.
        query: A statement up to the name of the column, of constants and "?".
        values: What the column may be.
        before: What the marks of `query` stand for.
        after: How the statement ends.
    """
    wanted = list(dict.fromkeys(values))
    for at in range(0, len(wanted), AT_ONCE):
        part = wanted[at : at + AT_ONCE]
        yield from db.execute(f"{query} IN ({','.join('?' * len(part))}){after}", [*before, *part])
