"""Columns are found where there is running text side by side, and never in tables."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studiolo_indexer.parsers.pdf.page_columns import (
    best_order,
    column_of,
    find_gutters,
    is_disordered,
    is_prose,
    is_wordy,
    shared_gaps,
)

FLOWING = "and so the sentence goes on over the line"
STARTING = "Every row of this begins like a sentence"


@dataclass(frozen=True)
class Piece:
    """A box for the tests: ten points high."""

    left: float
    top: float
    right: float
    text: str = FLOWING

    @property
    def bottom(self) -> float:
        return self.top + 10

    @property
    def prose(self) -> bool:
        return is_prose(self.text)


def column(left: float, width: float = 180, *, count: int = 8, top: float = 0, text: str = FLOWING) -> list[Piece]:
    return [Piece(left, top + 12 * n, left + width, text) for n in range(count)]


def read(boxes: list[Piece]) -> list[int]:
    gutters = find_gutters(boxes)
    best = best_order(boxes, gutters)
    return best if is_disordered(boxes, gutters, best) else list(range(len(boxes)))


@pytest.mark.parametrize("count", [2, 3])
def test_columns_that_were_written_row_by_row_are_read_one_after_the_other(count: int) -> None:
    width = 400 / count - 20
    columns = [column(n * 400 / count, width) for n in range(count)]
    boxes = [columns[n][row] for row in range(8) for n in range(count)]
    assert len(find_gutters(boxes)) == count - 1
    assert [boxes[i] for i in read(boxes)] == [piece for one in columns for piece in one]


def test_columns_in_their_own_order_are_left_alone_and_a_right_one_that_comes_first_is_not() -> None:
    left, right = column(0), column(200)
    assert read([*left, *right]) == list(range(16))
    assert read([*right, *left]) == [*range(8, 16), *range(8)]


def test_arabic_columns_are_read_from_the_right() -> None:
    text = "وهكذا تستمر الجملة على السطر التالي"
    left, right = column(0, text=text), column(200, text=text)
    boxes = [piece for pair in zip(left, right, strict=True) for piece in pair]
    assert [boxes[i] for i in read(boxes)] == [*right, *left]


def test_a_heading_across_the_page_parts_the_columns_above_and_below_it() -> None:
    upper = [piece for pair in zip(column(0), column(200), strict=True) for piece in pair]
    heading = [Piece(20, 100, 360, "A heading across the page")]
    lower = [piece for pair in zip(column(0, top=120), column(200, top=120), strict=True) for piece in pair]
    boxes = [*upper, *heading, *lower]
    assert [boxes[i] for i in read(boxes)] == [
        *column(0),
        *column(200),
        *heading,
        *column(0, top=120),
        *column(200, top=120),
    ]


def test_rows_of_a_table_stay_together() -> None:
    words = [piece for pair in zip(column(0, text=STARTING), column(200, text=STARTING), strict=True) for piece in pair]
    numbers = [piece for pair in zip(column(0), column(200, 40, text="1,234"), strict=True) for piece in pair]
    for boxes in (words, numbers):
        assert find_gutters(boxes) == []
        assert read(boxes) == list(range(16))


def test_a_page_that_jumps_upwards_again_and_again_is_read_downwards() -> None:
    boxes = list(reversed(column(0)))
    assert read(boxes) == list(range(7, -1, -1))
    swapped = column(0)
    swapped[0], swapped[1] = swapped[1], swapped[0]
    assert read(swapped) == list(range(8)), "one jump may be a footnote"


def test_a_page_of_thousands_of_stripes_has_no_columns() -> None:
    boxes = [Piece(20.0 * n, 12.0 * row, 20.0 * n + 9) for n in range(2500) for row in range(4)]
    assert find_gutters(boxes) == []


def test_a_shared_gap_lies_where_most_lines_have_one() -> None:
    lines = [[(190.0, 210.0)], [(150.0, 205.0)], [(195.0, 212.0), (300.0, 310.0)], []]
    (middle,) = shared_gaps(lines)
    assert 195 <= middle <= 205
    assert shared_gaps([[(10.0, 20.0)], [(30.0, 40.0)], [(50.0, 60.0)]]) == []


def test_words_are_told_from_numbers() -> None:
    assert is_wordy("Sold in 2023 for cash")
    assert not is_wordy("$ 1,234 (5,678) 9 %")
    assert not is_wordy("")
    assert is_prose("die Frist beträgt drei Monate")
    assert is_prose("合同的通知期限为三个月")
    assert not is_prose("Total")


@given(
    st.lists(
        st.builds(
            lambda x, y, w, t: Piece(x, y, x + w, t),
            st.floats(0, 500),
            st.floats(0, 700),
            st.floats(0, 300),
            st.sampled_from([FLOWING, STARTING, "1", "", "字字字字字字字字字"]),
        ),
        max_size=40,
    )
)
def test_every_order_holds_each_box_once(boxes: list[Piece]) -> None:
    gutters = find_gutters(boxes)
    assert sorted(best_order(boxes, gutters)) == list(range(len(boxes)))
    assert all(-1 <= column_of(box, gutters) <= len(gutters) for box in boxes)
    assert gutters == sorted(gutters)
