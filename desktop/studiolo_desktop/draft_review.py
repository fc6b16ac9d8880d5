"""Drafted questions, one after the other: each is kept as it is, kept with other words, or dropped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from studiolo.errors import ErrorReport
from studiolo.quantities import count
from studiolo_desktop.theme import Theme
from studiolo_desktop.widgets.labels import PlainLabel, WrapLabel, push_button
from studiolo_desktop.widgets.source_text import SourceText
from studiolo_desktop.words import file_name, one_line, place, rows_of, text_of

_WIDEST = 720
_FIELD_PX = 62
_LONGEST = 4000


class DraftReview(QWidget):
    """Shows one draft with its passage; the next one comes when the engine has written the decision."""

    decided = Signal(object, str, str, str, str)
    """The path of the set, the draft's id, "keep" or "drop", and the words of question and answer."""
    closed = Signal()

    def __init__(self, parent: QWidget, theme: Theme) -> None:
        super().__init__(parent)
        self._path = ""
        self._drafts: Sequence[Mapping[str, object]] = ()
        self._skipped: set[str] = set()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        room = QWidget(self)
        room.setMaximumWidth(_WIDEST)
        column = QVBoxLayout(room)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        outer.addWidget(room, 1)
        self.head = WrapLabel(room, "", tone="strong")
        column.addWidget(self.head)
        self.question = self._field(room, column, "Question")
        self.answer = self._field(room, column, "Answer")
        self.place = WrapLabel(room, "", tone="muted")
        column.addWidget(self.place)
        self.passage = SourceText(room, theme)
        self.passage.setAccessibleName("The passage, with the sentence that answers")
        self.passage.setTabChangesFocus(True)
        self.passage.setMinimumHeight(90)
        column.addWidget(self.passage, 1)
        self.error = WrapLabel(room, "", tone="weak")
        self.error.hide()
        column.addWidget(self.error)
        column.addLayout(self._buttons(room))
        self._show()

    @staticmethod
    def _field(room: QWidget, column: QVBoxLayout, name: str) -> QPlainTextEdit:
        label = PlainLabel(room, name, tone="muted")
        field = QPlainTextEdit(room)
        field.setObjectName("correction")
        field.setAccessibleName(name)
        field.setTabChangesFocus(True)
        field.setAcceptDrops(False)
        field.setFixedHeight(_FIELD_PX)
        label.setBuddy(field)
        column.addWidget(label)
        column.addWidget(field)
        return field

    def _buttons(self, room: QWidget) -> QHBoxLayout:
        row = QHBoxLayout()
        self.later = push_button(room, "Later", name="Decide on this question later")
        self.later.clicked.connect(self._skip)
        self.drop = push_button(room, "Drop", name="Drop this question from the set")
        self.drop.clicked.connect(self._drop)
        self.keep = push_button(room, "Keep", name="Keep this question as it stands here", kind="primary")
        self.keep.clicked.connect(self._keep)
        row.addWidget(self.later)
        row.addStretch(1)
        row.addWidget(self.drop)
        row.addWidget(self.keep)
        return row

    def show_set(self, found: Mapping[str, object]) -> None:
        """Show the drafts of a set (an untrusted document); what was put off comes again with another set."""
        path = text_of(found, "path")
        if path != self._path:
            self._path, self._skipped = path, set()
        self._drafts = rows_of(found, "drafts")
        self.error.hide()
        self._show()

    def show_error(self, error: ErrorReport) -> None:
        """Say why a decision was not written; the draft stays."""
        self.error.setText(f"{error.message} {error.hint} ({error.code})")
        self.error.show()
        self._switch(on=bool(self._waiting()))

    def _waiting(self) -> list[Mapping[str, object]]:
        return [draft for draft in self._drafts if text_of(draft, "id") not in self._skipped]

    def _show(self) -> None:
        waiting = self._waiting()
        draft: Mapping[str, object] = waiting[0] if waiting else {}
        name = file_name(self._path) if self._path else "the set"
        if waiting:
            self.head.setText(f"{name}: {count(len(waiting), 'draft')} to decide on")
        elif self._drafts:
            self.head.setText(f"{name}: {count(len(self._drafts), 'draft')} put off. They wait in the file.")
        else:
            self.head.setText(f"{name}: every draft is decided on.")
        self.question.setPlainText(text_of(draft, "question"))
        self.answer.setPlainText(text_of(draft, "answer"))
        source = next(iter(rows_of(draft, "sources")), {})
        where = ", ".join(p for p in (one_line(text_of(source, "path")), place(source)) if p)
        self.place.setText(where)
        passage, sentence = text_of(draft, "passage"), text_of(source, "text")
        at = passage.find(sentence) if sentence else -1
        self.passage.show_text(passage or sentence, max(at, 0), at + len(sentence) if at >= 0 else 0)
        for part in (self.question, self.answer, self.place, self.passage):
            part.setVisible(bool(waiting))
        for label in self.findChildren(PlainLabel):
            if label.buddy() is not None:
                label.setVisible(bool(waiting))
        for button in (self.later, self.drop, self.keep):
            button.setVisible(bool(waiting))
        self._switch(on=bool(waiting))
        if waiting and self.isVisible():
            self.keep.setFocus(Qt.FocusReason.OtherFocusReason)

    def _switch(self, *, on: bool) -> None:
        for part in (self.later, self.drop, self.keep, self.question, self.answer):
            part.setEnabled(on)

    @Slot()
    def _skip(self) -> None:
        waiting = self._waiting()
        if waiting:
            self._skipped.add(text_of(waiting[0], "id"))
            self._show()

    @Slot()
    def _drop(self) -> None:
        self._decide("drop")

    @Slot()
    def _keep(self) -> None:
        self._decide("keep")

    def _decide(self, decision: str) -> None:
        waiting = self._waiting()
        if not waiting:
            return
        words = [" ".join(field.toPlainText().split())[:_LONGEST] for field in (self.question, self.answer)]
        if decision == "keep" and not words[0]:
            self.error.setText("A question needs words. Drop it, if it is of no use.")
            self.error.show()
            self.question.setFocus()
            return
        self._switch(on=False)  # until the engine has written it: a second click would be for the next one
        self.decided.emit(self._path, text_of(waiting[0], "id"), decision, *words)
