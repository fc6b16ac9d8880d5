"""Counts, durations, sizes and estimates are said as people say them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studiolo import quantities


@pytest.mark.parametrize(
    ("number", "said"),
    [(0, "0 files"), (1, "1 file"), (2, "2 files"), (1204, "1,204 files"), (10**6, "1,000,000 files")],
)
def test_things_are_counted_in_words(number: int, said: str) -> None:
    assert quantities.count(number, "file") == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (-1, "about 1 s"),
        (49.4, "about 49 s"),
        (50, "about 1 min"),
        (170, "about 3 min"),
        (89 * 60, "about 89 min"),
        (90 * 60, "about 2 h"),
        (86_400, "about 24 h"),
    ],
)
def test_a_duration_is_said_roughly(seconds: float, said: str) -> None:
    assert quantities.duration(seconds) == said


@pytest.mark.parametrize(
    ("size_bytes", "said"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1 KB"),
        (1_500_000, "2 MB"),
        (2_340_000_000, "2.3 GB"),
        (9 * 10**12, "9000.0 GB"),
    ],
)
def test_a_size_is_said_in_the_unit_that_fits(size_bytes: int, said: str) -> None:
    assert quantities.size(size_bytes) == said


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (8.1, 12.9, "about 8 to 13 s"),
        (40, 200, "about 40 s to 3 min"),
        (720, 1200, "about 12 to 20 min"),
        (3600, 9000, "about 60 min to 2 h"),
        (1, 1.2, "about 1 s"),
    ],
)
def test_what_is_known_within_bounds_is_said_so(low: float, high: float, said: str) -> None:
    assert quantities.duration_between(low, high) == said


ESTIMATE = {
    "files": 1204,
    "size_bytes": 340_000_000,
    "skipped": 12,
    "whole": True,
    "pages": 8317,
    "scanned_pages": 0,
    "seconds": {"low": 720.0, "high": 1200.0, "scanned_pages": 0.0},
    "disk_bytes": 45_000_000,
    "free_bytes": 210_000_000_000,
}


def test_an_estimate_says_how_much_how_long_and_how_large() -> None:
    assert quantities.estimate_lines(ESTIMATE) == [
        "1,204 files, 340 MB, about 8,300 pages; 12 left out.",
        "Ready in about 12 to 20 min; the index takes 45 MB.",
    ]


def test_an_estimate_says_what_comes_after_and_what_is_in_the_way() -> None:
    scans = ESTIMATE | {"scanned_pages": 31, "seconds": {"low": 5.0, "high": 9.0, "scanned_pages": 77.5}}
    assert quantities.estimate_lines(scans)[2] == "About 31 scanned pages to be recognised after that, about 1 min."
    full = ESTIMATE | {"free_bytes": 1_000_000}
    assert quantities.estimate_lines(full)[2] == "There is too little room for it: 1 MB are free."
    cut = quantities.estimate_lines(ESTIMATE | {"whole": False, "pages": 0, "skipped": 0})
    assert cut == ["More than 1,204 files, 340 MB.", "Ready in about 12 to 20 min or more; the index takes 45 MB."]
    unknown = quantities.estimate_lines(ESTIMATE | {"sampled": 0})
    assert unknown[1].startswith("How long it takes cannot be told before")
    assert quantities.estimate_lines(ESTIMATE | {"files": 0}) == ["There is nothing here that Studiolo reads."]


ODD = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.integers())


@given(estimate=st.dictionaries(st.sampled_from([*ESTIMATE]), ODD | st.dictionaries(st.text(), ODD)))
def test_an_estimate_of_any_shape_is_worded(estimate: dict[str, object]) -> None:
    assert all(isinstance(line, str) and line for line in quantities.estimate_lines(estimate))
