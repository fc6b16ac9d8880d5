"""Intervals: the same seed gives the same bounds, they hold the mean, and two runs are compared in pairs."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studiolo.evaluation.intervals import Interval, difference_intervals, mean_intervals

Values = Sequence[float | None]


def mean_interval(values: Values, *, seed: int) -> Interval | None:
    return mean_intervals({"m": values}, seed=seed).get("m")


def difference_interval(before: Values, after: Values, *, seed: int) -> Interval | None:
    return difference_intervals({"m": before}, {"m": after}, seed=seed).get("m")


def test_the_bounds_of_a_share_are_about_two_standard_errors_away() -> None:
    found = mean_interval([1.0] * 140 + [0.0] * 60, seed=0)
    assert found is not None
    error = math.sqrt(0.7 * 0.3 / 200)
    assert (found.value, found.n) == pytest.approx((0.7, 200))
    assert found.low == pytest.approx(0.7 - 1.96 * error, abs=0.01)
    assert found.high == pytest.approx(0.7 + 1.96 * error, abs=0.01)


def test_questions_that_say_nothing_do_not_count_in_the_mean() -> None:
    found = mean_interval([None, 1.0, None, 0.0], seed=0)
    assert found is not None
    assert (found.value, found.n) == (0.5, 2)
    assert mean_interval([None, None], seed=0) is None
    assert mean_interval([], seed=0) is None


def test_the_seed_decides_and_nothing_else() -> None:
    values = [(n * 37 % 101) / 101 for n in range(60)]
    assert mean_interval(values, seed=3) == mean_interval(list(values), seed=3)
    assert mean_interval(values, seed=3) != mean_interval(values, seed=4)


def test_a_small_steady_rise_is_seen_in_pairs_where_the_means_alone_would_hide_it() -> None:
    before = [n / 50 for n in range(50)]
    after = [value + 0.02 for value in before]
    found = difference_interval(before, after, seed=0)
    assert found is not None
    assert (found.low, found.high) == pytest.approx((0.02, 0.02))
    alone = mean_interval(before, seed=0)
    assert alone is not None
    assert alone.high - alone.low > 0.1


def test_a_measure_has_the_same_interval_beside_others_as_alone() -> None:
    one, two = [0.1, None, 0.7, 0.4] * 5, [1.0, 0.0, None, 1.0] * 5
    together = mean_intervals({"one": one, "none": [None] * 20, "two": two}, seed=0)
    assert list(together) == ["one", "two"]
    alone = mean_interval(two, seed=0)
    assert alone is not None
    assert (together["two"].low, together["two"].high) == pytest.approx((alone.low, alone.high))


def test_runs_of_different_length_are_not_compared() -> None:
    with pytest.raises(ValueError, match="length"):
        difference_interval([1.0], [1.0, 0.0], seed=0)
    assert difference_interval([None], [1.0], seed=0) is None


@settings(max_examples=20, deadline=None)
@given(values=st.lists(st.one_of(st.none(), st.floats(0, 1)), min_size=1, max_size=40), seed=st.integers(0, 9))
def test_bounds_lie_within_the_values_and_a_run_does_not_differ_from_itself(
    values: list[float | None], seed: int
) -> None:
    found = mean_interval(values, seed=seed)
    known = [v for v in values if v is not None]
    assert (found is None) == (not known)
    if found is not None:
        assert min(known) - 1e-9 <= found.low <= found.high <= max(known) + 1e-9
        same = difference_interval(values, values, seed=seed)
        assert same is not None
        assert (same.value, same.low, same.high, same.n) == (0.0, 0.0, 0.0, len(known))
