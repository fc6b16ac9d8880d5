"""The text of a document that has no pages, read-only: the quoted words highlighted, and what a search has found."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable

from PySide6.QtCore import Slot
from PySide6.QtGui import QColor, QTextCursor, QTextOption
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from studiolo_desktop.theme import Theme

WINDOW_CHARS = 20_000
"""Text on either side of the quoted words. Qt lays out so much on one line in 32 ms, and 60,000 in 123 ms."""
MOST_MARKED = 2_000

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
        self._shown = _NOWHERE  # of the text
        self._lead = 0  # letters that stand before it
        self._wide: list[int] = []  # places of what Qt counts as two
        self.setObjectName("sourceText")
        self.setReadOnly(True)
        self.setAcceptDrops(False)
        self.setUndoRedoEnabled(False)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setAccessibleName("Text of the source")
        theme.changed.connect(self._mark)

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
        """Mark spans of the text that a search has found, and bring the one with the number `current` into sight."""
        last = len(self._text)
        self._found = [(max(0, min(a, last)), max(0, min(b, last))) for a, b in spans]
        self._current = current
        there = self._found[current] if 0 <= current < len(self._found) else None
        if there is not None and not (self._shown[0] <= there[0] and there[1] <= self._shown[1]):
            self._lay_out(there)
        self._mark()
        if there is not None:
            self._reveal(there)

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
        self.setPlainText(lead + shown + tail)

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
        tokens, first = self._theme.tokens, self._shown
        marks: list[QTextEdit.ExtraSelection] = []
        if self._quoted[0] < self._quoted[1]:
            marks.append(self._marked(self._quoted, tokens.mark))
        inside = [span for span in self._found if first[0] <= span[0] and span[1] <= first[1]]
        marks += [self._marked(span, tokens.accent_soft) for span in inside[:MOST_MARKED]]
        if 0 <= self._current < len(self._found):
            marks.append(self._marked(self._found[self._current], tokens.accent, tokens.on_accent))
        self.setExtraSelections(marks)

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
