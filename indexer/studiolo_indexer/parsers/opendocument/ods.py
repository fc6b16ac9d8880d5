"""The sheets of OpenDocument spreadsheets: each cell as it is shown, days as ISO dates.

Not through python-calamine: it lays a sheet out in full, repeats what the file only says is repeated, and gives the
values, while the file holds the very text that a reader saw.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from studiolo_indexer.parsers.building import TextBuilder
from studiolo_indexer.parsers.office.opc import attribute, number
from studiolo_indexer.parsers.opendocument.odf_styles import OFFICE, TABLE, TEXT, OdfFile
from studiolo_indexer.parsers.opendocument.odf_text import SHAPES, Story, table_rows
from studiolo_indexer.parsers.opendocument.odf_unseen import table_columns
from studiolo_indexer.parsers.spreadsheets.sheets import CellBudget, Sheet, write_sheet
from studiolo_indexer.parsers.unseen import hidden_lines

_LAST_ROW = 1_048_575
_LAST_COLUMN = 16_383
_MAX_MERGES = 100_000
_NOT_SHOWN = ("collapse", "filter")


def write_sheets(builder: TextBuilder, file: OdfFile, body: etree._Element, story: Story) -> None:
    """Write all sheets of a spreadsheet, each as a part; one without content is left out."""
    budget = CellBudget()
    for table in body.iterchildren(f"{TABLE}table"):
        reader = _Reader(table, story)
        budget.fill(reader.sheet, reader.rows())
        reader.write(builder, file)


class _Reader:
    """Reads one sheet: its cells, what is merged, and what lies on it or in its cells."""

    def __init__(self, table: etree._Element, story: Story) -> None:
        self.sheet = Sheet(attribute(table, f"{TABLE}name"))
        self._table = table
        self._story = story
        self._shapes = [s for holder in table.iterchildren(f"{TABLE}shapes") for s in holder.iterchildren(*SHAPES)]
        self._comments: list[etree._Element] = []
        self._hidden_rows: set[int] = set()

    def rows(self) -> Iterator[tuple[int, list[tuple[int, str]]]]:
        """Give the filled rows; one that the file repeats comes again under each of its numbers."""
        at = 0
        for row, _ in table_rows(self._table):
            times = max(1, number(row.get(f"{TABLE}number-rows-repeated"), 1))
            cells = self._cells(row, at)
            if cells:
                for again in range(at, min(at + times, _LAST_ROW + 1)):
                    if attribute(row, f"{TABLE}visibility") in _NOT_SHOWN:
                        self._hidden_rows.add(again)
                    yield again, cells
            at += times
            if at > _LAST_ROW:
                return

    def write(self, builder: TextBuilder, file: OdfFile) -> None:
        """Write the sheet as a part."""
        sheet = self.sheet
        if not (sheet.rows or self._shapes or self._comments):
            return
        builder.begin_part("sheet", sheet.name)
        builder.block(sheet.name, level=1)
        write_sheet(builder, sheet)
        for shape in self._shapes:
            self._story.frame(shape)
        for comment in self._comments:
            self._story.comment(comment)
        if sheet.cut_after is not None:
            file.warnings.append(
                f"sheet {sheet.name!r}: what follows row {sheet.cut_after} was left out, it is too much"
            )
        if attribute(self._table, f"{TABLE}style-name") in file.styles.hidden_tables:
            file.warnings.append(f"sheet {sheet.name!r} is hidden")
        rows = len(self._hidden_rows & sheet.rows.keys())
        file.warnings += hidden_lines(f"sheet {sheet.name!r}: ", rows=rows, columns=self._hidden_columns())

    def _hidden_columns(self) -> int:
        """Count the columns that hold something and are not shown."""
        ranges = []
        at = 0
        for column in table_columns(self._table):
            last = at + max(1, number(column.get(f"{TABLE}number-columns-repeated"), 1)) - 1
            if attribute(column, f"{TABLE}visibility") in _NOT_SHOWN:
                ranges.append((at, last))
            at = last + 1
        used = {column for cells in self.sheet.rows.values() for column in cells} if ranges else set()
        return sum(any(first <= column <= last for first, last in ranges) for column in used)

    def _cells(self, row: etree._Element, at: int) -> list[tuple[int, str]]:
        found = []
        column = 0
        for cell in row.iterchildren(f"{TABLE}table-cell", f"{TABLE}covered-table-cell"):
            times = max(1, number(cell.get(f"{TABLE}number-columns-repeated"), 1))
            if len(cell):
                text = self._text(cell)
                found += [(c, text) for c in range(column, min(column + times, _LAST_COLUMN + 1)) if text]
                self._gather(cell, at, column)
            column += times
            if column > _LAST_COLUMN:
                break
        return found

    def _text(self, cell: etree._Element) -> str:
        """Give what a cell shows; a day in the one form that every reader knows."""
        if attribute(cell, f"{OFFICE}value-type") == "date":
            day = attribute(cell, f"{OFFICE}date-value")
            return day.removesuffix("T00:00:00").replace("T", " ")[:19]
        return "\n".join(self._story.inline(paragraph).text for paragraph in cell.iterchildren(f"{TEXT}p"))

    def _gather(self, cell: etree._Element, at: int, column: int) -> None:
        self._shapes += cell.iterchildren(*SHAPES)
        self._comments += cell.iterchildren(f"{OFFICE}annotation")
        rows = number(cell.get(f"{TABLE}number-rows-spanned"), 1)
        columns = number(cell.get(f"{TABLE}number-columns-spanned"), 1)
        if (rows > 1 or columns > 1) and len(self.sheet.merges) < _MAX_MERGES:
            self.sheet.merges.append((at, column, at + max(1, rows) - 1, column + max(1, columns) - 1))
