"""One setting: what it does, what it takes, and the control that changes it; the engine judges every value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from studiolo.errors import ErrorReport
from studiolo_desktop.theme import set_property
from studiolo_desktop.widgets.choice import Choice
from studiolo_desktop.widgets.labels import WrapLabel, push_button
from studiolo_desktop.words import one_line, rows_of, text_of

_CONTROL_WIDTH = 200
_LONGEST_NUMBER = 32
_COUNTS = {
    "now": "Counts at once.",
    "next question": "Counts from the next question on.",
    "next start": "Counts from the next start on.",
}


class SettingRow(QFrame):
    """A card of the page of settings."""

    wanted = Signal(str, object)
    """The name of a setting, and the value that it should have; None for its default."""

    def __init__(self, parent: QWidget, untrusted: Mapping[str, object]) -> None:
        super().__init__(parent)
        self.setObjectName("setting")
        self.name = text_of(untrusted, "name")
        self._kind = text_of(untrusted, "kind")
        self._value: object = None
        title = one_line(text_of(untrusted, "title"))
        self.setAccessibleName(title)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 10)
        column.setSpacing(4)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(WrapLabel(self, title, tone="strong"), 1)
        self.control = self._make_control(title, untrusted)
        head.addWidget(self.control)
        column.addLayout(head)
        self.effect = WrapLabel(self, one_line(text_of(untrusted, "effect")), tone="muted")
        column.addWidget(self.effect)
        foot = QHBoxLayout()
        self.takes = WrapLabel(self, "", tone="muted")
        foot.addWidget(self.takes, 1)
        self.reset = push_button(self, "Back to the default", kind="quiet", name=f"{title}: back to the default")
        self.reset.clicked.connect(self._reset)
        foot.addWidget(self.reset, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(foot)
        self.waits = WrapLabel(self, "It counts when Studiolo is started again.", tone="weak")
        self.reason = WrapLabel(self, "", tone="bad")
        for label in (self.waits, self.reason):
            label.hide()
            column.addWidget(label)
        self.show_setting(untrusted)

    def _make_control(self, title: str, untrusted: Mapping[str, object]) -> QCheckBox | Choice | QLineEdit:
        if self._kind == "switch":
            box = QCheckBox("On", self)
            box.setAccessibleName(title)
            box.toggled.connect(self._want_switch)
            return box
        if self._kind == "choice":
            choice = _Choice(self, title, letters=14)
            choice.setFixedWidth(_CONTROL_WIDTH)
            choice.currentIndexChanged.connect(self._want_choice)
            return choice
        field = QLineEdit(self)
        field.setFixedWidth(_CONTROL_WIDTH)
        field.setMaxLength(_LONGEST_NUMBER)
        field.setAccessibleName(title)
        field.setAcceptDrops(False)
        field.editingFinished.connect(self._want_number)
        return field

    @property
    def haystack(self) -> str:
        """The words by which the row is found, in small letters."""
        choice = self.control
        offered = [choice.itemText(at) for at in range(choice.count())] if isinstance(choice, Choice) else []
        words = (self.accessibleName(), self.effect.text(), self.takes.text(), self.name, *offered)
        return " ".join(words).casefold()

    def show_setting(self, untrusted: Mapping[str, object]) -> None:
        """Show the value that the setting has now; what was said of another one goes."""
        self._value = untrusted.get("value")
        if isinstance(self.control, Choice):
            self._offer(self.control, untrusted)
        self._show_value()
        self.takes.setText(takes_in_words(untrusted))
        changed = untrusted.get("changed") is True
        set_property(self, "changed", changed)
        self.reset.setVisible(changed)
        self.waits.setVisible(untrusted.get("waits") is True)
        self._say("")

    @staticmethod
    def _offer(choice: Choice, untrusted: Mapping[str, object]) -> None:
        """Offer what there is to choose from now: adapters come and go."""
        blocker = QSignalBlocker(choice)
        choice.clear()
        for row in rows_of(untrusted, "choices"):
            choice.addItem(one_line(text_of(row, "title")), text_of(row, "value"))
        del blocker

    def show_reason(self, error: ErrorReport) -> None:
        """Say why the engine does not take the value that stands there."""
        self._say(error.message)

    def _say(self, reason: str) -> None:
        self.reason.setText(one_line(reason))
        self.reason.setVisible(bool(reason))
        if isinstance(self.control, QLineEdit):
            set_property(self.control, "invalid", bool(reason))
            self.control.setAccessibleDescription(one_line(reason))
        elif reason:
            self._show_value()  # nobody can see a wrong choice as one

    def _show_value(self) -> None:
        blocker = QSignalBlocker(self.control)
        if isinstance(self.control, QCheckBox):
            self.control.setChecked(self._value is True)
            self.control.setText("On" if self._value is True else "Off")
        elif isinstance(self.control, Choice):
            self._show_choice(self.control)
        else:
            self.control.setText(number_in_words(self._value))
        del blocker

    def _show_choice(self, choice: Choice) -> None:
        at = choice.findData(self._value)
        if at < 0 and isinstance(self._value, str):  # an adapter that has gone is still named in the file
            choice.addItem(f"{one_line(self._value)} (not there)", self._value)
            at = choice.count() - 1
        choice.setCurrentIndex(at)

    @Slot(bool)
    def _want_switch(self, on: bool) -> None:
        self.wanted.emit(self.name, on)

    @Slot()
    def _want_choice(self) -> None:
        self.wanted.emit(self.name, cast("Choice", self.control).currentData())

    @Slot()
    def _want_number(self) -> None:
        text = cast("QLineEdit", self.control).text().strip()
        value = read_number(text)
        if value != self._value or isinstance(value, str):
            self.wanted.emit(self.name, value)
        else:
            self._show_value()
            self._say("")

    @Slot()
    def _reset(self) -> None:
        self.control.setFocus(Qt.FocusReason.OtherFocusReason)
        self.wanted.emit(self.name, None)


class _Choice(Choice):
    """A choice that the wheel passes by: who scrolls the page changes nothing."""

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Leave the wheel to the page."""
        event.ignore()


def takes_in_words(untrusted: Mapping[str, object]) -> str:
    """Say which values a setting takes, its default, and when a change counts."""
    low, high, default = untrusted.get("low"), untrusted.get("high"), untrusted.get("default")
    unit, zero = text_of(untrusted, "unit"), text_of(untrusted, "zero")
    parts = []
    if isinstance(low, int | float) and isinstance(high, int | float):
        parts.append(f"From {low:,g} to {high:,.10g} {unit}".strip() + ".")
    if zero:
        parts.append(f"0: {zero}.")
    parts.append(f"Default: {_default_in_words(untrusted, default)}.")
    parts.append(_COUNTS.get(text_of(untrusted, "counts"), ""))
    return one_line(" ".join(part for part in parts if part))


def _default_in_words(untrusted: Mapping[str, object], default: object) -> str:
    if isinstance(default, bool):
        return "on" if default else "off"
    if isinstance(default, str):
        titles = {text_of(row, "value"): text_of(row, "title") for row in rows_of(untrusted, "choices")}
        return titles.get(default, default)
    return f"{default:,.10g}" if isinstance(default, int | float) else ""


def number_in_words(value: object) -> str:
    """Write a number as it can be typed again; empty for what is none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return ""
    return str(value) if isinstance(value, int) else f"{value:g}"


def read_number(text: str) -> int | float | str:
    """Read what was typed; what is no number stays text, which the engine refuses with the reason."""
    for kind in (int, float):
        try:
            return kind(text.replace(",", "."))
        except ValueError:
            continue
    return text
