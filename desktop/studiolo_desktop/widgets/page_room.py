"""The room of a page: it scrolls and turns with keys, and lets the page be wider than itself or fit into it."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QPoint, QRectF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from studiolo_desktop.theme import Theme
from studiolo_desktop.widgets.page_canvas import PageCanvas

MARGIN = 16
_ZOOM_STEP = 1.25
_ZOOM_RANGE = (0.5, 4.0)
_REST_MS = 250
_NEAR = 24
_LEAST_WIDTH = 160
_TURN_AFTER = 360  # three notches of a wheel: one too many is no wish for another page
_FAR = 10**8

Fit = Literal["width", "page", ""]


class PageRoom(QScrollArea):
    """Holds the canvas of a page.

    Signals:
        resized: The page takes another width, and that has rested: a picture of its width would be sharper.
        zoom_changed: It is shown larger or smaller, or fits another way.
        turned: -1 for the page before, 1 for the next; the first and the last page are far away.
    """

    resized = Signal()
    zoom_changed = Signal()
    turned = Signal(int)

    def __init__(self, parent: QWidget, theme: Theme) -> None:
        super().__init__(parent)
        self.zoom = 1.0
        self.fit: Fit = "width"
        self._width_before = 0
        self._pushed = 0  # how far the wheel was turned beyond the end
        self.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the page in it takes the keys
        self.setAccessibleName("Page")
        frame = QWidget(self)
        frame.setObjectName("plain")
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        inside.setSizeConstraint(QVBoxLayout.SizeConstraint.SetFixedSize)
        self.canvas = PageCanvas(frame, theme)
        inside.addWidget(self.canvas)
        self.setWidget(frame)
        self.canvas.reached.connect(self._follow)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self.resized)

    def page_width(self) -> int:
        """Give the logical pixels that a page is to take."""
        return max(_LEAST_WIDTH, round(self._room_width() * self.zoom))

    def arrange(self) -> None:
        """Give the page the width that its way to fit asks for, after the page or the room has become another."""
        if self.fit == "page" and self.canvas.has_page():
            height = self.viewport().height() - 2 * MARGIN
            self.zoom = min(1.0, max(0.05, height / max(1.0, self.canvas.shape() * self._room_width())))
        self.canvas.set_width(self.page_width())

    def step_zoom(self, by: int) -> None:
        """Show the page larger (1) or smaller (-1)."""
        zoom = self.zoom * _ZOOM_STEP**by
        self.fit, self.zoom = "", min(_ZOOM_RANGE[1], max(_ZOOM_RANGE[0], zoom))
        self._changed()

    def fit_to(self, fit: Fit) -> None:
        """Fit the page to the width of the room, or all of it into the room."""
        self.fit, self.zoom = fit, 1.0
        self._changed()

    def note_width(self) -> None:
        """Remember for which width a picture was asked."""
        self._width_before = self.page_width()

    def reveal(self, box: QRectF | None, *, from_end: bool = False) -> None:
        """Bring a place of the page into sight; without one, its beginning, or its end."""
        if box is None:
            bar = self.verticalScrollBar()
            bar.setValue(bar.maximum() if from_end else bar.minimum())
            return
        x, y = round(box.center().x()) + MARGIN, round(box.center().y()) + MARGIN
        self.ensureVisible(x, y, 40, self.viewport().height() // 3)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Scroll with Page Up and Page Down, and turn the page where there is nothing left to scroll."""
        bar, key = self.verticalScrollBar(), event.key()
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if control and key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self.turned.emit(-_FAR if key == Qt.Key.Key_Home else _FAR)
        elif key == Qt.Key.Key_PageDown and bar.value() >= bar.maximum():
            self.turned.emit(1)
        elif key == Qt.Key.Key_PageUp and bar.value() <= bar.minimum():
            self.turned.emit(-1)
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Show the page larger or smaller while Ctrl is held; turn it where there is nothing left to scroll."""
        bar, turn = self.verticalScrollBar(), event.angleDelta().y()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier and turn:
            self.step_zoom(1 if turn > 0 else -1)
            event.accept()
            return
        is_at_end = turn and (bar.value() <= bar.minimum() if turn > 0 else bar.value() >= bar.maximum())
        self._pushed = self._pushed + turn if is_at_end and self._pushed * turn >= 0 else 0
        if abs(self._pushed) >= _TURN_AFTER:
            self.turned.emit(-1 if self._pushed > 0 else 1)
            self._pushed = 0
        super().wheelEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Fit the page to the new room, and say so when the size rests."""
        super().resizeEvent(event)
        if self.canvas.has_page() and self.isVisible():
            zoom = self.zoom
            self.arrange()
            if self.page_width() != self._width_before:
                self._rest.start()
            if zoom != self.zoom:
                self.zoom_changed.emit()

    def ask_soon(self) -> None:
        """Say `resized` after a rest, whatever the size."""
        self._rest.start()

    def _changed(self) -> None:
        self.arrange()
        self.zoom_changed.emit()
        self._rest.start()

    def _room_width(self) -> int:
        # As if the scroll bar were there, so that the page does not change its width when it comes.
        return self.width() - self.verticalScrollBar().sizeHint().width() - 2 - 2 * MARGIN

    @Slot(QPoint)
    def _follow(self, point: QPoint) -> None:
        """Scroll to where the pointer has dragged a selection."""
        self.ensureVisible(point.x() + MARGIN, point.y() + MARGIN, _NEAR, _NEAR)
