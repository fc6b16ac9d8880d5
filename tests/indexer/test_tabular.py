"""Which first rows are names of columns."""

from __future__ import annotations

import pytest

from studiolo_indexer.parsers.tabular import is_value, names_columns


@pytest.mark.parametrize(
    "cell", ["1", "-3,5", "€ 1.200,00", "12 %", "2024-03-01", "10:30", "a@b.org", "https://x.y", "3 kg"]
)
def test_values_are_no_names(cell: str) -> None:
    assert is_value(cell)


@pytest.mark.parametrize("cell", ["Name", "Price in €", "Q1 2024 revenue", "", "H2O level"])
def test_words_are_no_values(cell: str) -> None:
    assert not is_value(cell)


@pytest.mark.parametrize(
    ("rows", "expected", "named"),
    [
        ([["Name", "Price"], ["Basic", "10"]], False, True),
        ([["Region", "2023", "2024"], ["North", "5", "7"]], False, True),
        ([["2023", "2024"], ["2021", "2022"]], True, False),
        ([["Name", "Name"], ["a", "1"]], True, False),
        ([["Ada", "London"], ["Bob", "Berlin"]], False, False),
        ([["Ada", "London"], ["Bob", "Berlin"]], True, True),
        ([["a", "b"], ["a", "b"]], True, False),
        ([["1", "2"], ["3", "4"]], True, False),
        ([["Name", "Price"]], True, False),
        ([[""], [""]], True, False),
        ([], True, False),
    ],
)
def test_names_are_told_from_a_first_row_of_data(rows: list[list[str]], expected: bool, named: bool) -> None:
    assert names_columns(rows, expected=expected) is named
