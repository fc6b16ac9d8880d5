"""While there is nothing to read, the room says where things stand and what can be done."""

from __future__ import annotations

import pytest
from desktop_parts import MARKUP, Room, click, cut_labels, unnamed, words
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studiolo_desktop.empty_state import EmptyState, section_label

LONG = "It cannot be read: " + "a_very_long_name_without_any_space_" * 6


@pytest.fixture
def room(qtbot: QtBot) -> Room:
    return Room(qtbot, width=600, height=500)


@pytest.fixture
def state(room: Room) -> EmptyState:
    return room.hold(EmptyState(room))


def test_before_the_first_state_nothing_is_offered(state: EmptyState, room: Room) -> None:
    assert words(room) == []
    assert not state.first.isVisible()
    assert not state.second.isVisible()


def test_a_state_shows_its_words_and_what_can_be_done(state: EmptyState, room: Room, qtbot: QtBot) -> None:
    state.show_state("Drop a folder here", "It is read here.", detail="Why", first="Choose …", second="Examples")
    assert words(room) == ["Drop a folder here", "It is read here.", "Why"]
    with qtbot.waitSignal(state.first_pressed, timeout=1000):
        click(state.first)
    with qtbot.waitSignal(state.second_pressed, timeout=1000):
        click(state.second)


def test_what_cannot_be_done_is_not_offered(state: EmptyState, room: Room) -> None:
    state.show_state("A", "B", detail="C", first="D", second="E")
    state.show_state("A", "")
    assert words(room) == ["A"]
    assert not state.first.isVisible()
    assert not state.second.isVisible()


def test_the_buttons_are_pressed_by_the_keyboard(state: EmptyState, qtbot: QtBot) -> None:
    state.show_state("A", "B", first="Choose …")
    state.first.setFocus()
    with qtbot.waitSignal(state.first_pressed, timeout=1000):
        QTest.keyClick(state.first, Qt.Key.Key_Space)


def test_markup_in_a_state_is_text(state: EmptyState, room: Room) -> None:
    state.show_state(MARKUP, MARKUP, detail=MARKUP)
    assert words(room) == [MARKUP] * 3
    assert state.body.textFormat() == Qt.TextFormat.PlainText


@pytest.mark.parametrize("width", [600, 432, 400])
def test_every_word_can_be_read_in_a_room_as_narrow_as_the_source(state: EmptyState, room: Room, width: int) -> None:
    """The right room is 400 pixels wide at least, and 432 in a new window."""
    room.resize(width, 500)
    state.show_state("This file cannot be shown", LONG, detail="The hint is here.\nfile.damaged", first="Try again")
    QApplication.processEvents()
    assert cut_labels(room) == []
    assert state.first.mapTo(room, state.first.rect().bottomRight()).x() < width


def test_a_screen_reader_hears_the_state_and_its_buttons(state: EmptyState, room: Room) -> None:
    state.show_state("Drop a folder here", "It is read here.", first="Choose …")
    assert state.accessibleName() == "Drop a folder here It is read here."
    assert state.first.accessibleName() == "Choose …"
    assert unnamed(room) == []


def test_the_title_of_a_section_is_not_spelled_out_to_a_screen_reader(room: Room) -> None:
    label = section_label(room, "Today")
    assert label.text() == "TODAY"
    assert label.accessibleName() == "Today"
