"""A few lines of a passage with the quoted words marked; painted, so that no text is ever read as markup."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QTextCharFormat, QTextLayout, QTextOption
from PySide6.QtWidgets import QSizePolicy, QWidget

from studiolo_desktop.theme import SMALL_PX, Theme
from studiolo_desktop.words import one_line

_BEFORE = 48
_LONGEST = 420


def snippet_of(text: str, quote: str) -> tuple[str, int, int]:
    """Cut a passage around its quoted words.

    Returns:
        The harmless text on one line, and the half-open span of the quoted words in it (empty if they are not there).
    """
    at = text.find(quote) if quote else -1
    if at < 0:
        return one_line(text, limit=_LONGEST), 0, 0
    begin = 0
    if at > _BEFORE:
        low = max(0, at - _BEFORE - 20)
        begin = text.rfind(" ", low, at - _BEFORE) + 1 or (at - _BEFORE if low else 0)
    lead = ("… " if begin else "") + one_line(text[begin:at], limit=_LONGEST)
    marked = one_line(quote, limit=_LONGEST)
    tail = one_line(text[at + len(quote) :], limit=_LONGEST)
    return lead + marked + tail, len(lead), len(lead) + len(marked)


class Snippet(QWidget):
    """Shows at most `lines` lines; what is longer ends with an ellipsis."""

    def __init__(self, parent: QWidget, theme: Theme, *, lines: int = 4) -> None:
        super().__init__(parent)
        self._theme = theme
        self._lines = lines
        self._text, self._start, self._end = "", 0, 0
        theme.changed.connect(self.update)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._font = QFont(self.font())
        self._font.setPixelSize(SMALL_PX)

    def show_passage(self, text: str, quote: str) -> None:
        """Show a passage with its quoted words marked."""
        self._text, self._start, self._end = snippet_of(text, quote)
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
        mark = QTextLayout.FormatRange()
        mark.start = _utf16(self._text, self._start)
        mark.length = _utf16(self._text, self._end) - mark.start
        mark.format = QTextCharFormat()
        mark.format.setBackground(QColor(self._theme.tokens.mark))
        layout.setFormats([mark])
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


def _utf16(text: str, index: int) -> int:
    """Give the place that an index of Python has in Qt's text, which counts UTF-16 units."""
    return index + sum(1 for char in text[:index] if ord(char) > 0xFFFF)
