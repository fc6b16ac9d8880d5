"""The text of a document that has no pages, read-only, with the quoted words highlighted."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtGui import QColor, QTextCursor, QTextOption
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from studiolo_desktop.theme import Theme

WINDOW_CHARS = 20_000
"""Text on either side of the quoted words. Qt lays out so much on one line in 32 ms, and 60,000 in 123 ms."""


class SourceText(QPlainTextEdit):
    """Shows a text around a span; plain, so that nothing in it is markup and nothing is loaded."""

    def __init__(self, parent: QWidget, theme: Theme) -> None:
        super().__init__(parent)
        self._theme = theme
        self._span = (0, 0)
        self.setObjectName("sourceText")
        self.setReadOnly(True)
        self.setAcceptDrops(False)
        self.setUndoRedoEnabled(False)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setAccessibleName("Text of the source")
        theme.changed.connect(self._mark)

    def show_text(self, text: str, start: int, end: int) -> None:
        """Show a text and highlight the code points from `start` to `end` (untrusted; an empty span marks nothing)."""
        start = max(0, min(start, len(text)))
        end = max(start, min(end, len(text)))
        first, last = max(0, start - WINDOW_CHARS), min(len(text), end + WINDOW_CHARS)
        lead = f"[… {first:,} characters before]\n" if first else ""
        tail = f"\n[{len(text) - last:,} characters after …]" if last < len(text) else ""
        # Each character that Qt would swallow or read as two stays one, so that the span stays right.
        shown = "".join("\ufffd" if "\ud800" <= c <= "\udfff" or c == "\0" else c for c in text[first:last])
        shown = lead + shown.replace("\r", "\n") + tail
        self.setPlainText(shown)
        begin = start - first + len(lead)
        self._span = (_units(shown[:begin]), _units(shown[: begin + end - start]))
        self._mark()
        self._reveal()

    def marked_text(self) -> str:
        """Give the words that are highlighted."""
        return self._cursor().selectedText().replace("\u2029", "\n")

    def _cursor(self) -> QTextCursor:
        cursor = QTextCursor(self.document())
        cursor.setPosition(self._span[0])
        cursor.setPosition(self._span[1], QTextCursor.MoveMode.KeepAnchor)
        return cursor

    @Slot()
    def _mark(self) -> None:
        if self._span[0] == self._span[1]:
            self.setExtraSelections([])
            return
        selection = QTextEdit.ExtraSelection()
        selection.cursor = self._cursor()
        selection.format.setBackground(QColor(self._theme.tokens.mark))
        self.setExtraSelections([selection])

    def _reveal(self) -> None:
        cursor = self.textCursor()
        cursor.setPosition(self._span[0])
        self.setTextCursor(cursor)
        self.centerCursor()


def _units(text: str) -> int:
    """Count the UTF-16 units that Qt counts."""
    return len(text) + sum(1 for char in text if char > "\uffff")
