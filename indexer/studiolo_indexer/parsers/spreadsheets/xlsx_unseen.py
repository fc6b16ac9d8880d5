"""XLSX: cells that no reader sees: white on white, without a size, hidden by a format, in a hidden row or column.

What a cell looks like is known once for each style, not for each cell. A table or a condition may shade a cell from
outside, and white text there counts as seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TypeVar

from lxml import etree

from studiolo_indexer.parsers.office.opc import attribute, number
from studiolo_indexer.parsers.spreadsheets.sheets import Sheet
from studiolo_indexer.parsers.unseen import Reason, Shade, Unseen, hidden_lines, shade

_S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_TINY_POINTS = 1
_HIDES_ALL = re.compile(r"[\s\"]*(?:;[\s\"]*){3}")
_WHITE_INDEXES = ("1", "9")  # of the palette that all files share
_MOST_CELLS = 20_000
_MOST_PLACES = 200
_RANGE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{0,7})(?::\$?([A-Z]{1,3})\$?(\d{0,7}))?")
_LAST_ROW = 1_048_576
_ON = ("1", "true")

Item = TypeVar("Item")
Place = tuple[int, int, int, int]  # first row, first column, last row, last column; from 0


class CellLooks:
    """Knows by the index of a style, as it stands in the file, why a cell of that style cannot be seen."""

    def __init__(self, styles: etree._Element | None) -> None:
        self.reasons: dict[str, Reason] = {}
        self.filling: set[str] = set()  # the differences by which a condition fills a cell, by index
        if styles is None:
            return
        formats = {attribute(f, "numFmtId"): f.get("formatCode") or "" for f in styles.iterfind(f"{_S}numFmts/*")}
        fonts = [_font(font) for font in styles.iterfind(f"{_S}fonts/{_S}font")]
        fills = [_fill(fill) for fill in styles.iterfind(f"{_S}fills/{_S}fill")]
        for index, style in enumerate(styles.iterfind(f"{_S}cellXfs/{_S}xf")):
            reason = _at(fonts, style.get("fontId"))
            if reason == "white" and _at(fills, style.get("fillId")) == "dark":
                reason = None
            if _HIDES_ALL.fullmatch(formats.get(attribute(style, "numFmtId"), "")[:50]):
                reason = "format"
            if reason is not None:
                self.reasons[str(index)] = reason
        for index, difference in enumerate(styles.iterfind(f"{_S}dxfs/{_S}dxf")):
            if difference.find(f"{_S}fill") is not None:
                self.filling.add(str(index))


class UnseenCells:
    """Gathers what of one sheet cannot be seen; asked once, when the sheet has been read."""

    def __init__(self, looks: CellLooks) -> None:
        self._looks = looks
        self._cells: list[tuple[int, int, Reason]] = []
        self._shaded: list[Place] = []
        self._rows: list[int] = []
        self._columns: list[tuple[int, int]] = []

    def row(self, at: int, row: etree._Element) -> None:
        """Look at a row: hidden, or without any height."""
        if row.get("hidden") in _ON or (row.get("ht") == "0" and row.get("customHeight") in _ON):
            self._rows.append(at)

    def column(self, column: etree._Element) -> None:
        """Look at the format of some columns: hidden, or without any width."""
        if column.get("hidden") in _ON or column.get("width") == "0":
            self._columns.append((number(column.get("min"), 1) - 1, number(column.get("max")) - 1))

    def cell(self, row: int, column: int, style: str) -> None:
        """Look at a cell that holds something, by the index of its style."""
        reason = self._looks.reasons.get(style)
        if reason is not None and len(self._cells) < _MOST_CELLS:
            self._cells.append((row, column, reason))

    def conditional(self, rules: etree._Element) -> None:
        """Take the cells that a condition, a scale or a bar may fill."""
        for rule in rules.iterchildren(f"{_S}cfRule"):
            if rule.get("dxfId") is None or rule.get("dxfId") in self._looks.filling:
                self.shaded(attribute(rules, "sqref"))
                return

    def shaded(self, reference: str) -> None:
        """Take the cells of places like `A1:B5 D4` as shaded from outside."""
        for part in reference.split()[: _MOST_PLACES + 1]:
            found = _RANGE.fullmatch(part)
            if found and len(self._shaded) <= _MOST_PLACES:
                left, top, right, bottom = found.groups()
                end = number(bottom if right else top, _LAST_ROW) - 1
                self._shaded.append((number(top, 1) - 1, _column(left), end, _column(right or left)))

    def warnings(self, sheet: Sheet) -> Iterator[str]:
        """Say what of the sheet cannot be seen."""
        place = f"sheet {sheet.name!r}: "
        unseen = Unseen()
        for row, column, reason in self._cells:
            if reason != "white" or not self._is_shaded(row, column):
                unseen.add(reason, (row, column), place=place)
        yield from unseen.warnings("cell")
        used = {column for cells in sheet.rows.values() for column in cells} if self._columns else set()
        hidden = [column for column in used if any(first <= column <= last for first, last in self._columns)]
        rows = sum(row in sheet.rows for row in set(self._rows))
        yield from hidden_lines(place, rows=rows, columns=len(hidden))

    def _is_shaded(self, row: int, column: int) -> bool:
        if len(self._shaded) > _MOST_PLACES:
            return True
        return any(top <= row <= bottom and left <= column <= right for top, left, bottom, right in self._shaded)


def _font(font: etree._Element) -> Reason | None:
    """Tell why a font cannot be seen on white, if it cannot."""
    size, colour = font.find(f"{_S}sz"), font.find(f"{_S}color")
    if size is not None and 0 <= number(attribute(size, "val").partition(".")[0], 99) <= _TINY_POINTS:
        return "tiny"
    return "white" if colour is not None and _shade(colour) == "white" else None


def _fill(fill: etree._Element) -> Shade:
    pattern = fill.find(f"{_S}patternFill")
    if pattern is None:
        return "dark" if len(fill) else ""
    kind = attribute(pattern, "patternType")
    if kind in ("", "none"):
        return ""
    colour = pattern.find(f"{_S}fgColor")
    return _shade(colour) if kind == "solid" and colour is not None else "dark"


def _shade(colour: etree._Element) -> Shade:
    """Tell what a colour is; the first of a theme is white, unless it is made darker."""
    if attribute(colour, "tint").strip("0.") or colour.get("auto") is not None:
        return "dark"
    if colour.get("theme") is not None or colour.get("indexed") is not None:
        is_white = colour.get("theme") == "0" or colour.get("indexed") in _WHITE_INDEXES
        return "white" if is_white else "dark"
    return shade(attribute(colour, "rgb")) or "dark"


def _at(items: Sequence[Item], index: str | None) -> Item | None:
    at = number(index)
    return items[at] if 0 <= at < len(items) else None


def _column(letters: str) -> int:
    column = 0
    for letter in letters:
        column = 26 * column + ord(letter) - 64
    return column - 1
