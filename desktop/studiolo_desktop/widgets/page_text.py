"""The words of a page with their places, as the engine gave them: which lies where, what a row of them says; pure."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF

from studiolo_desktop.words import text_of

MOST_WORDS = 20_000
"""More are left out: each step of a selection looks at all of them."""
_ACROSS = 4.0  # the pointer is rather a little beside a line than between two
_WORD_GAP = 1.5  # of a line's height: words that are nearer share a box
_SAME_LINE = 0.5


@dataclass(frozen=True, slots=True)
class PageWord:
    """A word: its half-open span in the page's text, and its box in the page's measure."""

    start: int
    end: int
    box: QRectF


class PageText:
    """What a page says.

    Args:
        text: All of it.
        width, height: The measure of the boxes.
        words: In the order of the text.
    """

    def __init__(self, text: str, width: float, height: float, words: Sequence[PageWord]) -> None:
        self.text = text
        self.width = width
        self.height = height
        self.words = tuple(words)
        self._starts = [word.start for word in words]
        self._ends = [word.end for word in words]

    @classmethod
    def read(cls, untrusted: Mapping[str, object]) -> PageText | None:
        """Read what the engine gave; None where it has no measure. Words that are none are left out."""
        width, height = _number(untrusted.get("width")), _number(untrusted.get("height"))
        if width is None or height is None or min(width, height) < 1:
            return None
        text = "".join("\ufffd" if "\ud800" <= c <= "\udfff" or c == "\0" else c for c in text_of(untrusted, "text"))
        rows = untrusted.get("words")
        return cls(text, width, height, list(_words(rows if isinstance(rows, list | tuple) else (), len(text))))

    def under(self, point: QPointF) -> int:
        """Give the number of the word at a point of the page's measure; -1 where there is none."""
        return next((number for number, word in enumerate(self.words) if word.box.contains(point)), -1)

    def nearest(self, point: QPointF) -> int:
        """Give the number of the word that is nearest to a point; -1 on a page without words."""
        x, y = point.x(), point.y()

        def distance(number: int) -> float:
            box = self.words[number].box
            across = max(box.left() - x, 0.0, x - box.right())
            down = max(box.top() - y, 0.0, y - box.bottom())
            return across + _ACROSS * down

        return min(range(len(self.words)), key=distance, default=-1)

    def numbers(self, start: int, end: int) -> tuple[int, int]:
        """Give the first word and the one behind the last of those that share a letter with a span of the text."""
        first = bisect_right(self._ends, start)
        return first, max(first, bisect_left(self._starts, end))

    def said(self, first: int, last: int) -> str:
        """Give the text from one word to another, both included, in whichever order."""
        low, high = sorted((first, last))
        return self.text[self.words[low].start : self.words[high].end]

    def boxes(self, first: int, behind: int) -> list[QRectF]:
        """Give boxes around the words from `first` up to `behind`, one for each line."""
        joined: list[QRectF] = []
        for word in self.words[first:behind]:
            if joined and _joinable(joined[-1], word.box):
                joined[-1] = joined[-1].united(word.box)
            else:
                joined.append(word.box)
        return joined


def _joinable(a: QRectF, b: QRectF) -> bool:
    shared = min(a.bottom(), b.bottom()) - max(a.top(), b.top())
    lower = min(a.height(), b.height())
    return shared >= _SAME_LINE * lower and max(b.left() - a.right(), a.left() - b.right()) <= _WORD_GAP * lower


def _words(rows: Sequence[object], length: int) -> Iterator[PageWord]:
    at = 0
    for row in rows[:MOST_WORDS]:
        values = row if isinstance(row, list | tuple) else ()
        numbers = [number for number in map(_number, values) if number is not None]
        if len(numbers) != 6 or not at <= numbers[0] < numbers[1] <= length:
            continue
        at = int(numbers[1])
        yield PageWord(int(numbers[0]), at, QRectF(*numbers[2:]))


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 1e7:
        return None
    return float(value)
