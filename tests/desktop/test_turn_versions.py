"""Several answers in one place: the newest is shown, the others are made turns once they are looked at."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from desktop_parts import Room
from pytestqt.qtbot import QtBot
from scripted_window import Json

from studiolo_desktop.limits import wish_of
from studiolo_desktop.theme import Theme
from studiolo_desktop.turn_versions import Kept, Versions, grouped_by_place
from studiolo_desktop.turn_view import TurnView


def kept(number: int, instead_of: int | None = None) -> Json:
    return {"id": number, "question": f"Question {number}?", "answer": "Ten.", "instead_of": instead_of}


@pytest.fixture
def make(qtbot: QtBot, theme: Theme) -> Callable[[Kept], TurnView]:
    room = Room(qtbot)

    def made(answer: Kept) -> TurnView:
        turn = TurnView(room, theme, wish_of(answer))
        turn.show_result(answer)
        return turn

    return made


def test_answers_of_one_place_come_together_where_the_first_was_given() -> None:
    answers = [kept(1), kept(2), kept(3, 1), {"question": "?"}, kept(4, 1), kept(9, 8), {"question": "?"}]
    assert [[row.get("id") for row in place] for place in grouped_by_place(answers)] == [
        [1, 3, 4], [2], [None], [9], [None],
    ]  # fmt: skip


def test_an_earlier_answer_is_made_a_turn_once_and_says_which_it_is(make: Callable[[Kept], TurnView]) -> None:
    newest = make(kept(3, 1))
    versions = Versions(newest, [kept(1), kept(2, 1)])
    versions.show_places()
    assert newest.head.place.text() == "3 of 3"
    before = versions.beside(newest, -1, make)
    assert before is not None
    versions.show_places()
    assert (before.question, before.head.place.text()) == ("Question 2?", "2 of 3")
    assert versions.beside(newest, -1, make) is before
    assert versions.beside(newest, 1, make) is None
    assert versions.turns() == [before, newest]
    assert (len(versions), versions.entry()) == (3, 1)


def test_while_an_answer_is_made_none_can_be_left(make: Callable[[Kept], TurnView], theme: Theme) -> None:
    first = make(kept(1))
    versions = Versions(first)
    assert not first.head.before.isVisibleTo(first)
    running = TurnView(first.window(), theme, wish_of(kept(2)))
    versions.add(running)
    versions.show_places()
    assert not running.head.before.isVisibleTo(running)
    running.show_stopped()
    versions.show_places()
    assert running.head.before.isVisibleTo(running)
    assert [row["id"] for row in versions.kept()] == [1]
