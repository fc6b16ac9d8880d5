"""Bars are as long as their values, and whiskers reach their bounds."""

from __future__ import annotations

import math
import re

import pytest
from lxml import etree

from studiolo.evaluation.charts import Bar, bar_chart, difference_chart, stacked_chart, swatch


def widths(svg: str, colour: str) -> list[float]:
    return [float(r.get("width", "")) for r in etree.fromstring(svg).iter("rect") if r.get("class") == colour]


def whisker(svg: str) -> tuple[float, float]:
    (path,) = (p.get("d", "") for p in etree.fromstring(svg).iter("path") if p.get("class") == "whisker")
    found = re.match(r"M([\d.]+) [\d.]+H([\d.]+)", path)
    assert found
    return float(found[1]), float(found[2])


def test_a_bar_is_as_long_as_its_share_of_the_whole() -> None:
    half = bar_chart(Bar(0.5, 0.4, 0.6, "mode0", "half"), most=1.0)
    assert widths(half, "mode0")[0] == pytest.approx(widths(half, "track")[0] / 2, abs=0.1)
    low, high = whisker(half)
    assert high - low == pytest.approx(widths(half, "track")[0] * 0.2, abs=0.2)


def test_a_difference_grows_from_the_middle_to_its_side() -> None:
    for value in (-0.5, 0.5):
        svg = difference_chart(Bar(value, value, value, "worse", "x"), most=1.0)
        (bar,) = (r for r in etree.fromstring(svg).iter("rect") if r.get("class") == "worse")
        left, width = float(bar.get("x", "")), float(bar.get("width", ""))
        assert (left + width if value < 0 else left) == pytest.approx(160, abs=0.1)


def test_values_out_of_range_and_a_scale_of_nothing_stay_inside() -> None:
    for bar in (Bar(9.0, -9.0, math.inf, "mode0", "x"), Bar(math.nan, 0.0, 0.0, "mode0", "x")):
        for most in (0.0, 1.0):
            assert all(0 <= w <= 320 for w in widths(bar_chart(bar, most=most), "mode0"))


def test_the_parts_of_a_whole_fill_the_line_and_empty_ones_are_left_out() -> None:
    svg = stacked_chart([("right", 3), ("model", 0), ("data", 1)])
    assert widths(svg, "right")[0] == pytest.approx(3 * widths(svg, "data")[0])
    assert widths(svg, "model") == []
    assert list(etree.fromstring(stacked_chart([]))) == []
    assert widths(swatch("data"), "data") == [12.0]


def test_what_is_shown_is_escaped() -> None:
    svg = bar_chart(Bar(0.5, 0.4, 0.6, "mode0", '"><script>'), most=1.0)
    assert etree.fromstring(svg).get("aria-label") == '"><script>'
