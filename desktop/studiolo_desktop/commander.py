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
_PAGES = frozenset("evaluation adapters models styles settings privacy shortcuts find_files problems question".split())


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
            ("again", self._again),
            ("edit", self._edit),
            ("narrow", self._narrow),
            ("widen", self._widen),
            ("find_files", self._find_files),
            ("problems", window.library.problems_wanted.emit),
            ("pause", self._pause),
            ("speed", self._speed),
            ("evaluation", self._evaluation),
            ("draft_questions", window.evaluation.draft_form_wanted.emit),
            ("question_set", self._question_set),
            ("adapters", self._adapters),
            ("models", self._models),
            ("add_model", self._add_model),
            ("styles", self._styles),
            ("settings", self._settings),
            ("privacy", self._privacy),
            ("self_test", self._self_test),
            ("scheme", self._switch_scheme),
            ("next_source", self._next_source),
            ("source_before", self._source_before),
            ("find_in_source", self._find_in_source),
            ("next_found", self._next_found),
            ("found_before", self._found_before),
            ("go_to_page", window.source.focus_page_field),
            ("source_pages", window.source.toggle_rail),
            ("larger", self._larger),
            ("smaller", self._smaller),
            ("fit_width", window.source.fit_width),
            ("fit_page", window.source.fit_page),
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

    def _again(self) -> None:
        ask = self._window.ask
        if ask.current is not None:
            self._window.show_page(ask)
            ask.answer_again(ask.current)

    def _edit(self) -> None:
        ask = self._window.ask
        if ask.current is not None:
            self._window.show_page(ask)
            ask.edit(ask.current)

    def _narrow(self) -> None:
        self._window.show_page(self._window.ask)
        self._window.ask.narrow()

    def _widen(self) -> None:
        self._window.ask.scope_bar.set_limits(())

    def _find_files(self) -> None:
        self._window.library.tree.files_wanted.emit(None, None, "")

    def _pause(self) -> None:
        self._window.footer.pause.click()

    def _speed(self) -> None:
        self._window.footer.speed.click()

    def _evaluation(self) -> None:
        self._window.library.page_wanted.emit("evaluation")

    def _question_set(self) -> None:
        self._evaluation()
        self._window.evaluation.choose_file()

    def _adapters(self) -> None:
        self._window.library.page_wanted.emit("adapters")

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

    def _find_in_source(self) -> None:
        """Look for words in the source; where none is open, in everything."""
        window = self._window
        if window.source.isVisible():
            window.source.open_search()
        else:
            window.library.focus_search()

    def _next_found(self) -> None:
        self._window.source.finder.step(1)

    def _found_before(self) -> None:
        self._window.source.finder.step(-1)

    def _larger(self) -> None:
        self._window.source.step_zoom(1)

    def _smaller(self) -> None:
        self._window.source.step_zoom(-1)

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
