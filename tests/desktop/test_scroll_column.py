"""A column of parts: made anew without a trace, and Tab goes through it as one reads."""

from __future__ import annotations

import pytest
from desktop_parts import Room, words
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from studiolo_desktop.widgets.action_row import ActionRow
from studiolo_desktop.widgets.labels import WrapLabel, push_button
from studiolo_desktop.widgets.scroll_column import ScrollColumn


@pytest.fixture
def room(qtbot: QtBot) -> Room:
    return Room(qtbot, width=508, height=300)


@pytest.fixture
def column(room: Room) -> ScrollColumn:
    return room.hold(ScrollColumn(room, "Parts"))


def test_what_was_there_is_gone_when_it_is_cleared(column: ScrollColumn) -> None:
    column.add(WrapLabel(column.inside, "one"))
    column.add(WrapLabel(column.inside, "two"))
    assert words(column) == ["one", "two"]
    column.clear()
    assert words(column) == []
    column.add(WrapLabel(column.inside, "three"))
    assert words(column) == ["three"]


def test_parts_that_are_filled_in_take_the_place_of_the_old_ones(column: ScrollColumn, qtbot: QtBot) -> None:
    column.add(WrapLabel(column.inside, "old"))
    column.fill(WrapLabel(column.inside, f"part {n}") for n in range(60))
    qtbot.waitUntil(lambda: not column.is_filling)
    assert words(column) == [f"part {n}" for n in range(60)]
    column.fill(WrapLabel(column.inside, f"new {n}") for n in range(60))
    column.clear()
    assert (column.is_filling, words(column)) == (False, [])


def test_tab_goes_in_the_order_of_reading_whenever_a_part_was_made(column: ScrollColumn, room: Room) -> None:
    last, row, first = push_button(column.inside, "last"), ActionRow(column.inside), push_button(column.inside, "first")
    row.button("middle", name="middle", key="")
    for part in (first, row, last):
        column.add(part)
    column.order_tabs()
    room.activateWindow()
    column.setFocus()
    passed = []
    for _ in range(3):
        QTest.keyClick(QApplication.focusWidget() or room, Qt.Key.Key_Tab)
        focused = QApplication.focusWidget()
        passed.append(focused.text() if isinstance(focused, QPushButton) else "")
    assert passed == ["first", "middle", "last"]
