"""What slides of all programs share: their headings, and the order in which one reads their shapes; pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from studiolo_indexer.records import Document

LONGEST_LEAD = 100
_MADE_UP = re.compile(r"Slide \d{1,9}")
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Placed(Generic[Item]):
    """Something with the place of its upper left corner, in any unit; None where that is not known."""

    item: Item
    left: float | None
    top: float | None


def slide_heading(title: str, place: int) -> str:
    """Give the heading of a slide: its title, else its number.

    Without a heading of its own a slide would be found under the title of the one before.
    """
    return " ".join(title.split()) or f"Slide {place}"


def without_made_up_title(document: Document) -> Document:
    """Take away the title that is nothing but the number of a slide without a title."""
    return replace(document, title="") if _MADE_UP.fullmatch(document.title) else document


def in_reading_order(placed: Sequence[Placed[Item]], *, band: float) -> list[Item]:
    """Order items by rows; what differs by less than `band` in height stands in one row, and is read from the left.

    An item without a place stays behind the one before which it was given after.
    """
    left, top = float("-inf"), float("-inf")
    known: list[tuple[float, float, int, Item]] = []
    for at, one in enumerate(placed):
        if one.left is not None and one.top is not None:
            left, top = one.left, one.top
        known.append((top, left, at, one.item))
    known.sort(key=lambda row: (row[0], row[1], row[2]))
    ordered: list[Item] = []
    row: list[tuple[float, float, int, Item]] = []
    for entry in known:
        if row and entry[0] - row[0][0] >= band:
            ordered += _from_the_left(row)
            row = []
        row.append(entry)
    return ordered + _from_the_left(row)


def _from_the_left(row: list[tuple[float, float, int, Item]]) -> list[Item]:
    return [item for _, _, _, item in sorted(row, key=lambda entry: (entry[1], entry[0], entry[2]))]
