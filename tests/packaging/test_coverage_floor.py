"""The floor of the coverage only rises."""

from __future__ import annotations

import coverage_floor


def test_the_highest_floor_of_the_history_counts() -> None:
    diff = "+fail_under = 70 # first\n-fail_under = 70\n+fail_under = 88.5\n-fail_under = 88.5\n+fail_under = 80\n"
    assert coverage_floor.highest(diff) == 88.5
    assert coverage_floor.highest("") == 0


def test_the_floor_of_today_is_not_lower_than_any_before() -> None:
    assert coverage_floor.main() == 0
