"""A conversation's row takes the keys of a file manager; a title and a removal are asked for in its place."""

from __future__ import annotations

import pytest
from desktop_parts import MARKUP, Room, click, unnamed, words
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studiolo_desktop.widgets.conversation_row import ConversationRow, RemovalStrip, TitleEdit


@pytest.fixture
def room(qtbot: QtBot) -> Room:
    return Room(qtbot, width=252, height=200)


@pytest.mark.parametrize(
    ("key", "signal"),
    [(Qt.Key.Key_F2, "rename_wanted"), (Qt.Key.Key_Delete, "delete_wanted"), (Qt.Key.Key_Return, "chosen")],
)
def test_keys_do_what_they_do_elsewhere(room: Room, qtbot: QtBot, key: Qt.Key, signal: str) -> None:
    row = room.hold(ConversationRow(room, room.theme, "7", "Leave"), stretch=0)
    with qtbot.waitSignal(getattr(row, signal), timeout=1000) as said:
        QTest.keyClick(row, key)
    assert said.args == ["7"]


def test_a_title_is_one_line_of_text(room: Room) -> None:
    row = room.hold(ConversationRow(room, room.theme, "7", ""), stretch=0)
    row.show_title(f"{MARKUP}\n\u202e", pinned=True)
    assert f"{MARKUP} \ufffd" in words(room)
    assert (row.pinned, unnamed(room)) == (True, [])


def test_enter_keeps_a_new_title_and_is_said_once(room: Room, qtbot: QtBot) -> None:
    edit = room.hold(TitleEdit(room, "Old"), stretch=0)
    kept: list[str] = []
    edit.kept.connect(kept.append)
    edit.setFocus()
    edit.selectAll()
    QTest.keyClicks(edit, "New & <b>")
    QTest.keyClick(edit, Qt.Key.Key_Return)
    edit.clearFocus()
    assert kept == ["New & <b>"]


def test_leaving_the_field_keeps_the_title_too(room: Room) -> None:
    edit = room.hold(TitleEdit(room, "Old"), stretch=0)
    kept: list[str] = []
    edit.kept.connect(kept.append)
    edit.setFocus()
    QTest.keyClicks(edit, "er")
    edit.clearFocus()
    assert kept == ["Older"]


@pytest.mark.parametrize("way", ["escape", "nothing changed"])
def test_esc_and_an_unchanged_title_change_nothing(room: Room, way: str) -> None:
    edit = room.hold(TitleEdit(room, "Old"), stretch=0)
    said: list[str] = []
    edit.kept.connect(said.append)
    edit.left.connect(lambda: said.append("left"))
    edit.setFocus()
    if way == "escape":
        QTest.keyClicks(edit, "er")
        QTest.keyClick(edit, Qt.Key.Key_Escape)
    else:
        QTest.keyClick(edit, Qt.Key.Key_Return)
    edit.clearFocus()
    assert said == ["left"]


@pytest.mark.parametrize(("way", "said"), [("Delete", "confirmed"), ("Keep", "left"), ("Esc", "left")])
def test_a_removal_is_confirmed_or_not(room: Room, qtbot: QtBot, way: str, said: str) -> None:
    strip = room.hold(RemovalStrip(room, MARKUP), stretch=0)
    strip.keep.setFocus()
    with qtbot.waitSignal(getattr(strip, said), timeout=1000):
        if way == "Esc":
            QTest.keyClick(QApplication.focusWidget() or strip, Qt.Key.Key_Escape)
        else:
            click(strip.delete if way == "Delete" else strip.keep)
    assert strip.accessibleName() == f"Delete {MARKUP}?"
