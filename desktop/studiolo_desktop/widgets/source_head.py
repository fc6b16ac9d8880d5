"""The head of the right room: which file is shown, where in it, and what is to be known about it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studiolo_desktop.originals import Originals
from studiolo_desktop.widgets.labels import ElidedLabel, PlainLabel, push_button
from studiolo_desktop.words import file_name


class SourceHead(QWidget):
    """Names the file; offers its original, and to close the room."""

    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("sourceHead")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._path = ""
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 10, 10, 10)
        column.setSpacing(1)
        top = QHBoxLayout()
        self.name = ElidedLabel(self, tone="strong")
        top.addWidget(self.name, 1)
        self.original = push_button(self, "Original", kind="quiet", name="What can be done with the original")
        self.original.clicked.connect(self._offer_original)
        top.addWidget(self.original)
        close = push_button(self, "Close", kind="quiet", name="Close the source (Esc)", tip="Esc", icon="close")
        close.clicked.connect(self.closed)
        top.addWidget(close)
        column.addLayout(top)
        bottom = QHBoxLayout()
        bottom.setSpacing(10)
        self.where = PlainLabel(self, tone="muted")
        self.stale = PlainLabel(self, "changed since it was indexed", tone="weak")
        self.recognised = PlainLabel(self, "", tone="muted")
        for label in (self.where, self.stale, self.recognised):
            bottom.addWidget(label)
        bottom.addStretch(1)
        column.addLayout(bottom)
        self.show_notes(stale=False, recognised="")

    def show_file(self, path: str) -> None:
        """Name another file."""
        self._path = path
        self.name.setText(file_name(path))

    def show_notes(self, *, stale: bool, recognised: str) -> None:
        """Say whether the file has changed since, and how sure its text is where it was recognised."""
        self.stale.setVisible(stale)
        self.recognised.setText(recognised)
        self.recognised.setVisible(bool(recognised))

    @Slot()
    def _offer_original(self) -> None:
        originals = Originals.of(self)
        if originals is not None and self._path:
            originals.offer(self.original, self._path, self.original.rect().bottomLeft())
