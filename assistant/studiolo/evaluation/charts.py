"""Bars with interval whiskers as inline SVG; pure. Colours are names of the report's style sheet."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_WIDTH = 320
_HEIGHT = 18
_MARGIN = 4


@dataclass(frozen=True, slots=True)
class Bar:
    """A value with its bounds, and the colour's class: `mode0` to `mode2`, `better`, `worse`, `unclear`."""

    value: float
    low: float
    high: float
    colour: str
    label: str


def bar_chart(bar: Bar, *, most: float) -> str:
    """Draw a bar from 0 to `most`."""
    most = most if most > 0 else 1.0
    return _svg(bar, _Scale(0.0, most))


def difference_chart(bar: Bar, *, most: float) -> str:
    """Draw a bar that grows from the middle: to the left below 0, to the right above; `most` is at either end."""
    most = most if most > 0 else 1.0
    return _svg(bar, _Scale(-most, most))


def stacked_chart(parts: Sequence[tuple[str, int]]) -> str:
    """Draw one line of the shares of a whole: (colour's class, count)."""
    total = sum(count for _, count in parts)
    pieces, at = [], 0.0
    for colour, count in parts:
        width = 2 * _WIDTH * count / total if total else 0.0
        if width:
            pieces.append(
                f'<rect class="{escape(colour)}" x="{at:.1f}" y="0" width="{width:.1f}" height="{_HEIGHT}">'
                f"<title>{escape(colour)}: {count}</title></rect>"
            )
        at += width
    return _frame(2 * _WIDTH, ", ".join(f"{colour} {count}" for colour, count in parts), "".join(pieces))


def swatch(colour: str) -> str:
    """Draw a small square, to say what a colour stands for."""
    inside = f'<rect class="{escape(colour)}" x="0" y="0" width="12" height="12"/>'
    return f'<svg class="swatch" viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">{inside}</svg>'


@dataclass(frozen=True, slots=True)
class _Scale:
    least: float
    most: float

    def __call__(self, value: float) -> float:
        inside = min(max(value, self.least), self.most) if math.isfinite(value) else self.least
        share = (inside - self.least) / (self.most - self.least)
        return _MARGIN + share * (_WIDTH - 2 * _MARGIN)


def _svg(bar: Bar, scale: _Scale) -> str:
    zero = scale(0.0)
    left, right = sorted((zero, scale(bar.value)))
    low, high, middle = scale(bar.low), scale(bar.high), _HEIGHT / 2
    ends = f"M{low:.1f} 5V{_HEIGHT - 5}M{high:.1f} 5V{_HEIGHT - 5}"
    return _frame(
        _WIDTH,
        bar.label,
        f'<rect class="track" x="{_MARGIN}" y="3" width="{_WIDTH - 2 * _MARGIN}" height="{_HEIGHT - 6}"/>'
        f'<rect class="{escape(bar.colour)}" x="{left:.1f}" y="3" width="{right - left:.1f}" height="{_HEIGHT - 6}"/>'
        f'<path class="axis" d="M{zero:.1f} 0V{_HEIGHT}"/>'
        f'<path class="whisker" d="M{low:.1f} {middle}H{high:.1f}{ends}"/>',
    )


def _frame(width: int, label: str, inside: str) -> str:
    return (
        f'<svg viewBox="0 0 {width} {_HEIGHT}" width="{width}" height="{_HEIGHT}" role="img" '
        f'aria-label="{escape(label)}">{inside}</svg>'
    )
