"""One model file: what it is, whether it fits, where it lies, and what can be done with it."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from studiolo.errors import ErrorReport
from studiolo_desktop.model_words import facts, fit_in_words
from studiolo_desktop.widgets.confirm_strip import ConfirmStrip
from studiolo_desktop.widgets.flow_layout import FlowLayout
from studiolo_desktop.widgets.labels import PlainLabel, WrapLabel, push_button
from studiolo_desktop.words import one_line, text_of

_NEW_EMBEDDER = (
    "Use {name} from the next start on? Every document is embedded anew with it then; until that is done, documents "
    "are found by their words."
)
_REMOVE = "Remove {name} from the data folder? The file that it was added from stays where it is."


class ModelCard(QFrame):
    """A card of the page of models."""

    use_wanted = Signal(str)
    unused_wanted = Signal()
    """No model of this role should be used."""
    verify_wanted = Signal(str)
    remove_wanted = Signal(str)

    def __init__(self, parent: QWidget, untrusted: Mapping[str, object]) -> None:
        super().__init__(parent)
        self.setObjectName("sheet")
        self.name, self._role = text_of(untrusted, "name"), text_of(untrusted, "role")
        in_use = untrusted.get("in_use") is True
        self.setAccessibleName(one_line(self.name))
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 10)
        column.setSpacing(4)
        head = QHBoxLayout()
        head.addWidget(WrapLabel(self, one_line(self.name), tone="strong"), 1)
        if in_use:
            head.addWidget(PlainLabel(self, "in use", tone="ok"))
        column.addLayout(head)
        column.addWidget(WrapLabel(self, facts(untrusted), tone="muted"))
        fit, tone = fit_in_words(untrusted)
        if fit:
            column.addWidget(WrapLabel(self, fit, tone=tone))
        for words in (f"Lies in {text_of(untrusted, 'path')}", f"SHA-256: {text_of(untrusted, 'sha256')}"):
            label = WrapLabel(self, one_line(words), tone="muted")
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            column.addWidget(label)
        self.note = WrapLabel(self, "", tone="muted")
        self.note.hide()
        column.addWidget(self.note)
        column.addWidget(self._buttons(in_use=in_use, removable=untrusted.get("builtin") is False))
        self.strip = ConfirmStrip(self)
        self.strip.confirmed.connect(self._on_confirmed)
        column.addWidget(self.strip)

    def _buttons(self, *, in_use: bool, removable: bool) -> QWidget:
        room = QWidget(self)
        row = FlowLayout(room)
        row.setContentsMargins(0, 4, 0, 0)
        if not in_use and self._role in ("chat", "embedder", "reranker"):
            self._button(row, "Use", f"Use {self.name}", self._use)
        if in_use and self._role == "reranker":
            self._button(row, "Use none", f"Do without {self.name}", self.unused_wanted)
        self._button(row, "Check the file", f"Check the file of {self.name}", self._verify)
        if removable:
            self._button(row, "Remove …", f"Remove {self.name}", self._remove)
        return room

    def _button(self, row: FlowLayout, text: str, name: str, slot: object) -> None:
        button = push_button(self, text, name=name)
        button.clicked.connect(slot)
        row.addWidget(button)

    def show_verified(self) -> None:
        """Say that the file is the one that was added."""
        self._say("The file is the one that was added: its SHA-256 is the same.", "ok")

    def show_error(self, error: ErrorReport) -> None:
        """Say what is wrong with the file, or why it stays."""
        self._say(f"{error.message} {error.hint} ({error.code})", "bad")

    def _say(self, words: str, tone: str) -> None:
        self.note.set_tone(tone)
        self.note.setText(one_line(words))
        self.note.show()

    @Slot()
    def _use(self) -> None:
        if self._role == "embedder":
            words = _NEW_EMBEDDER.format(name=self.name)
            self.strip.ask("use", words, yes="Use it from the next start on", no="Cancel")
        else:
            self.use_wanted.emit(self.name)

    @Slot()
    def _verify(self) -> None:
        self._say("Reading the file …", "muted")
        self.verify_wanted.emit(self.name)

    @Slot()
    def _remove(self) -> None:
        self.strip.ask("remove", _REMOVE.format(name=self.name), yes="Remove")

    @Slot(str)
    def _on_confirmed(self, key: str) -> None:
        (self.use_wanted if key == "use" else self.remove_wanted).emit(self.name)
