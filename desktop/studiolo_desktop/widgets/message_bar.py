"""Tells what went wrong, or what happened: a sentence, a hint, the code, and what can be done."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from studiolo.errors import ErrorReport
from studiolo_desktop.theme import set_property
from studiolo_desktop.widgets.labels import PlainLabel, WrapLabel, push_button
from studiolo_desktop.words import one_line

Level = Literal["bad", "weak", "ok"]
_SAID = {"bad": "Error", "weak": "Note", "ok": "Done"}


class Message(QFrame):
    """One message; `acted` when its button is pressed."""

    acted = Signal()
    dismissed = Signal()

    def __init__(self, parent: QWidget, *, action: str = "", closable: bool = True) -> None:
        super().__init__(parent)
        self.setObjectName("message")
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 10, 10, 10)
        row.setSpacing(12)
        words = QVBoxLayout()
        words.setSpacing(2)
        self._sentence = WrapLabel(self, tone="strong")
        self._hint = WrapLabel(self, tone="muted")
        words.addWidget(self._sentence)
        words.addWidget(self._hint)
        row.addLayout(words, 1)
        self._code = PlainLabel(self, tone="muted")
        row.addWidget(self._code)
        self.button = push_button(self, action or "OK")
        self.button.setVisible(bool(action))
        self.button.clicked.connect(self.acted)
        row.addWidget(self.button)
        close = push_button(self, "Dismiss", kind="quiet", icon="close")
        close.setVisible(closable)
        close.clicked.connect(self.dismissed)
        row.addWidget(close)

    def show_report(self, error: ErrorReport, level: Level = "bad") -> None:
        """Show a report; its words are plain text."""
        self._sentence.setText(one_line(error.message))
        self._hint.setText(one_line(error.hint))
        self._hint.setVisible(bool(error.hint))
        self._code.setText(error.code)
        set_property(self, "level", level)
        self.setAccessibleName(f"{_SAID[level]}: {self._sentence.text()} {self._hint.text()}")

    def focus_action(self) -> None:
        """Bring the keyboard to what can be done."""
        self.button.setFocus(Qt.FocusReason.OtherFocusReason)

    def text(self) -> str:
        """Give what is shown, as a person would copy it."""
        return f"{self._sentence.text()} {self._hint.text()} ({self._code.text()})"


class MessageStack(QWidget):
    """The newest messages, at most `limit`; the same one is never shown twice."""

    def __init__(self, parent: QWidget, *, limit: int = 3) -> None:
        super().__init__(parent)
        self._limit = limit
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(28, 12, 28, 0)
        self._column.setSpacing(8)
        self._shown: list[tuple[ErrorReport, Message]] = []
        self.hide()

    def show_report(self, error: ErrorReport, level: Level = "bad") -> None:
        """Show a report unless it stands there already."""
        if any(known == error for known, _ in self._shown):
            return
        message = Message(self)
        message.show_report(error, level)
        message.dismissed.connect(self._drop_sender)
        self._column.addWidget(message)
        self._shown.append((error, message))
        while len(self._shown) > self._limit:
            self._remove(self._shown[0][1])
        self.show()

    def reports(self) -> list[ErrorReport]:
        """Give what is shown, oldest first."""
        return [error for error, _ in self._shown]

    def clear(self, code: str) -> None:
        """Take back messages with a code, because they are no longer true."""
        for error, message in list(self._shown):
            if error.code == code:
                self._remove(message)

    @Slot()
    def _drop_sender(self) -> None:
        message = self.sender()
        if isinstance(message, Message):
            self._remove(message)

    def _remove(self, message: Message) -> None:
        self._shown = [(e, m) for e, m in self._shown if m is not message]
        self._column.removeWidget(message)
        message.hide()
        message.deleteLater()
        self.setVisible(bool(self._shown))
