"""What went wrong is said once, in words, with a hint, a code and what can be done."""

from __future__ import annotations

import pytest
from desktop_parts import MARKUP, Room, button, click, cut_labels, looks, unnamed, words
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studiolo.errors import ErrorReport
from studiolo_desktop.theme import DARK, LIGHT
from studiolo_desktop.widgets.message_bar import Level, Message, MessageStack

FULL = ErrorReport("store.full", "The disk is full.", "Free some space.")
GONE = ErrorReport("folder.missing", "There is no folder.", "Plug the drive in.")


@pytest.fixture
def room(qtbot: QtBot) -> Room:
    return Room(qtbot, width=508, height=400)


@pytest.fixture
def stack(room: Room) -> MessageStack:
    return room.hold(MessageStack(room), stretch=0)


def test_a_message_says_what_why_and_its_code(room: Room) -> None:
    message = room.hold(Message(room), stretch=0)
    message.show_report(FULL)
    assert words(room) == ["The disk is full.", "Free some space.", "store.full"]
    assert message.text() == "The disk is full. Free some space. (store.full)"


def test_a_message_without_a_hint_leaves_no_hole(room: Room) -> None:
    message = room.hold(Message(room), stretch=0)
    message.show_report(ErrorReport("x.y", "It is so.", ""))
    assert words(room) == ["It is so.", "x.y"]


@pytest.mark.parametrize(("level", "said"), [("bad", "Error"), ("weak", "Note"), ("ok", "Done")])
def test_the_level_is_said_and_not_only_coloured(room: Room, level: Level, said: str) -> None:
    message = room.hold(Message(room), stretch=0)
    message.show_report(FULL, level)
    assert message.accessibleName() == f"{said}: The disk is full. Free some space."
    assert looks(message).pixelColor(2, message.height() // 2).name() == getattr(LIGHT, level)
    room.theme.use(DARK)
    assert looks(message).pixelColor(2, message.height() // 2).name() == getattr(DARK, level)


def test_what_can_be_done_is_one_click_away(room: Room, qtbot: QtBot) -> None:
    message = room.hold(Message(room, action="Start again", closable=False), stretch=0)
    with qtbot.waitSignal(message.acted, timeout=1000):
        click(button(room, "Start again"))
    assert not button(room, "Dismiss").isVisible()


def test_hostile_words_are_text_on_one_line(room: Room) -> None:
    message = room.hold(Message(room), stretch=0)
    message.show_report(ErrorReport("x", MARKUP + "\n\u202e", "\0hint"))
    assert words(room)[:2] == [MARKUP + " \ufffd", "\ufffdhint"]
    assert "\u202e" not in message.accessibleName()


def test_a_long_path_is_broken_and_the_buttons_stay_in_reach(stack: MessageStack, room: Room) -> None:
    path = "/docs/" + "a_very_long_name_without_any_space_" * 6
    stack.show_report(ErrorReport("folder.missing", f"There is no folder at {path}.", "Check the path."))
    assert cut_labels(room) == []
    dismiss = button(room, "Dismiss")
    assert dismiss.mapTo(room, dismiss.rect().topRight()).x() < room.width()


def test_the_same_message_is_shown_once(stack: MessageStack) -> None:
    for _ in range(3):
        stack.show_report(FULL)
    assert stack.reports() == [FULL]
    assert stack.isVisible()


def test_only_the_newest_messages_are_kept(stack: MessageStack, room: Room) -> None:
    for number in range(5):
        stack.show_report(ErrorReport("x", f"Message {number}.", ""))
    assert [error.message for error in stack.reports()] == ["Message 2.", "Message 3.", "Message 4."]
    assert "Message 0." not in words(room)


def test_a_message_that_is_dismissed_goes_alone(stack: MessageStack, room: Room) -> None:
    stack.show_report(FULL)
    stack.show_report(GONE)
    QApplication.processEvents()
    first = next(m for m in stack.findChildren(Message) if "full" in m.text())
    click(next(b for b in first.findChildren(type(button(first, "Dismiss"))) if b.isVisible()))
    assert stack.reports() == [GONE]
    assert "The disk is full." not in words(room)


def test_after_the_last_message_the_stack_takes_no_room(stack: MessageStack) -> None:
    stack.show_report(FULL)
    QApplication.processEvents()
    click(button(stack, "Dismiss"))
    assert not stack.isVisible()


def test_a_message_that_was_dismissed_can_come_again(stack: MessageStack) -> None:
    stack.show_report(FULL)
    QApplication.processEvents()
    click(button(stack, "Dismiss"))
    stack.show_report(FULL)
    assert stack.reports() == [FULL]


def test_messages_that_are_no_longer_true_are_taken_back_by_their_code(stack: MessageStack) -> None:
    stack.show_report(FULL)
    stack.show_report(GONE)
    stack.clear("store.full")
    assert stack.reports() == [GONE]
    stack.clear("folder.missing")
    assert not stack.isVisible()


def test_everything_has_a_name_for_a_screen_reader(stack: MessageStack, room: Room) -> None:
    stack.show_report(FULL)
    QApplication.processEvents()
    assert unnamed(room) == []
