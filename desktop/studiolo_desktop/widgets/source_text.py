"""The text of a document that has no pages, read-only: the quoted words highlighted, and what a search has found."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable

from PySide6.QtCore import Slot
from PySide6.QtGui import QColor, QResizeEvent, QTextCursor, QTextOption
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from studiolo_desktop.theme import Theme

WINDOW_CHARS = 20_000
"""Text on either side of the quoted words. Qt lays out so much on one line in 32 ms, and 60,000 in 123 ms."""
MOST_MARKED = 500

_ODD = re.compile("[\0\ud800-\udfff]")
_WIDE = re.compile("[\U00010000-\U0010ffff]")

Span = tuple[int, int]
_NOWHERE: Span = (0, 0)


class SourceText(QPlainTextEdit):
    """Shows a text around a span; plain, so that nothing in it is markup and nothing is loaded."""

    def __init__(self, parent: QWidget, theme: Theme) -> None:
        super().__init__(parent)
        self._theme = theme
        self._text = ""
        self._quoted = _NOWHERE
        self._found: list[Span] = []
        self._current = -1
        self._is_whole = True  # False while another part of the text is put in
        self._shown = _NOWHERE  # of the text
        self._lead = 0  # letters that stand before it
        self._wide: list[int] = []  # places of what Qt counts as two
        self._wide_units: list[int] = []  # the same as Qt counts
        self.setObjectName("sourceText")
        self.setReadOnly(True)
        self.setAcceptDrops(False)
        self.setUndoRedoEnabled(False)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setAccessibleName("Text of the source")
        theme.changed.connect(self._mark)
        self.verticalScrollBar().valueChanged.connect(self._mark_found)

    def show_text(self, text: str, start: int, end: int) -> None:
        """Show a text and highlight the code points from `start` to `end` (untrusted; an empty span marks nothing)."""
        self._text = text
        self._found, self._current = [], -1
        start = max(0, min(start, len(text)))
        self._quoted = (start, max(start, min(end, len(text))))
        self._lay_out(self._quoted)
        self._mark()
        self._reveal(self._quoted)

    def show_found(self, spans: Iterable[Span], current: int) -> None:
        """Mark rising spans of the text that a search has found, and bring the one numbered `current` into sight."""
        last = len(self._text)
        self._found = [(max(0, min(a, last)), max(0, min(b, last))) for a, b in spans]
        self._current = current
        there = self._found[current] if 0 <= current < len(self._found) else None
        if there is not None and not (self._shown[0] <= there[0] and there[1] <= self._shown[1]):
            self._lay_out(there)
        if there is not None:
            self._reveal(there)
        self._mark()

    def place(self) -> int:
        """Give the place of the text that was last brought into sight: of what was found, or quoted."""
        is_found = 0 <= self._current < len(self._found)
        return (self._found[self._current] if is_found else self._quoted)[0]

    def marked_text(self) -> str:
        """Give the words that are highlighted as the quoted ones."""
        return _said(self._cursor(self._quoted))

    def current_text(self) -> str:
        """Give the found words that stand out."""
        if not 0 <= self._current < len(self._found):
            return ""
        return _said(self._cursor(self._found[self._current]))

    def selected_text(self) -> str:
        """Give the words that the user has selected."""
        return _said(self.textCursor())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Mark what has come into sight."""
        super().resizeEvent(event)
        self._mark_found()

    def _lay_out(self, span: Span) -> None:
        """Put the part of the text around a span into the view."""
        text = self._text
        first, last = max(0, span[0] - WINDOW_CHARS), min(len(text), span[1] + WINDOW_CHARS)
        lead = f"[… {first:,} characters before]\n" if first else ""
        tail = f"\n[{len(text) - last:,} characters after …]" if last < len(text) else ""
        # Each character that Qt would swallow or read as two stays one, so that the span stays right.
        shown = _ODD.sub("\ufffd", text[first:last]).replace("\r", "\n")
        self._shown, self._lead = (first, last), len(lead)
        self._wide = [found.start() for found in _WIDE.finditer(shown)]
        self._wide_units = [place + number for number, place in enumerate(self._wide)]
        self._is_whole = False
        self.setPlainText(lead + shown + tail)
        self._is_whole = True

    def _cursor(self, span: Span) -> QTextCursor:
        cursor = QTextCursor(self.document())
        cursor.setPosition(self._position(span[0]))
        cursor.setPosition(self._position(span[1]), QTextCursor.MoveMode.KeepAnchor)
        return cursor

    def _position(self, at: int) -> int:
        """Give the place that Qt, which counts UTF-16 units, has for one of the text; the nearest that is shown."""
        inside = max(self._shown[0], min(at, self._shown[1])) - self._shown[0]
        return self._lead + inside + bisect_left(self._wide, inside)

    @Slot()
    def _mark(self) -> None:
        """Mark the quoted words, and what was found as far as it is in sight: a mark costs 60 µs, in sight or not."""
        tokens = self._theme.tokens
        marks: list[QTextEdit.ExtraSelection] = []
        if self._quoted[0] < self._quoted[1]:
            marks.append(self._marked(self._quoted, tokens.mark))
        marks += [self._marked(span, tokens.accent_soft) for span in self._in_sight()]
        if 0 <= self._current < len(self._found):
            marks.append(self._marked(self._found[self._current], tokens.accent, tokens.on_accent))
        self.setExtraSelections(marks)

    @Slot()
    def _mark_found(self) -> None:
        if self._found and self._is_whole:
            self._mark()

    def _in_sight(self) -> list[Span]:
        """Give the found places that the viewport shows; they rise."""
        if not self._found:
            return []
        rect = self.viewport().rect()
        top, bottom = (self._place_of(self.cursorForPosition(at)) for at in (rect.topLeft(), rect.bottomRight()))
        first = max(0, bisect_left(self._found, (top, top)) - 1)
        behind = bisect_left(self._found, (bottom + 1, 0))
        begin, end = self._shown
        return [span for span in self._found[first:behind][:MOST_MARKED] if begin <= span[0] and span[1] <= end]

    def _place_of(self, cursor: QTextCursor) -> int:
        """Give the place of the text at a cursor."""
        units = max(0, cursor.position() - self._lead)
        return self._shown[0] + units - bisect_left(self._wide_units, units)

    def _marked(self, span: Span, ground: str, letters: str = "") -> QTextEdit.ExtraSelection:
        selection = QTextEdit.ExtraSelection()
        selection.cursor = self._cursor(span)
        selection.format.setBackground(QColor(ground))
        if letters:
            selection.format.setForeground(QColor(letters))
        return selection

    def _reveal(self, span: Span) -> None:
        cursor = self.textCursor()
        cursor.setPosition(self._position(span[0]))
        self.setTextCursor(cursor)
        self.centerCursor()


def _said(cursor: QTextCursor) -> str:
    return cursor.selectedText().replace("\u2029", "\n")
