"""Tables of pages: each row says all of itself."""

from __future__ import annotations

import pytest

from studiolo_indexer.parsers.web.html import parse_html
from studiolo_indexer.records import Document


def read(markup: str) -> Document:
    return parse_html(markup.encode(), "a.html")


def headers(document: Document) -> list[str]:
    return [document.text[t.start : t.header_end] for t in document.tables]


def test_what_spans_rows_or_columns_stands_in_each() -> None:
    page = (
        "<table><tr><th>Year</th><th colspan=2>Revenue</th></tr>"
        "<tr><td rowspan=2>2025</td><td>Jan</td><td>1</td></tr><tr><td>Feb</td><td>2</td></tr></table>"
    )
    document = read(page)
    assert document.text == "Year | Revenue | Revenue\n2025 | Jan | 1\n2025 | Feb | 2"
    assert headers(document) == ["Year | Revenue | Revenue"]


def test_a_row_of_cells_that_go_on_below_is_no_row_of_its_own() -> None:
    months = "<tr><td>Jan</td></tr><tr><td>Feb</td></tr>"
    page = f"<table><tr><th>Y</th><th>M</th></tr><tr><th rowspan=3>2025</th></tr>{months}</table>"
    assert read(page).text == "Y | M\n2025 | Jan\n2025 | Feb"


def test_a_title_over_all_columns_stands_once() -> None:
    assert read("<table><tr><th colspan=3>Prices</th></tr><tr><td>a</td><td>b</td><td>c</td></tr></table>").text == (
        "Prices\na | b | c"
    )


def test_several_rows_of_a_head_name_the_columns() -> None:
    head = "<thead><tr><th>A</th><th>B</th></tr><tr><td>in €</td><td>in kg</td></tr></thead>"
    page = f"<table>{head}<tr><td>1</td><td>2</td></tr></table>"
    assert headers(read(page)) == ["A | B\nin € | in kg"]


def test_a_table_without_th_may_still_have_names() -> None:
    rows = "<tr><td>Plan</td><td>Price</td></tr><tr><td>Basic</td><td>10</td></tr><tr><td>Plus</td><td>20</td></tr>"
    assert headers(read(f"<table>{rows}</table>")) == ["Plan | Price"]


def test_names_of_rows_are_no_names_of_columns() -> None:
    rows = "<tr><th>Name</th><td>Ada</td></tr><tr><th>Age</th><td>36</td></tr>"
    document = read(f"<table>{rows}</table>")
    assert document.text == "Name | Ada\nAge | 36"
    assert headers(document) == [""]


def test_a_caption_stands_above_and_cells_keep_lists_and_tables_on_their_line() -> None:
    page = (
        "<table><caption>Ducks</caption><tr><th>Kind</th><th>Place</th></tr>"
        "<tr><td>Teal<br><small>(small)</small></td><td><ul><li>Pond</li><li>Marsh</li></ul></td></tr>"
        "<tr><td>Wood</td><td><table><tr><td>a</td><td>b</td></tr></table></td></tr></table>"
    )
    assert read(page).text == "Ducks\n\nKind | Place\nTeal (small) | Pond; Marsh\nWood | a b"


@pytest.mark.parametrize("span", ["x", "-1", "0", "99999999999", "2.5", "²"])
def test_an_absurd_span_is_one(span: str) -> None:
    assert read(f"<table><tr><th>a</th></tr><tr><td colspan='{span}'>b</td></tr></table>").text == "a\nb"


def test_spans_cannot_blow_up_a_page() -> None:
    """S5: 20 KB would give a gigabyte."""
    page = "<table>" + "<tr><th rowspan=1000 colspan=1000>" + "word " * 30 + "</th><td>x</td></tr>" * 300 + "</table>"
    assert len(read(page).text) < 3_000_000


def test_a_hidden_row_and_cell_are_left_out() -> None:
    page = "<table><tr><th>a</th><th hidden>b</th></tr><tr hidden><td>c</td></tr><tr><td>d</td></tr></table>"
    assert read(page).text == "a\nd"
