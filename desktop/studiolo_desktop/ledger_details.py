"""What is known of one file: why it could not be read and what to do, or what was read, how and when."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from studiolo.errors import file_advice
from studiolo.quantities import count, size
from studiolo_desktop.originals import copy_path
from studiolo_desktop.widgets.labels import ElidedLabel, PlainLabel, WrapLabel, push_button
from studiolo_desktop.words import file_name, moment, number_of, one_line, state_words, text_of

_HEIGHT = 176
_SHOWN_WARNINGS = 10


class LedgerDetails(QFrame):
    """The pane below the table; empty, it is not there."""

    open_wanted = Signal(object)
    """The path of an original to be opened, a str; as an object, since Qt's own strings lose what is no Unicode."""
    show_wanted = Signal(object)
    """The path of an original to be shown in its folder."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("details")
        self.setAccessibleName("What is known of the chosen file")
        self.setFixedHeight(_HEIGHT)
        self._path = ""
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 10, 8)
        column.setSpacing(4)
        head = QHBoxLayout()
        head.setSpacing(6)
        self.name = ElidedLabel(self, "", tone="strong")
        head.addWidget(self.name, 1)
        self.open = push_button(self, "Open original", kind="quiet")
        self.open.clicked.connect(self._open)
        self.show_folder = push_button(self, "Show in folder", kind="quiet")
        self.show_folder.clicked.connect(self._show_folder)
        self.copy = push_button(self, "Copy path", kind="quiet")
        self.copy.clicked.connect(self._copy)
        for button in (self.open, self.show_folder, self.copy):
            head.addWidget(button)
        column.addLayout(head)
        self.path = ElidedLabel(self, "", tone="muted")
        column.addWidget(self.path)
        column.addWidget(self._make_room(), 1)
        self.hide()

    def _make_room(self) -> QScrollArea:
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setAccessibleName("Reason, advice and what was read")
        inside = QWidget(scroll)
        inside.setObjectName("plain")
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 2, 8, 0)
        column.setSpacing(4)
        self.reason = WrapLabel(inside)
        self.advice = WrapLabel(inside, tone="muted")
        self.facts = WrapLabel(inside, tone="muted")
        self.warnings = WrapLabel(inside, tone="warn")
        for label in (self.reason, self.advice, self.facts, self.warnings):
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            column.addWidget(label)
        column.addStretch(1)
        scroll.setWidget(inside)
        return scroll

    def show_row(self, row: Mapping[str, object] | None) -> None:
        """Show a row of the ledger (an untrusted document), or nothing."""
        self.setVisible(row is not None)
        self._path = text_of(row or {}, "path")
        if row is None:
            return
        code, reason = text_of(row, "code"), text_of(row, "reason")
        self.name.setText(file_name(self._path))
        self.path.setText(self._path)
        self._say(self.reason, one_line(f"{reason} ({code})" if code else reason))
        self._say(self.advice, file_advice(code))
        self._say(self.facts, facts(row))
        self._say(self.warnings, "\n".join(_warnings(row)))

    @staticmethod
    def _say(label: PlainLabel, text: str) -> None:
        label.setText(text)
        label.setVisible(bool(text))

    @Slot()
    def _open(self) -> None:
        self.open_wanted.emit(self._path)

    @Slot()
    def _show_folder(self) -> None:
        self.show_wanted.emit(self._path)

    @Slot()
    def _copy(self) -> None:
        copy_path(self._path)


def facts(row: Mapping[str, object]) -> str:
    """Say in a line what was found in a file, how it was read, and when."""
    pages, recognised = number_of(row, "pages"), number_of(row, "ocr_pages")
    parser, seconds = one_line(text_of(row, "parser"), limit=60), row.get("seconds")
    took = f" in {seconds:.1f} s" if isinstance(seconds, float | int) and not isinstance(seconds, bool) else ""
    parts = (
        state_words(text_of(row, "state")),
        size(number_of(row, "size_bytes")),
        one_line(text_of(row, "media_type"), limit=90),
        count(pages, "page") if pages else "",
        f"{recognised:,} recognised from pictures" if recognised else "",
        count(number_of(row, "chunks"), "passage") if number_of(row, "chunks") else "",
        f"read by {parser}{took}" if parser else "",
        f"indexed {moment(text_of(row, 'indexed_at'))}" if text_of(row, "indexed_at") else "",
        f"collection {one_line(text_of(row, 'collection'), limit=60)}" if text_of(row, "collection") else "",
    )
    return "  ·  ".join(part for part in parts if part)


def _warnings(row: Mapping[str, object]) -> list[str]:
    given = row.get("warnings")
    words = [one_line(w) for w in given if isinstance(w, str)] if isinstance(given, list | tuple) else []
    more = len(words) - _SHOWN_WARNINGS
    return [*words[:_SHOWN_WARNINGS], *([f"{more:,} more notes"] if more > 0 else [])]
