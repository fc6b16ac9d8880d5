"""What a search in the source has found so far: asks for the pages a few at a time, and goes from place to place."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from PySide6.QtCore import QObject, Signal

from studiolo.errors import ErrorReport
from studiolo_desktop.words import number_of, one_line, rows_of, text_of

MOST_PLACES = 5_000
"""No more are asked for: nobody goes through so many."""


@dataclass(frozen=True, slots=True)
class FindWish:
    """A part of a search as it is asked of the engine: the words, the file, and the page to begin with."""

    path: str
    words: str
    page: int


class Found(NamedTuple):
    """A place that was found: a span of a page's text; of the document's where `page` is 0.

    A tuple, since thousands of them are put in order while the window waits.
    """

    page: int
    start: int
    end: int


class SourceSearch(QObject):
    """One search in one version of one file. It begins at the page that is shown, and comes round to it.

    Signals:
        wanted: A FindWish.
        changed: More is known, or another place stands out.
        moved: A Found that is to be brought into sight.
        outdated: The file is no longer the version that is shown.
    """

    wanted = Signal(object)
    changed = Signal()
    moved = Signal(object)
    outdated = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.words = ""
        self.places: list[Found] = []
        """All that were found, in the order of the document."""
        self.current: Found | None = None
        self.error = ""
        self.more = False
        self.silent = 0
        """How many of the pages that were looked through have no text."""
        self.running = False
        self._path = ""
        self._version = ""
        self._first = 1
        self._from = Found(0, 0, -1)
        self._wish: FindWish | None = None
        self._jumps = False

    def begin(self, path: str, version: str, words: str, *, page: int, at: int = 0, jump: bool) -> None:
        """Look for words; what was found before is forgotten.

        Args:
            path: The file.
            version: The SHA-256 of what is shown of it: answers about another version are left out.
            words: What is looked for; with none, nothing is.
            page: The page that is shown, from 1; 0 where there are none.
            at: The place in the text that is shown, where there are no pages.
            jump: Whether the first place from there on is to be brought into sight.
        """
        self._path, self._version, self.words = path, version, words
        self.places, self.current, self.error, self.more = [], None, "", False
        self.silent = 0
        self._first = max(1, page)
        self._from = Found(page, at, -1)
        self._jumps = jump
        self.running = bool(words and path)
        self._wish = None
        if self.running:
            self._ask(self._first)
        self.changed.emit()

    def end(self) -> None:
        """Look for nothing any more."""
        self.begin("", "", "", page=0, jump=False)

    def on_page(self, page: int) -> tuple[list[Found], int]:
        """Give the places of a page (0: of a document without pages), and which of them stands out; -1 for none."""
        first = bisect_left(self.places, Found(page, -1, -1))
        behind = bisect_left(self.places, Found(page + 1, -1, -1))
        here = self.places[first:behind]
        return here, here.index(self.current) if self.current in here else -1

    def number(self) -> int:
        """Give the number of the place that stands out, from 1; 0 if none does."""
        return 0 if self.current is None else bisect_left(self.places, self.current) + 1

    def step(self, by: int, *, page: int) -> None:
        """Go to the next place (1) or the one before (-1), round the ends; at first from the page that is shown."""
        if not self.places:
            return
        if self.current is None:
            here = self._from if page == self._from.page else Found(page, -1, -1)
            at = bisect_left(self.places, here) - (by < 0)
        else:
            at = bisect_left(self.places, self.current) + by
        self._move(self.places[at % len(self.places)])

    def take(self, wish: FindWish, untrusted: Mapping[str, object]) -> None:
        """Take an answer; one to another question, or about another version of the file, is left out."""
        if wish != self._wish:
            return
        if text_of(untrusted, "sha256") != self._version:
            self.outdated.emit()
            return
        new = [_found(row) for row in rows_of(untrusted, "hits")]
        self.places = sorted({*self.places, *new})
        following = number_of(untrusted, "next")
        self.silent += number_of(untrusted, "silent")
        self._wish = None
        self.more = self.more or untrusted.get("more") is True or len(self.places) >= MOST_PLACES
        self._go_on(wish, following)
        self._choose_first()
        self.changed.emit()

    def fail(self, wish: FindWish, error: ErrorReport) -> None:
        """Take an error as the answer."""
        if wish == self._wish:
            self._wish, self.running = None, False
            self.error = one_line(error.message)
            self.changed.emit()

    def _go_on(self, wish: FindWish, following: int) -> None:
        """Ask for what follows: up to the end, then from the first page up to where it began."""
        comes_round = wish.page < self._first
        if following > wish.page and not (comes_round and following >= self._first):
            page = following
        elif not following and not comes_round and self._first > 1:
            page = 1
        else:
            page = 0
        self.running = page > 0 and len(self.places) < MOST_PLACES
        if self.running:
            self._ask(page)

    def _choose_first(self) -> None:
        """Let the first place from the shown page on stand out, once it is known which that is."""
        if not self._jumps or not self.places:
            return
        at = bisect_left(self.places, self._from)
        if at < len(self.places) or not self.running:
            self._move(self.places[at % len(self.places)])

    def _move(self, place: Found) -> None:
        self._jumps = False
        self.current = place
        self.moved.emit(place)
        self.changed.emit()

    def _ask(self, page: int) -> None:
        self._wish = FindWish(self._path, self.words, page)
        self.wanted.emit(self._wish)


def _found(untrusted: Mapping[str, object]) -> Found:
    start = max(0, number_of(untrusted, "start"))
    return Found(max(0, number_of(untrusted, "page")), start, max(start, number_of(untrusted, "end")))
