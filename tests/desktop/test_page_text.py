"""The words of a page: which lies at a point, what a row of them says, and nothing that the engine did not mean."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF

from studiolo_desktop.widgets.page_text import PageText

PAGE = {
    "text": "one two\nthree 😀 four",
    "width": 100,
    "height": 200,
    "words": [[0, 3, 10, 10, 20, 10], [4, 7, 34, 10, 20, 10], [8, 13, 10, 30, 20, 10], [14, 15, 34, 30, 10, 10],
              [16, 20, 80, 30, 15, 10]],
}  # fmt: skip
JUNK = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3) | st.lists(st.integers())


def read(**fields: object) -> PageText:
    page = PageText.read(PAGE | fields)
    assert page is not None
    return page


def test_the_word_at_a_point_is_found_and_between_words_there_is_none() -> None:
    page = read()
    assert [page.under(QPointF(x, 15)) for x in (11, 32, 40, 90)] == [0, -1, 1, -1]


@pytest.mark.parametrize(
    ("x", "y", "number"), [(0, 0, 0), (99, 12, 1), (0, 26, 2), (99, 199, 4), (60, 34, 3), (32, 19, 0)]
)
def test_beside_the_words_the_nearest_counts_and_rather_one_of_the_same_line(x: float, y: float, number: int) -> None:
    assert read().nearest(QPointF(x, y)) == number


def test_a_row_of_words_says_what_stands_between_them_in_either_direction() -> None:
    page = read()
    assert page.said(1, 3) == page.said(3, 1) == "two\nthree 😀"


def test_a_span_takes_the_words_that_it_shares_a_letter_with() -> None:
    page = read()
    assert page.numbers(1, 5) == (0, 2)
    assert page.numbers(3, 4) == (1, 1)
    assert page.numbers(8, 13) == (2, 3)
    assert page.numbers(0, 99) == (0, 5)


def test_words_of_a_line_share_a_box_and_what_stands_apart_does_not() -> None:
    boxes = read().boxes(0, 5)
    assert [(b.x(), b.y(), b.width()) for b in boxes] == [(10, 10, 44), (10, 30, 34), (80, 30, 15)]


def test_a_page_without_words_has_none_to_give() -> None:
    page = read(words=[], text="")
    assert (page.nearest(QPointF(1, 1)), page.under(QPointF(1, 1)), page.boxes(0, 9)) == (-1, -1, [])


@pytest.mark.parametrize("fields", [{"width": 0}, {"height": None}, {"width": "9"}, {"height": True}])
def test_without_a_measure_there_is_no_page(fields: dict[str, object]) -> None:
    assert PageText.read(PAGE | fields) is None


@given(rows=st.lists(JUNK | st.lists(JUNK | st.integers(-3, 25), min_size=6, max_size=6), max_size=8) | JUNK)
def test_words_that_are_none_are_left_out(rows: object) -> None:
    page = read(words=rows)
    at = 0
    for word in page.words:
        assert at <= word.start < word.end <= len(page.text)
        at = word.end


def test_text_that_is_no_unicode_can_be_copied() -> None:
    assert read(text="one\ud800two\0three and more").text == "one\ufffdtwo\ufffdthree and more"
