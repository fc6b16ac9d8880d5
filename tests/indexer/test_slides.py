"""The reading order of what lies on a slide."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from studiolo_indexer.parsers.building import TextBuilder
from studiolo_indexer.parsers.office.slides import Placed, in_reading_order, slide_heading, without_made_up_title


def test_rows_are_read_from_the_top_and_each_from_the_left() -> None:
    placed = [Placed("low", 0, 50), Placed("right", 60, 9), Placed("left", 5, 12), Placed("top", 30, 0)]
    assert in_reading_order(placed, band=8) == ["top", "left", "right", "low"]


def test_what_has_no_place_stays_behind_what_it_followed() -> None:
    placed = [
        Placed("first", None, None),
        Placed("low", 0, 50),
        Placed("its caption", None, None),
        Placed("high", 0, 0),
    ]
    assert in_reading_order(placed, band=5) == ["first", "high", "low", "its caption"]


@given(st.lists(st.tuples(st.none() | st.integers(0, 100), st.none() | st.integers(0, 100))), st.integers(1, 50))
def test_nothing_is_lost_and_nothing_is_doubled(places: list[tuple[int | None, int | None]], band: int) -> None:
    placed = [Placed(at, left, top) for at, (left, top) in enumerate(places)]
    assert sorted(in_reading_order(placed, band=band)) == list(range(len(places)))


def test_a_slide_without_a_title_is_called_by_its_number_and_gives_none_to_the_document() -> None:
    assert slide_heading(" Our\nplan ", 3) == "Our plan"
    builder = TextBuilder()
    builder.block(slide_heading("", 3), level=1)
    assert without_made_up_title(builder.document(media_type="x", parser="x")).title == ""
    assert without_made_up_title(builder.document(media_type="x", parser="x", title="Talk")).title == "Talk"
