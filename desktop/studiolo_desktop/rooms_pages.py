"""What the pages of the middle room share: a head with Back, a line of status, and a list of cards that scrolls."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from studiolo.errors import ErrorReport
from studiolo_desktop.empty_state import section_label
from studiolo_desktop.widgets.labels import PlainLabel, WrapLabel, push_button
from studiolo_desktop.widgets.tab_order import tab_after

WIDEST = 900


class ListPage(QWidget):
    """A title, a line of status, and rows that can be made anew."""

    closed = Signal()

    def __init__(self, parent: QWidget, title: str) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(28, 18, 28, 16)
        column.setSpacing(10)
        self.head = QHBoxLayout()
        self.head.addWidget(PlainLabel(self, title, tone="title"))
        self.head.addStretch(1)
        self.back = push_button(self, "Back", name="Back to the answers (Esc)", icon="back")
        self.back.clicked.connect(self.closed)
        self.head.addWidget(self.back)
        column.addLayout(self.head)
        self.status = WrapLabel(self, "", tone="muted")
        self.status.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.status.setMaximumWidth(WIDEST)
        column.addWidget(self.status)
        self.top = QVBoxLayout()
        """What stands between the status and the list, and does not scroll."""
        self.top.setContentsMargins(0, 0, 8, 0)
        column.addLayout(self.top)
        self.list_room = QScrollArea(self)
        self.list_room.setWidgetResizable(True)
        self.list_room.setAccessibleName(title)
        self.list_room.setFrameShape(QFrame.Shape.NoFrame)
        self.list_room.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.inside = QWidget(self.list_room)
        self.inside.setObjectName("plain")
        self.inside.setMaximumWidth(WIDEST)
        self._column = QVBoxLayout(self.inside)
        self._column.setContentsMargins(0, 0, 8, 0)
        self._column.setSpacing(8)
        self._column.addStretch(1)
        self._rows: list[QWidget] = []
        self._kept: set[QWidget] = set()
        self._place = 0
        self.list_room.setWidget(self.inside)
        column.addWidget(self.list_room, 1)

    def clear(self) -> None:
        """Take all rows away."""
        for row in self._rows:
            self._column.removeWidget(row)
            if row not in self._kept:
                row.hide()
                row.deleteLater()
        self._rows = []

    def add(self, row: QWidget) -> None:
        """Put a row at the end; its parent is `inside`."""
        self._column.insertWidget(self._column.count() - 1, row)
        self._rows.append(row)

    def keep(self, row: QWidget) -> None:
        """Put a row at the end that is never made anew."""
        self._kept.add(row)
        self.add(row)

    @property
    def last_row(self) -> QWidget:
        """The row that was put there last.

        Raises:
            IndexError: If there is none.
        """
        return self._rows[-1]

    def add_section(self, title: str) -> None:
        """Put the title of a section at the end."""
        label = section_label(self.inside, title)
        label.setContentsMargins(2, 10 if self._rows else 2, 0, 2)
        self.add(label)

    def add_note(self, text: str) -> None:
        """Put a line of words at the end."""
        self.add(WrapLabel(self.inside, text, tone="muted"))

    @contextmanager
    def renewed(self) -> Iterator[None]:
        """Take the rows away for new ones; the keyboard goes to the control of the same name, if there is one again."""
        focused = QApplication.focusWidget()
        name = focused.accessibleName() if focused is not None and self.inside.isAncestorOf(focused) else ""
        self._place = self.list_room.verticalScrollBar().value()
        self.clear()
        yield
        for row in self._rows:
            if not row.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide):
                row.show()  # now, not when Qt comes to it: what cannot be seen takes no keyboard
        self.order_tabs()
        if name:
            self._focus_again(name)
        QTimer.singleShot(0, self, self._go_back)  # the list has no height before it is laid out

    @Slot()
    def _go_back(self) -> None:
        self.list_room.verticalScrollBar().setValue(self._place)

    def order_tabs(self) -> None:
        """Let Tab go through the rows from top to bottom, behind what stands above them."""
        tab_after(self.list_room, self._rows)

    def _focus_again(self, name: str) -> None:
        for row in self._rows:
            for control in row.findChildren(QWidget):
                if control.accessibleName() == name and control.focusPolicy() & Qt.FocusPolicy.TabFocus:
                    control.setFocus(Qt.FocusReason.OtherFocusReason)
                    return
        self.back.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_error(self, error: ErrorReport) -> None:
        """Say why nothing can be listed."""
        self.status.setText(f"{error.message} {error.hint} ({error.code})")

    @Slot(object, object)
    def show_failed(self, request: object, error: ErrorReport) -> None:
        """Say why what was asked for cannot be listed."""
        self.show_error(error)


def card(parent: QWidget) -> tuple[QFrame, QVBoxLayout]:
    """Make an empty card; gives it with its column."""
    frame = QFrame(parent)
    frame.setObjectName("sheet")
    column = QVBoxLayout(frame)
    column.setContentsMargins(14, 10, 14, 10)
    column.setSpacing(4)
    return frame, column
