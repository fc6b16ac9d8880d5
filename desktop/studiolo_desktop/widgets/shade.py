"""Shades the window behind a sheet, keeps clicks from what lies there, and gives the keyboard back afterwards."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

SHADE = QColor(0, 0, 0, 70)


class Shade(QWidget):
    """Lies over its room while one of some sheets is shown."""

    def __init__(self, room: QWidget, *sheets: QWidget) -> None:
        super().__init__(room)
        self._room = room
        self._sheets = sheets
        self._before: QWidget | None = None
        room.installEventFilter(self)
        for sheet in sheets:
            sheet.installEventFilter(self)
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Come and go with the sheets, and stay as large as the room."""
        if "_room" not in self.__dict__:  # a window that is taken apart still sends events; what was Python's has gone
            return False
        if watched is self._room:
            if event.type() == QEvent.Type.Resize:
                self.setGeometry(self._room.rect())
        elif event.type() == QEvent.Type.Show and not self.isVisible():
            self._before = self._room.window().focusWidget()
            self.setGeometry(self._room.rect())
            self.show()
            self.raise_()
            for sheet in self._sheets:
                sheet.raise_()
        elif event.type() == QEvent.Type.Hide and not any(sheet.isVisible() for sheet in self._sheets):
            self.hide()
            if self._before is not None and self._before.isVisible():
                self._before.setFocus(Qt.FocusReason.PopupFocusReason)
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Shade what lies behind."""
        QPainter(self).fillRect(self.rect(), SHADE)
