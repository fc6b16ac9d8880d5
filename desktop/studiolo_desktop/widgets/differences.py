"""Where documents answer differently: what each says, side by side, with its date and a way to its place."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QPushButton, QVBoxLayout, QWidget

from studiolo_desktop.widgets.labels import PlainLabel, WrapLabel, push_button
from studiolo_desktop.words import file_name, one_line, place, rows_of, text_of

_COLUMN_WIDTH = 220
_COLUMNS = 2
_LONGEST_QUOTE = 500


class Differences(QFrame):
    """One conflict of an answer.

    Args:
        parent: The owner.
        conflict: An untrusted document with "about" and "sides", as `ask` gives it.
    """

    chosen = Signal(object)
    """The side (a document) whose place is to be shown."""

    def __init__(self, parent: QWidget, conflict: Mapping[str, object]) -> None:
        super().__init__(parent)
        self.setObjectName("message")
        self.setProperty("level", "weak")
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 12)
        column.setSpacing(8)
        about = one_line(text_of(conflict, "about"))
        title = f"Your documents differ: {about}" if about else "Your documents differ"
        column.addWidget(WrapLabel(self, title, tone="strong"))
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(24)
        self._grid.setVerticalSpacing(12)
        column.addLayout(self._grid)
        self.links: list[QPushButton] = []
        self._rows = rows_of(conflict, "sides")
        self._sides = [self._side(side) for side in self._rows]
        self.setAccessibleName(title)
        self._arrange()

    def _side(self, side: Mapping[str, object]) -> QWidget:
        room = QWidget(self)
        column = QVBoxLayout(room)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addWidget(WrapLabel(room, one_line(text_of(side, "value")), tone="strong"))
        column.addWidget(WrapLabel(room, f"“{one_line(text_of(side, 'quote'), limit=_LONGEST_QUOTE)}”"))
        column.addWidget(PlainLabel(room, dated(side), tone="muted"))
        where = ", ".join(part for part in (file_name(text_of(side, "path")), place(side)) if part)
        link = push_button(room, where, kind="quiet", name=f"Show {where}", tip=text_of(side, "path"))
        link.clicked.connect(self._say)
        column.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        self.links.append(link)
        return room

    @Slot()
    def _say(self) -> None:
        at = next(at for at, link in enumerate(self.links) if link is self.sender())
        self.chosen.emit(self._rows[at])

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Put the sides below each other where there is no room for two."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        columns = _COLUMNS if self.width() >= _COLUMNS * _COLUMN_WIDTH else 1
        for at, side in enumerate(self._sides):
            self._grid.addWidget(side, at // columns, at % columns)
        for at in range(_COLUMNS):
            self._grid.setColumnStretch(at, 1 if at < columns else 0)


def dated(side: Mapping[str, object]) -> str:
    """Say how old a document is, how that is known, and whether it is the newest: `2024, by its name; the newest`."""
    date = one_line(text_of(side, "date"), limit=20)
    source = {"name": "by its name", "text": "by its text", "file": "file changed"}.get(text_of(side, "date_from"), "")
    known = f"{date}, {source}" if date and source else date
    return f"{known}; the newest" if known and side.get("current") is True else known
