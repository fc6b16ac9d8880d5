"""Joins conversations and the engine: listed on the left, opened in the middle, judged, exported and removed."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QFileDialog

from studiolo import messages
from studiolo.errors import AssistantError, ErrorReport, report
from studiolo_desktop.engine_client import EngineClient, Exchange
from studiolo_desktop.limits import wish_of
from studiolo_desktop.main_window import MainWindow
from studiolo_desktop.pdf_export import PdfExport
from studiolo_desktop.turn_view import TurnView
from studiolo_desktop.words import name_for_file, number_of, rows_of, text_of

_SLICE = 40
_KINDS = {
    "markdown": ("Markdown", ".md"),
    "html": ("Web page", ".html"),
    "pdf": ("PDF", ".pdf"),
    "json": ("JSON", ".json"),
}


class ConversationsSession(QObject):
    """Everything that the window and the engine say to each other about conversations.

    Args:
        window: The window.
        client: The engine.
        send: Sends a request whose failure is shown in the window.
    """

    def __init__(
        self, window: MainWindow, client: EngineClient, *, send: Callable[[messages.Request], Exchange]
    ) -> None:
        super().__init__(window)
        self._window = window
        self._client = client
        self._send = send
        self.current = 0
        """The conversation that is open; 0 while the next answer will begin one."""
        self._words = ""
        self._limit = _SLICE
        self._wanted = (0, "")
        """What the file that is being chosen is for: a conversation, and a form."""
        self._printing: dict[str, str] = {}
        listed = window.library.conversations
        listed.opened.connect(self.open)
        listed.renamed.connect(self._rename)
        listed.pin_wanted.connect(self._pin)
        listed.delete_wanted.connect(self._delete)
        listed.export_wanted.connect(self._choose_file)
        listed.search_wanted.connect(self._search)
        listed.more_wanted.connect(self._more)
        window.ask.cleared.connect(self._on_cleared)
        window.ask.judged.connect(self._judge)

    def refresh(self) -> None:
        """Ask what there is."""
        request = messages.Conversations(id=self._client.new_id(), words=self._words, limit=self._limit)
        self._send(request).done.connect(self._on_listed)

    def take_answer(self, request: messages.Ask, value: Mapping[str, object]) -> None:
        """Learn where an answer was kept: what is asked next goes there, if the answer is still shown."""
        kept = number_of(value, "conversation")
        if kept and any(turn.request_id == request.id for turn in self._window.ask.turns):
            self.current = kept
            self._window.library.conversations.choose(kept)
        self.refresh()

    @Slot(object, object)
    def _on_listed(self, request: messages.Conversations, value: Mapping[str, object]) -> None:
        if request.words == self._words:  # else it is the answer to what was typed before
            self._window.library.conversations.show_listed(value)

    @Slot(str)
    def _search(self, words: str) -> None:
        self._words, self._limit = words, _SLICE
        self.refresh()

    @Slot()
    def _more(self) -> None:
        self._limit += _SLICE
        self.refresh()

    @Slot(int)
    def open(self, conversation: int) -> None:
        """Show a conversation in the middle room; the next question goes on with it."""
        request = messages.Conversation(id=self._client.new_id(), conversation=conversation)
        self._send(request).done.connect(self._on_opened)

    @Slot(object, object)
    def _on_opened(self, request: messages.Conversation, value: Mapping[str, object]) -> None:
        window, turns = self._window, rows_of(value, "turns")
        window.close_source()
        window.show_page(window.ask)
        window.ask.show_conversation(turns)
        self.current = request.conversation
        window.library.conversations.choose(self.current)
        if turns:
            wish = wish_of(turns[-1])
            window.ask.choose_scope(wish.collections)
            window.ask.scope_bar.set_limits(wish.limits)
        window.ask.focus_question()

    @Slot()
    def _on_cleared(self) -> None:
        self.current = 0
        self._window.library.conversations.choose(0)

    @Slot(int, str)
    def _rename(self, conversation: int, title: str) -> None:
        request = messages.RenameConversation(id=self._client.new_id(), conversation=conversation, title=title)
        self._send(request).done.connect(self._on_changed)

    @Slot(int, bool)
    def _pin(self, conversation: int, pinned: bool) -> None:
        request = messages.PinConversation(id=self._client.new_id(), conversation=conversation, pinned=pinned)
        self._send(request).done.connect(self._on_changed)

    @Slot(object, object)
    def _on_changed(self, request: object, value: object) -> None:
        self.refresh()

    @Slot(int)
    def _delete(self, conversation: int) -> None:
        request = messages.DeleteConversation(id=self._client.new_id(), conversation=conversation)
        self._send(request).done.connect(self._on_deleted)

    @Slot(object, object)
    def _on_deleted(self, request: messages.DeleteConversation, value: object) -> None:
        if request.conversation == self.current:
            self._window.close_source()
            self._window.ask.begin_anew()
        self.refresh()

    @Slot(object, str, str)
    def _judge(self, turn: TurnView, rating: str, correction: str) -> None:
        self._send(
            messages.Feedback(id=self._client.new_id(), entry=turn.entry, rating=rating or None, correction=correction)
        )

    @Slot(int, str)
    def _choose_file(self, conversation: int, form: str) -> None:
        """Let the user choose a file with the system's dialog."""
        kind, ending = _KINDS[form]
        dialog = QFileDialog(self._window, "Export the conversation")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(f"{kind} (*{ending})")
        dialog.setDefaultSuffix(ending)
        dialog.selectFile(name_for_file(self._window.library.conversations.title_of(conversation)) + ending)
        self._wanted = conversation, form
        dialog.fileSelected.connect(self._on_file)
        dialog.open()

    @Slot(str)
    def _on_file(self, path: str) -> None:
        self.export(*self._wanted, path)

    def export(self, conversation: int, form: str, path: str) -> None:
        """Write a conversation into a file: the engine does, but for a PDF, which is printed here from its HTML."""
        printed = form == "pdf"
        request = messages.ExportConversation(
            id=self._client.new_id(),
            conversation=conversation,
            format="html" if printed else form,
            path=None if printed else path,
        )
        if printed:
            self._printing[request.id] = path
        self._send(request).done.connect(self._on_exported)

    @Slot(object, object)
    def _on_exported(self, request: messages.ExportConversation, value: Mapping[str, object]) -> None:
        if request.path is not None:
            self._say_written(request.path)
            return
        export = PdfExport(self._printing.pop(request.id), text_of(value, "text"), self)
        export.done.connect(self._say_written)
        export.failed.connect(self._say_not_written)
        export.start()

    @Slot(str)
    def _say_written(self, path: str) -> None:
        self._window.messages.show_report(ErrorReport("", f"The conversation was written to {path}.", ""), "ok")

    @Slot(str, str)
    def _say_not_written(self, path: str, why: str) -> None:
        self._window.messages.show_report(report(AssistantError("output.unwritable", f"{path}: {why}")))
