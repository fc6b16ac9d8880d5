"""Marks words on a picture, whoever drew it: letters with their places, boxes that are joined to lines; pure."""

from __future__ import annotations

from collections.abc import Iterable

from studiolo_indexer.records import HighlightBox

_SAME_LINE = 0.5
_WORD_GAP = 1.5  # of a line's height: words that are nearer make one box


def letters_with_places(text: str, places: Iterable[int]) -> tuple[str, list[int]]:
    """Give the letters and digits of a text in lower case, and the place of each."""
    letters: list[str] = []
    kept: list[int] = []
    for char, place in zip(text, places, strict=True):
        if char.isalnum():
            lowered = char.lower()
            letters.append(lowered)
            kept += [place] * len(lowered)
    return "".join(letters), kept


def join_boxes(boxes: Iterable[HighlightBox]) -> list[HighlightBox]:
    """Join the boxes of words that follow each other on a line."""
    joined: list[HighlightBox] = []
    for box in boxes:
        if joined and _joinable(joined[-1], box):
            joined[-1] = _union(joined[-1], box)
        else:
            joined.append(box)
    return joined


def _joinable(a: HighlightBox, b: HighlightBox) -> bool:
    shared = min(a.y + a.height, b.y + b.height) - max(a.y, b.y)
    lower = min(a.height, b.height)
    return shared >= _SAME_LINE * lower and -lower <= b.x - (a.x + a.width) <= _WORD_GAP * lower


def _union(a: HighlightBox, b: HighlightBox) -> HighlightBox:
    left, top = min(a.x, b.x), min(a.y, b.y)
    right, bottom = max(a.x + a.width, b.x + b.width), max(a.y + a.height, b.y + b.height)
    return HighlightBox(left, top, right - left, bottom - top)
