"""Which files of the ledger are listed, and in which order: words, state, collection, reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QSignalBlocker, QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from studiolo.errors import file_kind
from studiolo_desktop.widgets.choice import Choice
from studiolo_desktop.words import number_of, one_line, state_words, text_of

STATES = (
    ("All files", ""),
    *((state_words(state), state) for state in ("failed", "skipped", "pending", "indexed")),
)
ORDERS = (
    ("By name", "name", False),
    ("By name, Z to A", "name", True),
    ("By folder", "path", False),
    ("Largest first", "size", True),
    ("Smallest first", "size", False),
    ("Newest first", "indexed_at", True),
    ("Oldest first", "indexed_at", False),
)
_TYPING_MS = 200
_LONGEST_WORDS = 400
_SHOWN_NAME = 60


@dataclass(frozen=True, slots=True)
class LedgerWish:
    """What is listed: the filters and the order of the engine's `files`; None means all."""

    state: str | None = None
    collection: str | None = None
    words: str | None = None
    code: str | None = None
    order: str = "name"
    descending: bool = False

    @property
    def is_narrowed(self) -> bool:
        """Tell whether more than the state decides what is listed."""
        return any((self.collection is not None, self.words, self.code))


class LedgerFilters(QWidget):
    """The fields; says `changed` when another list is wanted, and while someone types only after a moment."""

    changed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.wish = LedgerWish()
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_MS)
        self._typing.timeout.connect(self._read)
        self.words = QLineEdit(self)
        self.words.setPlaceholderText("Words in the name or folder")
        self.words.setAccessibleName("Words in the name or folder of a file")
        self.words.setMaxLength(_LONGEST_WORDS)
        self.words.setClearButtonEnabled(True)
        self.words.setAcceptDrops(False)
        self.words.textChanged.connect(self._wait)
        self.words.returnPressed.connect(self._read)
        self.states = self._combo("Which files are listed", STATES)
        self.collections = self._combo("Of which collection", [("All collections", "")])
        self.reasons = self._combo("For which reason", [("Any reason", "")])
        self.orders = self._combo("In which order", [(text, f"{order} {down}") for text, order, down in ORDERS])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.words)
        row = QHBoxLayout()
        row.setSpacing(8)
        for combo in (self.states, self.collections, self.reasons, self.orders):
            row.addWidget(combo, 1)
        column.addLayout(row)

    def _combo(self, name: str, items: Sequence[tuple[str, str]]) -> Choice:
        combo = Choice(self, name)
        for text, value in items:
            combo.addItem(text, value)
        combo.currentIndexChanged.connect(self._read)
        return combo

    def choose(self, state: str, *, words: str = "", collection: str | None = None) -> None:
        """List the files in a state alone (empty: in any), of a collection or with words in their path."""
        blockers = [QSignalBlocker(part) for part in (self.words, self.states, self.collections, self.reasons)]
        self.states.setCurrentIndex(self.states.findData(state))
        self.collections.setCurrentIndex(max(0, self.collections.findData(collection or "")))
        self.reasons.setCurrentIndex(0)
        self.words.setText(one_line(words, limit=_LONGEST_WORDS))
        del blockers
        self._read()

    def order_by(self, order: str) -> None:
        """Order by a column; once more turns it round, and largest and newest stand first."""
        wish = self.wish
        down = not wish.descending if wish.order == order else order in ("size", "indexed_at")
        self.orders.setCurrentIndex(self.orders.findData(f"{order} {down}"))

    def show_collections(self, names: Sequence[str]) -> None:
        """Offer the collections; the chosen one stays chosen."""
        if names != [self.collections.itemData(i) for i in range(1, self.collections.count())]:
            self._offer(self.collections, [(one_line(name, limit=_SHOWN_NAME), name) for name in names])
            self._read()  # the chosen one may have gone

    def show_codes(self, untrusted: Sequence[Mapping[str, object]]) -> None:
        """Offer the reasons that there are, with how many files have each; the chosen one stays, also for no file."""
        rows = [(text_of(row, "code"), number_of(row, "files")) for row in untrusted]
        chosen = self.wish.code
        if chosen is not None and chosen not in [code for code, _ in rows]:
            rows.append((chosen, 0))
        self._offer(self.reasons, [(f"{one_line(file_kind(code))} ({n:,})", code) for code, n in rows if code])

    @staticmethod
    def _offer(combo: Choice, items: Sequence[tuple[str, str]]) -> None:
        chosen = combo.currentData()
        blocker = QSignalBlocker(combo)
        while combo.count() > 1:
            combo.removeItem(1)
        for text, value in items:
            combo.addItem(text, value)
        combo.setCurrentIndex(max(0, combo.findData(chosen)))
        del blocker

    @Slot(str)
    def _wait(self, text: str) -> None:
        self._typing.start()

    @Slot()
    def _read(self) -> None:
        self._typing.stop()
        order, _, down = str(self.orders.currentData()).partition(" ")
        wish = LedgerWish(
            state=self.states.currentData() or None,
            collection=self.collections.currentData() or None,
            words=self.words.text().strip() or None,
            code=self.reasons.currentData() or None,
            order=order,
            descending=down == "True",
        )
        if wish.state != self.wish.state and wish.code == self.wish.code:
            wish = replace(wish, code=None)  # the reasons of other files
            blocker = QSignalBlocker(self.reasons)
            self.reasons.setCurrentIndex(0)
            del blocker
        if wish != self.wish:
            self.wish = wish
            self.changed.emit()
