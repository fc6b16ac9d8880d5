"""A few lines of a passage with the quoted words marked; painted, so that no text is ever read as markup."""

from __future__ import annotations

import math
from collections.abc import Iterable

from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QTextCharFormat, QTextLayout, QTextOption
from PySide6.QtWidgets import QSizePolicy, QWidget

from studiolo_desktop.theme import SMALL_PX, Theme
from studiolo_desktop.words import one_line

_BEFORE = 48
_LONGEST = 420
_MORE = "… "
_MOST_MATCHES = 100


def snippet_of(text: str, quote: str) -> tuple[str, int, int]:
    """Cut a passage around its quoted words.

    Returns:
        The harmless text on one line, and the half-open span of the quoted words in it (empty if they are not there).
    """
    at = text.find(quote) if quote else -1
    if at < 0:
        return one_line(text, limit=_LONGEST), 0, 0
    begin = _beginning(text, at)
    lead = (_MORE if begin else "") + one_line(text[begin:at], limit=_LONGEST)
    marked = one_line(quote, limit=_LONGEST)
    tail = one_line(text[at + len(quote) :], limit=_LONGEST)
    return lead + marked + tail, len(lead), len(lead) + len(marked)


def matches_in(text: str, quote: str, matches: Iterable[object]) -> list[tuple[int, int]]:
    """Give the spans of a snippet (see `snippet_of`) for those of its passage; what it does not show is left out.

    Args:
        text, quote: The passage and its quoted words.
        matches: Spans [start, end] of the passage; untrusted, what is none is left out.
    """
    at = text.find(quote) if quote else -1
    begin = _beginning(text, at) if at >= 0 else 0
    # Each part of a snippet is cut by itself; behind the first cut nothing stands where it is looked for.
    whole = 0 if at < 0 else at if len(quote) > _LONGEST else at + len(quote)
    behind = whole + _LONGEST - 1
    moved = len(_MORE) * bool(begin) - begin
    found = []
    for match in matches:
        span = match if isinstance(match, list | tuple) and len(match) == 2 else ()
        numbers = [n for n in span if isinstance(n, int) and not isinstance(n, bool)]
        if len(numbers) == 2 and begin <= numbers[0] < numbers[1] <= min(behind, len(text)):
            found.append((numbers[0] + moved, numbers[1] + moved))
    return found[:_MOST_MATCHES]


def _beginning(text: str, at: int) -> int:
    """Give where a snippet begins whose quoted words stand at `at`: at a word a little before."""
    if at <= _BEFORE:
        return 0
    low = max(0, at - _BEFORE - 20)
    return text.rfind(" ", low, at - _BEFORE) + 1 or (at - _BEFORE if low else 0)


class Snippet(QWidget):
    """Shows at most `lines` lines; what is longer ends with an ellipsis."""

    def __init__(self, parent: QWidget, theme: Theme, *, lines: int = 4) -> None:
        super().__init__(parent)
        self._theme = theme
        self._lines = lines
        self._text, self._start, self._end = "", 0, 0
        self.matches: list[tuple[int, int]] = []
        theme.changed.connect(self.update)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._font = QFont(self.font())
        self._font.setPixelSize(SMALL_PX)

    def show_passage(self, text: str, quote: str, matches: Iterable[object] = ()) -> None:
        """Show a passage with its quoted words marked, and the words that were asked for in bold (spans of `text`)."""
        self._text, self._start, self._end = snippet_of(text, quote)
        self.matches = matches_in(text, quote, matches)
        self.setAccessibleName(self._text)
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Ask for the height of all lines, so that cards of a row are alike."""
        return QSize(120, math.ceil(self._line_height() * self._lines))

    def _line_height(self) -> float:
        return QFontMetricsF(self._font).lineSpacing() * 1.2

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Lay the text out for the width there is, and paint it."""
        layout = QTextLayout(self._text, self._font, self)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        mark, bold = QTextCharFormat(), QTextCharFormat()
        mark.setBackground(QColor(self._theme.tokens.mark))
        bold.setFontWeight(QFont.Weight.Bold)
        formats = [self._formatted(self._start, self._end, mark)]
        layout.setFormats(formats + [self._formatted(*span, bold) for span in self.matches])
        painter = QPainter(self)
        painter.setPen(QColor(self._theme.tokens.text))
        painter.setFont(self._font)
        layout.beginLayout()
        y = 0.0
        for index in range(self._lines):
            line = layout.createLine()
            if not line.isValid():
                break
            line.setLineWidth(self.width())
            line.setPosition(QPointF(0, y))
            y += self._line_height()
            more = line.textStart() + line.textLength() < _utf16(self._text, len(self._text))
            if index == self._lines - 1 and more:
                line.setLineWidth(self.width() - 14)
                painter.drawText(QPointF(line.naturalTextWidth() + 1, line.y() + line.ascent()), "…")
        layout.endLayout()
        layout.draw(painter, QPointF(0, 0))

    def _formatted(self, start: int, end: int, look: QTextCharFormat) -> QTextLayout.FormatRange:
        found = QTextLayout.FormatRange()
        found.start = _utf16(self._text, start)
        found.length = _utf16(self._text, end) - found.start
        found.format = look
        return found


def _utf16(text: str, index: int) -> int:
    """Give the place that an index of Python has in Qt's text, which counts UTF-16 units."""
    return index + sum(1 for char in text[:index] if ord(char) > 0xFFFF)
