"""The edge between two rooms of the window, which can be dragged."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QWidget

from studiolo_desktop.theme import set_property

WIDTH = 5


class RoomEdge(QWidget):
    """A narrow strip over a hairline; says where it is dragged to. The same is done with actions from the keyboard."""

    dragged = Signal(int)
    """The x in the window at which the edge is wanted."""
    released = Signal()
    reset = Signal()
    """It was clicked twice: the width that the window would choose is wanted."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("roomEdge")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setCursor(Qt.CursorShape.SplitHCursor)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setToolTip("Drag to change the width; click twice to let the window choose")

    def place(self, x: int, height: int) -> None:
        """Lie around a vertical line of the window."""
        self.setGeometry(x - WIDTH // 2, 0, WIDTH, height)
        self.raise_()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Take hold of the edge."""
        if event.button() == Qt.MouseButton.LeftButton:
            set_property(self, "held", "true")

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Say where the edge is wanted."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.dragged.emit(self.mapToParent(event.position().toPoint()).x())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Let the edge go."""
        set_property(self, "held", "false")
        self.released.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Want the width that the window would choose."""
        self.reset.emit()
