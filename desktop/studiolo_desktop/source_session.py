"""What window and engine say to each other about the source that is shown: its pages, their words, a search in it."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject, Slot

from studiolo import messages
from studiolo.errors import ErrorReport
from studiolo_desktop.engine_client import EngineClient
from studiolo_desktop.source_search import FindWish
from studiolo_desktop.source_view import Place, SourceView


class SourceSession(QObject):
    """Part of the session; what the viewer asks for is answered in it, errors included.

    Args:
        source: The viewer; it owns this.
        client: The engine.
    """

    def __init__(self, source: SourceView, client: EngineClient) -> None:
        super().__init__(source)
        self._source = source
        self._client = client
        source.wanted.connect(self._view)
        source.words_wanted.connect(self._words)
        source.small_wanted.connect(self._small)
        source.finder.search.wanted.connect(self._find)

    @Slot(object, int)
    def _view(self, place: Place, width: int) -> None:
        request = messages.View(
            id=self._client.new_id(),
            path=place.path,
            page=place.page,
            start=place.start,
            end=place.end,
            quote=place.quote,
            sha256=place.sha256,
            width=width,
        )
        self._client.send(request, self._on_view, self._on_no_view)

    @Slot(object, object)
    def _on_view(self, request: messages.View, value: Mapping[str, object]) -> None:
        self._source.show_view(_place_of(request), value)

    @Slot(object, object)
    def _on_no_view(self, request: messages.View, error: ErrorReport) -> None:
        self._source.show_error(_place_of(request), error)

    @Slot(object, int)
    def _words(self, path: str, page: int) -> None:
        # A page whose words cannot be read is shown all the same; nothing on it can be selected.
        self._client.send(messages.PageWords(id=self._client.new_id(), path=path, page=page), self._on_words)

    @Slot(object, object)
    def _on_words(self, request: messages.PageWords, value: Mapping[str, object]) -> None:
        self._source.take_words(request.path, request.page, value)

    @Slot(object, int, int)
    def _small(self, path: str, page: int, width: int) -> None:
        request = messages.View(id=self._client.new_id(), path=path, page=page, width=width)
        self._client.send(request, self._on_small, self._on_no_small)

    @Slot(object, object)
    def _on_small(self, request: messages.View, value: Mapping[str, object]) -> None:
        self._source.take_small(request.path, request.page or 0, value)

    @Slot(object, object)
    def _on_no_small(self, request: messages.View, error: ErrorReport) -> None:
        self._source.fail_small(request.page or 0)

    @Slot(object)
    def _find(self, wish: FindWish) -> None:
        request = messages.FindIn(id=self._client.new_id(), path=wish.path, words=wish.words, page=wish.page)
        self._client.send(request, self._on_found, self._on_not_found)

    @Slot(object, object)
    def _on_found(self, request: messages.FindIn, value: Mapping[str, object]) -> None:
        self._source.finder.search.take(_wish_of(request), value)

    @Slot(object, object)
    def _on_not_found(self, request: messages.FindIn, error: ErrorReport) -> None:
        self._source.finder.search.fail(_wish_of(request), error)


def _place_of(request: messages.View) -> Place:
    return Place(
        path=request.path,
        page=request.page,
        start=request.start,
        end=request.end,
        quote=request.quote,
        sha256=request.sha256,
    )


def _wish_of(request: messages.FindIn) -> FindWish:
    return FindWish(request.path, request.words, request.page)
