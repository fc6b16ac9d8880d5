"""The account of every file: which could be read, which not, why, and another try."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QItemSelection, Qt, Signal, Slot
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QHBoxLayout, QHeaderView, QTableView, QVBoxLayout, QWidget

from studiolo.errors import ErrorReport
from studiolo.quantities import count
from studiolo_desktop.ledger_model import LedgerModel
from studiolo_desktop.widgets.labels import ElidedLabel, PlainLabel, WrapLabel, push_button
from studiolo_desktop.words import one_line, text_of

_STATES = (
    ("Could not be read", "failed"),
    ("Left out", "skipped"),
    ("Still to read", "pending"),
    ("Indexed", "indexed"),
    ("All files", ""),
)
_ROW_HEIGHT = 30
_MOST_RETRIED = 500


class LedgerView(QWidget):
    """A filter, the table, and what is known of the chosen row."""

    slice_wanted = Signal(object, int, int)
    """The state (or None), offset and limit."""
    retry_wanted = Signal(object)
    """Paths; an empty list means all that failed."""
    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(28, 18, 28, 16)
        column.setSpacing(10)
        column.addLayout(self._make_head())
        self.model = LedgerModel(self)
        self.model.wanted.connect(self._want)
        self.table = self._make_table()
        column.addWidget(self.table, 1)
        self.none = WrapLabel(self, "", tone="muted")
        column.addWidget(self.none)
        self._detail = WrapLabel(self, "", tone="")
        self._path = ElidedLabel(self, "", tone="muted")
        column.addWidget(self._detail)
        column.addWidget(self._path)
        self.model.modelReset.connect(self._forget_choice)
        self._say_none("")

    def _make_head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.addWidget(PlainLabel(self, "Files", tone="title"))
        self.states = QComboBox(self)
        self.states.setAccessibleName("Which files are listed")
        for text, state in _STATES:
            self.states.addItem(text, state)
        self.states.currentIndexChanged.connect(self._choose_state)
        head.addSpacing(8)
        head.addWidget(self.states)
        self.total = PlainLabel(self, "", tone="muted")
        head.addWidget(self.total)
        head.addStretch(1)
        self.retry = push_button(self, "Try again", name="Try the chosen files again, or all that failed", icon="retry")
        self.retry.clicked.connect(self._retry)
        head.addWidget(self.retry)
        close = push_button(self, "Back", name="Back to the answers (Esc)", icon="back")
        close.clicked.connect(self.closed)
        head.addWidget(close)
        return head

    def _make_table(self) -> QTableView:
        table = QTableView(self)
        table.setModel(self.model)
        table.setAccessibleName("Files")
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setTabKeyNavigation(False)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        rows = table.verticalHeader()
        rows.hide()
        # Fixed heights: Qt never has to look at a row to know where it stands.
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(_ROW_HEIGHT)
        columns = table.horizontalHeader()
        columns.setHighlightSections(False)
        columns.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for index, width in enumerate((220, 76, 240, 150, 70)):
            table.setColumnWidth(index, width)
        columns.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        table.selectionModel().selectionChanged.connect(self._show_row)
        return table

    @property
    def state(self) -> str | None:
        """The state that is listed; None for all."""
        return str(self.states.currentData()) or None

    def open(self, state: str = "failed") -> None:
        """List the files in a state, afresh."""
        index = next(i for i, (_, known) in enumerate(_STATES) if known == state)
        if index == self.states.currentIndex():
            self.refresh()
        else:
            self.states.setCurrentIndex(index)
        self.table.setFocus()

    def refresh(self) -> None:
        """Fetch what is looked at anew."""
        self.model.reset()

    def take_slice(self, state: str | None, offset: int, total: int, rows: list[dict[str, object]]) -> None:
        """Take a slice of the ledger; one for another state came too late."""
        if state != self.state:
            return
        self.model.take_slice(offset, total, rows)
        self.total.setText(count(total, "file"))
        self._say_none("" if total else "No file is in this state.")
        self.retry.setEnabled(total > 0 and state == "failed")

    def slice_failed(self, offset: int, error: ErrorReport) -> None:
        """Say that a slice could not be read."""
        self.model.give_up(offset)
        self._say_none(f"{error.message} {error.hint} ({error.code})")

    def _say_none(self, text: str) -> None:
        self.none.setText(text)
        self.none.setVisible(bool(text))

    def _chosen(self) -> list[Mapping[str, object]]:
        rows = (self.model.row(i.row()) for i in self.table.selectionModel().selectedRows()[:_MOST_RETRIED])
        return [row for row in rows if row is not None]

    @Slot(int)
    def _choose_state(self, index: int) -> None:
        self.refresh()

    @Slot(int, int)
    def _want(self, offset: int, limit: int) -> None:
        self.slice_wanted.emit(self.state, offset, limit)

    @Slot(QItemSelection, QItemSelection)
    def _show_row(self, chosen: QItemSelection, before: QItemSelection) -> None:
        rows = self._chosen()
        row = rows[0] if len(rows) == 1 else {}
        code, reason = text_of(row, "code"), text_of(row, "reason")
        self._detail.setText(one_line(f"{reason} ({code})" if code else reason))
        self._path.setText(text_of(row, "path"))
        self.retry.setText(f"Try {count(len(rows), 'file')} again" if rows else "Try again")

    @Slot()
    def _forget_choice(self) -> None:
        """Say nothing of a row that is no longer chosen; the selection itself does not tell of a reset."""
        self._detail.setText("")
        self._path.setText("")
        self.retry.setText("Try again")

    @Slot()
    def _retry(self) -> None:
        self.retry.setEnabled(False)
        self.retry_wanted.emit([text_of(row, "path") for row in self._chosen()])
