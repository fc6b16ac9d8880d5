"""Sheets as tables: titles, names of columns, merges, gaps; sparse ones cost nothing."""

from __future__ import annotations

from effort import memory_peak_below
from hypothesis import given, settings
from hypothesis import strategies as st

from studiolo_indexer.parsers.building import TextBuilder
from studiolo_indexer.parsers.spreadsheets.sheets import CellBudget, Sheet, write_sheet
from studiolo_indexer.records import Document

DATA = ["Year | Ducks", "2019 | 120", "2020 | 135"]


def sheet_of(*lines: str, top: int = 0, left: int = 0) -> Sheet:
    """Make a sheet of lines with cells between bars."""
    sheet = Sheet("S")
    rows = ((top + at, enumerate(line.split(" | "), start=left)) for at, line in enumerate(lines))
    CellBudget().fill(sheet, rows)
    return sheet


def document(sheet: Sheet) -> Document:
    builder = TextBuilder()
    write_sheet(builder, sheet)
    return builder.document(media_type="x", parser="x")


def named(found: Document) -> list[str]:
    return [found.text[table.start : table.header_end] for table in found.tables]


def test_a_title_stands_above_the_table_and_the_names_are_told_from_the_values() -> None:
    found = document(sheet_of("Ducks of a year", "", *DATA, top=3, left=2))
    assert found.text == "Ducks of a year\n\nYear | Ducks\n2019 | 120\n2020 | 135"
    assert named(found) == ["", "Year | Ducks"]
    assert document(sheet_of("Ducks of a year", *DATA)).text.startswith("Ducks of a year\n\nYear | Ducks\n")


def test_values_without_names_have_none() -> None:
    assert named(document(sheet_of("1 | 2", "3 | 4"))) == [""]


def test_an_empty_row_ends_a_table_unless_the_same_columns_go_on() -> None:
    found = document(sheet_of(*DATA, "", "2021 | 150", "", "Name | Age", "Ada | 36"))
    assert named(found) == ["Year | Ducks", "Name | Age"]


def test_tables_side_by_side_are_apart_where_each_has_names() -> None:
    beside = sheet_of("Year | Ducks |  | Name | Age", "2019 | 120 |  | Ada | 36", "2020 | 135 |  | Bob | 41")
    assert named(document(beside)) == ["Year | Ducks", "Name | Age"]
    form = sheet_of("1 | Voltage |  | kV | 130", "2 | Frequency |  | Hz | 50")
    assert document(form).text == "1 | Voltage | kV | 130\n2 | Frequency | Hz | 50"


def test_merged_cells_are_repeated_where_their_rows_and_columns_are_used() -> None:
    sheet = sheet_of("Plan | 2024 | ", " | net | gross", "Basic | 10 | 12", " | 11 | 13")
    sheet.merges = [(0, 1, 0, 2), (2, 0, 3, 0), (0, 0, 1, 0)]
    found = document(sheet)
    assert found.text == "Plan | 2024 | 2024\nPlan | net | gross\nBasic | 10 | 12\nBasic | 11 | 13"
    assert named(found) == ["Plan | 2024 | 2024\nPlan | net | gross"]


def test_a_title_that_is_merged_over_the_table_is_written_once() -> None:
    sheet = sheet_of("All plans |  | ", "Plan | net | gross", "Basic | 10 | 12")
    sheet.merges = [(0, 0, 0, 2)]
    assert document(sheet).text.startswith("All plans\n\nPlan | net")


def test_cells_in_far_corners_cost_nothing() -> None:
    sheet = Sheet("S")
    CellBudget().fill(sheet, [(0, [(0, "a")]), (1_048_575, [(16_383, "z")])])
    with memory_peak_below(2**20):
        assert document(sheet).text == "a\n\nz"
        sheet.merges = [(0, 0, 1_048_575, 16_383)]
        assert document(sheet).text == "a\n\na | z"


def test_a_diagonal_is_written_without_its_empty_places() -> None:
    sheet = Sheet("S")
    CellBudget().fill(sheet, ((n, [(n, "x"), (n + 1, "y")]) for n in range(3000)))
    assert len(document(sheet).text) < 50_000


def test_what_is_too_much_is_cut_and_says_where() -> None:
    sheet, next_one = Sheet("S"), Sheet("T")
    budget = CellBudget(cells=5, chars=100)
    budget.fill(sheet, ((n, [(0, "a"), (1, "b")]) for n in range(10)))
    assert (len(sheet.rows), sheet.cut_after) == (2, 2)
    budget.fill(next_one, [(0, [(0, "a")])])
    assert (next_one.rows, next_one.cut_after) == ({}, 0)
    long = Sheet("L")
    CellBudget(cells=5, chars=100).fill(long, [(0, [(0, "a" * 101)])])
    assert long.cut_after == 0


def test_repeated_merges_do_not_make_a_bomb() -> None:
    sheet = sheet_of(*["a | b | c"] * 1000)
    sheet.merges = [(0, 0, 1_048_575, 16_383)] * 5000
    assert len(document(sheet).text) < 100_000


CELLS = st.dictionaries(st.integers(0, 30), st.sampled_from(["a", "Name", "7", "2024-01-01"]), max_size=5)
MERGES = st.tuples(st.integers(0, 40), st.integers(0, 30), st.integers(0, 40), st.integers(0, 30))


@settings(max_examples=50, deadline=None)
@given(rows=st.dictionaries(st.integers(0, 40), CELLS, max_size=12), merges=st.lists(MERGES, max_size=5))
def test_no_cell_is_lost(rows: dict[int, dict[int, str]], merges: list[tuple[int, int, int, int]]) -> None:
    sheet = Sheet("S")
    CellBudget().fill(sheet, ((number, sorted(cells.items())) for number, cells in sorted(rows.items())))
    sheet.merges = [(min(a, c), min(b, d), max(a, c), max(b, d)) for a, b, c, d in merges]
    words = document(sheet).text.split()
    for cells in rows.values():
        assert all(cell in words for cell in cells.values())
    assert sum(word != "|" for word in words) >= sum(map(len, rows.values()))
