"""XLSX: which cells no reader sees, and what counts as behind them."""

from __future__ import annotations

import pytest
from lxml import etree

from studiolo_indexer.parsers.spreadsheets.sheets import Sheet
from studiolo_indexer.parsers.spreadsheets.xlsx_unseen import CellLooks, UnseenCells

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STYLES = f"""<styleSheet xmlns="{MAIN}">
<numFmts><numFmt numFmtId="164" formatCode=";;;"/><numFmt numFmtId="165" formatCode="0;;;@"/></numFmts>
<fonts><font><sz val="11"/></font><font><color rgb="FFFFFFFF"/></font><font><color theme="0"/></font>
<font><color theme="0" tint="-0.5"/></font><font><sz val="1"/></font><font><color indexed="9"/></font></fonts>
<fills><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>
<fill><patternFill patternType="solid"><fgColor rgb="FF000080"/></patternFill></fill>
<fill><patternFill patternType="solid"><fgColor rgb="FFFFFFFF"/></patternFill></fill><fill><gradientFill/></fill>
</fills>
<cellXfs><xf/><xf fontId="1"/><xf fontId="2" fillId="0"/><xf fontId="3"/><xf fontId="4"/><xf fontId="5" fillId="3"/>
<xf fontId="1" fillId="2"/><xf fontId="1" fillId="1"/><xf fontId="1" fillId="4"/><xf numFmtId="164"/>
<xf numFmtId="165"/><xf fontId="99"/></cellXfs>
<dxfs><dxf><font/></dxf><dxf><fill/></dxf></dxfs></styleSheet>"""


def looks() -> CellLooks:
    return CellLooks(etree.fromstring(STYLES))


def named(*styles: str, rules: str = "", tables: tuple[str, ...] = ()) -> list[str]:
    """Look at cells with these styles, one below the other in column B, from row 1."""
    unseen = UnseenCells(looks())
    for row, style in enumerate(styles):
        unseen.cell(row, 1, style)
    if rules:
        unseen.conditional(etree.fromstring(rules))
    for reference in tables:
        unseen.shaded(reference)
    return list(unseen.warnings(Sheet("A")))


WHITE = ["sheet 'A': text is white on white (1 cell)"]


@pytest.mark.parametrize(
    ("style", "warnings"),
    [
        ("0", []),
        ("1", WHITE),
        ("2", WHITE),
        ("3", []),
        ("4", ["sheet 'A': text has no size (1 cell)"]),
        ("5", WHITE),
        ("6", []),
        ("7", []),
        ("8", []),
        ("9", ["sheet 'A': text is hidden by its number format (1 cell)"]),
        ("10", []),
        ("11", []),
        ("999", []),
    ],
)
def test_fonts_fills_and_formats_tell_what_is_seen(style: str, warnings: list[str]) -> None:
    assert named(style) == warnings


def test_a_table_or_a_condition_may_shade_its_cells() -> None:
    def rule(inside: str, place: str) -> str:
        return f'<conditionalFormatting xmlns="{MAIN}" sqref="{place}"><cfRule {inside}/></conditionalFormatting>'

    assert named("1", "1", tables=("A1:C1",)) == WHITE
    assert named("1", tables=("B:B",)) == []
    assert named("1", rules=rule('dxfId="1"', "D4 A1:B2")) == []
    assert named("1", rules=rule('type="colorScale"', "B1")) == []
    assert named("1", rules=rule('dxfId="0"', "B1")) == WHITE
    assert named("1", rules=rule('dxfId="1"', "nonsense C1")) == WHITE


def test_so_many_shaded_places_that_no_cell_is_certain_name_none() -> None:
    assert named("1", tables=("Z9",) * 300) == []


def test_rows_and_columns_count_as_hidden_where_they_hold_something() -> None:
    unseen = UnseenCells(looks())
    for row in (0, 1):
        unseen.row(row, etree.fromstring('<row hidden="1"/>'))
    unseen.row(2, etree.fromstring('<row ht="0" customHeight="1"/>'))
    unseen.row(3, etree.fromstring('<row ht="15"/>'))
    unseen.column(etree.fromstring('<col min="2" max="16384" hidden="1"/>'))
    sheet = Sheet("A", rows={1: {0: "x", 5: "y"}, 2: {0: "z"}, 3: {0: "z"}})
    assert list(unseen.warnings(sheet)) == [
        "sheet 'A': 2 rows with text are hidden",
        "sheet 'A': 1 column with text is hidden",
    ]
