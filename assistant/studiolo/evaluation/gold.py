"""Where the expected sources of a question lie on this disk, and whether a passage lies there; pure."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from studiolo.evaluation.question_sets import Question, Source
from studiolo_indexer.records import Passage

Unit = Literal["page", "file"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a passage or a quote stands: `start` and `end` are code points of the document's text.

    `page` is where it begins, `more_pages` are those that it goes on to.
    """

    path: bytes
    page: int | None
    start: int
    end: int
    more_pages: tuple[int, ...] = ()


def place_of(passage: Passage) -> Place:
    """Give the place of a whole passage."""
    more = tuple(page for page, _ in passage.page_breaks)
    return Place(passage.path, passage.page, passage.start, passage.end, more)


@dataclass(frozen=True, slots=True)
class GoldSource:
    """An expected source, and every path that it may mean: one for each watched folder in scope."""

    source: Source
    paths: frozenset[bytes]

    @property
    def has_span(self) -> bool:
        """Whether the very words are named."""
        return self.source.start is not None

    def on_file(self, place: Place) -> bool:
        """Tell whether a place lies in the source's file."""
        return place.path in self.paths

    def on_page(self, place: Place) -> bool:
        """Tell whether a place lies on the source's page; never where the source names none."""
        page = self.source.page
        return page is not None and self.on_file(place) and page in (place.page, *place.more_pages)

    def shared(self, place: Place) -> range:
        """Give the code points of the source's span that a place holds."""
        if self.source.start is None or self.source.end is None or not self.on_file(place):
            return range(0)
        return range(max(self.source.start, place.start), min(self.source.end, place.end))

    def holds(self, place: Place) -> bool:
        """Tell whether a place is the source, as finely as the source is named: its span, its page or its file."""
        if self.has_span:
            return len(self.shared(place)) > 0
        return self.on_page(place) if self.source.page is not None else self.on_file(place)


@dataclass(frozen=True, slots=True)
class Gold:
    """The expected sources of one question."""

    sources: tuple[GoldSource, ...]

    def with_copies(self, copies: Callable[[bytes], Iterable[bytes]]) -> Gold:
        """Let the copies of an expected file, which say the same, mean the file; a search shows one of them."""
        return Gold(tuple(replace(s, paths=s.paths.union(*map(copies, s.paths))) for s in self.sources))

    def holds(self, place: Place) -> bool:
        """Tell whether a place is one of the sources."""
        return any(s.holds(place) for s in self.sources)

    def units(self, unit: Unit) -> frozenset[tuple[object, ...]]:
        """Name the expected files, or the expected pages where sources name them."""
        if unit == "file":
            return frozenset(("gold", s.source.path) for s in self.sources)
        return frozenset(("gold", s.source.path, s.source.page) for s in self.sources if s.source.page is not None)

    def unit_of(self, place: Place, unit: Unit) -> tuple[object, ...]:
        """Name the file or page of a place, in the words of `units` where it is an expected one."""
        for s in self.sources:
            if unit == "file" and s.on_file(place):
                return ("gold", s.source.path)
            if unit == "page" and s.on_page(place):
                return ("gold", s.source.path, s.source.page)
        return ("other", place.path) if unit == "file" else ("other", place.path, place.page)


def resolve(question: Question, roots: Sequence[bytes]) -> Gold:
    """Resolve a question's sources against the watched folders in scope; an absolute path means itself."""
    return Gold(tuple(GoldSource(s, _paths(s.path, roots)) for s in question.sources))


def _paths(path: str, roots: Sequence[bytes]) -> frozenset[bytes]:
    # A name with an accent may be written in two ways, and disks and question sets differ in which.
    forms = {path, unicodedata.normalize("NFC", path), unicodedata.normalize("NFD", path)}
    relative = [os.fsencode(form.replace("/", os.sep)) for form in forms]
    return frozenset(os.path.normpath(os.path.join(root, form)) for root in roots for form in relative)  # noqa: PTH118 - bytes
