"""Tables with merged cells as rows that stand alone."""

from __future__ import annotations

from collections.abc import Sequence

from studiolo_indexer.parsers.tables import Grid


def filled(*rows: Sequence[tuple[str, int, int] | str | None]) -> Grid:
    """Fill a grid: a text, (text, columns, rows), or None for a place that another cell covers."""
    grid = Grid()
    for row in rows:
        grid.begin_row()
        for cell in row:
            if cell is None:
                grid.covered()
            elif isinstance(cell, str):
                grid.cell(cell)
            else:
                grid.cell(cell[0], columns=cell[1], rows=cell[2])
    return grid


def test_what_reaches_down_is_repeated_so_that_a_row_stands_alone() -> None:
    grid = filled(["Plan", "Price"], [("Basic", 1, 2), "10"], [None, "20"], ["Plus", "30"])
    assert grid.rows() == [["Plan", "Price"], ["Basic", "10"], ["Basic", "20"], ["Plus", "30"]]


def test_a_name_over_several_columns_is_repeated_and_a_title_is_not() -> None:
    grid = filled([("Prices of all plans", 3, 1)], ["", ("2024", 2, 1)], ["Plan", "net", "gross"])
    assert grid.rows() == [["Prices of all plans", "", ""], ["", "2024", "2024"], ["Plan", "net", "gross"]]


def test_a_value_that_reaches_to_the_right_is_not_multiplied() -> None:
    grid = filled(["Plan", "net", "gross"], ["Basic", ("10", 2, 1)], ["Plus", "20", "24"])
    assert grid.rows() == [["Plan", "net", "gross"], ["Basic", "10", ""], ["Plus", "20", "24"]]


def test_a_form_without_columns_is_written_without_empty_places() -> None:
    rows = [[("Name", 1 + at, 1), (f"value {at}", 9 - at, 1)] for at in range(8)]
    assert filled(*rows).rows() == [["Name", f"value {at}"] for at in range(8)]


def test_a_column_in_which_no_cell_begins_is_left_out() -> None:
    grid = filled([("a", 3, 1), "b"], [("c", 3, 1), "d"])
    assert grid.rows() == [["a", "b"], ["c", "d"]]


def test_the_lower_part_of_a_cell_goes_on_with_the_one_above() -> None:
    grid = Grid()
    grid.begin_row()
    grid.cell("x")
    grid.cell("y")
    grid.begin_row()
    grid.continue_above()
    grid.cell("z")
    assert grid.rows() == [["x", "y"], ["x", "z"]]


def test_long_texts_and_endless_merges_are_not_multiplied() -> None:
    grid = filled([("word " * 1000, 10**9, 1)], *[[None, "b"]] * 50)
    assert sum(len(cell) for row in grid.rows() for cell in row) < 10_000
    many = Grid()
    for _ in range(500):
        many.begin_row()
        many.cell("label of a group", columns=1000)
        many.cell("x")
    many.begin_row()
    for _ in range(1000):
        many.cell("c")
    assert sum(len(cell) for row in many.rows() for cell in row) < 300_000


def test_names_of_columns_are_told_from_values() -> None:
    assert filled(["Plan", "Price"], ["Basic", "10"]).name_rows() == 1
    assert filled(["1", "2"], ["3", "4"]).name_rows() == 0
    assert filled(["", ("2024", 2, 1), None], ["Plan", "net", "gross"], ["Basic", "10", "12"]).name_rows() == 2
    assert Grid().name_rows() == 0
