"""What has no way back is asked in place; Esc and Keep leave all as it is, and give the keyboard back."""

from __future__ import annotations

import pytest
from desktop_parts import MARKUP, Room, click, unnamed, words
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from studiolo_desktop.widgets.confirm_strip import ConfirmStrip


@pytest.fixture
def room(qtbot: QtBot) -> Room:
    return Room(qtbot)


@pytest.fixture
def strip(room: Room) -> ConfirmStrip:
    room.hold(QPushButton("before", room))
    made = room.hold(ConfirmStrip(room))
    made.hide()
    return made


def ask(strip: ConfirmStrip, room: Room) -> QPushButton:
    before = room.findChildren(QPushButton)[0]
    room.activateWindow()
    before.setFocus()
    strip.ask("history", f"Delete {MARKUP}?", yes="Delete them all")
    return before


def test_it_asks_in_plain_words_with_the_keyboard_on_what_changes_nothing(strip: ConfirmStrip, room: Room) -> None:
    ask(strip, room)
    assert f"Delete {MARKUP}?" in words(room)
    assert strip.no.hasFocus()
    assert (strip.yes.accessibleName(), strip.accessibleName()) == ("Delete them all", f"Delete {MARKUP}?")
    assert unnamed(strip) == []


def test_yes_gives_the_key_back(strip: ConfirmStrip, room: Room, qtbot: QtBot) -> None:
    ask(strip, room)
    with qtbot.waitSignal(strip.confirmed, timeout=1000) as confirmed:
        click(strip.yes)
    assert confirmed.args == ["history"]
    assert not strip.isVisible()


@pytest.mark.parametrize("by", ["button", "key"])
def test_no_changes_nothing_and_gives_the_keyboard_back(strip: ConfirmStrip, room: Room, qtbot: QtBot, by: str) -> None:
    before = ask(strip, room)
    with qtbot.assertNotEmitted(strip.confirmed):
        if by == "button":
            click(strip.no)
        else:
            QTest.keyClick(strip.no, Qt.Key.Key_Escape)
    assert not strip.isVisible()
    assert before.hasFocus()
