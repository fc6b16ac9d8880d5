"""The ledger as a table that fetches only the slices that are looked at."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer, Signal, Slot

from studiolo.quantities import size
from studiolo_desktop.words import (
    file_name,
    folder_of,
    moment,
    number_of,
    one_line,
    state_words,
    text_of,
    tooltip,
)

SLICE = 200
_KEPT_SLICES = 40
_AT_ONCE = 2
COLUMNS = (
    ("Name", "name"), ("Folder", ""), ("State", ""), ("Reason", ""), ("Size", "size"), ("Indexed", "indexed_at"),
)  # fmt: skip
"""The title of each column, and the order of the engine's `files` that goes by it."""

Index = QModelIndex | QPersistentModelIndex
_NO_INDEX = QModelIndex()


class LedgerModel(QAbstractTableModel):
    """Rows of the ledger by number; `wanted` asks for a slice, `take_slice` brings it.

    Rows that are not there yet show an ellipsis. At most two slices are asked for at a time, the last looked at first,
    so that a fast scroll does not ask for everything that it passed.
    """

    wanted = Signal(int, int)
    """Offset and limit of a slice."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._total = 0
        self._slices: OrderedDict[int, list[Mapping[str, object]]] = OrderedDict()
        self._missing: list[int] = []
        self._asked: set[int] = set()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._ask)

    def reset(self) -> None:
        """Forget everything and ask for the first slice."""
        self.beginResetModel()
        self._total = 0
        self._slices.clear()
        self._missing = [0]
        self._asked.clear()
        self.endResetModel()
        self._soon.start()

    def renew(self) -> None:
        """Ask again for what is looked at; what is there stays in sight until the answer comes."""
        kept = list(self._slices)[-_AT_ONCE:] or [0]
        for offset in [o for o in self._slices if o not in kept]:
            del self._slices[offset]
        self._missing = [o for o in kept if o not in self._asked]
        self._soon.start()

    def take_slice(self, offset: int, total: int, rows: Sequence[Mapping[str, object]]) -> None:
        """Take a slice; a total that has changed means that the ledger has, and rows are counted anew."""
        self._asked.discard(offset)
        if total != self._total:
            self.beginResetModel()
            self._total = max(0, total)
            self._slices.clear()
            self._slices[offset] = list(rows)
            self.endResetModel()
        else:
            self._slices[offset] = list(rows)
            while len(self._slices) > _KEPT_SLICES:
                self._slices.popitem(last=False)
            if rows:
                last = self.index(offset + len(rows) - 1, len(COLUMNS) - 1)
                self.dataChanged.emit(self.index(offset, 0), last)
        self._soon.start()

    def give_up(self, offset: int) -> None:
        """Note that a slice did not come; it is asked for again when it is looked at."""
        self._asked.discard(offset)
        self._soon.start()

    def row(self, number: int) -> Mapping[str, object] | None:
        """Give a row if it is there; if not, ask for it."""
        offset = number - number % SLICE
        known = self._slices.get(offset)
        if known is None:
            self._want(offset)
            return None
        self._slices.move_to_end(offset)
        return known[number - offset] if number - offset < len(known) else None

    def rowCount(self, parent: Index = _NO_INDEX) -> int:  # noqa: N802 - Qt's name
        """Count the rows of the ledger, fetched or not."""
        return 0 if parent.isValid() else self._total

    def columnCount(self, parent: Index = _NO_INDEX) -> int:  # noqa: N802 - Qt's name
        """Count the columns."""
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(  # noqa: N802 - Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:  # Any: Qt takes any value
        """Give the titles of the columns."""
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return COLUMNS[section][0]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # Any: Qt takes any value
        """Give one cell as harmless text."""
        if not index.isValid() or role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        row = self.row(index.row())
        if row is None:
            return "…" if role == Qt.ItemDataRole.DisplayRole and index.column() == 0 else None
        if role == Qt.ItemDataRole.DisplayRole:
            return _cell(row, index.column())
        return tooltip(text_of(row, "path") if index.column() < 2 else _cell(row, index.column()))

    def _want(self, offset: int) -> None:
        if offset not in self._asked:
            if offset in self._missing:
                self._missing.remove(offset)
            self._missing.append(offset)
            if not self._soon.isActive():
                self._soon.start()

    @Slot()
    def _ask(self) -> None:
        del self._missing[:-_AT_ONCE]
        while self._missing and len(self._asked) < _AT_ONCE:
            offset = self._missing.pop()
            self._asked.add(offset)
            self.wanted.emit(offset, SLICE)


def _cell(row: Mapping[str, object], column: int) -> str:
    relative = text_of(row, "relative_path")
    words: tuple[Callable[[], str], ...] = (
        lambda: file_name(relative or text_of(row, "path")),
        lambda: folder_of(relative or text_of(row, "path")),
        lambda: state_words(text_of(row, "state")),
        lambda: one_line(text_of(row, "reason")),
        lambda: size(number_of(row, "size_bytes")),
        lambda: moment(text_of(row, "indexed_at")),
    )
    return words[column]()
