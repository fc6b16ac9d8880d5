"""Joins the table of actions and the palette to the window and the engine: what is chosen happens."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject, Slot

from studiolo import messages
from studiolo_desktop.actions import ACTIONS, keys_of
from studiolo_desktop.engine_client import EngineClient
from studiolo_desktop.main_window import MainWindow
from studiolo_desktop.notices import bring_forward
from studiolo_desktop.palette import Entry
from studiolo_desktop.rooms import stepped
from studiolo_desktop.theme import SCHEMES, Theme
from studiolo_desktop.words import number_of, rows_of, text_of

_PAST = 200
_PAGES = frozenset(("models", "styles", "settings", "privacy", "shortcuts", "find_files", "problems", "question"))


class Commander(QObject):
    """Binds every action of the table that the window does not bind itself, and fills the palette.

    Args:
        window: The window; it owns this.
        client: The engine, asked for past questions when the palette opens.
        theme: What "switch theme" switches.
    """

    def __init__(self, window: MainWindow, client: EngineClient, theme: Theme) -> None:
        super().__init__(window)
        self._window = window
        self._client = client
        self._theme = theme
        self._past: list[Entry] = []
        commands = window.commands
        for key, slot in (
            ("palette", self.open_palette),
            ("stop", window.ask.bar.stopped.emit),
            ("copy", self._copy),
            ("find_files", self._find_files),
            ("problems", window.library.problems_wanted.emit),
            ("pause", self._pause),
            ("speed", self._speed),
            ("models", self._models),
            ("add_model", self._add_model),
            ("styles", self._styles),
            ("settings", self._settings),
            ("privacy", self._privacy),
            ("self_test", self._self_test),
            ("scheme", self._switch_scheme),
            ("next_source", self._next_source),
            ("source_before", self._source_before),
            ("source_wider", self._source_wider),
            ("source_narrower", self._source_narrower),
            ("library_wider", self._library_wider),
            ("library_narrower", self._library_narrower),
            ("quit", window.close),
        ):
            commands.bind(key, slot)
        window.finder.chosen.connect(self._run)

    @Slot()
    def open_palette(self) -> None:
        """Open the palette, or close it; past questions come when the engine has named them."""
        finder = self._window.finder
        if finder.isVisible():
            finder.close_palette()
            return
        finder.open(self._entries())
        exchange = self._client.send(messages.Conversations(id=self._client.new_id(), limit=_PAST))
        exchange.done.connect(self._on_conversations)

    @Slot(object)
    def welcome(self, folders: list[str]) -> None:
        """Come forward for another start of the program, and offer the folders that it was given."""
        bring_forward(self._window)
        if folders:
            self._window.offer_folders(folders)

    @Slot(object, object)
    def _on_conversations(self, request: object, value: Mapping[str, object]) -> None:
        self._past = [
            Entry("past", str(number_of(row, "id")), text_of(row, "title"), text_of(row, "asked_at")[:10], "clock")
            for row in rows_of(value, "rows")
        ]
        if self._window.finder.isVisible():
            self._window.finder.show_entries(self._entries())

    def _entries(self) -> list[Entry]:
        bound = self._window.commands.bound()
        offered = [a for a in ACTIONS if a.in_palette and a.key in bound]
        actions = [
            Entry(
                "page" if a.key in _PAGES else "action", a.key, a.title, keys_of(a.key), a.icon, f"{a.group} {a.words}"
            )
            for a in offered
        ]
        collections = [
            Entry("collection", name, f"Ask only {name}", "collection", "collection", "scope")
            for name in self._window.collections
        ]
        return [*actions, *collections, *self._past]

    @Slot(object)
    def _run(self, entry: Entry) -> None:
        window = self._window
        if entry.kind in ("action", "page"):
            window.commands.run(entry.key)
        elif entry.kind == "collection":
            window.library.collection_chosen.emit(entry.key)
            window.ask.focus_question()
        elif entry.kind == "past":
            window.library.conversations.opened.emit(int(entry.key))
        elif entry.kind == "search":
            window.library.search.setText(entry.key)
            window.library.search_wanted.emit(entry.key)
        elif entry.kind == "ask":
            window.show_ask()
            window.ask.bar.set_question(entry.key)
            window.ask.bar.input.submitted.emit()

    def _copy(self) -> None:
        done = [turn for turn in self._window.ask.turns if turn.phase == "done"]
        if done:
            done[-1].copy()

    def _find_files(self) -> None:
        self._window.library.tree.files_wanted.emit(None, None, "")

    def _pause(self) -> None:
        self._window.footer.pause.click()

    def _speed(self) -> None:
        self._window.footer.speed.click()

    def _models(self) -> None:
        self._window.library.page_wanted.emit("models")

    def _add_model(self) -> None:
        self._models()
        self._window.models.choose_file()

    def _styles(self) -> None:
        self._window.library.page_wanted.emit("styles")

    def _settings(self) -> None:
        self._window.library.page_wanted.emit("settings")

    def _privacy(self) -> None:
        self._window.library.page_wanted.emit("privacy")

    def _self_test(self) -> None:
        self._privacy()
        self._window.privacy.again.click()

    def _switch_scheme(self) -> None:
        at = SCHEMES.index(self._theme.chosen)
        self._theme.choose(SCHEMES[(at + 1) % len(SCHEMES)])

    def _next_source(self) -> None:
        self._window.source.citation_wanted.emit(1)

    def _source_before(self) -> None:
        self._window.source.citation_wanted.emit(-1)

    def _source_wider(self) -> None:
        self._widen_source(1)

    def _source_narrower(self) -> None:
        self._widen_source(-1)

    def _library_wider(self) -> None:
        self._widen_library(1)

    def _library_narrower(self) -> None:
        self._widen_library(-1)

    def _widen_source(self, by: int) -> None:
        window = self._window
        window.set_widths(left=window.left_width, right=stepped(window.source.width(), by))

    def _widen_library(self, by: int) -> None:
        window = self._window
        window.set_widths(left=stepped(window.library.width(), by), right=window.right_width)
