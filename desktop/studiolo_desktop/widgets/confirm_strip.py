"""Asks in place, below what it is about, before something is done that has no way back; Esc keeps all as it is."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from studiolo_desktop.widgets.keys import takes_escape
from studiolo_desktop.widgets.labels import WrapLabel, push_button
from studiolo_desktop.words import button_text, one_line


class ConfirmStrip(QFrame):
    """A sentence, and two buttons; hidden until it asks."""

    confirmed = Signal(str)
    """The key that it was asked with."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("strip")
        self._key = ""
        self._before: QWidget | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 10)
        column.setSpacing(8)
        self._words = WrapLabel(self)
        column.addWidget(self._words)
        row = QHBoxLayout()
        row.addStretch(1)
        self.no = push_button(self, "Keep")
        self.no.clicked.connect(self.reject)
        self.yes = push_button(self, "Remove", kind="primary")
        self.yes.clicked.connect(self._accept)
        row.addWidget(self.no)
        row.addWidget(self.yes)
        column.addLayout(row)
        self.hide()

    def ask(self, key: str, words: str, *, yes: str, no: str = "Keep") -> None:
        """Ask; `confirmed` gives the key back. The keyboard goes to what changes nothing."""
        self._key = key
        self._before = self.window().focusWidget()
        self._words.setText(one_line(words))
        self.setAccessibleName(one_line(words))
        for button, text in ((self.yes, yes), (self.no, no)):
            button.setText(button_text(text))
            button.setAccessibleName(one_line(text))
        self.show()
        self.no.setFocus(Qt.FocusReason.OtherFocusReason)

    def event(self, event: QEvent) -> bool:
        """Keep Esc from the window, whose pages it closes."""
        return takes_escape(event) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Take Esc as the wish to change nothing."""
        if event.key() == Qt.Key.Key_Escape:
            self.reject()
        else:
            super().keyPressEvent(event)

    @Slot()
    def reject(self) -> None:
        """Change nothing, and give the keyboard back."""
        self.hide()
        if self._before is not None and self._before.isVisible():
            self._before.setFocus(Qt.FocusReason.OtherFocusReason)
        self._before = None

    @Slot()
    def _accept(self) -> None:
        self.reject()
        self.confirmed.emit(self._key)
