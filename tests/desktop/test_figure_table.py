"""A table as high as its rows: read with the arrow keys, said row by row, and no wider than its room."""

from __future__ import annotations

import pytest
from desktop_parts import MARKUP, Room
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from studiolo_desktop.widgets.figure_table import FigureTable

ROWS = [("Right page", "86 %", "72 % to 96 %"), ("F1", "0.54", "0.41 to 0.66"), (MARKUP, "1", "2")]


@pytest.fixture
def room(qtbot: QtBot) -> Room:
    return Room(qtbot, width=420, height=300)


@pytest.fixture
def table(room: Room) -> FigureTable:
    made = room.hold(FigureTable(room, "Figures", ("Figure", "Value", "95 % interval")), stretch=0)
    made.show_rows(ROWS)
    return made


def test_every_row_is_seen_without_scrolling(table: FigureTable) -> None:
    assert table.row_words() == [", ".join(row) for row in ROWS]
    assert table.verticalScrollBar().maximum() == 0
    assert table.horizontalScrollBar().maximum() == 0
    assert table.viewport().height() >= sum(table.rowHeight(row) for row in range(3))


def test_other_rows_take_the_place_of_the_old_ones(table: FigureTable) -> None:
    before = table.height()
    table.show_rows(ROWS[:1])
    assert table.row_words() == ["Right page, 86 %, 72 % to 96 %"]
    assert table.height() < before


def test_in_a_narrow_room_a_row_is_as_high_as_its_words_need(table: FigureTable, room: Room, qtbot: QtBot) -> None:
    table.show_rows([("A figure with a long name that goes on for a while", "86 %", "72 % to 96 %")])
    before = table.height()
    room.resize(300, 300)
    qtbot.waitUntil(lambda: table.height() > before)
    assert table.verticalScrollBar().maximum() == 0


def test_it_is_read_with_the_keyboard_and_cannot_be_changed(table: FigureTable) -> None:
    table.setFocus()
    table.selectRow(0)
    QTest.keyClick(table, Qt.Key.Key_Down)
    assert table.currentRow() == 1
    QTest.keyClicks(table, "x")
    assert table.row_words()[1] == "F1, 0.54, 0.41 to 0.66"
