"""Joins the search in a source to what is seen of it: the field, its count, the marks on the page and in the text."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from studiolo_desktop.source_search import Found, SourceSearch
from studiolo_desktop.widgets.find_bar import LONGEST, FindBar
from studiolo_desktop.widgets.page_canvas import PageCanvas
from studiolo_desktop.widgets.source_text import SourceText


class SourceFinder(QObject):
    """Looks for what stands in the field, in the document that is shown.

    Args:
        parent: The owner.
        bar: The field.
        canvas: The page, if the document has pages.
        text: The text, if it has none.

    Signals:
        page_wanted: The number of a page on which the place in hand lies.
        scroll_wanted: The place in hand is marked on the page that is shown, and is to be brought into sight.
        outdated: The file is no longer the version that is shown.
        closed: The search was ended by the user.
    """

    page_wanted = Signal(int)
    scroll_wanted = Signal()
    outdated = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget, bar: FindBar, canvas: PageCanvas, text: SourceText) -> None:
        super().__init__(parent)
        self._bar = bar
        self._canvas = canvas
        self._text = text
        self._path = ""
        self._version = ""
        self._page = 0
        self._follows = False  # the page of the place in hand is on its way
        self.search = SourceSearch(self)
        self.search.changed.connect(self._show)
        self.search.moved.connect(self._move)
        self.search.outdated.connect(self.outdated)
        bar.wanted.connect(self._begin)
        bar.stepped.connect(self.step)
        bar.closed.connect(self._end)

    def open(self, selected: str) -> None:
        """Let words be typed; those that are selected are looked for at once, if they are no long text."""
        words = " ".join(selected.split())
        self._bar.begin(words if len(words) <= LONGEST else "")

    def close(self) -> bool:
        """End the search; tells whether there was one."""
        if self._bar.isHidden():
            return False
        self._end()
        return True

    @Slot(int)
    def step(self, by: int) -> None:
        """Go to the next place that was found (1), or the one before (-1)."""
        if not self._bar.isHidden():
            self.search.step(by, page=self._page)

    def show_document(self, path: str, version: str, page: int) -> None:
        """Know what is shown; in another document, or another version of it, the words are looked for anew."""
        is_other = (path, version) != (self._path, self._version)
        self._path, self._version, self._page = path, version, page
        if self._bar.isHidden():
            return
        if is_other:
            self.search.begin(
                path, version, self._bar.words(), page=page, at=0 if page else self._text.place(), jump=False
            )
        else:
            self._show()

    def show_page(self, page: int) -> None:
        """Mark what was found on a page, now that its words are known."""
        self._page = page
        self._show()
        if self._follows and self.search.on_page(page)[1] >= 0:
            self._follows = False
            self.scroll_wanted.emit()

    @Slot(str)
    def _begin(self, words: str) -> None:
        at = 0 if self._page else self._text.place()
        self.search.begin(self._path, self._version, words, page=self._page, at=at, jump=True)

    @Slot()
    def _end(self) -> None:
        self._follows = False
        self._bar.end()
        self.search.end()
        self.closed.emit()

    @Slot(object)
    def _move(self, place: Found) -> None:
        if place.page and place.page != self._page:
            self._follows = True
            self.page_wanted.emit(place.page)
        elif place.page:
            self._show()
            self._follows = self._canvas.words is None
            if not self._follows:
                self.scroll_wanted.emit()

    @Slot()
    def _show(self) -> None:
        """Show the count, and mark what was found in what is seen."""
        places, current = self.search.on_page(self._page)
        spans = [(place.start, place.end) for place in places]
        if self._page:
            self._canvas.show_found(spans, current)
        else:
            self._text.show_found(spans, current)
        self._bar.show_count(self._count(), steps=bool(self.search.places), note=self._note())

    def _count(self) -> str:
        search = self.search
        number, many = search.number(), f"{len(search.places):,}{'+' if search.more else ''}"
        if search.error or not search.words:
            return ""
        if not search.places:
            return "Searching …" if search.running else "Nothing found"
        if search.running:
            return f"{number:,} of {many} …" if number else f"{many} found …"
        return f"{number:,} of {many}" if number else f"{many} found"

    def _note(self) -> str:
        search = self.search
        if search.error or search.running or search.places or not search.silent:
            return search.error
        if search.silent == 1:
            return "One page has no text that could be searched."
        return f"{search.silent:,} pages have no text that could be searched."
