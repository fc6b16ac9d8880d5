"""A table's cells with their merges, as rows of text; pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from studiolo_indexer.parsers.tabular import names_columns

_MAX_COLUMNS = 1024
# What is repeated is a label. Repeating a long text, or too much of it, would make a bomb of a small file.
_REPEATED_CHARS = 200
_FREE_CHARS = 100_000
_MOST_TIMES = 4
_LOOKED_AT_ROWS = 50
_IRREGULAR = 2
_MOST_NAMES = 4
_WIDEST_NAME = 6  # columns; repeating what is wider would drown the rest


@dataclass(frozen=True, slots=True)
class _Cell:
    text: str
    origin: Literal["own", "above", "left"]  # where the cell begins that reaches over this place


_EMPTY = _Cell("", "left")


class Grid:
    """Collects a table row by row; what reaches down is repeated in each row, a name over columns in each column.

    So each row stands alone, and each column has its name. A column in which no cell begins is left out, and a title
    over the whole table is not repeated.
    """

    def __init__(self) -> None:
        self._rows: list[list[_Cell]] = []
        self._above: list[_Cell] = []
        self._reaching: dict[int, int] = {}
        self._own_chars = 0
        self._repeated_chars = 0

    def __len__(self) -> int:
        return len(self._rows)

    def begin_row(self) -> None:
        """Begin the next row."""
        self._above = self._rows[-1] if self._rows else []
        self._rows.append([])

    def cell(self, text: str, *, columns: int = 1, rows: int = 1) -> None:
        """Add a cell; `rows` counts the rows that it reaches over, for those that are `covered` later."""
        row = self._rows[-1]
        text = " ".join(text.split())
        self._own_chars += len(text)
        if rows > 1:
            for column in range(len(row), min(len(row) + columns, _MAX_COLUMNS)):
                self._reaching[column] = rows - 1
        row.append(_Cell(text, "own"))
        self._repeat(text, columns - 1, "left")

    def continue_above(self, columns: int = 1) -> None:
        """Add a cell that is the lower part of the one above it."""
        at = len(self._rows[-1])
        above = self._above[at] if at < len(self._above) else _EMPTY
        self._repeat(above.text, 1, "left" if above.origin == "left" else "above")
        self._repeat(above.text, columns - 1, "left")

    def covered(self) -> None:
        """Add a place that a cell above it, or to its left, reaches over."""
        row = self._rows[-1]
        left = self._reaching.get(len(row), 0)
        if left:
            self._reaching[len(row)] = left - 1
            self.continue_above()
        else:
            self._repeat(row[-1].text if row else "", 1, "left")

    def skip(self, columns: int) -> None:
        """Leave columns empty."""
        self._repeat("", columns, "left")

    def rows(self) -> list[list[str]]:
        """Give the rows; each as long as its last column that holds something needs."""
        return self._lines(self._rows)

    def name_rows(self) -> int:
        """Count the first rows that look like the names of the columns, where the file does not say it."""
        rows = self._rows[:_LOOKED_AT_ROWS]
        lines = self._lines(rows)
        if names_columns(lines, expected=True):
            return 1
        # A name over several columns, and below it a name for each.
        is_wide = any(cell.origin == "left" and cell.text for cell in (rows[0] if rows else ()))
        return 2 if is_wide and names_columns(lines[1:], expected=True) else 0

    def _lines(self, rows: list[list[_Cell]]) -> list[list[str]]:
        used = sorted({at for row in rows for at, cell in enumerate(row) if cell.origin == "own" and cell.text})
        widest = max((sum(cell.origin == "own" for cell in row) for row in rows), default=0)
        if len(used) > _IRREGULAR * widest:
            # A form, in which hardly two cells begin in the same column: there are no columns to keep.
            return [[cell.text for cell in row if cell.origin != "left"] for row in rows]
        names = _names(rows)
        return [_line(row, used, is_name=at < names) for at, row in enumerate(rows)]

    def _repeat(self, text: str, times: int, origin: Literal["above", "left"]) -> None:
        row = self._rows[-1]
        times = max(0, min(times, _MAX_COLUMNS - len(row)))
        cost = len(text) * times
        if len(text) > _REPEATED_CHARS or self._repeated_chars + cost > _FREE_CHARS + _MOST_TIMES * self._own_chars:
            text, cost = "", 0
        self._repeated_chars += cost
        row.extend([_Cell(text, origin)] * times)


def _names(rows: list[list[_Cell]]) -> int:
    """Count the rows at the top in which a cell reaches to the right: only names are meant for each column below.

    Further down that is mostly a border which someone moved by a hair, and the value would be multiplied.
    """
    reaching = (any(cell.text and cell.origin == "left" for cell in row) for row in rows[:_MOST_NAMES])
    return next((at for at, is_name in enumerate(reaching) if not is_name), min(len(rows), _MOST_NAMES))


def _line(row: list[_Cell], used: list[int], *, is_name: bool) -> list[str]:
    """Write a row with what is repeated in it, unless that is a title over the whole table or a line of a form."""
    begun = [at for at, cell in enumerate(row) if cell.text and cell.origin != "left"]
    alone = len(begun) == 1 and begun[0] <= used[0]
    cells = [row[at] if at < len(row) else _EMPTY for at in used]
    line = [cell.text for cell in cells]
    start = 0
    for at in range(1, len(cells) + 1):
        if at == len(cells) or cells[at].origin != "left":
            if alone or not is_name or at - start > _WIDEST_NAME:
                line[start + 1 : at] = [""] * (at - start - 1)
            start = at
    return line
