"""CSV and TSV: the file's own characters, and the names of its columns."""

from __future__ import annotations

import pytest
from damaged_files import assert_read_or_refused, damaged
from hypothesis import given, settings
from hypothesis import strategies as st

from studiolo_indexer.chunking import chunk_document
from studiolo_indexer.parsers.data.delimited import find_table, parse_delimited


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_the_text_is_the_file_s_own_and_the_first_row_names_the_columns(mark: str) -> None:
    text = f'Name{mark}Price\nBasic{mark}"10{mark}50"\nPlus{mark}20\n'
    document = parse_delimited(text.encode(), "a.csv")
    assert document.text == text
    [table] = document.tables
    assert text[table.start : table.header_end] == f"Name{mark}Price"
    assert table.end == len(text) - 1


def test_a_row_far_below_still_knows_its_columns() -> None:
    text = "Name,Price\n" + "".join(f"Plan {n},{n * 10}\n" for n in range(300))
    chunks = chunk_document(parse_delimited(text.encode(), "a.csv"))
    assert len(chunks) > 3
    assert all("Name,Price" in chunk.context for chunk in chunks[1:])


def test_a_line_end_within_quotes_ends_no_row() -> None:
    text = '"Name\nof plan",Price\n"Ba\nsic",10\n'
    table = find_table(text)
    assert table is not None
    # A name of two lines is none; the table begins with it all the same.
    assert (table.start, table.end) == (0, len(text) - 1)


def test_a_title_above_the_table_is_no_row_of_it() -> None:
    text = "Report of May\n\nName;Amount\nA;1,5\nB;2,0\nC;3\n"
    table = find_table(text)
    assert table is not None
    assert text[table.start : table.header_end] == "Name;Amount"


def test_the_line_for_excel_names_the_mark() -> None:
    text = "sep=;\nName;Note\nA;x, y, z\nB;u, v, w\n"
    table = find_table(text)
    assert table is not None
    assert text[table.start : table.header_end] == "Name;Note"


def test_a_file_of_values_has_no_names() -> None:
    table = find_table("1,2\n3,4\n")
    assert table is not None
    assert table.header_end == table.start


@pytest.mark.parametrize("text", ["", "one line", "\n\n", '"'])
def test_a_line_is_no_table(text: str) -> None:
    document = parse_delimited(text.encode(), "a.csv")
    assert document.text == text
    assert document.tables == ()


def test_japanese_of_a_spreadsheet_is_read() -> None:
    text = "名前,年齢,住所\n佐藤太郎,30,東京\n髙橋淳,35,名古屋"
    document = parse_delimited(text.encode("cp932"), "a.csv")
    assert document.text == text
    assert text[slice(document.tables[0].start, document.tables[0].header_end)] == "名前,年齢,住所"


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_a_damaged_table_is_read_or_refused(seed: int) -> None:
    assert_read_or_refused(parse_delimited, damaged(b'Name,Price\n"Ba\nsic",10\n' * 4, seed), "a.csv")


@given(st.text(alphabet='ab",;\t|\n 1', max_size=300))
def test_any_text_keeps_its_characters(text: str) -> None:
    assert parse_delimited(text.encode(), "a.csv").text == text
