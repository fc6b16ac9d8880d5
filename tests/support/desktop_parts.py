"""What the tests of the window share: a shown room for one part, passages, pictures, colours and mouse clicks."""

from __future__ import annotations

from array import array
from typing import TypeVar

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPoint, QRect, Qt
from PySide6.QtGui import QColor, QImage, QImageWriter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLabel,
    QLayout,
    QLineEdit,
    QPlainTextEdit,
    QProgressBar,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from studiolo_desktop.run_view import QuestionList
from studiolo_desktop.theme import Theme
from studiolo_desktop.widgets.scroll_column import ScrollColumn

P = TypeVar("P", bound=QWidget)

MARKUP = "<b>bold</b> <img src='http://127.0.0.1/x.png'> &amp; ![](http://127.0.0.1/y.png)"
"""Text that looks like markup, and must be read letter by letter."""


class Room(QWidget):
    """A window of one part, shown, with a theme of its own."""

    def __init__(self, qtbot: QtBot, *, width: int = 640, height: int = 480) -> None:
        super().__init__()
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        self._qtbot = qtbot
        self.theme = Theme(app, self)
        self.setObjectName("window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)  # a part must bear a small room
        self.resize(width, height)
        qtbot.addWidget(self)

    def hold(self, part: P, *, stretch: int = 1) -> P:
        """Take a part in, and show it."""
        self._column.addWidget(part, stretch)
        if not stretch:
            self._column.addStretch(1)
        self.show()
        self._qtbot.waitExposed(self)
        QApplication.processEvents()
        return part


def passage(number: int = 1, **fields: object) -> dict[str, object]:
    """Make a passage as the engine gives it."""
    text = "4.2 Carry-over. Unused leave up to ten days may be carried over until 31 March of the next year."
    made: dict[str, object] = {
        "number": number,
        "path": f"/docs/hr/leave-{number}.pdf",
        "collection": "documents",
        "page": 4,
        "part": "Page 4",
        "start": 16,
        "end": 63,
        "text": text,
        "quote": text[16:63],
        "sha256": "a" * 64,
    }
    return {**made, **fields}


def sentence(text: str, verdict: str = "supported", citations: list[int] | None = None) -> dict[str, object]:
    """Make a judged sentence as the engine gives it."""
    return {"text": text, "verdict": verdict, "citations": citations or []}


def click(widget: QWidget, where: QPoint | None = None) -> None:
    """Press and release the left button, as a person does."""
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=where or widget.rect().center())


def button(room: QWidget, name: str) -> QAbstractButton:
    """Find a button by what a screen reader says of it; one that can be seen goes before what waits to be deleted."""
    named = [b for b in room.findChildren(QAbstractButton) if b.accessibleName() == name]
    found = [b for b in named if b.isVisibleTo(room)] or named
    assert len(found) == 1, f"{len(found)} buttons are called {name!r}"
    return found[0]


def unnamed(room: QWidget) -> list[str]:
    """List what can be used but has no name for a screen reader; Qt's own inner parts are left out."""
    used = (QAbstractButton, QAbstractItemView, QComboBox, QLineEdit, QPlainTextEdit, QProgressBar, QTextEdit)
    ours = [w for kind in used for w in room.findChildren(kind) if not type(w).__name__.startswith("QTool")]
    return [
        f"{type(w).__name__} {w.objectName()}"
        for w in ours
        if not w.accessibleName() and not w.objectName().startswith("qt_") and w.isVisibleTo(room)
        if type(w).__name__ not in ("QTableCornerButton", "QHeaderView", "QAbstractButton")
    ]


def words(room: QWidget) -> list[str]:
    """List what stands in the labels that can be seen."""
    QApplication.processEvents()
    return [label.text() for label in room.findChildren(QLabel) if label.isVisibleTo(room) and label.text()]


def settle(qtbot: QtBot, column: ScrollColumn) -> None:
    """Wait until every part of a column is there."""
    qtbot.waitUntil(lambda: not column.is_filling and not any(q.is_filling for q in column.findChildren(QuestionList)))
    QApplication.processEvents()


def cut_labels(room: QWidget) -> list[str]:
    """List the labels that have less room than their text needs, or stand outside."""
    QApplication.processEvents()
    found = []
    for label in room.findChildren(QLabel):
        if not label.isVisibleTo(room) or not label.text() or label.minimumSizeHint().width() == 20:  # it is elided
            continue
        needed = label.heightForWidth(label.width()) if label.wordWrap() else label.sizeHint().height()
        there = label.rect().translated(label.mapTo(room, QPoint(0, 0)))
        narrow = label.width() < label.minimumSizeHint().width()
        if label.height() < needed or narrow or there.left() < 0 or there.right() > room.width():
            found.append(label.text())
    return found


def picture(width: int = 40, height: int = 60, *, colour: str = "white") -> QImage:
    """Make a picture of one colour."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor(colour))
    return image


def written(image: QImage, kind: str = "PNG") -> bytes:
    """Write a picture as a file of a kind."""
    data = QByteArray()
    buffer = QBuffer(data)
    assert buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    assert QImageWriter(buffer, QByteArray(kind.encode())).write(image)
    return bytes(data.data())


def looks(widget: QWidget) -> QImage:
    """Give what can be seen of a widget on the ground of its window, a pixel for each logical pixel."""
    window = widget.window()
    area = QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())
    return window.grab(area).toImage().convertToFormat(QImage.Format.Format_RGB32)


def colours(image: QImage) -> set[str]:
    """Name every colour of a picture, like `#ffffff`."""
    pixels = array("I", bytes(image.convertToFormat(QImage.Format.Format_RGB32).constBits()))
    return {f"#{pixel & 0xFFFFFF:06x}" for pixel in set(pixels)}


def contrast(one: str, other: str) -> float:
    """Give the contrast of two colours, 1 to 21. Source: WCAG 2.2, relative luminance."""

    def light(colour: str) -> float:
        parts = (QColor(colour).redF(), QColor(colour).greenF(), QColor(colour).blueF())
        red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    dark, bright = sorted((light(one), light(other)))
    return (bright + 0.05) / (dark + 0.05)
