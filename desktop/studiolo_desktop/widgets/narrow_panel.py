"""Where a question is narrowed: kinds of files to tick, a folder, and two dates."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, QStringListModel, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QCompleter,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from studiolo.errors import ErrorReport
from studiolo_desktop.limits import TYPES, Limit
from studiolo_desktop.theme import set_property
from studiolo_desktop.widgets.flow_layout import FlowLayout
from studiolo_desktop.widgets.labels import PlainLabel, WrapLabel, push_button
from studiolo_desktop.words import one_line

_LONGEST_FOLDER = 1000
_LONGEST_DATE = 20
_DATE_NAMES = {"after": "Since this year, month or day", "before": "Before this year, month or day"}
_DATE_HINTS = {"after": "like 2025-06", "before": "like 2025-12-31"}
_CHIP_TOP = 6
"""A label beside chips begins so much lower: their words stand in a frame."""


class NarrowPanel(QWidget):
    """Fields for what a question is limited to; what they take becomes a chip at once."""

    type_toggled = Signal(str, bool)
    """The name of a kind of files, and whether it is wanted."""
    written = Signal(str, str)
    """`under`, `after` or `before`, and what was written for it, which is to be read."""
    emptied = Signal(str)
    """`after` or `before`: nothing stands there any more."""
    choose_wanted = Signal()
    left = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName("Narrow the question")
        self.types: dict[str, QPushButton] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        types = self._label("File types")
        types.setContentsMargins(0, _CHIP_TOP, 0, 0)
        grid.addWidget(types, 0, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self._make_types(), 0, 1)
        grid.addWidget(self._label("Folder"), 1, 0)
        grid.addLayout(self._make_folder(), 1, 1)
        grid.addWidget(self._label("Since"), 2, 0)
        grid.addLayout(self._make_dates(), 2, 1)
        self.problem = WrapLabel(self, tone="bad")
        self.problem.hide()
        grid.addWidget(self.problem, 3, 1)

    def _label(self, text: str) -> PlainLabel:
        return PlainLabel(self, text, tone="muted")

    def _make_types(self) -> QWidget:
        room = QWidget(self)
        flow = FlowLayout(room, gap=6)
        flow.setContentsMargins(0, 0, 0, 0)
        for words, name in TYPES:
            chip = push_button(room, words, kind="chip", name=f"Only files of this type: {words}")
            chip.setCheckable(True)
            chip.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
            chip.clicked.connect(self._on_type)
            flow.addWidget(chip)
            self.types[name] = chip
        return room

    def _make_folder(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        self.folder = QLineEdit(self)
        self.folder.setPlaceholderText("like contracts/2024, or a path")
        self.folder.setAccessibleName("Only files in this folder")
        self.folder.setMaxLength(_LONGEST_FOLDER)
        self.folder.setAcceptDrops(False)
        self._known = QStringListModel(self)
        completer = QCompleter(self._known, self)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.folder.setCompleter(completer)
        self.folder.returnPressed.connect(self._on_written)
        self.folder.textEdited.connect(self._on_typing)
        row.addWidget(self.folder, 1)
        self.choose = push_button(self, "Choose …", name="Choose a folder to ask")
        self.choose.clicked.connect(self.choose_wanted)
        row.addWidget(self.choose)
        return row

    def _make_dates(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        self.dates: dict[str, QLineEdit] = {}
        for kind, name in _DATE_NAMES.items():
            if kind == "before":
                row.addWidget(self._label("and before"))
            field = QLineEdit(self)
            field.setPlaceholderText(_DATE_HINTS[kind])
            field.setAccessibleName(name)
            field.setMaxLength(_LONGEST_DATE)
            field.setAcceptDrops(False)
            field.editingFinished.connect(self._on_written)
            field.textEdited.connect(self._on_typing)
            row.addWidget(field, 1)
            self.dates[kind] = field
        self.done = push_button(self, "Done", name="Close the panel")
        self.done.clicked.connect(self.left)
        row.addWidget(self.done)
        return row

    def keyboard_parts(self) -> list[QWidget]:
        """Give what takes the keyboard, in the order of reading."""
        return [*self.types.values(), self.folder, self.choose, *self.dates.values(), self.done]

    def focus_first(self) -> None:
        """Bring the keyboard to the first kind of files."""
        next(iter(self.types.values())).setFocus(Qt.FocusReason.OtherFocusReason)

    def show_folders(self, paths: Sequence[str]) -> None:
        """Offer folders while one is being written."""
        self._known.setStringList([one_line(path, limit=_LONGEST_FOLDER) for path in paths])

    def folders(self) -> list[str]:
        """Give the folders that are offered."""
        return self._known.stringList()

    def show_limits(self, limits: Sequence[Limit]) -> None:
        """Show what is limited already."""
        for name, chip in self.types.items():
            chip.setChecked(Limit("type", name) in limits)
        for kind, field in self.dates.items():
            if not field.hasFocus():
                with QSignalBlocker(field):
                    field.setText(next((limit.value for limit in limits if limit.kind == kind), ""))

    def show_problem(self, kind: str, error: ErrorReport | None) -> None:
        """Say what is wrong with what was written for a kind of limit; None takes it back."""
        self.problem.setText(one_line(error.message) if error is not None else "")
        self.problem.setVisible(error is not None)
        for name, field in self._fields().items():
            set_property(field, "invalid", "true" if error is not None and name == kind else "false")

    @Slot()
    def _on_type(self) -> None:
        for name, chip in self.types.items():
            if chip is self.sender():
                self.type_toggled.emit(name, chip.isChecked())

    def take_read(self, kind: str) -> None:
        """Take note that what was written for a kind has become a limit."""
        self.show_problem("", None)
        if kind == "under":
            self.folder.clear()  # there may be several: the chips say them

    def _fields(self) -> dict[str, QLineEdit]:
        return {"under": self.folder, **self.dates}

    @Slot(str)
    def _on_typing(self, text: str) -> None:
        self.show_problem("", None)

    @Slot()
    def _on_written(self) -> None:
        for kind, field in self._fields().items():
            if field is self.sender():
                if text := field.text().strip():
                    self.written.emit(kind, text)
                elif kind != "under":
                    self.emptied.emit(kind)
