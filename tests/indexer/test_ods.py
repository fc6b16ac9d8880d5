"""Sheets of OpenDocument spreadsheets."""

from __future__ import annotations

from effort import memory_peak_below
from odf_files import packed

from studiolo_indexer.media_types import ODS
from studiolo_indexer.parsers.opendocument.odf import parse_odf
from studiolo_indexer.records import Document


def cell(text: str, more: str = "") -> str:
    return f"<table:table-cell {more}><text:p>{text}</text:p></table:table-cell>"


def row(*cells: str, more: str = "") -> str:
    return f"<table:table-row {more}>{''.join(cells)}</table:table-row>"


def sheet(name: str, *rows: str, more: str = "") -> str:
    return f'<table:table table:name="{name}" {more}>{"".join(rows)}</table:table>'


def read(*sheets: str, styles: str = "") -> Document:
    return parse_odf(packed("spreadsheet", "".join(sheets), styles), "a.ods")


def test_each_sheet_is_a_part_and_values_stand_as_they_are_shown() -> None:
    day = cell("01.02.24", 'office:value-type="date" office:date-value="2024-02-01T00:00:00"')
    moment = cell("noon", 'office:value-type="date" office:date-value="2024-02-01T12:00:00.5"')
    found = read(
        sheet("Prices", row(cell("Plan"), cell("Price"), cell("Since")), row(cell("Basic"), cell("1.234,50 €"), day)),
        sheet("Empty", row("<table:table-cell/>")),
        sheet("Times", row(moment, cell("25 %"))),
    )
    assert [(part.kind, part.label) for part in found.parts] == [("sheet", "Prices"), ("sheet", "Times")]
    assert found.text == (
        "Prices\n\nPlan | Price | Since\nBasic | 1.234,50 € | 2024-02-01\n\nTimes\n\n2024-02-01 12:00:00 | 25 %"
    )
    assert (found.title, found.media_type, found.pages) == ("", ODS, None)


def test_merges_repeats_comments_and_boxes_are_read() -> None:
    comment = "<office:annotation><dc:creator>Ada</dc:creator><text:p>Really?</text:p></office:annotation>"
    merged = cell("A", 'table:number-rows-spanned="2"')
    box = "<draw:text-box><text:p>In a box</text:p></draw:text-box>"
    shapes = f"<table:shapes><draw:frame>{box}</draw:frame></table:shapes>"
    commented = f"<table:table-cell>{comment}<text:p>3</text:p></table:table-cell>"
    found = read(
        sheet(
            "S",
            shapes,
            row(cell("Group"), cell("Value")),
            row(merged, cell("1")),
            row("<table:covered-table-cell/>", cell("2")),
            row(cell("B"), commented, more='table:number-rows-repeated="2"'),
        )
    )
    assert found.text == "S\n\nGroup | Value\nA | 1\nA | 2\nB | 3\nB | 3\n\nIn a box\n\n[comment by Ada] Really?"


def test_hidden_rows_and_columns_are_read_and_named() -> None:
    column = '<table:table-column table:number-columns-repeated="2"/><table:table-column table:visibility="collapse"/>'
    rows = (
        row(cell("a"), cell("b"), cell("c")),
        row(cell("d"), more='table:visibility="filter" table:number-rows-repeated="2"'),
        row("<table:table-cell/>", more='table:visibility="collapse"'),
    )
    found = read(sheet("S", column, *rows))
    assert "d" in found.text
    assert found.warnings == ("sheet 'S': 2 rows with text are hidden", "sheet 'S': 1 column with text is hidden")


def test_hidden_sheets_are_named() -> None:
    property_ = '<style:table-properties table:display="false"/>'
    hidden = f'<style:style style:name="ta1" style:family="table">{property_}</style:style>'
    found = read(sheet("S", row(cell("x")), more='table:style-name="ta1"'), styles=hidden)
    assert found.warnings == ("sheet 'S' is hidden",)


def test_two_cells_in_the_far_corners_cost_nothing() -> None:
    empty = '<table:table-cell table:number-columns-repeated="16384"/>'
    gap = row(empty, more='table:number-rows-repeated="1048574"')
    last = row('<table:table-cell table:number-columns-repeated="16383"/>', cell("z"))
    with memory_peak_below(2**20):
        assert read(sheet("S", row(cell("a")), gap, last)).text == "S\n\na\n\nz"


def test_a_cell_that_is_repeated_everywhere_is_no_bomb() -> None:
    wide = cell("x" * 1000, 'table:number-columns-repeated="16384"')
    everywhere = row(wide, more='table:number-rows-repeated="1048576"')
    found = read(sheet("S", everywhere, row(cell("beyond"))))
    assert len(found.text) < 31_000_000
    assert found.warnings == ("sheet 'S': what follows row 1 was left out, it is too much",)
