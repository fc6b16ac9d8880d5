"""The field that looks for words in the source that is shown, and how many places it has found."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from studiolo_desktop.widgets.labels import PlainLabel, WrapLabel, push_button
from studiolo_desktop.words import one_line

LONGEST = 200
_REST_MS = 200


class FindField(QLineEdit):
    """Says when the next place is wanted, or the one before."""

    stepped = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Go on with Enter, back with Shift and Enter."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.stepped.emit(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        else:
            super().keyPressEvent(event)


class FindBar(QWidget):
    """A row with the field, the count and the steps; hidden until it is wanted.

    Signals:
        wanted: The words that are looked for, after the typing has rested; empty where nothing is.
        stepped: 1 for the next place, -1 for the one before.
        closed: The search is to be ended.
    """

    wanted = Signal(str)
    stepped = Signal(int)
    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("findBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 6, 8, 6)
        column.setSpacing(4)
        row = QHBoxLayout()
        row.setSpacing(4)
        column.addLayout(row)
        self.note = WrapLabel(self, "", tone="muted")
        column.addWidget(self.note)
        self.field = FindField(self)
        self.field.setAcceptDrops(False)  # what is dropped is for the window
        self.field.setMaxLength(LONGEST)
        self.field.setPlaceholderText("Find in this source")
        self.field.setAccessibleName("Find in this source")
        self.field.setMinimumWidth(90)
        self.count = PlainLabel(self, "", tone="muted")
        self.before = push_button(self, "‹", kind="quiet", name="Found place before", tip="Shift+Enter, Shift+F3")
        self.after = push_button(self, "›", kind="quiet", name="Next found place", tip="Enter, F3")
        self.close_button = push_button(self, "Done", kind="quiet", name="End the search (Esc)", tip="Esc")
        row.addWidget(self.field, 1)
        for widget in (self.count, self.before, self.after, self.close_button):
            row.addWidget(widget)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._say)
        self._said = ""
        self.field.textEdited.connect(self._on_edited)
        self.field.stepped.connect(self._on_stepped)
        self.before.clicked.connect(self._step_back)
        self.after.clicked.connect(self._step_on)
        self.close_button.clicked.connect(self.closed)
        self.show_count("", steps=False)
        self.hide()

    def begin(self, words: str = "") -> None:
        """Show the bar with the keyboard in its field; `words` take the place of those that stand there."""
        self.show()
        if words:
            self.field.setText(one_line(words, limit=LONGEST))
        self.field.selectAll()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._say()

    def end(self) -> None:
        """Hide the bar; its words stay for the next time."""
        self._rest.stop()
        self._said = ""
        self.hide()

    def words(self) -> str:
        """Give the words that are looked for."""
        return self.field.text().strip()

    def show_count(self, text: str, *, steps: bool, note: str = "") -> None:
        """Say how many places there are, what else is to be known, and whether one can go from one to another."""
        self.note.setText(note)
        self.note.setVisible(bool(note))
        self.count.setText(text)
        self.count.setVisible(bool(text))
        self.before.setEnabled(steps)
        self.after.setEnabled(steps)
        self.field.setAccessibleDescription(f"{text}. {note}" if note else text)

    @Slot()
    def _on_edited(self) -> None:
        self._rest.start()

    @Slot()
    def _say(self) -> None:
        self._rest.stop()
        if self.words() != self._said:
            self._said = self.words()
            self.wanted.emit(self._said)

    @Slot(int)
    def _on_stepped(self, by: int) -> None:
        if self.words() != self._said:
            self._say()  # Enter comes before the typing has rested: these words are looked for first
        else:
            self.stepped.emit(by)

    @Slot()
    def _step_back(self) -> None:
        self.stepped.emit(-1)

    @Slot()
    def _step_on(self) -> None:
        self.stepped.emit(1)
