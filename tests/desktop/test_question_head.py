"""The upper end of a turn: the question, its limits in words, and the way to its other answers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from desktop_parts import MARKUP, Room, click
from pytestqt.qtbot import QtBot
from scripted_window import LIMIT_MS

from studiolo_desktop.limits import Limit
from studiolo_desktop.widgets.question_head import QuestionHead


@pytest.fixture
def head(qtbot: QtBot) -> Iterator[QuestionHead]:
    room = Room(qtbot)
    yield room.hold(QuestionHead(room, "How much?"), stretch=0)


@pytest.mark.parametrize(
    ("collections", "limits", "words"),
    [
        ([], [], ""),
        (["documents"], [], ""),
        (["hr"], [], "Asked in: hr"),
        (["documents", "hr"], [Limit("type", "pdf")], "Asked in: documents, hr. Limited to: PDF"),
        ([MARKUP], [], f"Asked in: {MARKUP}"),
    ],
)
def test_where_it_was_looked_for_is_said_where_that_is_not_the_usual(
    head: QuestionHead, collections: list[str], limits: list[Limit], words: str
) -> None:
    head.show_scope(collections, limits)
    assert head.scope.text() == words


def test_one_answer_has_no_others_to_choose_from(head: QuestionHead) -> None:
    assert not head.before.isVisible()
    assert not head.place.isVisible()
    assert not head.edit.isVisible()  # while it is being answered


def test_several_answers_are_stepped_through(head: QuestionHead, qtbot: QtBot) -> None:
    head.show_place(2, 2)
    assert head.place.text() == "2 of 2"
    assert not head.after.isEnabled()
    with qtbot.waitSignal(head.version_wanted, timeout=LIMIT_MS) as wanted:
        click(head.before)
    assert wanted.args == [-1]
    head.show_place(1, 2)
    with qtbot.waitSignal(head.version_wanted, timeout=LIMIT_MS) as wanted:
        click(head.after)
    assert wanted.args == [1]


def test_the_keyboard_stays_where_it_leads_somewhere(head: QuestionHead) -> None:
    head.window().activateWindow()
    head.show_place(1, 2)
    head.focus_step(-1)
    assert head.after.hasFocus()
