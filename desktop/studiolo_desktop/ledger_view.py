"""The account of every file: which could be read, which not, why, and what can be done about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain, islice

from PySide6.QtCore import QItemSelection, QModelIndex, QPoint, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QMenu,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from studiolo.errors import ErrorReport
from studiolo.quantities import count
from studiolo_desktop.ledger_details import LedgerDetails
from studiolo_desktop.ledger_filters import LedgerFilters, LedgerWish
from studiolo_desktop.ledger_model import COLUMNS, LedgerModel
from studiolo_desktop.widgets.labels import PlainLabel, WrapLabel, push_button
from studiolo_desktop.words import number_of, rows_of, text_of

_ROW_HEIGHT = 30
_MOST_RETRIED = 500
_RENEW_MS = 2000
_WIDTHS = (230, 130, 112, 200, 78, 146)
_REASON = 3
_ROOM_FOR = ((1, 720), (5, 900))
"""Columns that a narrow window leaves out, and the width from which they are there."""
_CAN_BE_TRIED = frozenset(("failed", "pending"))


class LedgerView(QWidget):
    """Filters, the table, and what is known of the chosen row."""

    slice_wanted = Signal(object, int, int)
    """A LedgerWish, offset and limit."""
    retry_wanted = Signal(object)
    """Paths; an empty list means all that failed."""
    export_wanted = Signal(object, object)
    """A LedgerWish, and the path of the CSV file to be written."""
    view_wanted = Signal(object)
    """A row whose file is to be seen beside the list."""
    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(28, 18, 28, 16)
        column.setSpacing(10)
        column.addLayout(self._make_head())
        self.filters = LedgerFilters(self)
        self.filters.changed.connect(self.refresh)
        column.addWidget(self.filters)
        self.model = LedgerModel(self)
        self.model.wanted.connect(self._want)
        self.table = self._make_table()
        column.addWidget(self.table, 1)
        self.none = WrapLabel(self, "", tone="muted")
        column.addWidget(self.none)
        self.details = LedgerDetails(self)
        column.addWidget(self.details)
        self._chosen_path = ""
        self._renewing = QTimer(self)
        self._renewing.setSingleShot(True)
        self._renewing.setInterval(_RENEW_MS)
        self._renewing.timeout.connect(self._renew)
        self.model.modelReset.connect(self._show_choice)
        self._say_none("")
        self._show_order()

    def _make_head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.addWidget(PlainLabel(self, "Files", tone="title"))
        self.total = PlainLabel(self, "", tone="muted")
        head.addSpacing(8)
        head.addWidget(self.total)
        head.addStretch(1)
        self.retry = push_button(self, "Try again", name="Try the chosen files again, or all that failed", icon="retry")
        self.retry.clicked.connect(self._retry)
        head.addWidget(self.retry)
        self.export = push_button(self, "Export …", name="Write the listed files to a table (CSV)")
        self.export.clicked.connect(self._choose_file)
        head.addWidget(self.export)
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
        table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        table.customContextMenuRequested.connect(self._offer)
        table.activated.connect(self._view_row)
        rows = table.verticalHeader()
        rows.hide()
        # Fixed heights: Qt never has to look at a row to know where it stands.
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(_ROW_HEIGHT)
        columns = table.horizontalHeader()
        columns.setHighlightSections(False)
        columns.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for index, width in enumerate(_WIDTHS):
            table.setColumnWidth(index, width)
        columns.setSectionResizeMode(_REASON, QHeaderView.ResizeMode.Stretch)
        columns.setSectionsClickable(True)
        columns.setSortIndicatorShown(True)
        columns.sectionClicked.connect(self._order_by)
        table.selectionModel().selectionChanged.connect(self._on_choice)
        return table

    @property
    def wish(self) -> LedgerWish:
        """What is listed."""
        return self.filters.wish

    def open(self, state: str = "failed", *, words: str = "", collection: str | None = None) -> None:
        """List the files in a state (empty: in any), of a collection or with words in their path, afresh."""
        before = self.wish
        self.filters.choose(state, words=words, collection=collection)
        if self.wish == before:
            self.refresh()
        self.table.setFocus()

    @Slot()
    def refresh(self) -> None:
        """Fetch what is looked at anew."""
        self._renewing.stop()
        self._show_order()
        self.model.reset()

    def note_change(self) -> None:
        """Fetch what is in sight again in a moment, because a file has changed; what is chosen stays chosen."""
        if self.isVisible() and not self._renewing.isActive():
            self._renewing.start()

    def take_slice(self, wish: LedgerWish, offset: int, untrusted: Mapping[str, object]) -> None:
        """Take a slice of the ledger; one for another wish came too late."""
        if wish != self.wish:
            return
        total, rows = number_of(untrusted, "total"), rows_of(untrusted, "rows")
        if offset == 0:
            self.filters.show_codes(rows_of(untrusted, "codes"))
        chosen = self._chosen_path
        self.model.take_slice(offset, total, rows)
        self._choose_again(chosen, offset, rows)
        self.total.setText(count(total, "file"))
        self._say_none("" if total else _nothing(wish))
        self.export.setEnabled(total > 0)
        self._show_choice()

    def slice_failed(self, offset: int, error: ErrorReport) -> None:
        """Say that a slice could not be read."""
        self.model.give_up(offset)
        self._say_none(f"{error.message} {error.hint} ({error.code})")

    def show_exporting(self, *, running: bool) -> None:
        """Say that a table is being written, or that this has ended."""
        self.export.setText("Exporting …" if running else "Export …")
        self.export.setEnabled(not running and self.model.rowCount() > 0)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Leave out what a narrow window has no room for; the details have it all."""
        super().resizeEvent(event)
        for column, width in _ROOM_FOR:
            self.table.setColumnHidden(column, self.width() < width)

    def _say_none(self, text: str) -> None:
        self.none.setText(text)
        self.none.setVisible(bool(text))

    def _chosen(self) -> list[Mapping[str, object]]:
        """Give the chosen rows that are there; a choice of all may be of many more."""
        chosen = self.table.selectionModel().selection()
        parts = [chosen.at(i) for i in range(chosen.count())]
        numbers = chain.from_iterable(range(part.top(), part.bottom() + 1) for part in parts)
        rows = (self.model.row(number) for number in islice(numbers, _MOST_RETRIED))
        return [row for row in rows if row is not None]

    def _choose_again(self, path: str, offset: int, rows: Sequence[Mapping[str, object]]) -> None:
        """Choose the file again that was chosen before the table was read anew: it may stand in another row."""
        now = self._chosen()
        if not path or len(now) > 1 or (now and text_of(now[0], "path") == path):
            return
        at = next((n for n, row in enumerate(rows) if text_of(row, "path") == path), None)
        if at is not None:
            self.table.selectRow(offset + at)

    def _show_order(self) -> None:
        column = next((i for i, (_, order) in enumerate(COLUMNS) if order == self.wish.order), -1)
        down = Qt.SortOrder.DescendingOrder if self.wish.descending else Qt.SortOrder.AscendingOrder
        self.table.horizontalHeader().setSortIndicator(column, down)

    @Slot(int)
    def _order_by(self, column: int) -> None:
        if COLUMNS[column][1]:
            self.filters.order_by(COLUMNS[column][1])
        self._show_order()  # Qt has moved the mark, also to a column that orders nothing

    @Slot(int, int)
    def _want(self, offset: int, limit: int) -> None:
        self.slice_wanted.emit(self.wish, offset, limit)

    @Slot(QItemSelection, QItemSelection)
    def _on_choice(self, chosen: QItemSelection, before: QItemSelection) -> None:
        rows = self._chosen()
        self._chosen_path = text_of(rows[0], "path") if len(rows) == 1 else ""
        self._show_choice()

    @Slot()
    def _show_choice(self) -> None:
        """Show what is known of the chosen row, and what can be tried again; a reset leaves none chosen."""
        rows = self._chosen()
        self.details.show_row(rows[0] if len(rows) == 1 else None)
        tried = [row for row in rows if text_of(row, "state") in _CAN_BE_TRIED]
        self.retry.setText(f"Try {count(len(tried), 'file')} again" if tried else "Try again")
        # Without a choice all that failed are tried, which must be what the list shows.
        all_listed = self.wish.state == "failed" and not self.wish.is_narrowed and self.model.rowCount() > 0
        self.retry.setEnabled(bool(tried) or (not rows and all_listed))

    @Slot()
    def _retry(self) -> None:
        self.retry.setEnabled(False)
        self.retry_wanted.emit(
            [text_of(row, "path") for row in self._chosen() if text_of(row, "state") in _CAN_BE_TRIED]
        )

    @Slot()
    def _renew(self) -> None:
        if self.isVisible():
            self.model.renew()

    @Slot(QModelIndex)
    def _view_row(self, index: QModelIndex) -> None:
        row = self.model.row(index.row())
        if row is not None:
            self.view_wanted.emit(row)

    @Slot(QPoint)
    def _offer(self, at: QPoint) -> None:
        """Offer what can be done with a file: a menu at the mouse, or at the row where the keyboard is."""
        index = self.table.indexAt(at)
        if not index.isValid():
            index = self.table.currentIndex()
        row = self.model.row(index.row()) if index.isValid() else None
        if row is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setAccessibleName("What can be done with the file")
        for text, slot in (
            ("Show it here", self._view_current),
            ("Open original", self.details.open.click),
            ("Show in folder", self.details.show_folder.click),
            ("Copy path", self.details.copy.click),
        ):
            menu.addAction(text).triggered.connect(slot)
        again = menu.addAction("Try again")
        again.setEnabled(text_of(row, "state") in _CAN_BE_TRIED)
        again.triggered.connect(self._retry)
        self.table.selectRow(index.row())
        menu.popup(self.table.viewport().mapToGlobal(self.table.visualRect(index).bottomLeft()))

    @Slot()
    def _view_current(self) -> None:
        self._view_row(self.table.currentIndex())

    @Slot()
    def _choose_file(self) -> None:
        """Let the user say where the table is to be written, with the system's dialog."""
        dialog = QFileDialog(self, "Export the listed files")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter("Table (*.csv)")
        dialog.setDefaultSuffix("csv")
        dialog.selectFile("studiolo-files.csv")
        dialog.fileSelected.connect(self._export)
        dialog.open()

    @Slot(str)
    def _export(self, path: str) -> None:
        self.show_exporting(running=True)
        self.export_wanted.emit(self.wish, path)


def _nothing(wish: LedgerWish) -> str:
    if wish.is_narrowed:
        return "No file passes these filters."
    return "Every file could be read." if wish.state == "failed" else "No file is in this state."
