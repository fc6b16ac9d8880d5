"""The rooms share the window: nothing is lost, nothing too narrow, whatever is wished."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from studiolo_desktop.rooms import LEFT_RANGE, WIDE, rooms, stepped

WIDTHS = st.integers(min_value=760, max_value=8000)
WISHES = st.integers(min_value=0, max_value=10_000)


@given(width=WIDTHS, left=WISHES, right=WISHES, source_open=st.booleans())
def test_the_rooms_fill_the_window_and_each_can_be_used(width: int, left: int, right: int, source_open: bool) -> None:
    shared = rooms(width, left=left, right=right, source_open=source_open)
    assert shared.left + shared.middle + (0 if shared.overlaid else shared.right) == width
    assert LEFT_RANGE[0] <= shared.left <= LEFT_RANGE[1]
    assert shared.middle >= 340
    assert shared.right >= 340 if source_open else shared.right == 0
    assert shared.overlaid == (source_open and width < WIDE)


def test_what_is_wished_is_given_where_there_is_room() -> None:
    shared = rooms(1600, left=300, right=600, source_open=True)
    assert (shared.left, shared.middle, shared.right) == (300, 700, 600)


def test_without_a_wish_the_source_takes_a_third() -> None:
    assert rooms(1360, left=252, right=0, source_open=True).right == 432
    assert rooms(3840, left=252, right=0, source_open=True).right == 560


def test_a_step_is_larger_or_smaller() -> None:
    assert stepped(400, 1) > 400 > stepped(400, -1)
