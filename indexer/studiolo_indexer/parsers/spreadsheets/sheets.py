"""Writes the sheets of a spreadsheet: the cells that are filled, as tables with the names of their columns.

A sheet is sparse: rows and columns without a value cost nothing, wherever they lie. Rows that lie together make one
table; a line with a single cell above it is its title, and names of columns are told from values.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from studiolo_indexer.parsers.building import TextBuilder
from studiolo_indexer.parsers.tabular import names_columns

MAX_CELLS = 2_000_000
MAX_CHARS = 30_000_000
_MAX_CELL_CHARS = 32_767  # Excel's own limit
_MAX_REPEATS = 200_000
_REPEATED_CHARS = 200
_WIDEST_NAME = 6  # columns; what is wider is a line of a form, and repeating it would drown the rest
_MOST_BESIDE = 10
_LOOKED_AT_ROWS = 50
# A block with so many empty places for each filled one is written without them, and so is a form, in which hardly two
# cells stand in the same column.
_IRREGULAR = 3
_THIN = 8
_SMALL_BLOCK = 10_000

Cells = dict[int, str]  # by column, from 0; rising
Merged = dict[int, list[tuple[int, int]]]  # by `id` of the row: first and last column of each name
Merge = tuple[int, int, int, int]  # first row, first column, last row, last column; from 0


@dataclass(slots=True)
class Sheet:
    """What one sheet holds: its filled rows by their number, rising, and the places that are merged."""

    name: str
    rows: dict[int, Cells] = field(default_factory=dict)
    merges: list[Merge] = field(default_factory=list)
    cut_after: int | None = None  # the last row that was read, where not all were


class CellBudget:
    """Counts the cells and characters of a whole workbook against their bounds."""

    def __init__(self, *, cells: int = MAX_CELLS, chars: int = MAX_CHARS) -> None:
        self._cells = cells
        self._chars = chars

    def fill(self, sheet: Sheet, rows: Iterable[tuple[int, Iterable[tuple[int, str]]]]) -> None:
        """Put rows of (column, text) into a sheet, as many as there is room for; empty cells do not count."""
        last = -1
        for number, cells in rows:
            kept: Cells = {}
            for column, text in cells:
                shown = text[:_MAX_CELL_CHARS].strip()
                if shown:
                    kept[column] = shown
            if not kept:
                continue
            self._cells -= len(kept)
            self._chars -= sum(map(len, kept.values()))
            if self._cells < 0 or self._chars < 0:
                sheet.cut_after = last + 1
                return
            last = number
            sheet.rows[number] = {**sheet.rows.get(number, {}), **kept}


def write_sheet(builder: TextBuilder, sheet: Sheet) -> None:
    """Write a sheet's cells; the part and its heading are the caller's."""
    merged = _repeated_down(sheet)
    held: list[Cells] = []
    held_columns: list[int] = []
    for block in _blocks(sheet.rows):
        columns = _columns(block)
        if held and _goes_on(held_columns, block, columns):
            held += block
            continue
        _write_block(builder, held, merged)
        held, held_columns = block, columns
    _write_block(builder, held, merged)


def _repeated_down(sheet: Sheet) -> Merged:
    """Repeat what is merged over several rows in each of them; gives what is merged to the right."""
    numbers = sorted(sheet.rows)
    to_the_right: Merged = {}
    left = _MAX_REPEATS
    for top, first, bottom, last in sheet.merges:
        text = sheet.rows.get(top, {}).get(first, "")
        if not text or len(text) > _REPEATED_CHARS:
            continue
        inside = numbers[bisect_left(numbers, top) : bisect_right(numbers, bottom)]
        for number in inside[: max(0, left)]:
            row = sheet.rows[number]
            if number == top or first not in row:
                row[first] = text
                if last > first:
                    to_the_right.setdefault(id(row), []).append((first, last))
        left -= len(inside)
    return to_the_right


def _blocks(rows: dict[int, Cells]) -> Iterator[list[Cells]]:
    """Give the runs of rows between which a row is empty."""
    block: list[Cells] = []
    before = -1
    for number in sorted(rows):
        if block and number > before + 1:
            yield block
            block = []
        block.append(rows[number])
        before = number
    if block:
        yield block


def _columns(block: list[Cells]) -> list[int]:
    return sorted({column for row in block for column in row})


def _goes_on(held_columns: list[int], block: list[Cells], columns: list[int]) -> bool:
    """Tell whether a block goes on with the table before the gap: the same columns, and no names of its own."""
    if len(columns) < 2 or held_columns != columns or len(block[0]) < 2:
        return False
    return not names_columns([_line(row, columns) for row in block[:_LOOKED_AT_ROWS]])


def _line(row: Cells, columns: list[int]) -> list[str]:
    return [row.get(column, "") for column in columns]


def _write_block(builder: TextBuilder, block: list[Cells], merged: Merged) -> None:
    """Write a block: its titles as lines, the rest as a table, or as several that stand side by side."""
    columns = _columns(block)
    at = 0
    while at < len(block) and len(block[at]) == 1 and len(columns) > 1:
        builder.block(" ".join(" ".join(block[at].values()).split()), tight=at > 0)
        at += 1
    body = block[at:]
    columns = _columns(body)
    widest = max(map(len, body), default=0)
    if len(columns) > _IRREGULAR * widest or len(body) * len(columns) > _THIN * sum(map(len, body)) + _SMALL_BLOCK:
        builder.table(([text for _, text in sorted(row.items())] for row in body), header_rows=0)
        return
    for beside in _beside(body, columns, merged):
        rows = [row for row in body if any(column in row for column in beside)] if len(beside) < len(columns) else body
        builder.table((_line(row, beside) for row in rows), header_rows=_names(rows, beside, merged))


def _names(rows: list[Cells], columns: list[int], merged: Merged) -> int:
    """Count the rows that name columns, and write what reaches over several columns in each of them."""
    if not rows:
        return 0
    for row in rows:
        _spread(row, merged.get(id(row), ()), columns)
    first = [_line(row, columns) for row in rows[:_LOOKED_AT_ROWS]]
    if names_columns(first):
        return 1
    # A name over several columns, and below it a name for each.
    return 2 if id(rows[0]) in merged and names_columns(first[1:]) else 0


def _beside(body: list[Cells], columns: list[int], merged: Merged) -> list[list[int]]:
    """Tell apart tables that stand side by side: an empty column lies between them, and each has names of its own."""
    groups: list[list[int]] = []
    for column in columns:
        if groups and column == groups[-1][-1] + 1:
            groups[-1].append(column)
        else:
            groups.append([column])
    if not 1 < len(groups) <= _MOST_BESIDE or any(len(group) < 2 for group in groups):
        return [columns]
    for group in groups:
        rows = [row for row in body[: 2 * _LOOKED_AT_ROWS] if any(column in row for column in group)]
        if any(id(row) in merged for row in rows) or not names_columns([_line(row, group) for row in rows]):
            return [columns]
    return groups


def _spread(row: Cells, merges: Iterable[tuple[int, int]], columns: list[int]) -> None:
    """Repeat what is merged to the right in the columns that others use, unless it is a title over the whole table."""
    if len(row) == 1 and columns[0] in row:
        return
    for first, last in merges:
        start, end = bisect_right(columns, first), bisect_right(columns, last)
        for column in columns[start:end] if end - start < _WIDEST_NAME else ():
            row.setdefault(column, row[first])
