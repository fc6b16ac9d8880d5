"""Joins the talk and the engine: questions and their answers, filters that are written, sources that have changed."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject, Qt, QTimer, Slot
from PySide6.QtWidgets import QFileDialog

from studiolo import messages
from studiolo.errors import ErrorReport
from studiolo_desktop.conversations_session import ConversationsSession
from studiolo_desktop.engine_client import EngineClient
from studiolo_desktop.limits import Limit
from studiolo_desktop.main_window import MainWindow
from studiolo_desktop.turn_view import TurnView
from studiolo_desktop.words import rows_of, text_of

_CHECK_MS = 150
_QUESTION = "question"


class AskSession(QObject):
    """Everything that the talk and the engine say to each other.

    Args:
        window: The window.
        client: The engine.
        conversations: Where answers are kept.
    """

    def __init__(self, window: MainWindow, client: EngineClient, conversations: ConversationsSession) -> None:
        super().__init__(window)
        self._window = window
        self._client = client
        self._conversations = conversations
        self._readings: dict[str, tuple[str, str]] = {}
        """What was written, for each request that reads it: its kind, and the text."""
        self._unchecked: list[TurnView] = []
        self._check_soon = QTimer(self)
        self._check_soon.setSingleShot(True)
        self._check_soon.setInterval(_CHECK_MS)
        self._check_soon.timeout.connect(self._check)
        ask = window.ask
        ask.asked.connect(self._ask)
        ask.stop_wanted.connect(client.stop)
        ask.shown.connect(self._on_shown)
        ask.reading_wanted.connect(self._read)
        ask.scope_bar.folder_wanted.connect(self._choose_folder)

    @Slot(object)
    def _ask(self, turn: TurnView) -> None:
        client, wish = self._client, turn.wish
        exchange = client.send(
            messages.Ask(
                id=client.new_id(),
                question=wish.question,
                earlier=tuple(self._window.ask.asked_before(turn)),
                conversation=self._conversations.current or None,
                collections=wish.collections,
                filters=tuple(limit.as_row() for limit in wish.limits),
                seed=wish.seed,
                instead_of=wish.instead_of or None,
            )
        )
        exchange.done.connect(self._on_answered)
        turn.follow(exchange)

    @Slot(object, object)
    def _on_answered(self, request: messages.Ask, value: Mapping[str, object]) -> None:
        self._window.messages.clear("engine.crashed")
        self._conversations.take_answer(request, value)

    @Slot(str, str)
    def _read(self, kind: str, written: str) -> None:
        """Let the engine say what filters mean: it has the one grammar for them."""
        query = written if kind == _QUESTION else f"{kind}:{_quoted(written)}"
        request = messages.ReadFilters(id=self._client.new_id(), query=query)
        self._readings[request.id] = kind, written
        self._client.send(request, self._on_read, self._on_not_read)

    @Slot(object, object)
    def _on_read(self, request: messages.ReadFilters, value: Mapping[str, object]) -> None:
        kind, written = self._readings.pop(request.id)
        if kind != _QUESTION and not rows_of(value, "understood"):
            error = ErrorReport("question.not_a_filter", f"This cannot be understood: {written}", "")
            self._window.ask.take_no_reading(kind, written, error)
        else:
            self._window.ask.take_reading(kind, written, value)

    @Slot(object, object)
    def _on_not_read(self, request: messages.ReadFilters, error: ErrorReport) -> None:
        kind, written = self._readings.pop(request.id)
        if kind != _QUESTION or error.code.startswith("question."):  # else the answer will tell what is wrong
            self._window.ask.take_no_reading(kind, written, error)

    @Slot()
    def _choose_folder(self) -> None:
        """Let the user choose a folder with the system's dialog."""
        dialog = QFileDialog(self._window, "Choose a folder to ask")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        folders = self._window.ask.scope_bar.panel.folders()
        if folders:
            dialog.setDirectory(folders[0])
        dialog.fileSelected.connect(self._on_folder)
        dialog.open()

    @Slot(str)
    def _on_folder(self, path: str) -> None:
        self._window.ask.scope_bar.add_limit(Limit("under", path.rstrip("/\\") or path))

    def show_status(self, status: Mapping[str, object]) -> None:
        """Offer the folders that are watched, of a `status` of the engine."""
        folders = [text_of(f, "path") for c in rows_of(status, "collections") for f in rows_of(c, "folders")]
        self._window.ask.scope_bar.panel.show_folders([path for path in folders if path])

    @Slot(object)
    def _on_shown(self, turn: TurnView) -> None:
        if turn not in self._unchecked:
            self._unchecked.append(turn)
        if not self._check_soon.isActive():  # else a flood of events would put it off for ever
            self._check_soon.start()

    def take_event(self, event: messages.FileEvent) -> None:
        """Look again at the answers that rest on a file: it may say something else now.

        Where a file was moved, the event names the new place alone: then at all of them.
        """
        for turn in self._window.ask.turns:
            if event.event == "moved" or any(source["path"] == event.path for source in turn.sources()):
                self._on_shown(turn)

    @Slot()
    def _check(self) -> None:
        there = [turn for turn in self._window.ask.turns if turn in self._unchecked]
        self._unchecked.clear()
        sources = tuple(
            dict(pairs) for pairs in dict.fromkeys(tuple(s.items()) for turn in there for s in turn.sources())
        )
        if sources:
            request = messages.CheckSources(id=self._client.new_id(), sources=sources)
            self._client.send(request).done.connect(self._on_checked)

    @Slot(object, object)
    def _on_checked(self, request: messages.CheckSources, value: Mapping[str, object]) -> None:
        asked = {(source["path"], source["sha256"]) for source in request.sources}
        for turn in self._window.ask.turns:
            if any((source["path"], source["sha256"]) in asked for source in turn.sources()):
                turn.take_states(rows_of(value, "sources"), asked)


def _quoted(written: str) -> str:
    """Write a value as the query language takes it, whatever marks are in it."""
    return f"“{written}”" if '"' in written else f'"{written}"'
