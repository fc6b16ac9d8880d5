"""The small pages: models, and settings with the checks of the installation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from studiolo.errors import ErrorReport
from studiolo.quantities import size
from studiolo_desktop.widgets.labels import PlainLabel, WrapLabel, push_button
from studiolo_desktop.words import number_of, one_line, text_of

_WIDEST = 900
_ROLES = {
    "chat": "Writes answers",
    "embedder": "Finds passages",
    "reranker": "Orders passages",
    "adapter": "Adapter",
}


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
        close = push_button(self, "Back", name="Back to the answers (Esc)", icon="back")
        close.clicked.connect(self.closed)
        self.head.addWidget(close)
        column.addLayout(self.head)
        self.status = WrapLabel(self, "", tone="muted")
        self.status.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column.addWidget(self.status)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setAccessibleName(title)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._inside = QWidget(scroll)
        self._inside.setObjectName("plain")
        self._inside.setMaximumWidth(_WIDEST)
        self._list = QVBoxLayout(self._inside)
        self._list.setContentsMargins(0, 0, 8, 0)
        self._list.setSpacing(8)
        self._list.addStretch(1)
        self._rows: list[QFrame] = []
        scroll.setWidget(self._inside)
        column.addWidget(scroll, 1)

    def clear(self) -> None:
        """Take all rows away."""
        for row in self._rows:
            self._list.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._rows = []

    def add_row(self, title: str, detail: str, word: str = "", tone: str = "muted") -> tuple[QFrame, QHBoxLayout]:
        """Add a row; gives it with the layout of its right end."""
        frame = QFrame(self._inside)
        frame.setObjectName("sheet")
        row = QHBoxLayout(frame)
        row.setContentsMargins(14, 10, 14, 10)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(WrapLabel(frame, one_line(title), tone="strong"))
        if detail:
            words.addWidget(WrapLabel(frame, one_line(detail), tone="muted"))
        row.addLayout(words, 1)
        if word:
            row.addWidget(PlainLabel(frame, word, tone=tone))
        self._list.insertWidget(self._list.count() - 1, frame)
        self._rows.append(frame)
        return frame, row

    def show_error(self, error: ErrorReport) -> None:
        """Say why nothing can be listed."""
        self.status.setText(f"{error.message} {error.hint} ({error.code})")


class ModelsPage(ListPage):
    """The registered models; one of each role is in use."""

    use_wanted = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, "Models")

    def show_models(self, models: Sequence[Mapping[str, object]]) -> None:
        """List models (untrusted documents)."""
        self.clear()
        self.status.setText("Model files on this computer. `studiolo models add FILE` registers another.")
        for model in models:
            role = text_of(model, "role")
            known = (size(number_of(model, "size_bytes")), text_of(model, "licence"), text_of(model, "sha256")[:12])
            in_use = model.get("in_use") is True
            title = f"{text_of(model, 'name')}: {_ROLES.get(role, one_line(role))}"
            frame, row = self.add_row(title, " · ".join(k for k in known if k), "in use" if in_use else "", "ok")
            if not in_use and role == "chat":
                row.addWidget(self._use_button(frame, text_of(model, "name")))

    def _use_button(self, parent: QWidget, name: str) -> QPushButton:
        button = push_button(parent, "Use", name=f"Use {name}")
        button.setProperty("model", name)
        button.clicked.connect(self._use)
        return button

    @Slot()
    def _use(self) -> None:
        button = self.sender()
        if isinstance(button, QPushButton):
            self.use_wanted.emit(str(button.property("model")))


class ChecksPage(ListPage):
    """Where the data lies, and the checks of the installation."""

    check_wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, "Settings and checks")
        again = push_button(self, "Check again", name="Check the installation again")
        again.clicked.connect(self.check_wanted)
        self.head.insertWidget(2, again)

    def show_place(self, home: str) -> None:
        """Say where the data folder is."""
        self.status.setText(f"Your index, history and settings lie in {one_line(home)}. Settings: settings.toml there.")

    def show_findings(self, findings: Sequence[Mapping[str, object]]) -> None:
        """List the findings (untrusted documents)."""
        self.clear()
        for finding in findings:
            ok = finding.get("ok") is True
            detail = " ".join(t for t in (text_of(finding, "detail"), text_of(finding, "hint")) if t)
            self.add_row(text_of(finding, "check"), detail, "fine" if ok else "to look at", "ok" if ok else "weak")
