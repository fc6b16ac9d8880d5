"""One style of answers: what it asks for, what a model is told, and what can be done with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from studiolo.quantities import count
from studiolo_desktop.widgets.confirm_strip import ConfirmStrip
from studiolo_desktop.widgets.flow_layout import FlowLayout
from studiolo_desktop.widgets.labels import PlainLabel, WrapLabel, push_button
from studiolo_desktop.words import number_of, one_line, text_of

_FORMS = {"prose": "Sentences.", "bullets": "A list.", "table": "A table.", "letter": "A letter."}
_SHOW, _HIDE = "What a model is told", "Hide what a model is told"


class StyleCard(QFrame):
    """A card of the page of styles."""

    edit_wanted = Signal(str)
    copy_wanted = Signal(str)
    default_wanted = Signal(str)
    remove_wanted = Signal(str)

    def __init__(self, parent: QWidget, untrusted: Mapping[str, object], *, is_default: bool) -> None:
        super().__init__(parent)
        self.setObjectName("sheet")
        self.name = text_of(untrusted, "name")
        own = untrusted.get("builtin") is False
        self.setAccessibleName(one_line(self.name))
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 10)
        column.setSpacing(4)
        head = QHBoxLayout()
        title = text_of(untrusted, "title")
        named = f"{title} ({self.name})" if title and title != self.name else self.name
        head.addWidget(WrapLabel(self, one_line(named), tone="strong"), 1)
        if is_default:
            head.addWidget(PlainLabel(self, "the default", tone="ok"))
        column.addLayout(head)
        asks = asks_for(untrusted) if own else f"{asks_for(untrusted)} Comes with the program."
        column.addWidget(WrapLabel(self, asks, tone="muted"))
        self.prompt = WrapLabel(self, one_line(text_of(untrusted, "prompt"), limit=4000), tone="muted")
        self.prompt.hide()
        column.addWidget(self.prompt)
        column.addWidget(self._buttons(own=own, is_default=is_default))
        self.strip = ConfirmStrip(self)
        self.strip.confirmed.connect(self.remove_wanted)
        column.addWidget(self.strip)

    def _buttons(self, *, own: bool, is_default: bool) -> QWidget:
        room = QWidget(self)
        row = FlowLayout(room)
        row.setContentsMargins(0, 4, 0, 0)
        wanted = [
            (not is_default, "Make it the default", f"Make {self.name} the default", self._make_default),
            (own, "Change …", f"Change {self.name}", self._edit),
            (True, "New from this …", f"A new style from {self.name}", self._copy),
            (own, "Delete …", f"Delete {self.name}", self._remove),
        ]
        for offered, text, name, slot in wanted:
            if offered:
                button = push_button(room, text, name=name)
                button.clicked.connect(slot)
                row.addWidget(button)
        self.fold = push_button(room, _SHOW, name=f"{_SHOW}: {self.name}")
        self.fold.setVisible(bool(self.prompt.text()))
        self.fold.clicked.connect(self._fold)
        row.addWidget(self.fold)
        return room

    @Slot()
    def _fold(self) -> None:
        shown = not self.prompt.isVisible()
        self.prompt.setVisible(shown)
        self.fold.setText(_HIDE if shown else _SHOW)
        self.fold.setAccessibleName(f"{self.fold.text()}: {one_line(self.name)}")

    @Slot()
    def _make_default(self) -> None:
        self.default_wanted.emit(self.name)

    @Slot()
    def _edit(self) -> None:
        self.edit_wanted.emit(self.name)

    @Slot()
    def _copy(self) -> None:
        self.copy_wanted.emit(self.name)

    @Slot()
    def _remove(self) -> None:
        words = f"Delete the style {self.name}? Collections that use it get the default."
        self.strip.ask(self.name, words, yes="Delete")


def asks_for(untrusted: Mapping[str, object]) -> str:
    """Say what a style asks of an answer: its form, its limits, what must be there, and the user's own words."""
    form = text_of(untrusted, "form")
    row = "row" if form == "table" else "sentence"
    limits = ((number_of(untrusted, "max_sentences"), row), (number_of(untrusted, "max_words"), "word"))
    parts = [_FORMS.get(form, ""), *(f"At most {count(number, noun)}." for number, noun in limits if number > 0)]
    if required := _texts(untrusted.get("required")):
        parts.append(f"{'Columns' if form == 'table' else 'Must be there'}: {', '.join(required)}.")
    if pattern := text_of(untrusted, "line_pattern"):
        parts.append(f"Each line looks like {pattern}.")
    if form == "letter":
        parts.append(f"From “{text_of(untrusted, 'salutation')}” to “{text_of(untrusted, 'closing')}”.")
    if own := text_of(untrusted, "instructions"):
        parts.append(f"“{own}”")
    return one_line(" ".join(part for part in parts if part), limit=1200)


def _texts(value: object) -> Sequence[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list | tuple) else []
