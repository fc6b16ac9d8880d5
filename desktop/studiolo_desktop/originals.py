"""What a person can do with an original, wherever its name stands: open it, show it in its folder, copy its path."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget


class Originals(QObject):
    """The wishes for originals of one window; a child of it, found by whatever shows a file in it."""

    wanted = Signal(object, bool)
    """The path (a str), and whether it is to be shown in its folder instead of opened."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._path = ""

    @staticmethod
    def of(widget: QWidget) -> Originals | None:
        """Give the one of a widget's window, if it has one."""
        found = widget.window().findChild(Originals, options=Qt.FindChildOption.FindDirectChildrenOnly)
        return found if isinstance(found, Originals) else None

    def offer(self, widget: QWidget, path: str, at: QPoint) -> None:
        """Offer what can be done, in a menu at a point of a widget."""
        self._path = path
        menu = QMenu(widget)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setAccessibleName("What can be done with the file")
        for text, slot in (("Open original", self._open), ("Show in folder", self._show), ("Copy path", self._copy)):
            menu.addAction(text).triggered.connect(slot)
        menu.popup(widget.mapToGlobal(at))

    @Slot()
    def _open(self) -> None:
        self.wanted.emit(self._path, False)

    @Slot()
    def _show(self) -> None:
        self.wanted.emit(self._path, True)

    @Slot()
    def _copy(self) -> None:
        copy_path(self._path)


def copy_path(path: str) -> None:
    """Put a path into the clipboard; a byte that is no UTF-8 is shown as what it is, since it cannot be text."""
    QGuiApplication.clipboard().setText(path.encode("utf-8", "backslashreplace").decode("utf-8"))
