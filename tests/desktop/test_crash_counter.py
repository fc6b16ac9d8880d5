"""A child that keeps crashing is left alone; one that crashes now and then is not."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from studiolo_desktop.crash_counter import CrashCounter


def test_the_third_crash_within_a_minute_is_one_too_many() -> None:
    counter = CrashCounter()
    assert [counter.record(t) for t in (0.0, 20.0, 40.0)] == [False, False, True]


def test_a_crash_an_hour_is_never_too_many() -> None:
    counter = CrashCounter()
    assert not any(counter.record(hour * 3600.0) for hour in range(50))


def test_a_crash_counts_for_exactly_as_long_as_the_window() -> None:
    counter = CrashCounter(limit=2, window_s=60.0)
    assert [counter.record(t) for t in (0.0, 60.0, 119.9)] == [False, False, True]


def test_another_try_begins_anew() -> None:
    counter = CrashCounter(limit=2)
    counter.record(0.0)
    counter.forget()
    assert not counter.record(1.0)


@given(gaps=st.lists(st.floats(min_value=0, max_value=100), max_size=20), limit=st.integers(1, 5))
def test_it_gives_up_exactly_when_so_many_crashes_lie_within_the_window(gaps: list[float], limit: int) -> None:
    counter, now_s, times = CrashCounter(limit=limit, window_s=60.0), 0.0, []
    for gap in gaps:
        now_s += gap
        times.append(now_s)
        assert counter.record(now_s) == (sum(1 for t in times if now_s - t < 60.0) >= limit)
