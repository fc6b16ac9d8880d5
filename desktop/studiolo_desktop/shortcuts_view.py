"""The page of keyboard shortcuts, made from the table of actions that the shortcuts themselves are made from."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from studiolo_desktop.actions import ACTIONS, IN_PLACE, shown_keys
from studiolo_desktop.widgets.labels import PlainLabel, WrapLabel, push_button

_COLUMN_WIDTH = 360
_COLUMNS = 2


def rows_by_group() -> dict[str, list[tuple[str, tuple[str, ...]]]]:
    """Give what each section lists: words, and the keys as this system writes them."""
    groups: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    for action in ACTIONS:
        if action.keys:
            keys = tuple(shown_keys(k) for k in action.keys)
            groups.setdefault(action.group, []).append((action.title, keys))
    for group, title, keys_text in IN_PLACE:
        groups.setdefault(group, []).append((title, (shown_keys(keys_text),)))
    return groups


class ShortcutsView(QWidget):
    """All shortcuts, in sections side by side where there is room."""

    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(28, 18, 28, 16)
        column.setSpacing(10)
        head = QHBoxLayout()
        head.addWidget(PlainLabel(self, "Keyboard shortcuts", tone="title"))
        head.addStretch(1)
        self.back = push_button(self, "Back", name="Back to the answers (Esc)", icon="back")
        self.back.clicked.connect(self.closed)
        head.addWidget(self.back)
        column.addLayout(head)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setAccessibleName("Keyboard shortcuts")
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inside = QWidget(scroll)
        inside.setObjectName("plain")
        self._row = QHBoxLayout(inside)
        self._row.setContentsMargins(0, 0, 8, 0)
        self._row.setSpacing(12)
        self._lanes = [QVBoxLayout() for _ in range(_COLUMNS)]
        for lane in self._lanes:
            lane.setSpacing(12)
            lane.addStretch(1)
            self._row.addLayout(lane, 1)
        self._sections = [_section(inside, group, rows) for group, rows in rows_by_group().items()]
        scroll.setWidget(inside)
        column.addWidget(scroll, 1)
        self._columns = 0
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Put the sections side by side, or below each other."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        columns = max(1, min(_COLUMNS, self.width() // _COLUMN_WIDTH))
        if columns == self._columns:
            return
        self._columns = columns
        for section, lane in ((s, lane) for s in self._sections for lane in self._lanes):
            lane.removeWidget(section)
        heights = [0] * columns
        for section in self._sections:
            at = heights.index(min(heights))
            self._lanes[at].insertWidget(self._lanes[at].count() - 1, section)
            heights[at] += section.sizeHint().height()
        for at, lane in enumerate(self._lanes):
            self._row.setStretchFactor(lane, 1 if at < columns else 0)


def _section(parent: QWidget, group: str, rows: list[tuple[str, tuple[str, ...]]]) -> QFrame:
    frame = QFrame(parent)
    frame.setObjectName("sheet")
    frame.setAccessibleName(group)
    column = QVBoxLayout(frame)
    column.setContentsMargins(16, 12, 16, 12)
    column.setSpacing(8)
    column.addWidget(PlainLabel(frame, group, tone="strong"))
    for title, keys in rows:
        row = QHBoxLayout()
        row.setSpacing(4)
        words = WrapLabel(frame, title)
        words.setAccessibleName(f"{title}: {' or '.join(keys)}")
        row.addWidget(words, 1)
        for key in keys:
            row.addWidget(PlainLabel(frame, key, tone="key"), 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(row)
    return frame
