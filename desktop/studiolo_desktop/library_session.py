"""What window and engine say to each other about files: the ledger, originals, and what is left out of a folder."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict

from PySide6.QtCore import QObject, Signal, Slot

from studiolo import messages
from studiolo.errors import AssistantError, ErrorReport, report
from studiolo.quantities import count
from studiolo_desktop.engine_client import EngineClient, Exchange
from studiolo_desktop.ledger_filters import LedgerWish
from studiolo_desktop.main_window import MainWindow
from studiolo_desktop.opening import Opener
from studiolo_desktop.words import number_of, one_line, text_of


class LibrarySession(QObject):
    """Part of the session; what it asks for is answered in the window.

    Args:
        window: The window.
        client: The engine.
        send: Sends a request whose failure is shown in the window.
    """

    changed = Signal()
    """What there is, or its state, has been changed by the user."""

    def __init__(
        self, window: MainWindow, client: EngineClient, *, send: Callable[[messages.Request], Exchange]
    ) -> None:
        super().__init__(window)
        self._window = window
        self._client = client
        self._send = send
        self._preview = ""
        self.opener = Opener(self)
        self.opener.failed.connect(self._on_not_opened)
        ledger, sheet = window.ledger, window.exclude
        ledger.slice_wanted.connect(self._files)
        ledger.retry_wanted.connect(self._retry)
        ledger.export_wanted.connect(self._export)
        ledger.view_wanted.connect(self._view)
        ledger.details.open_wanted.connect(self._open)
        ledger.details.show_wanted.connect(self._show)
        window.originals.wanted.connect(self._original)
        window.library.problems_wanted.connect(self._show_problems)
        window.library.tree.files_wanted.connect(self.show_files)
        window.library.tree.exclude_wanted.connect(window.ask_exclusion)
        sheet.preview_wanted.connect(self._preview_exclusion)
        sheet.preview_unwanted.connect(self._end_preview)
        sheet.saved.connect(self._exclude)
        client.file_event.connect(self._on_file)

    @Slot()
    def _show_problems(self) -> None:
        self.show_files(None, None, "failed")

    @Slot(object, object, str)
    def show_files(self, collection: str | None, folder: str | None, state: str) -> None:
        """List the files in a state ("": any), of a collection or below a folder."""
        window = self._window
        window.show_page(window.ledger)
        window.ledger.open(state, words=f'"{folder}"' if folder else "", collection=collection)

    @Slot(object)
    def _on_file(self, event: object) -> None:
        self._window.ledger.note_change()

    @Slot(object, int, int)
    def _files(self, wish: LedgerWish, offset: int, limit: int) -> None:
        request = messages.Files(id=self._client.new_id(), offset=offset, limit=limit, **asdict(wish))
        self._client.send(request, self._on_files, self._on_no_files)

    @Slot(object, object)
    def _on_files(self, request: messages.Files, value: Mapping[str, object]) -> None:
        self._window.ledger.take_slice(_wish_of(request), request.offset, value)

    @Slot(object, object)
    def _on_no_files(self, request: messages.Files, error: ErrorReport) -> None:
        self._window.ledger.slice_failed(request.offset, error)

    @Slot(object)
    def _retry(self, paths: Sequence[str]) -> None:
        request = messages.Retry(id=self._client.new_id(), paths=tuple(paths))
        self._send(request).done.connect(self._on_retried)

    @Slot(object, object)
    def _on_retried(self, request: object, value: object) -> None:
        self._window.ledger.refresh()
        self.changed.emit()

    @Slot(object, object)
    def _export(self, wish: LedgerWish, path: str) -> None:
        request = messages.ExportFiles(id=self._client.new_id(), path=path, **asdict(wish))
        self._client.send(request, self._on_exported, self._on_not_exported)

    @Slot(object, object)
    def _on_exported(self, request: object, value: Mapping[str, object]) -> None:
        self._window.ledger.show_exporting(running=False)
        rows, path = count(number_of(value, "rows"), "file"), one_line(text_of(value, "path"))
        self._window.messages.show_report(ErrorReport("", f"A table of {rows} was written.", path), "ok")

    @Slot(object, object)
    def _on_not_exported(self, request: object, error: ErrorReport) -> None:
        self._window.ledger.show_exporting(running=False)
        self._window.messages.show_report(error)

    @Slot(object)
    def _view(self, row: Mapping[str, object]) -> None:
        """Show a file of the ledger from its beginning."""
        page = 1 if number_of(row, "pages") else None
        self._window.open_source()
        self._window.source.open({"path": row.get("path"), "sha256": row.get("sha256"), "page": page}, number=0, of=0)

    @Slot(object)
    def _open(self, path: str) -> None:
        self._original(path, False)

    @Slot(object)
    def _show(self, path: str) -> None:
        self._original(path, True)

    @Slot(object, bool)
    def _original(self, path: str, show: bool) -> None:
        request = messages.Original(id=self._client.new_id(), path=path, show=show)
        self._client.send(request, self._on_original, self._on_refused)

    @Slot(object, object)
    def _on_original(self, request: messages.Original, value: Mapping[str, object]) -> None:
        path = text_of(value, "path")
        if path == request.path:  # what was asked for, and nothing else
            (self.opener.show if request.show else self.opener.open)(path)

    @Slot(object, object)
    def _on_refused(self, request: object, error: ErrorReport) -> None:
        self._window.messages.show_report(error, "weak")

    @Slot(str, object)
    def _on_not_opened(self, code: str, path: str) -> None:
        self._window.messages.show_report(report(AssistantError(code, one_line(path))), "weak")

    @Slot(object, object)
    def _preview_exclusion(self, folder: str, patterns: Sequence[str]) -> None:
        self._end_preview()
        request = messages.PreviewExclude(id=self._client.new_id(), path=folder, patterns=tuple(patterns))
        self._preview = request.id
        self._client.send(request, self._on_preview, self._on_no_preview)

    @Slot(object, object)
    def _on_preview(self, request: messages.PreviewExclude, value: Mapping[str, object]) -> None:
        self._forget_preview(request)
        self._window.exclude.take_preview(request.path, request.patterns, value)

    @Slot(object, object)
    def _on_no_preview(self, request: messages.PreviewExclude, error: ErrorReport) -> None:
        self._forget_preview(request)
        self._window.exclude.preview_failed(request.path, request.patterns, error)

    def _forget_preview(self, request: messages.PreviewExclude) -> None:
        if self._preview == request.id:
            self._preview = ""

    @Slot()
    def _end_preview(self) -> None:
        if self._preview:
            # Asked and no more: one that does not end at once is no reason to start the engine anew.
            self._client.send(messages.Cancel(id=self._client.new_id(), target=self._preview))
            self._preview = ""

    @Slot(object, object)
    def _exclude(self, folder: str, patterns: Sequence[str]) -> None:
        request = messages.Exclude(id=self._client.new_id(), path=folder, patterns=tuple(patterns))
        self._send(request).done.connect(self._on_excluded)

    @Slot(object, object)
    def _on_excluded(self, request: object, value: object) -> None:
        self.changed.emit()


def _wish_of(request: messages.Files) -> LedgerWish:
    return LedgerWish(request.state, request.collection, request.words, request.code, request.order, request.descending)
