"""What is left out of a watched folder: patterns, a line each, and what they would drop and bring back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from studiolo.errors import ErrorReport
from studiolo.quantities import count
from studiolo_desktop.widgets.keys import is_save
from studiolo_desktop.widgets.labels import PlainLabel, WrapLabel, push_button
from studiolo_desktop.words import file_name, number_of, one_line

_TYPING_MS = 300
_EDITOR_HEIGHT = 96
_LIST_HEIGHT = 132
_HELP = (
    "A pattern a line, as in a .gitignore file: drafts/ for a folder, *.log for an ending, !keep.log takes one back."
)


class ExcludeSheet(QFrame):
    """Edits the patterns of one folder; each change is previewed, and none acts before it is saved."""

    preview_wanted = Signal(object, object)
    """The folder's path (a str) and the patterns, a list."""
    preview_unwanted = Signal()
    """Nobody waits for the last preview any more."""
    saved = Signal(object, object)
    """The folder's path and the patterns."""
    resized = Signal()
    """What it says has become longer or shorter."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("sheet")
        self.folder = ""
        self._before: list[str] = []
        self._asked: list[str] | None = None
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_MS)
        self._typing.timeout.connect(self._ask)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(8)
        self._title = WrapLabel(self, tone="strong")
        column.addWidget(self._title)
        column.addWidget(WrapLabel(self, _HELP, tone="muted"))
        self.editor = self._text("patterns", "What is left out, a pattern a line", _EDITOR_HEIGHT)
        self.editor.setPlaceholderText("Nothing is left out")
        self.editor.textChanged.connect(self._on_typed)
        column.addWidget(self.editor)
        self.summary = WrapLabel(self)
        column.addWidget(self.summary)
        self.files = self._text("preview", "Files that would be left out or read again", _LIST_HEIGHT)
        self.files.setReadOnly(True)
        column.addWidget(self.files)
        column.addLayout(self._buttons())
        self.hide()

    def _text(self, kind: str, name: str, height: int) -> QPlainTextEdit:
        text = QPlainTextEdit(self)
        text.setObjectName(kind)
        text.setAccessibleName(name)
        text.setFixedHeight(height)
        text.setTabChangesFocus(True)
        text.setAcceptDrops(False)
        text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        return text

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addWidget(PlainLabel(self, "Your files stay where they are.", tone="muted"))
        row.addStretch(1)
        cancel = push_button(self, "Cancel")
        cancel.clicked.connect(self.reject)
        self.save = push_button(self, "Save", kind="primary", name="Save what is left out (Ctrl+Enter)")
        self.save.clicked.connect(self._save)
        row.addWidget(cancel)
        row.addWidget(self.save)
        return row

    def ask(self, folder: str, patterns: Sequence[str]) -> None:
        """Show the patterns of a folder, to be edited."""
        self.folder = folder
        self._before = [line for line in patterns if line.strip()]
        self._title.setText(f"Leave out of {file_name(folder)}")
        self.setAccessibleName(self._title.text())
        self.editor.setPlainText("\n".join(self._before))
        self._typing.stop()
        self.show()
        self.raise_()
        self.editor.setFocus(Qt.FocusReason.OtherFocusReason)
        self._ask()

    def patterns(self) -> list[str]:
        """Give the patterns as they stand there."""
        return [line for line in self.editor.toPlainText().splitlines() if line.strip()]

    def take_preview(self, folder: str, patterns: Sequence[str], untrusted: Mapping[str, object]) -> None:
        """Show what patterns would change; an answer for others comes too late."""
        if not self._is_awaited(folder, patterns):
            return
        dropped, returned = number_of(untrusted, "dropped"), number_of(untrusted, "returned")
        if dropped or returned:
            self._say(f"{count(dropped, 'file')} would be left out, {returned:,} read again.")
        else:
            self._say("No file would be left out or read again.")
        lines = [
            f"{sign} {self._relative(path)}"
            for sign, name in (("−", "dropped_paths"), ("+", "returned_paths"))
            for path in _texts(untrusted, name)
        ]
        more = dropped + returned - len(lines)
        self._list([*lines, *([f"… and {count(more, 'more file')}"] if more > 0 else [])])
        self.save.setEnabled(True)

    def preview_failed(self, folder: str, patterns: Sequence[str], error: ErrorReport) -> None:
        """Say why patterns cannot be previewed, and so not be saved."""
        if self._is_awaited(folder, patterns):
            self._say(one_line(f"{error.message} {error.hint}"), tone="warn")
            self._list([])
            # A folder that is away can have its patterns changed all the same; what is no pattern cannot be kept.
            self.save.setEnabled(error.code != "ignore.bad_pattern")

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Esc changes nothing, Ctrl+Enter saves: the fields leave both to the sheet."""
        if event.key() == Qt.Key.Key_Escape:
            self.reject()
        elif is_save(event):
            self._save()
        else:
            super().keyPressEvent(event)

    def _is_awaited(self, folder: str, patterns: Sequence[str]) -> bool:
        return self.isVisible() and folder == self.folder and list(patterns) == self._asked

    def _relative(self, path: str) -> str:
        inside = path.removeprefix(self.folder).lstrip("/\\") if path.startswith(self.folder) else path
        return one_line(inside)

    def _say(self, text: str, *, tone: str = "") -> None:
        self.summary.set_tone(tone)
        self.summary.setText(text)
        self.resized.emit()

    def _list(self, lines: Sequence[str]) -> None:
        self.files.setPlainText("\n".join(lines))

    @Slot()
    def _on_typed(self) -> None:
        if self.isVisible():
            self._asked = None
            self.save.setEnabled(False)
            self._typing.start()

    @Slot()
    def _ask(self) -> None:
        self._asked = self.patterns()
        self._say("Looking at what that changes …", tone="muted")
        self.preview_wanted.emit(self.folder, list(self._asked))

    @Slot()
    def _save(self) -> None:
        if self.save.isEnabled():
            self._close()
            self.saved.emit(self.folder, self.patterns())

    @Slot()
    def reject(self) -> None:
        """Change nothing."""
        self._close()

    def _close(self) -> None:
        self._typing.stop()
        self._asked = None
        self.hide()
        self.preview_unwanted.emit()


def _texts(untrusted: Mapping[str, object], name: str) -> list[str]:
    given = untrusted.get(name)
    return [item for item in given if isinstance(item, str)] if isinstance(given, list | tuple) else []
