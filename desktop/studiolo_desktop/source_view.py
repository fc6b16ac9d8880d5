"""The right room: the source itself, at the page or place that an answer quotes, with the words highlighted."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, replace

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from studiolo.errors import ErrorReport
from studiolo_desktop.empty_state import EmptyState
from studiolo_desktop.source_finder import SourceFinder
from studiolo_desktop.theme import Theme
from studiolo_desktop.widgets.find_bar import FindBar
from studiolo_desktop.widgets.page_rail import PageRail
from studiolo_desktop.widgets.page_room import MARGIN, PageRoom
from studiolo_desktop.widgets.page_text import PageText
from studiolo_desktop.widgets.source_head import SourceHead
from studiolo_desktop.widgets.source_text import SourceText
from studiolo_desktop.widgets.source_tools import SourceTools
from studiolo_desktop.words import number_of, place, recognised, text_of

_MAX_PICTURE_WIDTH = 1600
_WORDS_MS = 80


@dataclass(frozen=True, slots=True)
class Place:
    """A place of a file as it is asked of the engine."""

    path: str
    page: int | None
    start: int
    end: int
    quote: str
    sha256: str | None

    @classmethod
    def of_passage(cls, passage: Mapping[str, object]) -> Place:
        """Read the place that a passage or citation (an untrusted document) names."""
        page = passage.get("page")
        return cls(
            path=text_of(passage, "path"),
            page=page if isinstance(page, int) else None,
            start=number_of(passage, "start"),
            end=number_of(passage, "end"),
            quote=text_of(passage, "quote") or text_of(passage, "text"),
            sha256=text_of(passage, "sha256") or None,
        )


class SourceView(QWidget):
    """Shows one place; asks for pages with `wanted`, and then for the words of the page with `words_wanted`.

    Signals:
        wanted: A Place, and the width of its picture in pixels of the screen.
        words_wanted: The path of a file (a str, as an object: it may hold lone surrogates), and a page.
        small_wanted: The path of a file, a page, and the width of its small picture in pixels of the screen.
        citation_wanted: -1 for the citation before, 1 for the next.
    """

    wanted = Signal(object, int)
    words_wanted = Signal(object, int)
    small_wanted = Signal(object, int, int)
    citation_wanted = Signal(int)
    closed = Signal()

    def __init__(self, parent: QWidget, theme: Theme) -> None:
        super().__init__(parent)
        self.setObjectName("right")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("Source")
        self.place: Place | None = None
        self.cited: Place | None = None
        self.page = 0
        self.pages = 0
        self.version = ""
        """The SHA-256 of what is shown; empty while nothing is."""
        self._part = ""
        self._shown_path = ""
        self._reads_back = False
        self._words_soon = QTimer(self)
        self._words_soon.setSingleShot(True)
        self._words_soon.setInterval(_WORDS_MS)
        self._words_soon.timeout.connect(self._ask_words)
        self.head = SourceHead(self)
        self.find_bar = FindBar(self)
        self.stack = QStackedWidget(self)
        self.state = EmptyState(self)
        self.room = PageRoom(self, theme)
        self.canvas = self.room.canvas
        self.rail = PageRail(self, theme)
        self.text = SourceText(self, theme)
        self.tools = SourceTools(self)
        self._lay_out()
        self.finder = SourceFinder(self, self.find_bar, self.canvas, self.text)
        self._wire()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 0, 0, 0)
        column.setSpacing(0)
        self.stack.addWidget(self.state)
        paged = QWidget(self)
        beside = QHBoxLayout(paged)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.setSpacing(0)
        beside.addWidget(self.rail)
        beside.addWidget(self.room, 1)
        self.stack.addWidget(paged)
        frame = QWidget(self)
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        inside.addWidget(self.text)
        self.stack.addWidget(frame)
        column.addWidget(self.head)
        column.addWidget(self.find_bar)
        column.addWidget(self.stack, 1)
        column.addWidget(self.tools)

    def _wire(self) -> None:
        self.head.closed.connect(self.closed)
        self.state.first_pressed.connect(self.ask_again)
        self.room.resized.connect(self.ask_again)
        self.room.zoom_changed.connect(self._show_zoom)
        self.room.turned.connect(self._go_on_reading)
        self.rail.chosen.connect(self.go_to_page)
        self.rail.wanted.connect(self._want_small)
        tools = self.tools
        tools.citation_wanted.connect(self.citation_wanted)
        tools.page_turned.connect(self.turn_page)
        tools.page_wanted.connect(self.go_to_page)
        tools.zoomed.connect(self.step_zoom)
        tools.fit_wanted.connect(self._fit_other)
        tools.rail_wanted.connect(self.rail.setVisible)
        tools.find_wanted.connect(self.open_search)
        self.finder.page_wanted.connect(self.go_to_page)
        self.finder.scroll_wanted.connect(self._scroll_to_found)
        self.finder.outdated.connect(self._refresh_soon)
        self.finder.closed.connect(self.focus_source)

    def open(self, passage: Mapping[str, object], *, number: int, of: int) -> None:
        """Open the place of a passage; `number` of `of` says where it stands among the sources."""
        self.cited = Place.of_passage(passage)
        self._part = place(passage)
        self.head.show_file(self.cited.path)
        self.tools.show_citation(number, of)
        self._go(self.cited)

    def _go(self, target: Place) -> None:
        self.place = target
        self.head.where.setText("Opening …")
        self.head.show_notes(stale=False, recognised="")
        if self._shown_path != target.path:  # what is seen never stands under another file's name
            self._show_nothing()
            self.state.show_state("Opening the source …", "")
        self.ask_again()

    def _show_nothing(self) -> None:
        self._shown_path = self.version = ""
        self.page = self.pages = 0
        self.tools.show_pages(0, 0)
        self.stack.setCurrentIndex(0)

    def refresh(self, path: str) -> None:
        """Ask again for the place that is shown, because its file has changed."""
        if self.place is not None and self.place.path == path and self.isVisible():
            self.room.ask_soon()

    @Slot()
    def _refresh_soon(self) -> None:
        self.room.ask_soon()

    @Slot()
    def ask_again(self) -> None:
        """Ask for the place that is to be shown."""
        if self.place is not None:
            if self.stack.currentIndex() != 1:  # then the room of the page has not been laid out yet
                beside = 0 if self.rail.isHidden() else self.rail.width()
                self.room.resize(self.width() - 1 - beside, self.stack.height())
            width = min(_MAX_PICTURE_WIDTH, round(self.room.page_width() * self.devicePixelRatioF()))
            self.room.note_width()
            self.wanted.emit(self.place, width)

    @Slot()
    def _ask_words(self) -> None:
        if self.version and self.pages:
            self.words_wanted.emit(self._shown_path, self.page)

    @Slot(int, int)
    def _want_small(self, page: int, width: int) -> None:
        self.small_wanted.emit(self._shown_path, page, width)

    # ---- what comes back -----------------------------------------------------------------------------------------

    def show_view(self, asked: Place, untrusted: Mapping[str, object]) -> None:
        """Show what the engine gave for a place; an answer that comes too late is left out."""
        if asked != self.place:
            return
        before = (self._shown_path, self.version)
        self._shown_path, self.version = asked.path, text_of(untrusted, "sha256")
        if text_of(untrusted, "kind") == "page":
            self._show_page(untrusted, is_same=before == (self._shown_path, self.version))
        else:
            self._show_text(untrusted)
        self.head.show_notes(stale=untrusted.get("stale") is True, recognised=recognised(untrusted))
        if self._shown_path:
            self.finder.show_document(self._shown_path, self.version, self.page)

    def show_error(self, asked: Place, error: ErrorReport) -> None:
        """Say why a place cannot be shown."""
        if asked == self.place:
            self._show_nothing()
            self.head.where.setText(self._part)
            self.state.show_state(
                "This file cannot be shown", error.message, detail=f"{error.hint}\n{error.code}", first="Try again"
            )

    def take_words(self, path: str, page: int, untrusted: Mapping[str, object]) -> None:
        """Take the words of a page; those of another page, file or version are left out."""
        if (path, page) != (self._shown_path, self.page):
            return
        if text_of(untrusted, "sha256") != self.version:
            self.room.ask_soon()  # the file was changed between the picture and its words
            return
        self.canvas.show_words(PageText.read(untrusted))
        self.finder.show_page(self.page)

    def take_small(self, path: str, page: int, untrusted: Mapping[str, object]) -> None:
        """Take a small picture of a page."""
        self.rail.take(page, untrusted if path == self._shown_path else {})

    def fail_small(self, page: int) -> None:
        """Take that there is no small picture of a page."""
        self.rail.fail(page)

    def _show_page(self, untrusted: Mapping[str, object], *, is_same: bool) -> None:
        boxes = untrusted.get("boxes")
        try:
            png = base64.b64decode(text_of(untrusted, "png"), validate=True)
        except (binascii.Error, ValueError):
            png = b""
        boxes = boxes if isinstance(boxes, list | tuple) else ()
        if not self.canvas.show_page(png, boxes, width=self.room.page_width()):
            self._cannot_paint()
            return
        page, self.pages = number_of(untrusted, "page"), number_of(untrusted, "pages")
        is_sharper = is_same and page == self.page and self.canvas.words is not None
        self.page = page
        self.room.arrange()
        self._show_zoom()
        self.head.where.setText(f"Page {self.page} of {self.pages}")
        self.tools.show_pages(self.page, self.pages)
        self.rail.show_document(self.version, self.page, self.pages, self.canvas.shape())
        self.stack.setCurrentIndex(1)
        if not is_sharper:
            self.canvas.show_words(None)
            self._words_soon.start()
            QTimer.singleShot(0, self, self._scroll_to_mark)

    def _cannot_paint(self) -> None:
        error = ErrorReport("view.bad_picture", "The picture of this page cannot be painted.", "Try it again.")
        if self.place is not None:
            self.show_error(self.place, error)

    def _show_text(self, untrusted: Mapping[str, object]) -> None:
        self.page = self.pages = 0
        self.text.show_text(text_of(untrusted, "text"), number_of(untrusted, "start"), number_of(untrusted, "end"))
        self.head.where.setText(self._part or "Text")
        self.tools.show_pages(0, 0)
        self.stack.setCurrentIndex(2)

    # ---- moving about --------------------------------------------------------------------------------------------

    @Slot()
    def _scroll_to_mark(self) -> None:
        self.room.reveal(self.canvas.first_box(), from_end=self._reads_back)
        self._reads_back = False

    @Slot()
    def _scroll_to_found(self) -> None:
        box = self.canvas.current_box()
        if box is not None:
            self.room.reveal(box)

    @Slot(int)
    def turn_page(self, by: int) -> None:
        """Go so many pages on, or back; not beyond the ends."""
        self.go_to_page(self.page + by)

    @Slot(int)
    def _go_on_reading(self, by: int) -> None:
        """Turn the page beyond whose end was scrolled; the one before is read from its end."""
        self._reads_back = by == -1
        self.turn_page(by)

    @Slot(int)
    def go_to_page(self, page: int) -> None:
        """Show a page, the nearest that there is."""
        page = max(1, min(page, self.pages))
        if self.place is None or self.cited is None or not self.pages or page == self.page:
            return
        there = replace(self.cited, page=page, start=0, end=0, quote="")
        self._go(self.cited if page == self.cited.page else there)

    def focus_page_field(self) -> None:
        """Let the number of a page be typed."""
        if self.pages:
            self.tools.page.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.tools.page.selectAll()

    @Slot()
    def focus_source(self) -> None:
        """Put the keyboard where the source is read."""
        if self.stack.currentIndex():
            (self.canvas if self.pages else self.text).setFocus(Qt.FocusReason.OtherFocusReason)

    def toggle_rail(self) -> None:
        """Show the small pages, or hide them."""
        if self.pages:
            self.tools.rail.toggle()

    @Slot(int)
    def step_zoom(self, by: int) -> None:
        """Show the page larger (1) or smaller (-1)."""
        if self.pages:
            self.room.step_zoom(by)

    def fit_width(self) -> None:
        """Let the page be as wide as its room."""
        if self.pages:
            self.room.fit_to("width")

    def fit_page(self) -> None:
        """Let all of the page be seen."""
        if self.pages:
            self.room.fit_to("page")

    @Slot()
    def _fit_other(self) -> None:
        if self.room.fit == "width":
            self.fit_page()
        else:
            self.fit_width()

    @Slot()
    def _show_zoom(self) -> None:
        self.tools.show_zoom(self.room.zoom, is_wide=self.room.fit == "width")

    # ---- searching -----------------------------------------------------------------------------------------------

    @Slot()
    def open_search(self) -> None:
        """Let words be typed that are looked for in the source; those that are selected are looked for."""
        if self.stack.currentIndex() == 0:
            return
        selected = self.canvas.selected_text() if self.pages else self.text.selected_text()
        self.finder.open(selected)

    def close_search(self) -> bool:
        """End the search; tells whether there was one."""
        return self.finder.close()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Turn pages with Page Up and Page Down, wherever in this room the keyboard is."""
        if event.key() == Qt.Key.Key_PageDown and self.stack.currentIndex() == 1:
            self.turn_page(1)
        elif event.key() == Qt.Key.Key_PageUp and self.stack.currentIndex() == 1:
            self.turn_page(-1)
        else:
            super().keyPressEvent(event)
