"""The small pages beside a page: only those that can be seen are asked for, one at a time, and few are kept."""

from __future__ import annotations

import base64
import binascii
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
    Slot,
)
from PySide6.QtGui import QColor, QImage, QKeyEvent, QPainter, QPen, QShowEvent
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from studiolo_desktop.theme import Theme
from studiolo_desktop.widgets.page_canvas import read_png
from studiolo_desktop.words import number_of, text_of

WIDTH = 118
PICTURE_WIDTH = 76
MOST_KEPT = 64
"""At twice the scale of the screen each takes 130 KB."""
_SHAPES = (0.4, 1.7)
_BELOW = 22
_ABOVE = 8
_REST_MS = 60

Index = QModelIndex | QPersistentModelIndex
_NO_INDEX = QModelIndex()


class _Pages(QAbstractListModel):
    """One row a page."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.pages = 0
        self.shown = 0

    def show(self, pages: int) -> None:
        """Have so many pages."""
        self.beginResetModel()
        self.pages = pages
        self.endResetModel()

    def rowCount(self, parent: Index = _NO_INDEX) -> int:  # noqa: N802 - Qt's name
        """Count the pages."""
        return 0 if parent.isValid() else self.pages

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # Any: Qt takes any value
        """Give the number of a page, and what a screen reader says of it."""
        if not index.isValid():
            return None
        page = index.row() + 1
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"Page {page}, shown" if page == self.shown else f"Page {page}"
        return str(page) if role == Qt.ItemDataRole.DisplayRole else None


class PageRail(QListView):
    """A column of small pages; the one that is shown is framed.

    Signals:
        wanted: The number of a page whose picture is to be had, and its width in pixels of the screen.
        chosen: The number of a page that is to be shown.
    """

    wanted = Signal(int, int)
    chosen = Signal(int)

    def __init__(self, parent: QWidget, theme: Theme) -> None:
        super().__init__(parent)
        self._version = ""
        self._shape = 1.4
        self._pictures: OrderedDict[int, QImage] = OrderedDict()
        self._failed: set[int] = set()
        self._asked = 0
        self.rows = _Pages(self)
        self.setModel(self.rows)
        self.setItemDelegate(_Drawn(self, theme))
        self.setObjectName("pageRail")
        self.setAccessibleName("Small pages")
        self.setFixedWidth(WIDTH)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._ask)
        self.verticalScrollBar().valueChanged.connect(self._ask_soon)
        self.clicked.connect(self._choose)
        self.activated.connect(self._choose)
        self.hide()

    def show_document(self, version: str, page: int, pages: int, shape: float) -> None:
        """Show the pages of a version of a file, with the one that is shown in sight.

        Args:
            version: The SHA-256 of the file; what is kept of another is forgotten.
            page, pages: The page that is shown, from 1, and how many there are.
            shape: Height of a page for a width of 1.
        """
        shape = max(_SHAPES[0], min(_SHAPES[1], shape or 1.4))
        if (version, pages) != (self._version, self.rows.pages):
            self._version, self._shape = version, shape
            self._pictures.clear()
            self._failed.clear()
            self._asked = 0
            self.rows.show(pages)
        if page != self.rows.shown or self.currentIndex().row() != page - 1:
            self.rows.shown = page
            index = self.rows.index(page - 1)
            self.setCurrentIndex(index)
            self.scrollTo(index)
            self.viewport().update()
        self._ask_soon()

    def picture(self, page: int) -> QImage | None:
        """Give the picture of a page, if it is there."""
        found = self._pictures.get(page)
        if found is not None:
            self._pictures.move_to_end(page)
        return found

    def take(self, page: int, untrusted: Mapping[str, object]) -> None:
        """Take the picture of a page; one of another version, or one that nobody waits for, is left out."""
        if page != self._asked:
            return
        self._asked = 0
        if text_of(untrusted, "sha256") == self._version and number_of(untrusted, "page") == page:
            self._keep(page, untrusted)
        else:
            self._failed.add(page)
        self._ask_soon()

    def fail(self, page: int) -> None:
        """Take that a page cannot be drawn; its paper stays white."""
        if page == self._asked:
            self._asked = 0
            self._failed.add(page)
            self._ask_soon()

    def item_size(self) -> QSize:
        """Give the size of a row."""
        return QSize(WIDTH - 20, round(PICTURE_WIDTH * self._shape) + _ABOVE + _BELOW)

    def paper(self, row: QRect) -> QRect:
        """Give the place of a page within its row."""
        left = row.left() + (row.width() - PICTURE_WIDTH) // 2
        return QRect(left, row.top() + _ABOVE, PICTURE_WIDTH, round(PICTURE_WIDTH * self._shape))

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Ask for what can be seen; what could not be drawn before is tried again."""
        super().showEvent(event)
        self._failed.clear()
        self._ask_soon()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Show a page with Enter or Space, on every system."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._choose(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def _keep(self, page: int, untrusted: Mapping[str, object]) -> None:
        try:
            image = read_png(base64.b64decode(text_of(untrusted, "png"), validate=True))
        except (binascii.Error, ValueError):
            image = QImage()
        if image.isNull():
            self._failed.add(page)
            return
        self._pictures[page] = image
        while len(self._pictures) > MOST_KEPT:
            self._pictures.popitem(last=False)
        self.update(self.rows.index(page - 1))

    @Slot()
    def _ask_soon(self) -> None:
        if not self._rest.isActive():
            self._rest.start()

    @Slot()
    def _ask(self) -> None:
        """Ask for the first page in sight that has no picture; the next comes when that one has come."""
        if self._asked or not self.isVisible():
            return
        top, bottom = self.indexAt(self.viewport().rect().topLeft()), self._last_in_sight()
        for row in range(max(0, top.row()), bottom + 1):
            if row + 1 not in self._pictures and row + 1 not in self._failed:
                self._asked = row + 1
                self.wanted.emit(row + 1, round(PICTURE_WIDTH * self.devicePixelRatioF()))
                return

    def _last_in_sight(self) -> int:
        rect = self.viewport().rect()
        found = self.indexAt(rect.bottomLeft())
        return found.row() if found.isValid() else self.rows.pages - 1

    @Slot(QModelIndex)
    def _choose(self, index: QModelIndex) -> None:
        if index.isValid():
            self.chosen.emit(index.row() + 1)


class _Drawn(QStyledItemDelegate):
    """Draws a page and its number."""

    def __init__(self, rail: PageRail, theme: Theme) -> None:
        super().__init__(rail)
        self._rail = rail
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802 - Qt's name
        """All pages have the same."""
        return self._rail.item_size()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint the paper with its picture, framed if it is the one that is shown, and the number below it."""
        tokens, page = self._theme.tokens, index.row() + 1
        row, state = option.rect, option.state
        paper = self._rail.paper(row)
        is_shown = page == self._rail.rows.shown
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(paper, QColor("white"))
        picture = self._rail.picture(page)
        if picture is not None:
            painter.drawImage(_fitted(paper, picture), picture)
        is_chosen = bool(state & QStyle.StateFlag.State_HasFocus) or bool(state & QStyle.StateFlag.State_MouseOver)
        colour = tokens.accent if is_shown else tokens.muted if is_chosen else tokens.line
        painter.setPen(QPen(QColor(colour), 2 if is_shown or is_chosen else 1))
        painter.drawRect(paper.adjusted(-1, -1, 0, 0))
        font = painter.font()
        font.setBold(is_shown)
        painter.setFont(font)
        painter.setPen(QColor(tokens.accent if is_shown else tokens.muted))
        below = QRect(row.left(), paper.bottom() + 2, row.width(), _BELOW - 4)
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, str(page))
        painter.restore()


def _fitted(paper: QRect, picture: QImage) -> QRectF:
    """Give the place of a picture of any shape in the middle of the paper."""
    size = QSize(picture.size()).scaled(paper.size(), Qt.AspectRatioMode.KeepAspectRatio)
    return QRectF(
        paper.left() + (paper.width() - size.width()) / 2,
        paper.top() + (paper.height() - size.height()) / 2,
        size.width(),
        size.height(),
    )
