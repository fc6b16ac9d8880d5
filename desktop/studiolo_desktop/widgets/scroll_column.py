"""Parts one below the other, in a column that scrolls and is no wider than an eye follows."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QFrame, QLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from studiolo_desktop.widgets.turns import Turns

_WIDEST = 900


class ScrollColumn(QScrollArea):
    """Holds parts that can be taken away and made anew; they are made with `inside` as their parent."""

    def __init__(self, parent: QWidget, name: str, *, gap: int = 8) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.inside = QWidget(self)
        self.inside.setObjectName("plain")
        self.inside.setMaximumWidth(_WIDEST)
        self._column = QVBoxLayout(self.inside)
        self._column.setContentsMargins(0, 0, 8, 0)
        self._column.setSpacing(gap)
        self._column.addStretch(1)
        self.setWidget(self.inside)
        self._turns = Turns(self)
        self._turns.done.connect(self.order_tabs)

    @property
    def is_filling(self) -> bool:
        """Tell whether parts are still to come."""
        return self._turns.busy

    def fill(self, parts: Iterator[QWidget]) -> None:
        """Put other parts in the place of those that are there, as they are made, some at a time."""
        self.clear()

        def steps() -> Iterator[None]:
            for part in parts:
                self.add(part)
                yield

        self._turns.run(steps())

    def add(self, part: QWidget) -> None:
        """Put a part at the end; a button is as wide as its words, all else as the column."""
        self._column.insertWidget(self._column.count() - 1, part)
        if isinstance(part, QPushButton):
            self._column.setAlignment(part, Qt.AlignmentFlag.AlignLeft)
        part.show()

    @Slot()
    def order_tabs(self) -> None:
        """Let Tab reach what takes the keyboard in the order of reading, right behind the column itself."""
        order_tabs(self.inside, self)

    def clear(self) -> None:
        """Take all parts away."""
        self._turns.stop()
        while self._column.count() > 1:
            item = self._column.takeAt(0)
            part = item.widget() if item is not None else None
            if part is not None:
                part.hide()
                part.deleteLater()
        self.verticalScrollBar().setValue(0)


def order_tabs(room: QWidget, before: QWidget) -> None:
    """Let Tab reach the parts of a room in the order of reading, right behind a widget.

    Qt puts every widget that is made later at the end of its window.
    """
    for part in _parts(room.layout()):
        if part.focusPolicy() & Qt.FocusPolicy.TabFocus:
            QWidget.setTabOrder(before, part)
            before = part


def _parts(layout: QLayout | None) -> Iterator[QWidget]:
    for at in range(layout.count() if layout is not None else 0):
        item = layout.itemAt(at) if layout is not None else None
        widget = item.widget() if item is not None else None
        if widget is not None:
            yield widget
            yield from _parts(widget.layout())
        elif item is not None:
            yield from _parts(item.layout())
