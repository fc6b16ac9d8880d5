"""Passages for a search, best first; each leads to its place."""

from __future__ import annotations

import pytest
from desktop_parts import MARKUP, Room, button, click, cut_labels, passage, unnamed, words
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studiolo.errors import ErrorReport
from studiolo_desktop.search_view import SearchView


class Search:
    """A search that has begun, and what is chosen in it."""

    def __init__(self, qtbot: QtBot) -> None:
        self.room = Room(qtbot, width=508, height=500)
        self.view = self.room.hold(SearchView(self.room, self.room.theme))
        self.view.begin("leave")
        self.chosen: list[tuple[object, int, int]] = []
        self.view.source_chosen.connect(lambda p, number, of: self.chosen.append((p["path"], number, of)))

    def find(self, number: int) -> None:
        found = [{**passage(i), "number": None, "rank": i} for i in range(1, number + 1)]
        self.view.show_passages("leave", found)
        QApplication.processEvents()


@pytest.fixture
def search(qtbot: QtBot) -> Search:
    return Search(qtbot)


def test_it_says_what_is_searched_while_it_searches(search: Search) -> None:
    search.view.begin("holidays <b>")
    assert words(search.room) == ["holidays <b>", "Searching …"]


def test_what_was_found_is_listed_best_first_and_counted(search: Search) -> None:
    search.find(3)
    assert "3 passages, best first" in words(search.room)
    assert [card.number for card in search.view.cards] == [1, 2, 3]
    tops = [card.mapTo(search.room, card.rect().topLeft()).y() for card in search.view.cards]
    assert tops == sorted(tops)


def test_a_click_shows_the_place(search: Search) -> None:
    search.find(3)
    click(search.view.cards[1])
    assert search.chosen == [("/docs/hr/leave-2.pdf", 2, 3)]
    assert [card.isChecked() for card in search.view.cards] == [False, True, False]


def test_the_next_passage_is_chosen_by_its_number(search: Search) -> None:
    search.find(3)
    search.view.choose(3)
    search.view.choose(9)
    assert search.chosen == [("/docs/hr/leave-3.pdf", 3, 3)]


def test_the_answer_to_an_older_search_is_left_out(search: Search) -> None:
    search.view.begin("newer")
    search.find(2)
    assert search.view.cards == []
    assert "Searching …" in words(search.room)


def test_a_new_search_takes_the_old_passages_away(search: Search) -> None:
    search.find(2)
    search.view.begin("newer")
    assert words(search.room) == ["newer", "Searching …"]


def test_nothing_found_says_what_to_do(search: Search) -> None:
    search.find(0)
    assert "Nothing was found. Try other words." in words(search.room)


def test_a_search_that_fails_says_why_in_words_that_are_not_cut(search: Search) -> None:
    search.view.show_error(ErrorReport("store.damaged", "The index cannot be opened. " * 3, "Run the doctor."))
    QApplication.processEvents()
    assert any("Run the doctor. (store.damaged)" in w for w in words(search.room))
    assert cut_labels(search.room) == []


def test_hostile_passages_are_shown_as_text(search: Search) -> None:
    search.view.show_passages("leave", [passage(1, path=f"/x/{MARKUP}", text=MARKUP, quote="bold"), {}, {"text": 3}])
    QApplication.processEvents()
    assert len(search.view.cards) == 3
    assert "<img" not in search.view.cards[0].toolTip()
    assert search.view.cards[0].accessibleDescription() == MARKUP


def test_a_long_search_is_cut_in_the_title(search: Search) -> None:
    search.view.begin("word " * 200)
    assert len(words(search.room)[0]) == 120


def test_back_closes_the_page(search: Search, qtbot: QtBot) -> None:
    with qtbot.waitSignal(search.view.closed, timeout=1000):
        click(button(search.room, "Back to the answers (Esc)"))


def test_everything_has_a_name_for_a_screen_reader(search: Search) -> None:
    search.find(2)
    assert unnamed(search.room) == []
