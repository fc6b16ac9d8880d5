"""Paints a row of the palette: icon, words, and a word at the right end."""

from __future__ import annotations

from enum import IntEnum

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from studiolo_desktop.theme import BODY_PX, SMALL_PX, Theme
from studiolo_desktop.widgets.icons import ICON_PX, paint_icon

_SIDE = 12
_GAP = 12
_AIR = 16


class RowRole(IntEnum):
    """What a row holds beside its words."""

    DETAIL = Qt.ItemDataRole.UserRole.value + 1
    ICON = Qt.ItemDataRole.UserRole.value + 2


class PaletteRow(QStyledItemDelegate):
    """One row, in the colours of the scheme in use."""

    def __init__(self, parent: QWidget, theme: Theme) -> None:
        super().__init__(parent)
        self._theme = theme

    def row_height(self) -> int:
        """Give the height of each row in pixels."""
        return QFontMetrics(_font(BODY_PX)).height() + _AIR

    def sizeHint(  # noqa: N802 - Qt's name
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Ask for one line with some air."""
        return QSize(120, self.row_height())

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint the row; the words are painted as they are, never read as markup."""
        tokens = self._theme.tokens
        area = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.accent_soft))
            painter.drawRoundedRect(QRectF(area).adjusted(2, 1, -2, -1), 7, 7)
        top = area.top() + (area.height() - ICON_PX) / 2
        icon = QRectF(area.left() + _SIDE, top, ICON_PX, ICON_PX)
        paint_icon(painter, str(index.data(RowRole.ICON)), icon, QColor(tokens.muted))
        inside = area.adjusted(_SIDE + ICON_PX + _GAP, 0, -_SIDE, 0)
        detail = str(index.data(RowRole.DETAIL) or "")
        painter.setFont(_font(SMALL_PX))
        painter.setPen(QColor(tokens.muted))
        width = painter.fontMetrics().horizontalAdvance(detail)
        painter.drawText(inside, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, detail)
        painter.setFont(_font(BODY_PX))
        painter.setPen(QColor(tokens.text))
        inside.setRight(inside.right() - width - (_GAP if detail else 0))
        words = painter.fontMetrics().elidedText(
            str(index.data(Qt.ItemDataRole.DisplayRole)), Qt.TextElideMode.ElideRight, inside.width()
        )
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        painter.drawText(inside, flags, words)
        painter.restore()


def _font(size_px: int) -> QFont:
    font = QFont()
    font.setPixelSize(size_px)
    return font
