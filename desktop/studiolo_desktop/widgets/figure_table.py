"""A table that is as high as its rows, in a page that scrolls: for the eye, the arrow keys and a screen reader."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, QTimer, Slot
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QSizePolicy,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from studiolo_desktop.words import one_line, tooltip

_ROW_HEIGHT = 28
_AIR = 6


class FigureTable(QTableWidget):
    """Rows of words; the first column takes the room that the others leave.

    Args:
        parent: The owner.
        name: What a screen reader says.
        columns: The titles.
    """

    def __init__(self, parent: QWidget, name: str, columns: Sequence[str]) -> None:
        super().__init__(0, len(columns), parent)
        self.setAccessibleName(name)
        self.setHorizontalHeaderLabels(list(columns))
        self.setShowGrid(False)
        self.setWordWrap(True)
        self.setTabKeyNavigation(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(_ROW_HEIGHT)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setMinimumSectionSize(40)
        header.sectionResized.connect(self._on_section)

    def show_rows(self, rows: Sequence[Sequence[str]]) -> None:
        """Show other rows."""
        self.setRowCount(len(rows))
        for at, row in enumerate(rows):
            for column, text in enumerate(row):
                item = QTableWidgetItem(one_line(text))
                item.setToolTip(tooltip(text))
                self.setItem(at, column, item)
        self._fit()

    @Slot(int, int, int)
    def _on_section(self, column: int, before: int, now: int) -> None:
        if column == 0:
            QTimer.singleShot(0, self, self._fit)  # the table learns of the new width after this

    @Slot()
    def _fit(self) -> None:
        """Give each row the height that its words need in the width of the first column."""
        self.resizeRowsToContents()
        for row in range(self.rowCount()):
            self.setRowHeight(row, max(_ROW_HEIGHT, self.rowHeight(row) + _AIR))
        self.setFixedHeight(self.sizeHint().height())

    def row_words(self) -> list[str]:
        """Give each row in words."""
        rows = range(self.rowCount())
        columns = range(self.columnCount())
        return [", ".join(item.text() for c in columns if (item := self.item(r, c)) is not None) for r in rows]

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Ask for the height of all rows."""
        height = self.horizontalHeader().sizeHint().height() + self.verticalHeader().length() + 2
        return QSize(super().sizeHint().width(), height)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Bear a narrow room."""
        return QSize(120, self.sizeHint().height())
