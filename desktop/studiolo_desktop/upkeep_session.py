"""What window and engine say to each other about models, styles, settings, the self-test and what is stored."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import PurePath

from PySide6.QtCore import QObject, Signal, Slot

from studiolo import messages
from studiolo.errors import AssistantError, ErrorReport, report
from studiolo_desktop.engine_client import EngineClient, Exchange
from studiolo_desktop.main_window import MainWindow
from studiolo_desktop.opening import Opener
from studiolo_desktop.words import one_line, rows_of, text_of


class UpkeepSession(QObject):
    """Part of the session; what it asks for is answered on the pages.

    Args:
        window: The window.
        client: The engine.
        send: Sends a request whose failure is shown in the window.
    """

    changed = Signal()
    """The engine works differently now: its models or settings are others."""
    forgotten = Signal()
    """Conversations have been removed."""

    def __init__(
        self, window: MainWindow, client: EngineClient, *, send: Callable[[messages.Request], Exchange]
    ) -> None:
        super().__init__(window)
        self._window = window
        self._client = client
        self._send = send
        self.opener = Opener(self)
        self.opener.failed.connect(self._on_not_opened)
        window.library.page_wanted.connect(self.show_page)
        models, styles, settings, privacy = window.models, window.styles, window.settings, window.privacy
        models.use_wanted.connect(self._use_model)
        models.verify_wanted.connect(self._verify)
        models.remove_wanted.connect(self._remove_model)
        models.check_wanted.connect(self._check_model)
        models.offer.add_wanted.connect(self._add_model)
        styles.save_wanted.connect(self._save_style)
        styles.remove_wanted.connect(self._remove_style)
        styles.use_wanted.connect(self._use_style)
        settings.change_wanted.connect(self._change)
        privacy.check_wanted.connect(self._run_checks)
        privacy.purge_wanted.connect(self._purge)
        privacy.folder_wanted.connect(self._open_folder)

    def _id(self) -> str:
        return self._client.new_id()

    @Slot(str)
    def show_page(self, key: str) -> None:
        """Show one of the pages, and ask for what stands on it."""
        window = self._window
        pages = {
            "models": (window.models, self._list_models),
            "styles": (window.styles, self._list_styles),
            "settings": (window.settings, self._list_settings),
            "privacy": (window.privacy, self._list_privacy),
        }
        if key not in pages:
            return
        page, fill = pages[key]
        window.show_page(page)
        if page is window.settings:
            window.settings.focus_search()
        fill()

    # ---- models ----------------------------------------------------------------------------------------------------

    @Slot()
    def _list_models(self) -> None:
        self._client.send(messages.Models(id=self._id()), self._on_models, self._window.models.show_failed)

    @Slot(object, object)
    def _on_models(self, request: object, value: Mapping[str, object]) -> None:
        self._window.models.show_models(value)

    @Slot(str)
    def _use_model(self, name: str) -> None:
        self._client.send(messages.UseModel(id=self._id(), name=name), self._on_models_changed, self._on_model_failed)

    @Slot(object, object)
    def _on_models_changed(self, request: object, value: object) -> None:
        self._list_models()
        self.changed.emit()

    @Slot(object, object)
    def _on_model_failed(
        self, request: messages.UseModel | messages.VerifyModel | messages.RemoveModel, error: ErrorReport
    ) -> None:
        self._window.models.show_reason(request.name, error)

    @Slot(str)
    def _verify(self, name: str) -> None:
        self._client.send(messages.VerifyModel(id=self._id(), name=name), self._on_verified, self._on_model_failed)

    @Slot(object, object)
    def _on_verified(self, request: messages.VerifyModel, value: object) -> None:
        card = self._window.models.card_of(request.name)
        if card is not None:
            card.show_verified()

    @Slot(str)
    def _remove_model(self, name: str) -> None:
        self._client.send(
            messages.RemoveModel(id=self._id(), name=name), self._on_models_changed, self._on_model_failed
        )

    @Slot(object)
    def _check_model(self, path: str) -> None:
        self._client.send(messages.CheckModel(id=self._id(), path=path), self._on_model_checked, self._on_no_model)

    @Slot(object, object)
    def _on_model_checked(self, request: messages.CheckModel, value: Mapping[str, object]) -> None:
        self._window.models.offer.show_found(request.path, value)

    @Slot(object, object)
    def _on_no_model(self, request: messages.CheckModel | messages.AddModel, error: ErrorReport) -> None:
        self._window.models.offer.show_error(request.path, error)

    @Slot(object, str, bool)
    def _add_model(self, path: str, name: str, use: bool) -> None:
        request = messages.AddModel(id=self._id(), path=path, name=name, use=use)
        self._client.send(request, self._on_model_added, self._on_no_model)

    @Slot(object, object)
    def _on_model_added(self, request: object, value: Mapping[str, object]) -> None:
        self._window.models.show_added()
        name = one_line(text_of(value, "name"))
        used = f"{name} was added, and is in use." if value.get("in_use") is True else f"{name} was added."
        self._window.messages.show_report(ErrorReport("", used, ""), "ok")
        self._on_models_changed(request, value)

    # ---- styles ----------------------------------------------------------------------------------------------------

    @Slot()
    def _list_styles(self) -> None:
        self._client.send(messages.Styles(id=self._id()), self._on_styles, self._window.styles.show_failed)

    @Slot(object, object)
    def _on_styles(self, request: object, value: Mapping[str, object]) -> None:
        self._window.styles.show_styles(value)

    @Slot(str, object, bool)
    def _save_style(self, name: str, style: dict[str, object], replace: bool) -> None:
        request = messages.AddStyle(id=self._id(), name=name, style=style, replace=replace)
        self._client.send(request, self._on_style_saved, self._on_style_refused)

    @Slot(object, object)
    def _on_style_saved(self, request: object, value: object) -> None:
        self._window.styles.show_saved()
        self._list_styles()

    @Slot(object, object)
    def _on_style_refused(self, request: object, error: ErrorReport) -> None:
        self._window.styles.show_reason(error)

    @Slot(str)
    def _remove_style(self, name: str) -> None:
        self._send(messages.RemoveStyle(id=self._id(), name=name)).done.connect(self._on_style_changed)

    @Slot(str, object)
    def _use_style(self, name: str, collection: str | None) -> None:
        request = messages.UseStyle(id=self._id(), name=name, collection=collection)
        self._send(request).done.connect(self._on_style_changed)

    @Slot(object, object)
    def _on_style_changed(self, request: object, value: object) -> None:
        self._list_styles()

    # ---- settings --------------------------------------------------------------------------------------------------

    @Slot()
    def _list_settings(self) -> None:
        self._client.send(messages.Settings(id=self._id()), self._on_settings, self._window.settings.show_failed)

    @Slot(object, object)
    def _on_settings(self, request: object, value: Mapping[str, object]) -> None:
        self._window.settings.show_settings(rows_of(value, "settings"))

    @Slot(str, object)
    def _change(self, name: str, value: str | bool | int | float | None) -> None:
        request = messages.ChangeSetting(id=self._id(), name=name, value=value)
        self._client.send(request, self._on_changed, self._on_not_changed)

    @Slot(object, object)
    def _on_changed(self, request: object, value: Mapping[str, object]) -> None:
        self._window.settings.show_setting(value)
        self.changed.emit()

    @Slot(object, object)
    def _on_not_changed(self, request: messages.ChangeSetting, error: ErrorReport) -> None:
        self._window.settings.show_reason(request.name, error)

    # ---- privacy ---------------------------------------------------------------------------------------------------

    def _list_privacy(self) -> None:
        self._client.send(messages.Checks(id=self._id()), self._on_checks, self._window.privacy.show_failed)
        self._list_storage()

    def _list_storage(self) -> None:
        self._client.send(messages.Storage(id=self._id()), self._on_storage, self._window.privacy.show_failed)

    @Slot(object, object)
    def _on_checks(self, request: object, value: Mapping[str, object]) -> None:
        self._window.privacy.show_checks(value)

    @Slot(object, object)
    def _on_storage(self, request: object, value: Mapping[str, object]) -> None:
        self._window.privacy.show_storage(value)

    @Slot()
    def _run_checks(self) -> None:
        self._client.send(messages.Doctor(id=self._id()), self._on_checks, self._window.privacy.show_failed)

    @Slot(str)
    def _purge(self, place: str) -> None:
        self._send(messages.Purge(id=self._id(), place=place)).done.connect(self._on_purged)

    @Slot(object, object)
    def _on_purged(self, request: messages.Purge, value: Mapping[str, object]) -> None:
        self._window.privacy.show_purged(value)
        self._list_storage()
        if request.place == "history":
            self.forgotten.emit()

    @Slot(object)
    def _open_folder(self, home: str) -> None:
        self.opener.show(str(PurePath(home, "index")))  # what lies in it is shown, and so the folder

    @Slot(str, object)
    def _on_not_opened(self, code: str, path: str) -> None:
        self._window.messages.show_report(report(AssistantError(code, one_line(path))), "weak")
