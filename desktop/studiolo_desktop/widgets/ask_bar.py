"""Where the question is written: Enter asks, Shift+Enter begins a new line; Stop while an answer is made."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QTextCursor, QTextOption
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from studiolo_desktop.theme import set_property
from studiolo_desktop.widgets.labels import PlainLabel, WrapLabel, push_button

_MOST_LINES = 5
_LONGEST_QUESTION = 4000
_READ_MS = 250
_EDITING = "You are editing a question. Its new answer takes the place of the old one, which stays a click away."


class QuestionInput(QPlainTextEdit):
    """A text field that grows with its text, up to five lines."""

    submitted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("askInput")
        self.setAccessibleName("Your question")
        self.setPlaceholderText("Ask your documents …")
        self.setAcceptDrops(False)  # a folder dropped here belongs to the window
        self.setTabChangesFocus(True)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(2)
        self.document().documentLayout().documentSizeChanged.connect(self._grow)
        self._grow()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Enter asks."""
        plain = not event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and plain:
            self.submitted.emit()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Take the height that the lines have in another font; the theme's comes after the first layout."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._grow()

    @Slot()
    def _grow(self) -> None:
        # The layout of a plain text edit counts lines, not pixels.
        lines = max(1, min(_MOST_LINES, round(self.document().size().height())))
        self.setFixedHeight(lines * math.ceil(QFontMetricsF(self.font()).lineSpacing()) + 8)


class AskBar(QFrame):
    """The field and its button."""

    asked = Signal(str)
    stopped = Signal()
    typed = Signal(str)
    """What is being written may hold filters: it rests for a moment, or holds none any more."""
    edit_left = Signal()
    """The question that was being edited stays as it was."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("askBar")
        self._answering = False
        self._draft = ""
        self._read = QTimer(self)
        self._read.setSingleShot(True)
        self._read.setInterval(_READ_MS)
        self._read.timeout.connect(self._say_typed)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 8, 10, 8)
        column.setSpacing(2)
        column.addWidget(self._make_strip())
        row = QHBoxLayout()
        row.setSpacing(10)
        self.input = QuestionInput(self)
        self.input.submitted.connect(self._submit)
        self.input.textChanged.connect(self._on_text)
        self.input.installEventFilter(self)
        row.addWidget(self.input, 1)
        self.ask_button = push_button(self, "Ask", kind="primary", name="Ask the question")
        self.ask_button.clicked.connect(self._submit)
        self.stop_button = push_button(self, "Stop", name="Stop the answer", icon="stop")
        self.stop_button.clicked.connect(self.stopped)
        for button in (self.ask_button, self.stop_button):
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignBottom)
        column.addLayout(row)
        self._hint = PlainLabel(self, "", tone="muted")
        self._hint.hide()
        column.addWidget(self._hint)
        self.limits = WrapLabel(self, "", tone="muted")
        self.limits.hide()
        column.addWidget(self.limits)
        self.set_answering(answering=False)

    def _make_strip(self) -> QWidget:
        self.strip = QWidget(self)
        row = QHBoxLayout(self.strip)
        row.setContentsMargins(0, 0, 0, 2)
        row.addWidget(WrapLabel(self.strip, _EDITING, tone="muted"), 1)
        self.cancel_button = push_button(self.strip, "Cancel", kind="quiet", name="Leave the question as it was")
        self.cancel_button.clicked.connect(self.leave_edit)
        row.addWidget(self.cancel_button, 0, Qt.AlignmentFlag.AlignTop)
        self.strip.hide()
        return self.strip

    def set_answering(self, *, answering: bool) -> None:
        """Offer Stop while an answer is made, else Ask."""
        had_focus = self.stop_button.hasFocus()
        self._answering = answering
        self.stop_button.setVisible(answering)
        self.ask_button.setVisible(not answering)
        if had_focus and not answering:
            self.input.setFocus()
        self._say("")
        self._check()

    def set_question(self, text: str) -> None:
        """Put a question into the field."""
        self.input.setPlainText(text)

    def say_busy(self) -> None:
        """Say why nothing is asked now."""
        self._say("One question at a time: stop this answer, or wait for its end.")

    def show_limits(self, words: str, *, is_wrong: bool = False) -> None:
        """Say what the question is limited to, or what is wrong with a filter in it; nothing hides it."""
        self.limits.set_tone("weak" if is_wrong else "muted")
        self.limits.setText(words)
        self.limits.setVisible(bool(words))

    @property
    def is_editing(self) -> bool:
        """Tell whether what is written takes the place of a question that was asked."""
        return not self.strip.isHidden()

    def begin_edit(self, question: str) -> None:
        """Put a question that was asked into the field; what is being written comes back afterwards."""
        if not self.is_editing:
            self._draft = self.input.toPlainText()
        self.strip.show()
        self.set_question(question)
        self.input.moveCursor(QTextCursor.MoveOperation.End)
        self.input.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def leave_edit(self) -> None:
        """Leave the question that was asked as it was."""
        self._end_edit()
        self.edit_left.emit()
        self.input.setFocus(Qt.FocusReason.OtherFocusReason)

    def _end_edit(self) -> None:
        self.strip.hide()
        self.set_question(self._draft)
        self._draft = ""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Show the focus of the field around the whole bar."""
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            set_property(self, "focused", "true" if event.type() == QEvent.Type.FocusIn else "false")
        return super().eventFilter(watched, event)

    @Slot()
    def _submit(self) -> None:
        question = self.input.toPlainText().strip()
        if not question:
            return
        if self._answering:
            self.say_busy()
        elif len(question) > _LONGEST_QUESTION:
            self._say(f"This question is too long: {len(question):,} of at most {_LONGEST_QUESTION:,} characters.")
        else:
            self.input.clear()
            self.asked.emit(question)
            if self.is_editing:
                self._end_edit()

    @Slot()
    def _on_text(self) -> None:
        self._say("")
        self._check()
        if ":" in self.input.toPlainText():  # no filter is without one
            self._read.start()
        else:
            self._say_typed()

    @Slot()
    def _say_typed(self) -> None:
        self._read.stop()
        self.typed.emit(self.input.toPlainText())

    def _check(self) -> None:
        self.ask_button.setEnabled(bool(self.input.toPlainText().strip()))

    def _say(self, hint: str) -> None:
        self._hint.setText(hint)
        self._hint.setVisible(bool(hint))
