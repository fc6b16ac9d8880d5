"""The middle room: which collections are asked, one question after the other, and the talk that keeps its place."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest
from desktop_parts import button
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QScrollArea
from pytestqt.qtbot import QtBot
from scripted_window import LIMIT_MS, Json, shown_text

from studiolo import messages
from studiolo.errors import ErrorReport
from studiolo_desktop.ask_view import AskView
from studiolo_desktop.engine_client import Exchange
from studiolo_desktop.main_window import MainWindow
from studiolo_desktop.turn_view import TurnView

PASSAGES: list[Json] = [
    {"number": n, "path": f"/docs/{n}.pdf", "page": n, "text": "Some words.", "quote": "words"} for n in (1, 2)
]
ANSWER: Json = {"answer": "Ten days [1].", "passages": PASSAGES, "citations": PASSAGES[:1]}


@pytest.fixture
def view(window: MainWindow) -> Iterator[AskView]:
    """Give the middle room in its window, over two collections, with nobody who answers."""
    window.ask.show_collections(["documents", "hr"])
    yield window.ask


def ask(view: AskView, question: str) -> TurnView:
    """Type a question and press Enter; gives the newest turn."""
    view.focus_question()
    QTest.keyClicks(view.bar.input, question)
    QTest.keyClick(view.bar.input, Qt.Key.Key_Return)
    assert view.current is not None
    return view.current


def follow(turn: TurnView, name: str = "w1") -> Exchange:
    """Let a turn follow an exchange, as the session does."""
    exchange = Exchange(messages.Ask(id=name, question=turn.question), turn)
    turn.follow(exchange)
    return exchange


def chip(view: AskView, name: str) -> QPushButton:
    return next(b for b in view.findChildren(QPushButton) if b.accessibleName() == f"Ask collection {name}")


def test_a_question_is_asked_with_enter_and_the_bar_offers_stop(view: AskView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.asked, timeout=LIMIT_MS) as asked:
        turn = ask(view, "How much?")
    assert asked.args == [turn]
    assert view.bar.stop_button.isVisible()
    assert not view.bar.ask_button.isVisible()
    assert view.bar.input.toPlainText() == ""


def test_another_answer_below_others_leaves_them_where_they_are(view: AskView) -> None:
    for number in range(3):
        view.show_past(ANSWER | {"id": number + 1}, f"Question {number}?")
    view.answer_again(view.turns[1])
    assert [turn.question for turn in view.turns] == ["Question 0?", "Question 1?", "Question 2?"]
    turn = view.turns[1]
    assert (turn.wish.instead_of, turn.running, turn.isVisible()) == (2, True, True)
    assert view.asked_before(turn) == ["Question 0?"]


@pytest.mark.parametrize("question", ["", "   \t "])
def test_nothing_is_asked_without_a_word(view: AskView, question: str) -> None:
    QTest.keyClicks(view.bar.input, question)
    QTest.keyClick(view.bar.input, Qt.Key.Key_Return)
    assert view.turns == []


def test_a_second_question_waits_for_the_first_and_keeps_its_words(view: AskView) -> None:
    first = ask(view, "First?")
    assert ask(view, "Second?") is first
    assert "One question at a time" in shown_text(view)
    assert view.bar.input.toPlainText() == "Second?"
    exchange = follow(first)
    exchange.done.emit(exchange.request, ANSWER)
    QTest.keyClick(view.bar.input, Qt.Key.Key_Return)
    assert [turn.question for turn in view.turns] == ["First?", "Second?"]


def test_stop_shows_its_effect_at_once_and_tells_which_request(view: AskView, qtbot: QtBot) -> None:
    turn = ask(view, "How much?")
    follow(turn, "w5").token.emit("Ten")
    with qtbot.waitSignal(view.stop_wanted, timeout=200) as stopped:
        view.bar.stop_button.click()
    assert stopped.args == ["w5"]
    assert turn.phase == "stopped"
    assert view.bar.ask_button.isVisible()


def test_what_follows_a_past_answer_follows_what_was_looked_for_then(view: AskView) -> None:
    view.show_past(ANSWER | {"searched_for": "Who pays for guests?"}, "And for guests?")
    view.show_past(ANSWER, "An older question?")
    view.ask("Why?")
    assert view.current is not None
    assert view.asked_before(view.current) == ["Who pays for guests?", "An older question?"]


def test_a_past_answer_opened_in_the_middle_of_an_answer_leaves_stop_where_it_is(view: AskView, qtbot: QtBot) -> None:
    turn = ask(view, "How much?")
    exchange = follow(turn, "w5")
    exchange.token.emit("Ten")
    view.show_past(ANSWER, "An old question?")
    assert view.bar.stop_button.isVisible()
    with qtbot.waitSignal(view.stop_wanted, timeout=LIMIT_MS) as stopped:
        view.bar.stop_button.click()
    assert stopped.args == ["w5"]
    assert turn.phase == "stopped"


def test_a_question_that_failed_stands_in_the_bar_again(view: AskView) -> None:
    exchange = follow(ask(view, "How much?"))
    exchange.failed.emit(exchange.request, ErrorReport("engine.crashed", "It ended.", "Ask once more."))
    assert view.bar.input.toPlainText() == "How much?"
    assert view.bar.ask_button.isEnabled()


def test_a_question_that_failed_does_not_overwrite_what_is_being_written(view: AskView) -> None:
    exchange = follow(ask(view, "How much?"))
    QTest.keyClicks(view.bar.input, "Something else")
    exchange.failed.emit(exchange.request, ErrorReport("engine.crashed", "It ended.", "Ask once more."))
    assert view.bar.input.toPlainText() == "Something else"


def test_the_chosen_collections_are_asked_and_one_at_least_always_is(view: AskView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.scope_changed, timeout=LIMIT_MS):
        chip(view, "hr").click()
    assert view.scope == ["documents", "hr"]
    chip(view, "documents").click()
    chip(view, "hr").click()
    assert view.scope == ["hr"]
    assert chip(view, "hr").isChecked()


def test_what_was_chosen_stays_chosen_while_it_exists(view: AskView) -> None:
    view.choose_scope(["hr"])
    view.show_collections(["documents", "hr", "new"])
    assert view.scope == ["hr"]
    view.show_collections(["documents", "new"])
    assert view.scope == ["documents"]
    view.show_collections(["new"])
    assert view.scope == ["new"]


def test_a_collection_that_is_not_there_cannot_be_chosen(view: AskView) -> None:
    view.choose_scope(["secret"])
    assert view.scope == ["documents"]


def test_a_collections_name_is_read_as_text(view: AskView) -> None:
    view.show_collections(["a&b <b>c</b>"])
    assert chip(view, "a&b <b>c</b>").text() == "a&&b <b>c</b>"  # Qt paints "&&" as one
    assert view.scope == ["a&b <b>c</b>"]


def test_a_new_question_puts_the_talk_away_and_brings_the_keyboard(view: AskView, qtbot: QtBot) -> None:
    exchange = follow(ask(view, "How much?"))
    exchange.done.emit(exchange.request, ANSWER)
    with qtbot.waitSignal(view.cleared, timeout=LIMIT_MS):
        view.begin_anew()
    assert view.turns == []
    assert view.empty.isVisible()
    assert QApplication.focusWidget() is view.bar.input


def test_a_new_question_stops_the_answer_that_is_being_made(view: AskView, qtbot: QtBot) -> None:
    follow(ask(view, "How much?"), "w5").token.emit("Ten")
    with qtbot.waitSignal(view.stop_wanted, timeout=LIMIT_MS) as stopped:
        view.begin_anew()
    assert stopped.args == ["w5"]
    assert view.bar.ask_button.isVisible()


def test_a_choice_in_one_answer_takes_back_the_choice_in_another(view: AskView) -> None:
    for number in range(2):
        view.show_past(ANSWER, f"Question {number}?")
    first, second = view.turns
    first.cards[0].click()
    second.cards[1].click()
    assert (first.selected, second.selected) == (0, 2)
    assert not first.cards[0].isChecked()


def test_a_long_talk_keeps_the_newest_turns(view: AskView) -> None:
    for number in range(34):
        view.show_past(ANSWER, f"Question {number}?")
    assert len(view.turns) == 30
    assert view.turns[-1].question == "Question 33?"


def kept(number: int, **fields: object) -> dict[str, object]:
    return {**ANSWER, "question": f"Question {number}?", "searched_for": f"Question {number}?", **fields}


def test_a_conversation_takes_the_place_of_the_talk_and_stops_what_is_being_made(view: AskView, qtbot: QtBot) -> None:
    follow(ask(view, "How much?"), "w5").token.emit("Ten")
    with qtbot.waitSignal(view.stop_wanted, timeout=LIMIT_MS):
        view.show_conversation([kept(n) for n in range(3)])
    qtbot.waitUntil(lambda: len(view.turns) == 3, timeout=LIMIT_MS)
    assert [turn.question for turn in view.turns] == ["Question 0?", "Question 1?", "Question 2?"]
    assert view.bar.ask_button.isVisible()


def test_a_question_asked_while_a_conversation_comes_goes_below_it(view: AskView) -> None:
    view.show_conversation([kept(n) for n in range(5)])
    view.ask("And then?")
    assert [turn.question for turn in view.turns][-2:] == ["Question 4?", "And then?"]
    assert view.current is not None
    assert view.asked_before(view.current) == [f"Question {n}?" for n in range(5)]


def test_only_the_first_of_a_conversation_may_follow_what_is_not_here(view: AskView, qtbot: QtBot) -> None:
    completed = {"searched_for": "Who pays for guests?", "filters": {"words": "And for guests?"}}
    view.show_conversation([kept(0, **completed), kept(1, **completed)])
    qtbot.waitUntil(lambda: len(view.turns) == 2, timeout=LIMIT_MS)
    assert [turn.asked for turn in view.turns] == ["Who pays for guests?", "Question 1?"]


def _is_offered(view: AskView, name: str) -> bool:
    return earlier(view).startswith(name)


def _begins_with(view: AskView, question: str) -> bool:
    return view.turns[0].question == question


def test_all_turns_of_a_long_conversation_can_be_reached(view: AskView, qtbot: QtBot) -> None:
    view.show_conversation([kept(n) for n in range(73)])
    qtbot.waitUntil(lambda: len(view.turns) == 30, timeout=LIMIT_MS)
    for name, first in (("Show 20 earlier questions", 23), ("Show 20 earlier questions", 3), ("Show 3", 0)):
        qtbot.waitUntil(partial(_is_offered, view, name), timeout=LIMIT_MS)
        button(view, earlier(view)).click()
        qtbot.waitUntil(partial(_begins_with, view, f"Question {first}?"), timeout=LIMIT_MS)
    assert [turn.question for turn in view.turns] == [f"Question {n}?" for n in range(73)]
    assert earlier(view) == ""


def earlier(view: AskView) -> str:
    """Give what the button for earlier questions says, as soon as it can be pressed."""
    named = [b.accessibleName() for b in view.findChildren(QPushButton) if b.isVisible()]
    return next((name for name in named if name.endswith(("earlier question", "earlier questions"))), "")


def test_earlier_turns_leave_the_eye_where_it_is(view: AskView, qtbot: QtBot) -> None:
    view.show_conversation([kept(n) for n in range(34)])
    qtbot.waitUntil(lambda: len(view.turns) == 30, timeout=LIMIT_MS)
    first, bar = view.turns[0], scroll(view).verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0 and bar.value() > 0, timeout=LIMIT_MS)
    bar.setValue(0)
    before = top_of(first, view)
    button(view, "Show 4 earlier questions").click()
    qtbot.waitUntil(lambda: bar.value() > 0 and abs(top_of(first, view) - before) < 60, timeout=LIMIT_MS)
    assert view.turns.index(first) > 0
    qtbot.waitUntil(lambda: view.turns.index(first) == 4, timeout=LIMIT_MS)


def test_a_turn_that_makes_room_can_be_shown_again(view: AskView, qtbot: QtBot) -> None:
    for number in range(32):
        view.show_past(kept(number), f"Question {number}?")
    button(view, "Show 2 earlier questions").click()
    qtbot.waitUntil(lambda: len(view.turns) == 32, timeout=LIMIT_MS)
    assert [turn.question for turn in view.turns] == [f"Question {n}?" for n in range(32)]


def test_what_is_said_of_an_answer_is_told_with_its_turn(view: AskView, qtbot: QtBot) -> None:
    view.show_past(kept(1, id=9), "Question 1?")
    with qtbot.waitSignal(view.judged, timeout=LIMIT_MS) as judged:
        view.turns[0].feedback.up.click()
    assert judged.args == [view.turns[0], "up", ""]
    assert view.turns[0].entry == 9


def test_a_long_answer_never_pushes_its_question_out_of_sight(view: AskView, qtbot: QtBot) -> None:
    for number in range(3):
        view.show_past(ANSWER | {"answer": "word " * 300}, f"Question {number}?")
    turn = ask(view, "How much?")
    exchange = follow(turn)
    for _ in range(60):
        exchange.token.emit("word " * 20)
    bar = scroll(view).verticalScrollBar()
    qtbot.waitUntil(lambda: turn.height() > view.height() and bar.value() > 0, timeout=LIMIT_MS)
    qtbot.waitUntil(lambda: 0 <= top_of(turn, view) < 60, timeout=LIMIT_MS)
    assert turn.running


def test_who_has_scrolled_away_is_left_where_they_are(view: AskView, qtbot: QtBot) -> None:
    for number in range(4):
        view.show_past(ANSWER | {"answer": "word " * 300}, f"Question {number}?")
    turn = ask(view, "How much?")
    exchange = follow(turn)
    bar = scroll(view).verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0 and bar.value() > 0, timeout=LIMIT_MS)
    bar.setValue(10)
    exchange.token.emit("word " * 400)
    height = turn.height()
    qtbot.waitUntil(lambda: turn.height() > height, timeout=LIMIT_MS)
    assert bar.value() == 10


def scroll(view: AskView) -> QScrollArea:
    return next(area for area in view.findChildren(QScrollArea) if area.objectName() == "talkScroll")


def top_of(turn: TurnView, view: AskView) -> int:
    """Give the place of a question in the part of the talk that can be seen."""
    return turn.y() - scroll(view).verticalScrollBar().value()
