"""The palette: one field that finds pages, collections, past questions and actions, with the keyboard alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal, Slot
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QListView, QVBoxLayout, QWidget

from studiolo_desktop.fuzzy import ranked
from studiolo_desktop.palette_row import PaletteRow, RowRole
from studiolo_desktop.theme import Theme
from studiolo_desktop.widgets.icons import IconLabel
from studiolo_desktop.widgets.labels import PlainLabel
from studiolo_desktop.widgets.shade import SHADE
from studiolo_desktop.words import one_line

_WIDTH = 620
_TOP = 64
_MOST_ROWS = 9
_MOST_FOUND = 60
_LONGEST_QUERY = 1000
_HINT = "Up and Down choose · Enter opens · Esc closes"

Index = QModelIndex | QPersistentModelIndex
_NO_INDEX = QModelIndex()
_STEPS = {
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_PageDown: _MOST_ROWS - 1,
    Qt.Key.Key_PageUp: 1 - _MOST_ROWS,
    Qt.Key.Key_Tab: 1,
    Qt.Key.Key_Backtab: -1,
}


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that can be found.

    Args:
        kind: What it is: "action", "page", "collection", "past", "search" or "ask".
        key: Which one.
        title: Its words (untrusted; shown as one harmless line).
        detail: A word at the right end.
        icon: Its icon.
        words: Other words by which it is found.
    """

    kind: str
    key: str
    title: str
    detail: str = ""
    icon: str = "action"
    words: str = ""


class EntryModel(QAbstractListModel):
    """The entries that fit what is typed, best first."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.rows: list[Entry] = []

    def show(self, rows: Sequence[Entry]) -> None:
        """List other entries."""
        self.beginResetModel()
        self.rows = list(rows)
        self.endResetModel()

    def rowCount(self, parent: Index = _NO_INDEX) -> int:  # noqa: N802 - Qt's name
        """Count the entries."""
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # Any: Qt takes any value
        """Give what a row shows, and what a screen reader says of it."""
        if not index.isValid():
            return None
        row = self.rows[index.row()]
        return {
            Qt.ItemDataRole.DisplayRole.value: one_line(row.title, limit=200),
            Qt.ItemDataRole.AccessibleTextRole.value: said(row),
            RowRole.DETAIL.value: one_line(row.detail, limit=60),
            RowRole.ICON.value: row.icon,
        }.get(int(role))


class Palette(QWidget):
    """Lies over the whole window until something is chosen; Esc, or a click beside it, closes it."""

    chosen = Signal(object)
    """The Entry."""
    opened = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget, theme: Theme) -> None:
        super().__init__(parent)
        self._room = parent
        self._entries: list[Entry] = []
        self._before: QWidget | None = None
        self.setAccessibleName("Find anything")
        self._box = QFrame(self)
        self._box.setObjectName("palette")
        column = QVBoxLayout(self._box)
        column.setContentsMargins(1, 1, 1, 8)
        column.setSpacing(0)
        column.addWidget(self._make_head())
        self.model = EntryModel(self)
        self.list = QListView(self._box)
        self.list.setObjectName("paletteList")
        self.list.setAccessibleName("What was found")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.list.setModel(self.model)
        self._rows = PaletteRow(self.list, theme)
        self.list.setItemDelegate(self._rows)
        self.list.clicked.connect(self._choose_index)
        column.addWidget(self.list)
        self.hint = PlainLabel(self._box, "", tone="muted")
        self.hint.setContentsMargins(16, 6, 16, 0)
        column.addWidget(self.hint)
        parent.installEventFilter(self)
        self.hide()

    def _make_head(self) -> QWidget:
        head = QWidget(self._box)
        head.setObjectName("paletteHead")
        head.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(head)
        row.setContentsMargins(16, 8, 12, 8)
        row.setSpacing(10)
        row.addWidget(IconLabel(head, "search", side=18))
        self.field = QLineEdit(head)
        self.field.setObjectName("paletteField")
        self.field.setPlaceholderText("Find a page, a collection, a past question, an action …")
        self.field.setAccessibleName("Find anything")
        self.field.setMaxLength(_LONGEST_QUERY)
        self.field.setAcceptDrops(False)
        self.field.textChanged.connect(self._find)
        self.field.installEventFilter(self)
        row.addWidget(self.field, 1)
        return head

    def open(self, entries: Sequence[Entry]) -> None:
        """Open with these entries; more may come with `show_entries` while it is open."""
        if not self.isVisible():
            self._before = self.window().focusWidget()
        self.field.clear()
        self.setGeometry(self._room.rect())
        self.show()
        self.raise_()
        self.show_entries(entries)
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)
        self.opened.emit()

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """Offer other entries for what is typed."""
        self._entries = list(entries)
        self._find()

    @Slot()
    def close_palette(self) -> None:
        """Close without a choice; the keyboard goes back to where it was."""
        if self.isVisible():
            self.hide()
            if self._before is not None and self._before.isVisible():
                self._before.setFocus(Qt.FocusReason.PopupFocusReason)
            self.closed.emit()

    @Slot()
    def _find(self) -> None:
        query = self.field.text().strip()
        found = [self._entries[at] for at in ranked(query, [(e.title, f"{e.words} {e.kind}") for e in self._entries])]
        rows = found[:_MOST_FOUND]
        if query:
            rows = [*rows, *_with_these_words(query)]
        self.model.show(rows)
        self.hint.setText(_HINT if rows else "Nothing is there yet.")
        self._arrange()
        self._select(0)

    def _select(self, row: int) -> None:
        if not self.model.rows:
            return
        row = max(0, min(row, len(self.model.rows) - 1))
        self.list.setCurrentIndex(self.model.index(row))
        words = f"{said(self.model.rows[row])}, {row + 1} of {len(self.model.rows)}"
        self.field.setAccessibleDescription(words)
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.field, words))

    def _step(self, by: int) -> None:
        count = len(self.model.rows)
        row = self.list.currentIndex().row()
        if abs(by) == 1 and count:
            self._select((row + by) % count)  # round and round; a page stops at the end
        else:
            self._select(row + by)

    @Slot(QModelIndex)
    def _choose_index(self, index: QModelIndex) -> None:
        entry = self.model.rows[index.row()]
        self.close_palette()  # first, so that what was chosen may take the keyboard
        self.chosen.emit(entry)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Steer the list from the field, and stay as large as the window."""
        if "_room" not in self.__dict__:  # a window that is taken apart still sends events; what was Python's has gone
            return False
        if watched is self._room and event.type() == QEvent.Type.Resize and self.isVisible():
            self.setGeometry(self._room.rect())
            self._arrange()
        if watched is self.field and isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.ShortcutOverride and event.key() == Qt.Key.Key_Escape:
                event.accept()  # else the window's own Esc would be asked too
            elif event.type() == QEvent.Type.KeyPress:
                return self._take_key(event)
        return super().eventFilter(watched, event)

    def _take_key(self, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        if key in _STEPS:
            self._step(_STEPS[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.list.currentIndex().isValid() and self.model.rows:
                self._choose_index(self.list.currentIndex())
        elif key == Qt.Key.Key_Escape:
            self.close_palette()
        else:
            return False
        return True

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Close at a click beside the box."""
        if not self._box.geometry().contains(event.position().toPoint()):
            self.close_palette()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Shade the window behind."""
        QPainter(self).fillRect(self.rect(), SHADE)

    def _arrange(self) -> None:
        width = min(_WIDTH, self.width() - 48)
        rows = min(_MOST_ROWS, len(self.model.rows))
        height = self._rows.row_height() * rows + 10 if rows else 0
        self.list.setVisible(rows > 0)
        self.list.setFixedHeight(max(0, min(height, self.height() - _TOP - 120)))
        layout = self._box.layout()
        if layout is not None:
            layout.activate()
        self._box.setGeometry((self.width() - width) // 2, min(_TOP, self.height() // 10), width, 0)
        self._box.resize(width, self._box.sizeHint().height())


def said(entry: Entry) -> str:
    """Say what a row is, for a screen reader."""
    kind = {"past": "past question", "search": "", "ask": ""}.get(entry.kind, entry.kind)
    return ", ".join(one_line(part, limit=200) for part in (entry.title, kind, entry.detail) if part)


def _with_these_words(query: str) -> list[Entry]:
    return [
        Entry("search", query, f"Search everything for “{query}”", icon="search"),
        Entry("ask", query, f"Ask “{query}”", icon="ask"),
    ]
