"""Which lines of a PDF are running heads and page numbers: they stand at the same place of several near pages; pure.

The first of a kind stays in the text, so that its words can be found; the others only pollute the chunks between them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from studiolo_indexer.parsers.pdf.pdf_text import Run

_ZONE = 0.11  # of the page's height, at its top and bottom
_MOST_LINES = 3
_LONGEST = 200
_NEAR_PAGES = 8
_SAME_PLACE = 4.0  # points
_MORE_PAGES = 300  # what a document may be a part of
_MOST_SKIPPED = 12  # an extract leaves pages out
_NUMBER = re.compile(r"\d+")
_ROMAN = re.compile(r"[ivxl]{1,7}")
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50}


@dataclass(frozen=True, slots=True)
class Edge:
    """A line near the upper or lower edge: the number of its run, its words with `#` for numbers, its distance."""

    run: int
    key: str
    numbers: tuple[int, ...]
    distance: float


def edge_lines(runs: Sequence[Run], height: float) -> list[Edge]:
    """Give the outermost lines at the top and at the bottom of a page."""
    zone = _ZONE * height
    upper, lower = [], []
    for number, run in enumerate(runs):
        line = run.line
        if line is None or line.turned or len(line.text) > _LONGEST:
            continue
        if line.bottom <= zone:
            upper.append((line.top, number, line.text))
        elif line.top >= height - zone:
            lower.append((height - line.bottom, number, line.text))
    return [
        _edge(number, side, text, distance)
        for side, found in (("upper", upper), ("lower", lower))
        for distance, number, text in sorted(found)[:_MOST_LINES]
    ]


def running_lines(pages: Sequence[Sequence[Edge]]) -> list[set[int]]:
    """Tell for each page which of its runs repeat a line of near pages: the same words, numbers that count pages."""
    alike: dict[str, list[tuple[int, Edge]]] = defaultdict(list)
    for page, edges in enumerate(pages):
        for edge in edges:
            alike[edge.key].append((page, edge))
    least = 1 if len(pages) == 2 else 2
    found: list[set[int]] = [set() for _ in pages]
    for group in alike.values():
        for at, (page, edge) in enumerate(group):
            near = group[max(0, at - 2 * _NEAR_PAGES) : at + 2 * _NEAR_PAGES + 1]
            others = {
                p
                for p, other in near
                if 0 < abs(p - page) <= _NEAR_PAGES and _match(edge, other, p - page, len(pages) + _MORE_PAGES)
            }
            if len(others) >= least and min(others) < page:
                found[page].add(edge.run)
    return found


def _edge(run: int, side: str, text: str, distance: float) -> Edge:
    words = " ".join(text.casefold().split())
    if _ROMAN.fullmatch(words):
        return Edge(run, f"{side} #", (_roman(words),), distance)
    numbers = tuple(int(n) for n in _NUMBER.findall(words) if len(n) <= 6)
    key = _NUMBER.sub(lambda m: "#" if len(m.group()) <= 6 else m.group(), words)
    return Edge(run, f"{side} {key}", numbers, distance)


def _match(edge: Edge, other: Edge, pages_later: int, most: int) -> bool:
    """Tell whether a line repeats another: what differs are numbers that grow with the pages, as page numbers may.

    An invoice's number grows too, but is larger than a page's number can be.
    """
    if abs(edge.distance - other.distance) > _SAME_PLACE:
        return False
    pairs = zip(edge.numbers, other.numbers, strict=True)
    return all(a == b or (a <= most and 0 < (b - a) / pages_later <= _MOST_SKIPPED) for a, b in pairs)


def _roman(word: str) -> int:
    values = [_ROMAN_VALUES[c] for c in word]
    return sum(-v if v < max(values[i:]) else v for i, v in enumerate(values))
