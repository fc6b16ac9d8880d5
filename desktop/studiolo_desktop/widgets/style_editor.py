"""A style of the user's own, to be made or changed; the engine judges what stands there."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFormLayout, QFrame, QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from studiolo.errors import ErrorReport
from studiolo_desktop.widgets.choice import Choice
from studiolo_desktop.widgets.keys import is_save, takes_escape
from studiolo_desktop.widgets.labels import PlainLabel, WrapLabel, push_button
from studiolo_desktop.words import number_of, one_line, text_of

FORMS = (
    ("Sentences", "prose"),
    ("A list", "bullets"),
    ("A table", "table"),
    ("A letter", "letter"),
)
_TEXTS = (
    ("name", "Name", "Small letters, digits and hyphens, like memo"),
    ("title", "Title", "What it is called in lists"),
    ("max_sentences", "Most sentences or rows", "0: any number"),
    ("max_words", "Most words", "0: any number"),
    ("line_pattern", "Each line looks like", "* any words, ? one character, # a digit; empty: any line"),
    ("salutation", "A letter begins with", "Dear Sir or Madam,"),
    ("closing", "A letter ends with", "Yours faithfully,"),
)
_NUMBERS = frozenset(("max_sentences", "max_words"))
_EDITOR_HEIGHT = 72


class StyleEditor(QFrame):
    """The fields of one style; hidden until one is made or changed. Ctrl+Enter saves, Esc does not."""

    saved = Signal(str, object, bool)
    """The name, the style as the engine takes it (a dict), and whether it takes the place of one of that name."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("sheet")
        self._replaces = False
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(8)
        self.title = WrapLabel(self, "", tone="strong")
        column.addWidget(self.title)
        form = QFormLayout()
        form.setSpacing(6)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.fields = {key: self._line(title, hint) for key, title, hint in _TEXTS}
        self.form = Choice(self, "Form of an answer")
        for text, value in FORMS:
            self.form.addItem(text, value)
        self.required = self._text("Must be there", "Beginnings of lines, or columns of a table: one a line")
        self.instructions = self._text("What a model is told", "In your words")
        rows: list[tuple[str, QWidget]] = [(title, self.fields[key]) for key, title, _ in _TEXTS]
        rows[2:2] = [("Form", self.form)]
        rows[5:5] = [("Must be there", self.required)]
        rows.append(("What a model is told", self.instructions))
        for title, field in rows:
            label = PlainLabel(self, title, tone="muted")
            label.setBuddy(field)
            form.addRow(label, field)
        column.addLayout(form)
        self.reason = WrapLabel(self, "", tone="bad")
        self.reason.hide()
        column.addWidget(self.reason)
        column.addLayout(self._buttons())
        self.hide()

    def _line(self, title: str, hint: str) -> QLineEdit:
        line = QLineEdit(self)
        line.setAccessibleName(title)
        line.setPlaceholderText(hint)
        line.setMaxLength(200)
        line.setAcceptDrops(False)
        return line

    def _text(self, title: str, hint: str) -> QPlainTextEdit:
        text = QPlainTextEdit(self)
        text.setObjectName("patterns")
        text.setAccessibleName(title)
        text.setPlaceholderText(hint)
        text.setFixedHeight(_EDITOR_HEIGHT)
        text.setTabChangesFocus(True)
        text.setAcceptDrops(False)
        return text

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addStretch(1)
        cancel = push_button(self, "Cancel")
        cancel.clicked.connect(self.reject)
        self.save = push_button(self, "Save", kind="primary", name="Save the style (Ctrl+Enter)")
        self.save.clicked.connect(self._save)
        row.addWidget(cancel)
        row.addWidget(self.save)
        return row

    def edit(self, untrusted: Mapping[str, object], *, name: str, replaces: bool) -> None:
        """Show a style to be changed, or as the beginning of a new one; only a new one can be named."""
        self._replaces = replaces
        self.title.setText(f"Change the style {name}" if replaces else "A new style")
        self.setAccessibleName(self.title.text())
        for key, line in self.fields.items():
            line.setText(str(number_of(untrusted, key)) if key in _NUMBERS else one_line(text_of(untrusted, key)))
        self.fields["name"].setText(name)
        self.fields["name"].setReadOnly(replaces)
        self.form.setCurrentIndex(max(0, self.form.findData(text_of(untrusted, "form"))))
        required = untrusted.get("required")
        lines = [line for line in required if isinstance(line, str)] if isinstance(required, list | tuple) else []
        self.required.setPlainText("\n".join(lines))
        self.instructions.setPlainText(text_of(untrusted, "instructions"))
        self.reason.hide()
        self.show()
        self.fields["title" if replaces else "name"].setFocus(Qt.FocusReason.OtherFocusReason)

    def style_record(self) -> dict[str, object]:
        """Give the style as it stands there; a number that is none goes as text, which the engine refuses."""
        made: dict[str, object] = {key: line.text().strip() for key, line in self.fields.items() if key != "name"}
        for key in _NUMBERS:
            text = self.fields[key].text().strip() or "0"
            made[key] = int(text) if text.isdecimal() else text
        made["form"] = self.form.currentData()
        made["required"] = [line.strip() for line in self.required.toPlainText().splitlines() if line.strip()]
        made["instructions"] = self.instructions.toPlainText().strip()
        return made

    def show_reason(self, error: ErrorReport) -> None:
        """Say why the engine does not take the style."""
        self.reason.setText(
            one_line(f"{error.message} {error.hint}" if error.code == "style.exists" else error.message)
        )
        self.reason.show()
        self.save.setEnabled(True)

    def event(self, event: QEvent) -> bool:
        """Keep Esc from the window, whose pages it closes."""
        return takes_escape(event) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Esc changes nothing, Ctrl+Enter saves."""
        if event.key() == Qt.Key.Key_Escape:
            self.reject()
        elif is_save(event):
            self._save()
        else:
            super().keyPressEvent(event)

    @Slot()
    def reject(self) -> None:
        """Change nothing."""
        self.hide()

    @Slot()
    def _save(self) -> None:
        self.reason.hide()
        self.saved.emit(self.fields["name"].text().strip(), self.style_record(), self._replaces)
