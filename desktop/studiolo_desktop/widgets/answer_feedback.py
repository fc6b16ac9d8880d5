"""What the user says of an answer: helpful, not helpful, or how it should have been; quiet, below the answer."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from studiolo_desktop.widgets.labels import WrapLabel, push_button
from studiolo_desktop.words import text_of

_LINES = 5
_LONGEST = 20_000


class AnswerFeedback(QWidget):
    """Takes a thumb up or down and a correction; what is said replaces what was said before."""

    given = Signal(str, str)
    """The rating ("up", "down" or nothing), and the correction."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rating = ""
        self.correction = ""
        self._answer = ""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        row = QHBoxLayout()
        row.setSpacing(4)
        self.up = self._thumb("Helpful", "This answer helps")
        self.down = self._thumb("Not helpful", "This answer does not help")
        self.correct = push_button(self, "Correct this answer", kind="quiet")
        self.correct.clicked.connect(self._begin)
        for button in (self.up, self.down, self.correct):
            row.addWidget(button)
        row.addStretch(1)
        column.addLayout(row)
        self.kept = WrapLabel(self, tone="muted")
        self.kept.hide()
        column.addWidget(self.kept)
        column.addWidget(self._make_editor())

    def _thumb(self, text: str, name: str) -> QPushButton:
        button = push_button(self, text, kind="quiet", name=name)
        button.setCheckable(True)
        button.clicked.connect(self._rate)
        return button

    def _make_editor(self) -> QWidget:
        self._room = QWidget(self)
        column = QVBoxLayout(self._room)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(
            WrapLabel(self._room, "Write the answer as it should be. It is kept on this computer alone.", tone="muted")
        )
        self.text = QPlainTextEdit(self._room)
        self.text.setObjectName("correction")
        self.text.setAccessibleName("The answer as it should be")
        self.text.setTabChangesFocus(True)
        self.text.setAcceptDrops(False)
        self.text.setFixedHeight(self.text.fontMetrics().lineSpacing() * _LINES + 24)
        column.addWidget(self.text)
        row = QHBoxLayout()
        row.addStretch(1)
        self.cancel = push_button(self._room, "Cancel")
        self.cancel.clicked.connect(self._leave)
        self.save = push_button(self._room, "Keep correction", kind="primary")
        self.save.clicked.connect(self._keep)
        row.addWidget(self.cancel)
        row.addWidget(self.save)
        column.addLayout(row)
        self._room.hide()
        return self._room

    def show_for(self, answer: str, said: Mapping[str, object]) -> None:
        """Show what was said of an answer; its text is what a correction begins with."""
        self._answer = answer
        self.rating, self.correction = text_of(said, "rating"), text_of(said, "correction")
        self._show()

    def keyboard_parts(self) -> list[QWidget]:
        """Give what takes the keyboard, in the order of reading."""
        return [self.up, self.down, self.correct, self.text, self.cancel, self.save]

    def _show(self) -> None:
        self.up.setChecked(self.rating == "up")
        self.down.setChecked(self.rating == "down")
        self.correct.setText("Change the correction" if self.correction else "Correct this answer")
        self.correct.setAccessibleName(self.correct.text())
        self.kept.setText(f"Your correction: {self.correction}" if self.correction else "")
        self.kept.setVisible(bool(self.correction) and not self._room.isVisibleTo(self))

    @Slot()
    def _rate(self) -> None:
        pressed = self.sender()
        chosen = "up" if pressed is self.up else "down"
        self.rating = "" if self.rating == chosen else chosen
        self._say()

    @Slot()
    def _begin(self) -> None:
        self.text.setPlainText((self.correction or self._answer)[:_LONGEST])
        self._room.show()
        self._show()
        self.text.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _keep(self) -> None:
        written = self.text.toPlainText().strip()[:_LONGEST]
        # An answer that was left as it is corrects nothing.
        self.correction = "" if written == self._answer.strip() else written
        self._leave()
        self._say()

    @Slot()
    def _leave(self) -> None:
        self._room.hide()
        self._show()
        self.correct.setFocus(Qt.FocusReason.OtherFocusReason)

    def _say(self) -> None:
        self._show()
        self.given.emit(self.rating, self.correction)

    def event(self, event: QEvent) -> bool:
        """Keep Esc from the window while a correction is written."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
            and self._room.isVisible()
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Esc leaves the correction as it was."""
        if event.key() == Qt.Key.Key_Escape and self._room.isVisible():
            self._leave()
        else:
            super().keyPressEvent(event)
