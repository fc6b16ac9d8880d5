"""A conversation in the left room: its row, and what takes the row's place while it is renamed or removed."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from studiolo_desktop.theme import Theme
from studiolo_desktop.widgets.keys import takes_escape
from studiolo_desktop.widgets.labels import WrapLabel, push_button
from studiolo_desktop.widgets.row_button import RowButton
from studiolo_desktop.words import one_line

LONGEST_TITLE = 200


class ConversationRow(RowButton):
    """A row that can be chosen; F2 renames it, Del removes it, the menu key shows what else can be done."""

    rename_wanted = Signal(str)
    delete_wanted = Signal(str)

    def __init__(self, parent: QWidget, theme: Theme, key: str, title: str) -> None:
        super().__init__(parent, theme, key, title, sentence=True)
        self.title = title
        self.pinned = False
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setAccessibleDescription("Enter opens, F2 renames, Delete removes this conversation.")

    def show_title(self, title: str, *, pinned: bool) -> None:
        """Show another title, and remember whether it is pinned."""
        self.title, self.pinned = title, pinned
        self.show_row(title)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Take the keys that a file manager takes."""
        if event.key() == Qt.Key.Key_F2:
            self.rename_wanted.emit(self.key)
        elif event.key() == Qt.Key.Key_Delete:
            self.delete_wanted.emit(self.key)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)


class TitleEdit(QLineEdit):
    """Takes a new title: Enter, or leaving the field, keeps it; Esc leaves the old one."""

    kept = Signal(str)
    left = Signal()

    def __init__(self, parent: QWidget, title: str) -> None:
        super().__init__(one_line(title, limit=LONGEST_TITLE), parent)
        self._ended = False
        self._before = self.text()
        self.setMaxLength(LONGEST_TITLE)
        self.setAccessibleName("New name of the conversation")
        self.setAcceptDrops(False)
        self.editingFinished.connect(self._keep)

    @Slot()
    def _keep(self) -> None:
        if self._ended:
            return
        self._ended = True
        if self.text() == self._before:
            self.left.emit()
        else:
            self.kept.emit(self.text())

    def event(self, event: QEvent) -> bool:
        """Keep Esc from the window, whose rooms it closes."""
        return takes_escape(event) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Take Esc as the wish to change nothing."""
        if event.key() == Qt.Key.Key_Escape:
            self._ended = True
            self.left.emit()
        else:
            super().keyPressEvent(event)


class RemovalStrip(QFrame):
    """Asks below a row whether its conversation is to go; Esc keeps it."""

    confirmed = Signal()
    left = Signal()

    def __init__(self, parent: QWidget, title: str) -> None:
        super().__init__(parent)
        self.setObjectName("sheet")
        self.setAccessibleName(f"Delete {one_line(title)}?")
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 10, 8)
        column.setSpacing(6)
        column.addWidget(WrapLabel(self, "Delete this conversation from this computer? There is no way back."))
        row = QHBoxLayout()
        row.addStretch(1)
        self.keep = push_button(self, "Keep")
        self.keep.clicked.connect(self.left)
        self.delete = push_button(self, "Delete", kind="primary")
        self.delete.clicked.connect(self.confirmed)
        row.addWidget(self.keep)
        row.addWidget(self.delete)
        column.addLayout(row)

    def event(self, event: QEvent) -> bool:
        """Keep Esc from the window, whose rooms it closes."""
        return takes_escape(event) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Take Esc as the wish to keep it."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)
