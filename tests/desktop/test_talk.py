"""The talk as a row of places: several answers in one, earlier ones above, and nothing lost."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from desktop_parts import Room, click
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from scripted_window import LIMIT_MS, Json

from studiolo_desktop.limits import Wish
from studiolo_desktop.talk import Talk


def kept(number: int, **fields: object) -> Json:
    return {"id": number, "question": f"Question {number}?", "answer": f"Answer {number}.", **fields}


@pytest.fixture
def talk(qtbot: QtBot) -> Iterator[Talk]:
    room = Room(qtbot)
    yield room.hold(Talk(room, room.theme))


def questions(talk: Talk) -> list[str]:
    return [turn.question for turn in talk.turns]


def test_a_question_in_the_place_of_another_stands_between_its_neighbours(talk: Talk) -> None:
    talk.show_conversation([kept(1), kept(2), kept(3)])
    while len(talk.turns) < 3:
        QApplication.processEvents()
    made = talk.begin_in_place(talk.turns[1], Wish("Better?"))
    QApplication.processEvents()
    assert questions(talk) == ["Question 1?", "Better?", "Question 3?"]
    assert [turn.y() for turn in talk.turns] == sorted(turn.y() for turn in talk.turns)
    assert (made.wish.instead_of, talk.running, talk.versions_of(made)) == (2, made, 2)
    assert talk.asked_before(made) == ["Question 1?"]


def test_an_answer_that_replaced_another_is_looked_back_from(talk: Talk, qtbot: QtBot) -> None:
    talk.show_conversation([kept(1), kept(2, instead_of=1)])
    (newest,) = talk.turns
    assert newest.answer.toPlainText() == "Answer 2."
    with qtbot.waitSignal(talk.shown, timeout=LIMIT_MS) as shown:
        click(newest.head.before)
    (first,) = talk.turns
    assert shown.args == [first]
    assert (first.answer.toPlainText(), first.isVisible(), newest.isVisible()) == ("Answer 1.", True, False)
    click(first.head.after)
    assert talk.turns == [newest]
    assert newest in talk
    assert first in talk


def test_a_third_answer_is_put_behind_the_second_wherever_one_looks(talk: Talk) -> None:
    talk.show_conversation([kept(1), kept(2, instead_of=1)])
    newest = talk.turns[0]
    click(newest.head.before)
    third = talk.begin_in_place(newest, Wish("Question 1?"))
    third.show_stopped()
    assert third.head.place.text() == "3 of 3"
    assert (third.wish.instead_of, talk.turns) == (1, [third])


def test_all_answers_of_a_place_go_and_come_with_it(talk: Talk, qtbot: QtBot) -> None:
    talk.show_conversation([kept(1), kept(2, instead_of=1), *(kept(n) for n in range(3, 34))])
    qtbot.waitUntil(lambda: len(talk.turns) == 30 and talk._before.isVisible(), timeout=LIMIT_MS)
    assert talk._before.text() == "Show 2 earlier questions"
    click(talk._before)
    qtbot.waitUntil(lambda: len(talk.turns) == 32, timeout=LIMIT_MS)
    assert talk.turns[0].head.place.text() == "2 of 2"
    talk.begin(Wish("One more?"))
    assert talk._before.text().startswith("Show ")
    assert len(talk._earlier[0]) == 2


def test_what_is_cleared_is_gone_with_its_other_answers(talk: Talk) -> None:
    talk.show_conversation([kept(1), kept(2, instead_of=1)])
    turn = talk.turns[0]
    talk.clear()
    assert talk.turns == []
    assert turn not in talk
