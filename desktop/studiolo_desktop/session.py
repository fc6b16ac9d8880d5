"""Joins the window and the engine: what the user wants becomes a request, what comes back is shown."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Slot

from studiolo import messages
from studiolo.errors import ErrorReport
from studiolo.quantities import count
from studiolo_desktop.adapters_session import AdaptersSession
from studiolo_desktop.ask_session import AskSession
from studiolo_desktop.conversations_session import ConversationsSession
from studiolo_desktop.engine_client import EngineClient, Exchange
from studiolo_desktop.evaluation_session import EvaluationSession
from studiolo_desktop.examples import example_folders
from studiolo_desktop.library_session import LibrarySession
from studiolo_desktop.library_view import files_in_words
from studiolo_desktop.main_window import MainWindow
from studiolo_desktop.source_session import SourceSession
from studiolo_desktop.turn_view import TurnView
from studiolo_desktop.upkeep_session import UpkeepSession
from studiolo_desktop.words import document_of, number_of, rows_of, text_of

log = logging.getLogger(__name__)

_STATUS_MS = 400
_WHY = "Show why, file by file"


class Session(QObject):
    """Everything that the window and the engine say to each other.

    Args:
        window: The window.
        client: The engine.
        logs: Where the log files lie, to be named when the engine fails.
        examples: The folder of the example set, if there is one.
    """

    def __init__(self, window: MainWindow, client: EngineClient, *, logs: Path, examples: Path | None = None) -> None:
        super().__init__(window)
        self._window = window
        self._client = client
        self._logs = logs
        self._examples = examples
        self.status: Mapping[str, object] | None = None
        self._adding = 0
        self._estimating: list[str] = []
        self._paused = False
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_STATUS_MS)
        self._soon.timeout.connect(self.refresh_status)
        self.conversations = ConversationsSession(window, client, send=self._send)
        self.asking = AskSession(window, client, self.conversations)
        self._wire_client()
        self._wire_window()
        self.library = LibrarySession(window, client, send=self._send)
        self.library.changed.connect(self.refresh_status)
        self.source = SourceSession(window.source, client)
        self.evaluation = EvaluationSession(window, client)
        self.adapters = AdaptersSession(window, client)
        self.upkeep = UpkeepSession(window, client, send=self._send)
        self.upkeep.changed.connect(self._greet_again)
        self.upkeep.forgotten.connect(self._on_forgotten)
        self._show_empty()

    def _wire_client(self) -> None:
        client = self._client
        client.state_changed.connect(self._on_state)
        client.greeted.connect(self._on_hello)
        client.progress.connect(self._on_progress)
        client.file_event.connect(self._on_file)
        client.notice.connect(self._on_notice)
        client.crashed.connect(self._on_notice)
        client.closed.connect(self._window.allow_close)

    def _wire_window(self) -> None:
        window = self._window
        window.first_shown.connect(self._client.start)
        window.closing.connect(self._client.shutdown)
        window.failure.acted.connect(self._client.start)
        window.folders_given.connect(self.add_folders)
        window.confirm.confirmed.connect(self._remove_folder)
        window.ask.source_chosen.connect(self._open_cited)
        window.ask.second_wanted.connect(self._on_second)
        window.footer.pause_wanted.connect(self._pause)
        window.footer.speed_wanted.connect(self._set_speed)
        window.sheet.estimate_wanted.connect(self._estimate)
        window.sheet.accepted.connect(self._end_estimates)
        window.sheet.rejected.connect(self._end_estimates)
        window.search.source_chosen.connect(self._open_found)
        window.library.search_wanted.connect(self._search)

    def _send(self, request: messages.Request) -> Exchange:
        """Send a request whose failure is shown in the window."""
        exchange = self._client.send(request)
        exchange.failed.connect(self._on_failed)
        return exchange

    @Slot(str)
    def _on_state(self, state: str) -> None:
        window = self._window
        words = {"starting": "Starting …", "restarting": "Starting again …", "failed": "The engine has stopped"}
        if state in words:
            window.footer.show_engine(words[state])
            window.footer.show_idle()
            window.library.end_progress()
        failure = None
        if state == "failed" and (error := self._client.last_error) is not None:
            # The sentence for one crash promises another start, which does not come now.
            hint = "If it ends each time, the log tells why." if error.code == "engine.crashed" else error.hint
            hint = f"{hint} The log is in {self._logs}."
            for code in {error.code, "engine.crashed"}:
                window.messages.clear(code)
            failure = ErrorReport(error.code, error.message, hint)
        window.show_failure(failure)
        if state == "ready":
            self.refresh_status()
        self._show_empty()

    @Slot(object)
    def _on_hello(self, hello: Mapping[str, object]) -> None:
        self._window.footer.show_hello(hello)
        self.refresh_status()
        self.conversations.refresh()

    @Slot(object)
    def _on_progress(self, progress: messages.Progress) -> None:
        window = self._window
        if progress.request is not None:  # of an examination or a run, which says so where it was wanted
            return
        if progress.phase == "idle":
            window.footer.show_idle()
            window.library.end_progress()
        else:
            window.footer.show_progress(progress)
            if progress.phase != "recognise":  # that counts the pages of one document
                done, total = progress.files_done, progress.files_total
                window.library.show_progress(progress.collection, done, total, progress.folder or "")
        self._refresh_soon()

    @Slot(object)
    def _on_file(self, event: messages.FileEvent) -> None:
        self._window.source.refresh(event.path)
        self.asking.take_event(event)
        self._refresh_soon()

    @Slot(object)
    def _on_notice(self, error: ErrorReport) -> None:
        self._window.messages.show_report(error)

    @Slot(object, object)
    def _on_failed(self, request: messages.Request, error: ErrorReport) -> None:
        # A crash is said once, by the client, and a failure stands over every page.
        if error.code != "engine.crashed" and self._client.state != "failed":
            self._window.messages.show_report(error)

    def _refresh_soon(self) -> None:
        if not self._soon.isActive():
            self._soon.start()

    @Slot()
    def refresh_status(self) -> None:
        """Ask what there is."""
        self._send(messages.Status(id=self._client.new_id())).done.connect(self._on_status)

    @Slot(object, object)
    def _on_status(self, request: object, status: Mapping[str, object]) -> None:
        self.status = status
        window = self._window
        window.library.show_status(status)
        self.asking.show_status(status)
        window.show_collections([text_of(c, "name") for c in rows_of(status, "collections")])
        self._show_paused(status)
        easy = status.get("gentle") is True and text_of(status, "speed") == "full"
        window.footer.show_speed(speed=text_of(status, "speed"), on_battery=easy)
        if status.get("indexing") is not True and not self._adding:
            window.footer.show_idle()
        else:
            self._refresh_soon()
        self._show_empty()

    def _show_empty(self) -> None:
        """Say in the middle where things stand, as long as nothing was asked."""
        empty, state = self._window.ask.empty, self._client.state
        status = self.status
        if state == "failed":
            empty.show_state("The engine has stopped", "Your index is safe. You can start it again above.")
        elif status is None:
            empty.show_state("Opening your library …", "You can write your question already.")
        elif not rows_of(status, "collections"):
            empty.show_state(
                "Drop a folder here",
                "Studiolo reads its documents on this computer and answers from them. Nothing leaves it.",
                first="Choose a folder …",
                second="Try the example documents" if self._examples is not None else "",
                invite=True,
            )
        else:
            self._show_standing(status)
        self._window.ask.show_empty()

    def _show_standing(self, status: Mapping[str, object]) -> None:
        empty = self._window.ask.empty
        counts = [document_of(c, "files") for c in rows_of(status, "collections")]
        indexed, pending = (sum(number_of(c, name) for c in counts) for name in ("indexed", "pending"))
        if indexed:
            empty.show_state("Ask your documents", files_in_words(status))
        elif pending or status.get("indexing") is True or self._adding:
            empty.show_state(
                "Reading your documents …",
                "Your question can be answered as soon as the first ones are read.",
                detail=f"{count(pending, 'file')} to read" if pending else "",
            )
        else:
            empty.show_state(
                "Nothing to ask yet",
                "No document in your folders could be read so far.",
                second=_WHY,
            )

    @Slot(object, str)
    def add_folders(self, folders: Sequence[str], collection: str) -> None:
        """Have folders watched in a collection."""
        for folder in folders:
            self._adding += 1
            exchange = self._send(messages.AddFolder(id=self._client.new_id(), path=folder, collection=collection))
            exchange.done.connect(self._on_added)
            exchange.failed.connect(self._on_not_added)
        self._window.footer.show_idle(f"Adding {count(len(folders), 'folder')} …")
        self._show_empty()

    @Slot(object, object)
    def _on_added(self, request: messages.AddFolder, value: object) -> None:
        self._adding -= 1
        self._window.library.show_progress(request.collection, 0, 0)
        self.refresh_status()

    @Slot(object, object)
    def _on_not_added(self, request: messages.AddFolder, error: ErrorReport) -> None:
        self._adding -= 1
        if error.code == "engine.crashed":
            # The engine is started again by itself; what the user gave must not be lost with it.
            self._window.offer_folders([request.path])
            self._window.sheet.name.setText(request.collection)
        self.refresh_status()

    @Slot()
    def _on_second(self) -> None:
        if self._window.ask.empty.second.text() == _WHY:
            self.library.show_files(None, None, "")
        else:
            self._add_examples()

    def _add_examples(self) -> None:
        if self._examples is not None:
            for folder in example_folders(self._examples):
                self.add_folders([str(folder)], folder.name)

    @Slot(object)
    def _remove_folder(self, path: str) -> None:
        exchange = self._send(messages.RemoveFolder(id=self._client.new_id(), path=path))
        exchange.done.connect(self._on_removed)

    @Slot(object, object)
    def _on_removed(self, request: object, value: object) -> None:
        self.refresh_status()
        self.conversations.refresh()

    @Slot(object, object)
    def _open_cited(self, turn: TurnView, passage: Mapping[str, object]) -> None:
        numbers = [card.number for card in turn.cards]
        self._window.open_source()
        self._window.source.open(passage, number=numbers.index(turn.selected) + 1, of=len(numbers))

    @Slot(object, int, int)
    def _open_found(self, passage: Mapping[str, object], number: int, of: int) -> None:
        self._window.open_source()
        self._window.source.open(passage, number=number, of=of)

    @Slot(object)
    def _estimate(self, folders: Sequence[str]) -> None:
        for folder in folders:
            exchange = self._client.send(messages.Estimate(id=self._client.new_id(), path=folder))
            exchange.done.connect(self._on_estimate)
            exchange.failed.connect(self._on_no_estimate)
            self._estimating.append(exchange.request.id)

    @Slot(object, object)
    def _on_estimate(self, request: messages.Estimate, value: Mapping[str, object]) -> None:
        self._forget_estimate(request)
        self._window.sheet.take_estimate(request.path, value)

    @Slot(object, object)
    def _on_no_estimate(self, request: messages.Estimate, error: ErrorReport) -> None:
        self._forget_estimate(request)
        self._window.sheet.take_estimate(request.path, {})  # adding it will say what is wrong

    def _forget_estimate(self, request: messages.Estimate) -> None:
        if request.id in self._estimating:
            self._estimating.remove(request.id)

    @Slot()
    def _end_estimates(self) -> None:
        for request_id in self._estimating:
            # Asked and no more: one that does not end at once is no reason to start the engine anew.
            self._client.send(messages.Cancel(id=self._client.new_id(), target=request_id))
        self._estimating.clear()

    @Slot(str)
    def _set_speed(self, speed: str) -> None:
        exchange = self._send(messages.IndexingSpeed(id=self._client.new_id(), speed=speed))
        exchange.done.connect(self._on_speed)

    @Slot(object, object)
    def _on_speed(self, request: object, value: object) -> None:
        self.refresh_status()

    @Slot(bool)
    def _pause(self, paused: bool) -> None:
        exchange = self._send(messages.PauseIndexing(id=self._client.new_id(), paused=paused))
        exchange.done.connect(self._on_paused)

    @Slot(object, object)
    def _on_paused(self, request: object, value: Mapping[str, object]) -> None:
        self._show_paused(value)
        self.refresh_status()

    def _show_paused(self, value: Mapping[str, object]) -> None:
        paused = value.get("paused") is True
        if paused != self._paused:  # else every status would wipe the progress away, and Pause with it
            self._paused = paused
            self._window.footer.show_paused(paused=paused)

    @Slot(str)
    def _search(self, query: str) -> None:
        window = self._window
        window.show_page(window.search)
        window.search.begin(query)
        names = tuple(window.collections) or ("documents",)
        exchange = self._client.send(messages.Search(id=self._client.new_id(), query=query, collections=names))
        exchange.done.connect(self._on_found)
        exchange.failed.connect(self._on_not_found)

    @Slot(object, object)
    def _on_found(self, request: messages.Search, value: Mapping[str, object]) -> None:
        self._window.search.show_passages(request.query, rows_of(value, "passages"))

    @Slot(object, object)
    def _on_not_found(self, request: object, error: ErrorReport) -> None:
        self._window.search.show_error(error)

    @Slot()
    def _greet_again(self) -> None:
        """Show what the engine works with now."""
        self._client.send(messages.Hello(id=self._client.new_id())).done.connect(self._on_hello_again)
        self.refresh_status()

    @Slot(object, object)
    def _on_hello_again(self, request: object, value: Mapping[str, object]) -> None:
        self._window.footer.show_hello(value)

    @Slot()
    def _on_forgotten(self) -> None:
        self._window.close_source()
        self._window.ask.begin_anew()
        self.conversations.refresh()
