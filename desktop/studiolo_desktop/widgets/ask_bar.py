"""Where the question is written: Enter asks, Shift+Enter begins a new line; Stop while an answer is made."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QTextOption
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from studiolo_desktop.theme import set_property
from studiolo_desktop.widgets.labels import PlainLabel, push_button

_MOST_LINES = 5
_LONGEST_QUESTION = 4000


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

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("askBar")
        self._answering = False
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 8, 10, 8)
        column.setSpacing(2)
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
        self.set_answering(answering=False)

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
            self._say("One question at a time: stop this answer, or wait for its end.")
        elif len(question) > _LONGEST_QUESTION:
            self._say(f"This question is too long: {len(question):,} of at most {_LONGEST_QUESTION:,} characters.")
        else:
            self.input.clear()
            self.asked.emit(question)

    @Slot()
    def _on_text(self) -> None:
        self._say("")
        self._check()

    def _check(self) -> None:
        self.ask_button.setEnabled(bool(self.input.toPlainText().strip()))

    def _say(self, hint: str) -> None:
        self._hint.setText(hint)
        self._hint.setVisible(bool(hint))
