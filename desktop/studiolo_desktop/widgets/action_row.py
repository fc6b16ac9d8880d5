"""A row of a list: words above, and what can be done with it below, which wraps where there is little room."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout, QWidget

from studiolo_desktop.widgets.flow_layout import FlowLayout
from studiolo_desktop.widgets.labels import WrapLabel, push_button


class ActionRow(QFrame):
    """Words and actions; parts are made with the row as their parent."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("sheet")
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 10)
        column.setSpacing(6)
        self._words = QVBoxLayout()
        self._words.setSpacing(2)
        column.addLayout(self._words)
        self._below = QWidget(self)
        self._actions = FlowLayout(self._below)
        self._actions.setContentsMargins(0, 0, 0, 0)
        self._below.hide()
        column.addWidget(self._below)

    def say(self, text: str, *, tone: str = "muted") -> None:
        """Add a line of words."""
        self._words.addWidget(WrapLabel(self, text, tone=tone))

    def put(self, part: QWidget) -> None:
        """Add a part below the words so far."""
        self._words.addWidget(part)

    def act(self, part: QWidget) -> None:
        """Add a part to what can be done."""
        self._actions.addWidget(part)
        self._below.show()

    def button(self, text: str, *, name: str, key: str, kind: str = "") -> QPushButton:
        """Add a button, whose property `key` says what it is for."""
        button = push_button(self._below, text, name=name, kind=kind)
        button.setProperty("key", key)
        self.act(button)
        return button
