"""Passages for a search, best first; a click shows the place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from studiolo.errors import ErrorReport
from studiolo.quantities import count
from studiolo_desktop.theme import Theme
from studiolo_desktop.widgets.evidence_card import EvidenceCard
from studiolo_desktop.widgets.labels import WrapLabel, push_button
from studiolo_desktop.words import one_line

_WIDEST = 900


class SearchView(QWidget):
    """The passages of one search."""

    source_chosen = Signal(object, int, int)
    """The passage, its number, and how many there are."""
    closed = Signal()

    def __init__(self, parent: QWidget, theme: Theme) -> None:
        super().__init__(parent)
        self._theme = theme
        self.query = ""
        self.cards: list[EvidenceCard] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(28, 18, 28, 16)
        column.setSpacing(10)
        head = QHBoxLayout()
        self.title = WrapLabel(self, "", tone="title")
        head.addWidget(self.title, 1)
        close = push_button(self, "Back", name="Back to the answers (Esc)", icon="back")
        close.clicked.connect(self.closed)
        head.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(head)
        self.status = WrapLabel(self, "", tone="muted")
        column.addWidget(self.status)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setAccessibleName("Passages that were found")
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._inside = QWidget(scroll)
        self._inside.setObjectName("plain")
        self._inside.setMaximumWidth(_WIDEST)
        self._list = QVBoxLayout(self._inside)
        self._list.setContentsMargins(0, 0, 8, 0)
        self._list.setSpacing(10)
        self._list.addStretch(1)
        scroll.setWidget(self._inside)
        column.addWidget(scroll, 1)

    def begin(self, query: str) -> None:
        """Show that a search runs."""
        self.query = query
        self.title.setText(one_line(query, limit=120))
        self.status.setText("Searching …")
        self._clear()

    def show_passages(self, query: str, passages: Sequence[Mapping[str, object]]) -> None:
        """Show what was found; the answer to an older search is left out."""
        if query != self.query:
            return
        self._clear()
        self.status.setText(
            f"{count(len(passages), 'passage')}, best first" if passages else "Nothing was found. Try other words."
        )
        for passage in passages:
            card = EvidenceCard(self._inside, self._theme, passage, lines=3)
            card.chosen.connect(self._choose)
            self._list.insertWidget(self._list.count() - 1, card)
            self.cards.append(card)

    def show_error(self, error: ErrorReport) -> None:
        """Say why nothing could be searched."""
        self.status.setText(f"{error.message} {error.hint} ({error.code})")

    def choose(self, number: int) -> None:
        """Choose a passage and show its place."""
        for card in self.cards:
            card.setChecked(card.number == number)
            if card.number == number:
                self.source_chosen.emit(card.passage, number, len(self.cards))

    @Slot(int)
    def _choose(self, number: int) -> None:
        self.choose(number)

    def _clear(self) -> None:
        for card in self.cards:
            self._list.removeWidget(card)
            card.hide()
            card.deleteLater()
        self.cards = []
