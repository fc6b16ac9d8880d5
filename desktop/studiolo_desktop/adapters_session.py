"""Joins the page Adapters and the engine: what is attached here, the next answer is written with."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject, Slot

from studiolo import messages
from studiolo.errors import ErrorReport
from studiolo_desktop.engine_client import EngineClient
from studiolo_desktop.main_window import MainWindow


class AdaptersSession(QObject):
    """Part of the session.

    Args:
        window: The window.
        client: The engine.
    """

    def __init__(self, window: MainWindow, client: EngineClient) -> None:
        super().__init__(window)
        self._window = window
        self._client = client
        window.adapters.attach_wanted.connect(self._attach)
        window.library.page_wanted.connect(self._on_page)

    @Slot(str)
    def _on_page(self, key: str) -> None:
        if key == "adapters":
            self._window.show_page(self._window.adapters)
            self._send(messages.Adapters(id=self._client.new_id()))

    @Slot(str, float)
    def _attach(self, name: str, scale: float) -> None:
        self._send(messages.UseAdapter(id=self._client.new_id(), name=name, scale=scale if name else None))

    def _send(self, request: messages.Request) -> None:
        self._client.send(request, self._on_adapters, self._on_failed)

    @Slot(object, object)
    def _on_adapters(self, request: messages.Request, value: Mapping[str, object]) -> None:
        self._window.adapters.show_adapters(value)
        if isinstance(request, messages.UseAdapter):
            self._client.send(messages.Hello(id=self._client.new_id())).done.connect(self._on_hello)

    @Slot(object, object)
    def _on_hello(self, request: object, value: Mapping[str, object]) -> None:
        self._window.footer.show_hello(value)

    @Slot(object, object)
    def _on_failed(self, request: object, error: ErrorReport) -> None:
        if error.code != "engine.crashed":  # that is said once, by the client
            self._window.adapters.show_error(error)
