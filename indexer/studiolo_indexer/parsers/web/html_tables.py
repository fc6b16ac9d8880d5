"""Tables of a page as rows of text: spanning cells are repeated, header rows counted; linear."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from studiolo_indexer.parsers.tabular import names_columns
from studiolo_indexer.parsers.web.html_selection import TEXT, Selection, steps

_SECTIONS = ("thead", "tbody", "tfoot")
_LAYOUT = "table, h1, h2, h3, h4, h5, h6, form, article, section"
_LONG_CELL = 400
_LONG_HEADED_CELL = 3000
_MOST_COLUMNS = 1000
_REPEATED_CHARS = 200
_REPEATS = 2000
_REPEATS_A_CELL = 10
# Elements within a line; all others begin a line of their own.
INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd label mark nobr q rb rp rt rtc ruby s "
    "samp small span strike strong sub sup time tt u var wbr math".split()
)


@dataclass(frozen=True, slots=True)
class _Cell:
    text: str
    is_header: bool
    columns: int
    rows: int


def flat_text(node: LexborNode, selection: Selection) -> str:
    """Give a node's text on one line; items of lists and rows of tables are parted by semicolons."""
    pieces: list[str] = []
    for inner, tag, entering in steps(node, selection.skips):
        if tag == TEXT:
            pieces.append(inner.text_content or "")
        elif tag == "img":
            pieces.append(f" {inner.attributes.get('alt') or ''} " if entering else "")
        elif tag not in INLINE:
            ends = tag in ("li", "tr") and not entering and inner.next is not None
            pieces.append("; " if ends and pieces and not pieces[-1].endswith("; ") else " ")
    return " ".join("".join(pieces).split()).rstrip("; ")


def is_data(table: LexborNode, *, depth: int) -> bool:
    """Tell a table of data from one that only places text on the page."""
    if table.attributes.get("role") in ("presentation", "none") or depth > 5:
        return False
    rows = [_cells(row) for row, _ in _rows(table)]
    cells = [cell for row in rows for cell in row]
    headed = any(cell.tag == "th" for cell in cells) or any(
        child.tag in ("caption", "thead") for child in _children(table)
    )
    longest = max((len(" ".join(cell.text(deep=True).split())) for cell in cells), default=0)
    if headed:
        return longest <= _LONG_HEADED_CELL
    several = len(rows) > 1 and max(map(len, rows), default=0) > 1
    return several and longest <= _LONG_CELL and not any(cell.css_first(_LAYOUT) is not None for cell in cells)


def caption_of(table: LexborNode, selection: Selection) -> str:
    """Give a table's caption; empty if it has none."""
    return " ".join(flat_text(c, selection) for c in _children(table) if c.tag == "caption")


def table_rows(table: LexborNode, selection: Selection) -> tuple[list[list[str]], int]:
    """Give the rows of a table of data, and how many of them name its columns."""
    grid = _Grid()
    rows: list[list[str]] = []
    headers = 0
    heads_end = False
    for row, in_head in _rows(table):
        if row.mem_id in selection.left_out:
            continue
        cells = [_read(cell, selection) for cell in _cells(row) if cell.mem_id not in selection.left_out]
        line = grid.add(cells)
        if line is None:
            continue
        rows.append(line)
        is_head = in_head or (bool(cells) and all(cell.is_header for cell in cells))
        heads_end = heads_end or not is_head
        headers += not heads_end
    if not headers and not any(c.tag == "th" for row, _ in _rows(table) for c in _cells(row)):
        headers = int(names_columns(rows))
    return rows, headers if headers < len(rows) or len(rows) > 1 else 0


class _Grid:
    """Lays cells into columns; what spans rows or columns stands in each, so that every row tells all of itself."""

    def __init__(self) -> None:
        self._held: dict[int, tuple[int, str]] = {}
        self._left = _REPEATS

    def add(self, cells: list[_Cell]) -> list[str] | None:
        """Give a row's texts; None if all its cells only begin here and go on below."""
        held, self._held = self._held, {}
        alone = len(cells) == 1 and not held
        line: list[str] = []
        self._left += _REPEATS_A_CELL * len(cells)
        for cell in cells:
            self._carry(line, held)
            for number in range(min(cell.columns, _MOST_COLUMNS - len(line))):
                if cell.rows > 1:
                    self._held[len(line)] = (cell.rows - 1, cell.text)
                line.append(cell.text if number == 0 else "" if alone else self._again(cell.text))
        self._carry(line, held)
        for column in sorted(held):  # those that stand behind a gap
            line.extend([""] * (column - len(line)))
            self._carry(line, held)
        if self._left < 0:
            self._held.clear()
        return None if cells and all(cell.rows > 1 for cell in cells) else line

    def _carry(self, line: list[str], held: dict[int, tuple[int, str]]) -> None:
        while len(line) in held:
            rows_left, text = held.pop(len(line))
            if rows_left > 1:
                self._held[len(line)] = (rows_left - 1, text)
            line.append(self._again(text))

    def _again(self, text: str) -> str:
        """Repeat a text, within bounds: a page must not grow by its spans (S5)."""
        self._left -= 1
        return text if self._left >= 0 and len(text) <= _REPEATED_CHARS else ""


def _read(cell: LexborNode, selection: Selection) -> _Cell:
    attributes = cell.attributes
    return _Cell(
        flat_text(cell, selection), cell.tag == "th", _span(attributes.get("colspan")), _span(attributes.get("rowspan"))
    )


def _span(value: str | None) -> int:
    text = (value or "").strip()
    return max(1, min(int(text), _MOST_COLUMNS)) if text.isascii() and text.isdigit() and len(text) < 6 else 1


def _children(node: LexborNode) -> Iterator[LexborNode]:
    child = node.child
    while child is not None:
        yield child
        child = child.next


def _rows(table: LexborNode) -> Iterator[tuple[LexborNode, bool]]:
    """Give the rows of this table, not of those within; True for those of its head."""
    for child in _children(table):
        if child.tag == "tr":
            yield child, False
        elif child.tag in _SECTIONS:
            for row in _children(child):
                if row.tag == "tr":
                    yield row, child.tag == "thead"


def _cells(row: LexborNode) -> list[LexborNode]:
    return [cell for cell in _children(row) if cell.tag in ("td", "th")]
