"""In which order the lines of a page are read: columns by the empty strips between them; pure.

A page's own order (of its text layer, of a recogniser) is mostly right. It is changed only where the places of the
lines contradict it: columns that are visited in turns or backwards, or a page that jumps upwards again and again.
Tables look like columns, so a column must be running text: full lines, many of which begin inside a sentence.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Sequence
from itertools import pairwise
from statistics import median
from typing import Protocol

_MIN_LINES = 4
_MOST_COLUMNS = 8
_WIDEST_COLUMN = 0.62  # of the width of the text
_NARROWEST_STRIP = 0.7  # of a line's height
_FLOWING = 0.25
_WIDE_SCRIPTS = "\u2e80"


class Box(Protocol):
    """A line, or a piece of one, with its place: y grows downwards."""

    @property
    def text(self) -> str:
        """Its words."""

    @property
    def prose(self) -> bool:
        """Whether it looks like running text (`is_prose`)."""

    @property
    def left(self) -> float:
        """Its left edge."""

    @property
    def top(self) -> float:
        """Its upper edge."""

    @property
    def right(self) -> float:
        """Its right edge."""

    @property
    def bottom(self) -> float:
        """Its lower edge."""


def is_wordy(text: str) -> bool:
    """Tell whether a text is mostly letters: words, not numbers."""
    letters = sum(map(str.isalpha, text))
    return letters > 0 and letters >= 0.6 * (len(text) - text.count(" "))


def is_prose(text: str) -> bool:
    """Tell whether a line looks like a part of running text."""
    return is_wordy(text) and (text.count(" ") >= 2 or (len(text) >= 8 and text[0] > _WIDE_SCRIPTS))


def find_gutters(boxes: Sequence[Box]) -> list[float]:
    """Find the empty strips between columns of running text; gives the x of their middles, rising."""
    if len(boxes) < 2 * _MIN_LINES:
        return []
    width = max(b.right for b in boxes) - min(b.left for b in boxes)
    lines = [b for b in boxes if b.right - b.left < _WIDEST_COLUMN * width and b.prose]
    if len(lines) < 2 * _MIN_LINES:
        return []
    gutters = _empty_strips(lines)
    while 0 < len(gutters) < _MOST_COLUMNS:
        columns: list[list[Box]] = [[] for _ in range(len(gutters) + 1)]
        for line in lines:
            columns[bisect(gutters, (line.left + line.right) / 2)].append(line)
        bad = [i for i, column in enumerate(columns) if not _is_column(column)]
        bad = bad or [i for i in range(len(gutters)) if not _side_by_side(columns[i], columns[i + 1])]
        if not bad:
            return gutters
        gutters.pop(min(bad[0], len(gutters) - 1))
    return []


def best_order(boxes: Sequence[Box], gutters: Sequence[float]) -> list[int]:
    """Give the boxes' numbers as they are read: column by column, from one box that crosses a gutter to the next."""
    columns: list[list[int]] = [[] for _ in range(len(gutters) + 1)]
    backwards = bool(gutters) and _is_right_to_left(boxes)
    order: list[int] = []

    def flush() -> None:
        for column in reversed(columns) if backwards else columns:
            order.extend(_in_rows(boxes, column))
            column.clear()

    for i in sorted(range(len(boxes)), key=lambda i: boxes[i].top):
        column = column_of(boxes[i], gutters)
        if column < 0:
            flush()
            order.append(i)
        else:
            columns[column].append(i)
    flush()
    return order


def column_of(box: Box, gutters: Sequence[float]) -> int:
    """Give the number of a box's column, or -1 if it crosses a gutter."""
    column = bisect(gutters, box.left)
    return column if column == bisect(gutters, box.right) else -1


def is_disordered(boxes: Sequence[Box], gutters: Sequence[float], best: Sequence[int]) -> bool:
    """Tell whether the given order of the boxes contradicts their places."""
    if not gutters:
        pairs = pairwise(boxes)
        jumps = sum(b.bottom < a.top and b.left < a.right and a.left < b.right for a, b in pairs)
        return jumps >= max(3, 0.3 * len(boxes))
    ranks = [0] * len(boxes)
    for rank, i in enumerate(best):
        ranks[i] = rank
    descents = sum(b < a for a, b in pairwise(ranks))
    if descents >= max(3, 0.2 * len(boxes)):
        return True
    return descents > 0 and _visits_backwards(boxes, gutters)


def shared_gaps(gaps: Sequence[Sequence[tuple[float, float]]]) -> list[float]:
    """Find where most lines have a gap; gives the x of the middles of what their gaps share, rising.

    Args:
        gaps: For each line its wide gaps between words, as (left, right).
    """
    edges = sorted((x, step) for line in gaps for left, right in line for x, step in ((left, 1), (right, -1)))
    least = max(3.0, 0.6 * len(gaps))
    found: list[float] = []
    covered = 0
    begun: float | None = None
    for x, step in edges:
        covered += step
        if covered >= least and begun is None:
            begun = x
        elif covered < least and begun is not None:
            found.append((begun + x) / 2)
            begun = None
    return found


def _empty_strips(lines: Sequence[Box]) -> list[float]:
    """Sweep from left to right over the edges; a line in thirty may lie in the way."""
    edges = sorted([(b.left, 1) for b in lines] + [(b.right, -1) for b in lines])
    few = len(lines) // 30
    narrowest = _NARROWEST_STRIP * median(b.bottom - b.top for b in lines)
    strips: list[float] = []
    covered = 0
    begun: float | None = None
    for x, step in edges:
        before, covered = covered, covered + step
        if before > few >= covered:
            begun = x
        elif before <= few < covered and begun is not None:
            if x - begun >= narrowest:
                strips.append((begun + x) / 2)
            begun = None
    return strips


def _is_column(lines: Sequence[Box]) -> bool:
    if len(lines) < _MIN_LINES:
        return False
    widths = sorted(b.right - b.left for b in lines)
    usual = widths[int(0.9 * (len(widths) - 1))]
    if sum(width >= 0.6 * usual for width in widths) < 0.5 * len(lines):
        return False
    first = min(lines, key=lambda b: b.top)
    flowing = sum(b is not first and b.text[:1].isalpha() and not b.text[:1].isupper() for b in lines)
    return flowing >= _FLOWING * (len(lines) - 1)


def _side_by_side(first: Sequence[Box], second: Sequence[Box]) -> bool:
    tops = [min(b.top for b in lines) for lines in (first, second)]
    bottoms = [max(b.bottom for b in lines) for lines in (first, second)]
    lower = min(b - t for t, b in zip(tops, bottoms, strict=True))
    return min(bottoms) - max(tops) >= 0.3 * lower


def _in_rows(boxes: Sequence[Box], indices: Sequence[int]) -> list[int]:
    """Order boxes that are sorted by their tops: row by row, each from left to right."""
    ordered: list[int] = []
    row: list[int] = []
    for i in indices:
        if row and (boxes[i].top + boxes[i].bottom) / 2 > boxes[row[0]].bottom:
            ordered += sorted(row, key=lambda i: boxes[i].left)
            row = []
        row.append(i)
    return ordered + sorted(row, key=lambda i: boxes[i].left)


def _visits_backwards(boxes: Sequence[Box], gutters: Sequence[float]) -> bool:
    """Tell whether somewhere each column is read in one go, and the columns in the wrong order."""
    bands: list[list[int]] = [[]]
    for box in boxes:
        column = column_of(box, gutters)
        if column < 0:
            bands.append([])
        elif bands[-1][-1:] != [column]:
            bands[-1].append(column)
    backwards = _is_right_to_left(boxes)
    return any(len(set(b)) == len(b) and b != sorted(b, reverse=backwards) for b in bands)


def _is_right_to_left(boxes: Sequence[Box]) -> bool:
    letters = [c for b in boxes for c in b.text[:8] if c.isalpha()]
    return 2 * sum("\u0590" <= c <= "\u08ff" or "\ufb1d" <= c <= "\ufefc" for c in letters) > len(letters)
