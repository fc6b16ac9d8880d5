"""A list to choose from, closed until it is asked for; where its text has no room, it ends with an ellipsis."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QStylePainter, QWidget

from studiolo_desktop.words import one_line, tooltip

_MARK_ROOM = 36
_EDGE = 10


class Choice(QComboBox):
    """A combo box of the theme.

    Args:
        parent: The owner.
        name: What a screen reader says.
        letters: How many letters it has room for at least.
    """

    def __init__(self, parent: QWidget, name: str, *, letters: int = 10) -> None:
        super().__init__(parent)
        self.setAccessibleName(one_line(name))
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(letters)

    def shown_text(self) -> str:
        """Give as much of the chosen text as there is room for."""
        room = max(0, self.width() - _MARK_ROOM - _EDGE)
        return self.fontMetrics().elidedText(self.currentText(), Qt.TextElideMode.ElideRight, room)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the field with as much of its text as there is room for."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        option.currentText = self.shown_text()
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        if option.currentText != self.currentText():
            self.setToolTip(tooltip(self.currentText()))
