"""The search and what is seen of it: the marks are those of the page that is shown, the count says what is known."""

from __future__ import annotations

import pytest
from desktop_parts import Room, picture, written
from pytestqt.qtbot import QtBot

from studiolo.errors import ErrorReport
from studiolo_desktop.source_finder import SourceFinder
from studiolo_desktop.source_search import FindWish
from studiolo_desktop.widgets.find_bar import FindBar
from studiolo_desktop.widgets.page_canvas import PageCanvas
from studiolo_desktop.widgets.page_text import PageText
from studiolo_desktop.widgets.source_text import SourceText

PATH, SHA = "/docs/book.pdf", "a" * 64
WORDS = {"text": "ab cd", "width": 100, "height": 100, "words": [[0, 2, 1, 1, 9, 9], [3, 5, 20, 1, 9, 9]]}


class Found:
    """A finder over a page of a book; `answer` plays the engine."""

    def __init__(self, qtbot: QtBot) -> None:
        self.room = Room(qtbot)
        self.bar = self.room.hold(FindBar(self.room), stretch=0)
        self.canvas = PageCanvas(self.room, self.room.theme)
        self.canvas.show_page(written(picture()), (), width=40)
        self.text = SourceText(self.room, self.room.theme)
        self.finder = SourceFinder(self.room, self.bar, self.canvas, self.text)
        self.asked: list[FindWish] = []
        self.pages: list[int] = []
        self.scrolled: list[bool] = []
        self.finder.search.wanted.connect(self.asked.append)
        self.finder.page_wanted.connect(self.pages.append)
        self.finder.scroll_wanted.connect(lambda: self.scrolled.append(True))
        self.finder.show_document(PATH, SHA, 3)

    def answer(self, *hits: tuple[int, int, int], following: int | None = None, silent: int = 0) -> None:
        rows = [{"page": page, "start": start, "end": end} for page, start, end in hits]
        self.finder.search.take(self.asked[-1], {"sha256": SHA, "hits": rows, "next": following, "silent": silent})

    def show_words(self, page: int) -> None:
        self.canvas.show_words(PageText.read(WORDS))
        self.finder.show_page(page)


@pytest.fixture
def found(qtbot: QtBot) -> Found:
    return Found(qtbot)


def test_a_place_on_the_shown_page_is_marked_and_scrolled_to_at_once(found: Found) -> None:
    found.show_words(3)
    found.finder.open("ab")
    found.answer((3, 0, 2), (3, 3, 5))
    assert (len(found.canvas.found), found.scrolled, found.pages) == (2, [True], [])
    assert found.canvas.current_box() is not None


def test_a_place_on_the_shown_page_is_scrolled_to_once_its_words_are_known(found: Found) -> None:
    found.finder.open("ab")
    found.answer((3, 0, 2))
    assert found.scrolled == []
    found.show_words(3)
    assert found.scrolled == [True]


def test_a_place_on_another_page_asks_for_it_and_is_scrolled_to_there_once(found: Found) -> None:
    found.show_words(3)
    found.finder.open("ab")
    found.answer((5, 0, 2))
    assert (found.pages, found.scrolled) == ([5], [])
    found.canvas.show_words(None)
    found.finder.show_document(PATH, SHA, 5)
    found.show_words(5)
    assert found.scrolled == [True]
    found.show_words(5)
    assert found.scrolled == [True]


def test_the_count_says_what_is_known_so_far(found: Found) -> None:
    found.finder.open("ab")
    assert found.bar.count.text() == "Searching …"
    found.answer((3, 0, 2), following=4)
    assert found.bar.count.text() == "1 of 1 …"
    found.answer(following=None)
    found.answer((1, 0, 2))
    assert found.bar.count.text() == "2 of 2"
    found.finder.close()
    assert found.bar.count.text() == ""


def test_a_new_version_is_searched_anew_and_nothing_jumps(found: Found) -> None:
    found.show_words(3)
    found.finder.open("ab")
    found.answer((3, 0, 2))
    found.finder.show_document(PATH, "b" * 64, 3)
    assert [(wish.words, wish.page) for wish in found.asked] == [("ab", 3), ("ab", 1), ("ab", 3)]
    assert found.finder.search.places == []
    found.answer((9, 0, 2))  # of the version before
    assert found.finder.search.places == []
    assert found.pages == []


def test_a_sharper_picture_of_the_same_page_keeps_what_was_found(found: Found) -> None:
    found.show_words(3)
    found.finder.open("ab")
    found.answer((3, 0, 2))
    asked = len(found.asked)
    found.finder.show_document(PATH, SHA, 3)
    assert len(found.asked) == asked
    assert len(found.canvas.found) == 1


def test_a_long_selection_is_not_looked_for(found: Found) -> None:
    found.finder.open("words " * 100)
    assert found.asked == []


def test_without_a_search_steps_do_nothing_and_there_is_none_to_end(found: Found) -> None:
    found.finder.close()
    found.finder.step(1)
    assert not found.finder.close()
    assert found.asked == []


def test_a_text_is_marked_where_there_are_no_pages(found: Found) -> None:
    found.text.show_text("ab cd ab", 3, 5)
    found.finder.show_document(PATH, SHA, 0)
    found.finder.open("ab")
    found.answer((0, 0, 2), (0, 6, 8))
    assert found.text.current_text() == "ab"
    assert found.text.marked_text() == "cd"


@pytest.mark.parametrize(("silent", "said"), [(0, ""), (1, "One page has no text"), (1204, "1,204 pages have no text")])
def test_where_nothing_was_found_pages_without_text_are_told(found: Found, silent: int, said: str) -> None:
    found.finder.open("ab")
    found.answer(silent=silent)
    found.answer()
    assert found.bar.count.text() == "Nothing found"
    assert found.bar.note.text().startswith(said)
    assert found.bar.note.isVisible() == bool(said)
    assert said in found.bar.field.accessibleDescription()


def test_an_error_is_said_in_words(found: Found) -> None:
    found.finder.open("ab")
    found.finder.search.fail(found.asked[-1], ErrorReport("file.damaged", "It is damaged.", ""))
    assert (found.bar.count.text(), found.bar.note.text()) == ("", "It is damaged.")
