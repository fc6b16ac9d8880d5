"""Which rows of a table name its columns; pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

_LONGEST_NAME = 60
_LOOKED_AT = 50
_VALUE = re.compile(
    r"[-+(]?[\s€$£¥]*\d[\d\s.,:/%€$£¥()+-]*(?:[eE][+-]?\d+)?\s?[A-Za-z%°]{0,4}$|https?://|\S+@\S+\.\S+$"
)
_YEAR = re.compile(r"(?:19|20)\d\d$")


def is_value(cell: str) -> bool:
    """Tell whether a cell holds a number, a date, a price, an address: what no column is called."""
    return bool(_VALUE.match(cell.strip()[: _LONGEST_NAME * 4]))


def names_columns(rows: Sequence[Sequence[str]], *, expected: bool = False) -> bool:
    """Tell whether the first of some rows names the columns of the others.

    Names are short, differ, and are no values but years. Unless names are `expected`, something below must be unlike
    its name: a value, or of another length.
    """
    first = [cell.strip() for cell in rows[0]] if rows else []
    named = [cell for cell in first if cell]
    if len(rows) < 2 or len(named) < max(1, (len(first) + 1) // 2) or len(set(named)) < len(named):
        return False
    if list(rows[0]) in [list(row) for row in rows[1:_LOOKED_AT]]:
        return False
    below = [[row[at].strip() for row in rows[1:_LOOKED_AT] if at < len(row)] for at in range(len(first))]
    if not all(_may_be_name(name, cells) for name, cells in zip(first, below, strict=True) if name):
        return False
    if all(is_value(name) for name in named):
        return False
    return expected or any(_differs(name, cells) for name, cells in zip(first, below, strict=True))


def _may_be_name(name: str, cells: Sequence[str]) -> bool:
    if len(name) > _LONGEST_NAME or "\n" in name:
        return False
    if _YEAR.match(name):
        return not any(_YEAR.match(cell) for cell in cells)
    return not is_value(name)


def _differs(name: str, cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell]
    if not filled:
        return False
    values = sum(is_value(cell) for cell in filled)
    mean = sum(map(len, filled)) / len(filled)
    # A column of repeated words (yes, no; a category) is no name repeated.
    repeats = len(set(filled)) < len(filled) and name not in filled
    return values * 2 > len(filled) or abs(mean - len(name)) > max(3, len(name) / 2) or repeats
