"""The upper end of a turn: the question as it was asked, what it was limited to, and its other answers."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studiolo_desktop.limits import Limit, all_in_words
from studiolo_desktop.widgets.labels import Bubble, ElidedLabel, PlainLabel, push_button
from studiolo_desktop.widgets.overlays import DEFAULT_COLLECTION
from studiolo_desktop.words import one_line

_ASKED_IN = "Asked in: {collections}"
_PLACE = "{at} of {of}"
_PLACE_SAID = "Answer {at} of {of} to this question"


class QuestionHead(QWidget):
    """Shows the question; says when it is to be edited, and when another of its answers is to be seen."""

    edit_wanted = Signal()
    version_wanted = Signal(int)
    """-1 for the answer before, 1 for the next one."""

    def __init__(self, parent: QWidget, question: str) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        bubble_row = QHBoxLayout()
        bubble_row.addStretch(1)
        self.bubble = Bubble(self, question)
        bubble_row.addWidget(self.bubble)
        column.addLayout(bubble_row)
        row = QHBoxLayout()
        row.setSpacing(2)
        self.scope = ElidedLabel(self, "", tone="muted", sentence=True)
        self.scope.setAlignment(Qt.AlignmentFlag.AlignRight)
        row.addWidget(self.scope, 1)
        self.before = push_button(self, "‹", kind="quiet", name="Answer before", tip="Answer before")
        self.place = PlainLabel(self, "", tone="muted")
        self.after = push_button(self, "›", kind="quiet", name="Next answer", tip="Next answer")
        self.before.clicked.connect(self._step_back)
        self.after.clicked.connect(self._step_on)
        self.edit = push_button(self, "Edit", kind="quiet", name=f"Edit the question {one_line(question, limit=80)}")
        self.edit.clicked.connect(self.edit_wanted)
        for widget in (self.before, self.place, self.after, self.edit):
            row.addWidget(widget)
        column.addLayout(row)
        self.show_place(1, 1)
        self.edit.hide()

    def keyboard_parts(self) -> list[QWidget]:
        """Give what takes the keyboard, in the order of reading."""
        return [self.before, self.after, self.edit]

    def show_scope(self, collections: Sequence[str], limits: Sequence[Limit]) -> None:
        """Say where it was looked for, where that is not the usual collection, and what limited it."""
        names = [one_line(name) for name in collections]
        asked = _ASKED_IN.format(collections=", ".join(names)) if names not in ([], [DEFAULT_COLLECTION]) else ""
        self.scope.setText(". ".join(said for said in (asked, all_in_words(limits)) if said))

    def show_place(self, at: int, of: int) -> None:
        """Show which of several answers stands here; with one there is nothing to choose."""
        for widget in (self.before, self.place, self.after):
            widget.setVisible(of > 1)
        self.place.setText(_PLACE.format(at=at, of=of))
        self.place.setAccessibleName(_PLACE_SAID.format(at=at, of=of))
        self.before.setEnabled(at > 1)
        self.after.setEnabled(at < of)

    def focus_step(self, by: int) -> None:
        """Keep the keyboard on the button that was pressed, or on the other one where that leads no further."""
        wanted, other = (self.before, self.after) if by < 0 else (self.after, self.before)
        (wanted if wanted.isEnabled() else other).setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _step_back(self) -> None:
        self.version_wanted.emit(-1)

    @Slot()
    def _step_on(self) -> None:
        self.version_wanted.emit(1)
