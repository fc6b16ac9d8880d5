"""The page of privacy: what the offline self-test found and when, and what is stored where, to be removed for good."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from studiolo.errors import ErrorReport
from studiolo.quantities import size
from studiolo_desktop.rooms_pages import ListPage, card
from studiolo_desktop.widgets.confirm_strip import ConfirmStrip
from studiolo_desktop.widgets.labels import PlainLabel, WrapLabel, push_button
from studiolo_desktop.words import moment, number_of, one_line, rows_of, text_of

_PLACES = {
    "texts": ("Texts and account of the files", "What was read from your documents, and the state of every file."),
    "vectors": ("Vectors", "By them passages are found by their meaning."),
    "full_text": ("Index of words", "By it passages are found by their words."),
    "history": ("Conversations", "Your questions and the answers, with the passages that they quote."),
    "models": ("Models that were added", "Model files of your own. The page of models removes them."),
    "cache": (
        "Prepared models",
        "What a model is compiled into for this processor; it is made again at the next start.",
    ),
    "logs": ("Logs", "What the program did and what went wrong; never a word of a document, a question or an answer."),
    "temp": ("Temporary files", "Emptied at every start."),
    "settings": ("Settings and what else lies there", "Settings, styles, the last checks, and how the window stood."),
    "program_models": ("Models that came with the program", "They lie beside the program and are shared."),
}
_PURGES = {
    "history": (
        "Delete all conversations …",
        "Delete all conversations, with what you said of their answers? They are removed from the disk. There is no "
        "way back.",
        "Delete them all",
    ),
    "cache": ("Remove …", "Remove what was prepared? The next start takes some seconds longer.", "Remove it"),
    "logs": (
        "Empty …",
        "Empty the logs? If something goes wrong, they no longer tell what happened before.",
        "Empty them",
    ),
}
_NEVER = "The self-test has not run yet."
_FINE = "Run {when}. Everything is as it should be."
_LOOK = "Run {when}. To look at: {number}."
_TOTAL = (
    "Everything lies in {home}: {size}. {free} of the disk are free. Your documents stay where they are, and are only "
    "read."
)


class PrivacyView(ListPage):
    """Three sections: the self-test, what is stored, and the other checks of the installation."""

    check_wanted = Signal()
    purge_wanted = Signal(str)
    """The key of a place that is to be emptied."""
    folder_wanted = Signal(object)
    """The data folder, to be shown by the file manager; a str."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, "Privacy")
        self.again = push_button(self, "Run the self-test", name="Run the self-test again", icon="retry")
        self.again.clicked.connect(self._run)
        self.head.insertWidget(self.head.count() - 1, self.again)
        self.status.setText("Loading …")
        self.strips: dict[str, ConfirmStrip] = {}
        self._checks: Mapping[str, object] = {}
        self._storage: Mapping[str, object] = {}
        self._purged = ""
        self._running = False

    def show_checks(self, untrusted: Mapping[str, object]) -> None:
        """Show what the last self-test found, and when that was."""
        self._checks = untrusted
        self._running = False
        when, findings = moment(text_of(untrusted, "checked_at")), rows_of(untrusted, "findings")
        number = sum(finding.get("ok") is not True for finding in findings)
        if not findings:
            self.status.setText(_NEVER)
        else:
            self.status.setText((_LOOK if number else _FINE).format(when=when, number=number))
        self._list()

    def show_storage(self, untrusted: Mapping[str, object]) -> None:
        """Show what is stored where."""
        self._storage = untrusted
        self._list()

    def show_running(self) -> None:
        """Show that the self-test runs; the checks of the last one stay until then."""
        self._running = True
        self.status.setText("The self-test runs. Every model file is read for it …")

    @Slot(object, object)
    def show_failed(self, request: object, error: ErrorReport) -> None:
        """Say why there is no self-test, or nothing is known of what is stored."""
        self._running = False
        self.show_error(error)

    def show_purged(self, untrusted: Mapping[str, object]) -> None:
        """Say what a place has become smaller by; the list follows."""
        title, freed = _PLACES.get(text_of(untrusted, "place"), ("", ""))[0], size(number_of(untrusted, "freed_bytes"))
        self._purged = f"{title}: removed from the disk. {freed} are free again." if title else ""

    def _list(self) -> None:
        findings = rows_of(self._checks, "findings")
        asked = next((key for key, strip in self.strips.items() if strip.isVisible()), "")
        with self.renewed():
            self.add_section("Offline self-test")
            self._list_findings([f for f in findings if f.get("group") == "privacy"])
            self.add_section("What is stored on this computer")
            self._list_places()
            others = [f for f in findings if f.get("group") != "privacy"]
            if others:
                self.add_section("Installation")
                self._list_findings(others)
        if asked in self.strips:  # what came meanwhile takes no question away
            self._ask_of(asked)

    def _list_findings(self, untrusted: Sequence[Mapping[str, object]]) -> None:
        if not untrusted:
            self.add_note(_NEVER)
            return
        frame, column = card(self.inside)
        column.setSpacing(8)
        for finding in untrusted:
            ok = finding.get("ok") is True
            check, hint = text_of(finding, "check"), text_of(finding, "hint")
            row = _row(frame, column, f"{check[:1].upper()}{check[1:]}", text_of(finding, "detail"), hint)
            word, tone = ("to look at", "weak") if not ok else ("to know", "muted") if hint else ("fine", "ok")
            row.addWidget(PlainLabel(frame, word, tone=tone))
        self.add(frame)

    def _list_places(self) -> None:
        self.strips = {}
        if not self._storage:
            self.add_note("Adding up …")
            return
        frame, column = card(self.inside)
        home = text_of(self._storage, "home")
        sizes = (size(number_of(self._storage, name)) for name in ("size_bytes", "free_bytes"))
        total = _TOTAL.format(home=one_line(home), **dict(zip(("size", "free"), sizes, strict=True)))
        words = WrapLabel(frame, total)
        words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column.addWidget(words)
        opened = push_button(frame, "Open the data folder", icon="folder")
        opened.clicked.connect(self._open)
        column.addWidget(opened, 0, Qt.AlignmentFlag.AlignLeft)
        if self._purged:
            column.addWidget(WrapLabel(frame, self._purged, tone="ok"))
            self._purged = ""
        self.add(frame)
        for place in rows_of(self._storage, "places"):
            self._list_place(place)

    def _list_place(self, place: Mapping[str, object]) -> None:
        key, path = text_of(place, "place"), text_of(place, "path")
        title, purpose = _PLACES.get(key, (key, ""))
        frame, column = card(self.inside)
        row = _row(frame, column, title, purpose, path)
        row.addWidget(PlainLabel(frame, size(number_of(place, "size_bytes")), tone="muted"))
        if place.get("can_be_purged") is True and key in _PURGES:
            button = push_button(frame, _PURGES[key][0], name=f"{title}: {_PURGES[key][0]}")
            button.setProperty("place", key)
            button.setEnabled(number_of(place, "size_bytes") > 0)
            button.clicked.connect(self._ask)
            row.addWidget(button)
            strip = ConfirmStrip(frame)
            strip.confirmed.connect(self.purge_wanted)
            column.addWidget(strip)
            self.strips[key] = strip
        self.add(frame)

    @Slot()
    def _run(self) -> None:
        if not self._running:
            self.show_running()
            self.check_wanted.emit()

    @Slot()
    def _ask(self) -> None:
        button = self.sender()
        if isinstance(button, QPushButton):
            self._ask_of(str(button.property("place")))

    def _ask_of(self, key: str) -> None:
        _, words, yes = _PURGES[key]
        self.strips[key].ask(key, words, yes=yes)

    @Slot()
    def _open(self) -> None:
        self.folder_wanted.emit(text_of(self._storage, "home"))


def _row(frame: QWidget, column: QVBoxLayout, title: str, *details: str) -> QHBoxLayout:
    """Put a row of words into a card; gives it, for what stands at its right end."""
    row = QHBoxLayout()
    row.setSpacing(12)
    words = QVBoxLayout()
    words.setSpacing(1)
    words.addWidget(WrapLabel(frame, one_line(title), tone="strong"))
    for detail in details:
        if detail:
            label = WrapLabel(frame, one_line(detail), tone="muted")
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            words.addWidget(label)
    row.addLayout(words, 1)
    column.addLayout(row)
    return row
