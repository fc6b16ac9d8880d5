"""What stands in the middle while there is nothing to read: a title, a sentence, and what can be done."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from studiolo_desktop.theme import set_property
from studiolo_desktop.widgets.labels import PlainLabel, WrapLabel, push_button

_WIDTH = 460


class EmptyState(QWidget):
    """A calm panel in the middle of its room."""

    first_pressed = Signal()
    second_pressed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        outer = QVBoxLayout(self)
        outer.addStretch(2)
        row = QHBoxLayout()
        row.addStretch(1)
        self._frame = QFrame(self)
        self._frame.setMaximumWidth(_WIDTH)
        row.addWidget(self._frame, 1000)  # all of the room, up to its width
        row.addStretch(1)
        outer.addLayout(row)
        outer.addStretch(3)
        column = QVBoxLayout(self._frame)
        column.setContentsMargins(28, 28, 28, 28)
        column.setSpacing(12)
        self.title = WrapLabel(self._frame, tone="title")
        self.body = WrapLabel(self._frame, tone="")
        self.detail = WrapLabel(self._frame, tone="muted")
        self.detail.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        for label in (self.title, self.body, self.detail):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
            column.addWidget(label)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        self.first = push_button(self._frame, "", kind="primary")
        self.second = push_button(self._frame, "")
        self.first.clicked.connect(self.first_pressed)
        self.second.clicked.connect(self.second_pressed)
        for button in (self.first, self.second):
            buttons.addWidget(button)
        buttons.addStretch(1)
        column.addLayout(buttons)
        self.show_state("", "")

    def show_state(
        self, title: str, body: str, *, detail: str = "", first: str = "", second: str = "", invite: bool = False
    ) -> None:
        """Show a state; a button without a word is not there. `invite` draws the frame that one drops into."""
        for label, text in ((self.title, title), (self.body, body), (self.detail, detail)):
            label.setText(text)
            label.setVisible(bool(text))
        for button, text in ((self.first, first), (self.second, second)):
            button.setText(text)
            button.setAccessibleName(text)
            button.setVisible(bool(text))
        set_property(self._frame, "invite", "true" if invite else "false")
        self.setAccessibleName(f"{title} {body}")


def section_label(parent: QWidget, text: str) -> PlainLabel:
    """Make the small title of a section."""
    label = PlainLabel(parent, text.upper(), tone="section")
    label.setAccessibleName(text)
    label.setContentsMargins(8, 12, 8, 2)
    return label
