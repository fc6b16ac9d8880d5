"""A model file that was dropped or chosen: what the engine found in it, and whether it is to be taken in."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from studiolo.errors import ErrorReport
from studiolo.quantities import size
from studiolo_desktop.model_words import facts, fit_in_words, role_in_words
from studiolo_desktop.theme import set_property
from studiolo_desktop.widgets.labels import PlainLabel, WrapLabel, push_button
from studiolo_desktop.words import document_of, file_name, number_of, one_line, text_of

_LONGEST_NAME = 120
_COPIED = "It is taken into the data folder, which has {free} of room; the file itself stays where it is."
_COMPILED = "It is compiled into the data folder once, which takes a minute or more; the folder itself stays as it is."
_NO_ROOM = "There is too little room for it in the data folder: {free} are free."
_TAKEN = "A model of this name is there already: give another name, unless it is the same file."


class ModelOffer(QFrame):
    """Hidden until there is something to offer; Add and use, Add, or neither."""

    add_wanted = Signal(object, str, bool)
    """The path (a str, as an object: Qt's own strings lose what is no Unicode), the name, and whether it is used."""
    ended = Signal()
    """Nothing is offered any more."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("sheet")
        self.path = ""
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(6)
        self.title = WrapLabel(self, "", tone="strong")
        self.what = WrapLabel(self, "", tone="muted")
        self.fit = WrapLabel(self, "")
        self.how = WrapLabel(self, "", tone="muted")
        for label in (self.title, self.what, self.fit, self.how):
            column.addWidget(label)
        column.addWidget(self._make_name())
        column.addLayout(self._buttons())
        self.hide()

    def _make_name(self) -> QWidget:
        self._named = QWidget(self)
        row = QHBoxLayout(self._named)
        row.setContentsMargins(0, 2, 0, 2)
        label = PlainLabel(self._named, "Name", tone="muted")
        self.name = QLineEdit(self._named)
        self.name.setMaxLength(_LONGEST_NAME)
        self.name.setAccessibleName("Name of the model")
        self.name.setAcceptDrops(False)
        self.name.textChanged.connect(self._check)
        label.setBuddy(self.name)
        row.addWidget(label)
        row.addWidget(self.name, 1)
        return self._named

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addStretch(1)
        self.cancel = push_button(self, "Cancel")
        self.cancel.clicked.connect(self.close_offer)
        self.add = push_button(self, "Add", name="Add the model")
        self.add.clicked.connect(self._add)
        self.use = push_button(self, "Add and use", kind="primary", name="Add the model and use it")
        self.use.clicked.connect(self._add_and_use)
        for button in (self.cancel, self.add, self.use):
            row.addWidget(button)
        return row

    def begin(self, path: str) -> None:
        """Show that a file is looked at."""
        self.path = path
        self._show(title=f"Looking at {file_name(path)} …")
        self.show()

    def show_found(self, path: str, untrusted: Mapping[str, object]) -> None:
        """Show what a file is; one that nobody waits for any more came too late."""
        if path != self.path:
            return
        role, fit = text_of(untrusted, "role"), fit_in_words(untrusted)
        details = document_of(untrusted, "details")
        self._show(title=f"{file_name(path)}: {role_in_words(role)}")
        title = text_of(details, "title")
        self._say(self.what, " · ".join(part for part in (title, facts(untrusted)) if part))
        self._say(self.fit, fit[0])
        self.fit.set_tone(fit[1])
        self._say(self.how, _how(untrusted, role))
        self.name.setText(text_of(untrusted, "name"))
        self._named.show()
        self.add.show()
        self.use.setVisible(role in ("chat", "reranker"))
        set_property(self.add, "kind", "" if self.use.isVisibleTo(self) else "primary")
        self._check()
        (self.use if self.use.isVisibleTo(self) else self.add).setFocus(Qt.FocusReason.OtherFocusReason)

    def show_adding(self) -> None:
        """Show that the file is taken in."""
        self._show(title=f"Adding {file_name(self.path)} …", can_cancel=False)

    def show_error(self, path: str, error: ErrorReport) -> None:
        """Say why a file is no model that can be used, or could not be taken in."""
        if path != self.path:
            return
        self._show(title=f"{file_name(path)} was not added.")
        self._say(self.fit, f"{error.message} {error.hint} ({error.code})")
        self.fit.set_tone("bad")
        self.cancel.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show(self, *, title: str, can_cancel: bool = True) -> None:
        """Show a title alone; what else there is to say follows."""
        self.title.setText(title)
        self.setAccessibleName(title)
        for label in (self.what, self.fit, self.how):
            self._say(label, "")
        for widget in (self._named, self.add, self.use):
            widget.hide()
        self.cancel.setVisible(can_cancel)

    @staticmethod
    def _say(label: PlainLabel, words: str) -> None:
        label.setText(one_line(words))
        label.setVisible(bool(words))

    @Slot()
    def _check(self) -> None:
        for button in (self.add, self.use):
            button.setEnabled(bool(self.name.text().strip()))

    @Slot()
    def _add(self) -> None:
        self._accept(use=False)

    @Slot()
    def _add_and_use(self) -> None:
        self._accept(use=True)

    def _accept(self, *, use: bool) -> None:
        self.add_wanted.emit(self.path, self.name.text().strip(), use)
        self.show_adding()

    @Slot()
    def close_offer(self) -> None:
        """Offer nothing any more."""
        self.path = ""
        self.hide()
        self.ended.emit()


def _how(untrusted: Mapping[str, object], role: str) -> str:
    """Say how a model is taken in, and what stands in the way of that."""
    free_bytes = number_of(untrusted, "free_bytes")
    how = _COPIED if role in ("chat", "adapter") else _COMPILED
    if free_bytes < number_of(untrusted, "size_bytes"):
        how = _NO_ROOM
    said = how.format(free=size(free_bytes))
    return f"{_TAKEN} {said}" if untrusted.get("taken") is True else said
