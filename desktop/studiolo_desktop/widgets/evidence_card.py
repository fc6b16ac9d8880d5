"""A source as a card: its number, where it stands, and the quoted words."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QContextMenuEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from studiolo_desktop.originals import Originals
from studiolo_desktop.theme import Theme
from studiolo_desktop.widgets.labels import ElidedLabel, PlainLabel
from studiolo_desktop.widgets.snippet import Snippet
from studiolo_desktop.words import file_name, found_by, moment, number_of, place, recognised, text_of, tooltip


class EvidenceCard(QPushButton):
    """One passage; says its number when it is chosen.

    Args:
        parent: The owner.
        theme: Colours.
        passage: An untrusted document with "number" (or "rank"), "path", "page", "part", "text", "quote".
        lines: Lines of text to show.
    """

    chosen = Signal(int)

    def __init__(self, parent: QWidget, theme: Theme, passage: Mapping[str, object], *, lines: int = 4) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self.setCheckable(True)
        self.setAutoDefault(False)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.passage = dict(passage)
        self.number = number_of(passage, "number") or number_of(passage, "rank")
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(12, 9, 12, 9)
        column.setSpacing(5)
        self._snippet = Snippet(self, theme, lines=lines)
        column.addLayout(self._head())
        column.addWidget(self._snippet)
        column.addLayout(self._foot())
        for child in self.findChildren(QWidget):
            child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setToolTip(tooltip(text_of(passage, "path")))
        self._show(stale=False)
        self.clicked.connect(self._say)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Be chosen with Enter too, on every system."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802 - Qt's name
        """Offer what can be done with the file, at the mouse or, from the keyboard, at the card."""
        originals = Originals.of(self)
        if originals is not None:
            by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
            originals.offer(self, text_of(self.passage, "path"), event.pos() if by_mouse else self.rect().center())

    def update_citation(self, citation: Mapping[str, object]) -> None:
        """Take the words that the answer really quotes, and whether their file has changed since."""
        self.passage = {**self.passage, **citation}
        self._show(stale=citation.get("stale") is True)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Ask for what the content needs."""
        return self._column.sizeHint()

    def _head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(PlainLabel(self, str(self.number), tone="number"))
        self._source = ElidedLabel(self, "", tone="muted")
        head.addWidget(self._source, 1)
        self._recognised = PlainLabel(self, recognised(self.passage), tone="muted")
        self._recognised.setVisible(bool(recognised(self.passage)))
        head.addWidget(self._recognised)
        self._stale = PlainLabel(self, "changed", tone="weak")
        head.addWidget(self._stale)
        return head

    def _foot(self) -> QHBoxLayout:
        """Say how the passage was found and on which day its file was read, as far as that is known."""
        foot = QHBoxLayout()
        foot.setSpacing(6)
        how, day = found_by(self.passage), moment(text_of(self.passage, "indexed_at"))[:10]
        for label in (ElidedLabel(self, how, tone="muted", sentence=True), PlainLabel(self, day, tone="muted")):
            foot.addWidget(label, int(label.text() == how))
            label.setVisible(bool(how or day))
        self._told = [f"found by {how}" if how else "", f"read {day}" if day else ""]
        return foot

    def _show(self, *, stale: bool) -> None:
        where = ", ".join(part for part in (file_name(text_of(self.passage, "path")), place(self.passage)) if part)
        self._source.setText(where)
        self._stale.setVisible(stale)
        text = text_of(self.passage, "text") or text_of(self.passage, "quote")
        matches = self.passage.get("matches")
        matches = matches if isinstance(matches, list | tuple) else ()
        self._snippet.show_passage(text, text_of(self.passage, "quote"), matches)
        notes = [note for note in (recognised(self.passage), "the file has changed since" if stale else "") if note]
        self.setAccessibleName("; ".join([f"Source {self.number}: {where}", *notes]))
        said = (self._snippet.accessibleName(), *self._told)
        self.setAccessibleDescription("; ".join(text for text in said if text))

    @Slot()
    def _say(self) -> None:
        self.setChecked(True)
        self.chosen.emit(self.number)
