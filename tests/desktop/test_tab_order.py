"""The keyboard goes through a window in the order in which it is read."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from scripted_window import LIMIT_MS

from studiolo_desktop.widgets.choice import Choice
from studiolo_desktop.widgets.tab_order import step_inside, tab_after, tab_before


@pytest.fixture
def room(qtbot: QtBot) -> QWidget:
    """Give a window with a first and a last button, and a label between them."""
    room = QWidget()
    room.resize(200, 400)
    for place, part in enumerate((QPushButton("first", room), QLabel("words", room), QPushButton("last", room))):
        part.move(0, 100 * place)
    qtbot.addWidget(room)
    room.show()
    room.activateWindow()
    qtbot.waitUntil(room.isActiveWindow, timeout=LIMIT_MS)
    return room


def buttons(room: QWidget, *names: str) -> list[QPushButton]:
    made = [QPushButton(name, room) for name in names]
    for button in made:
        button.show()
    return made


def order(room: QWidget) -> list[str]:
    """Press Tab until it comes round."""
    first = next(b for b in room.findChildren(QPushButton) if b.text() == "first")
    first.setFocus()
    names: list[str] = []
    while (focused := QApplication.focusWidget()) is not None and not (names and focused is first):
        names.append(focused.property("text"))
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    return names


def last(room: QWidget) -> QPushButton:
    return next(b for b in room.findChildren(QPushButton) if b.text() == "last")


def test_what_is_made_later_is_reached_where_it_stands(room: QWidget) -> None:
    tab_before(last(room), buttons(room, "a", "b"))
    assert order(room) == ["first", "a", "b", "last"]


def test_what_comes_after_that_comes_after_it(room: QWidget) -> None:
    for name in ("a", "b"):
        tab_before(last(room), buttons(room, name))
    assert order(room) == ["first", "a", "b", "last"]


def test_to_say_it_twice_changes_nothing(room: QWidget) -> None:
    made = buttons(room, "a", "b")
    for _ in range(2):
        tab_before(last(room), made)
    assert order(room) == ["first", "a", "b", "last"]


def test_nothing_to_order_is_no_change(room: QWidget) -> None:
    tab_before(last(room), [])
    assert order(room) == ["first", "last"]


def test_a_room_that_keeps_the_keyboard_steps_round_in_both_directions(room: QWidget) -> None:
    inside = QWidget(room)
    parts = [QPushButton(name, inside) for name in ("one", "two", "three")]
    parts[1].setEnabled(False)
    inside.show()
    passed = []
    for forward in (True, True, True, False, False):
        assert step_inside(inside, forward=forward)
        focused = QApplication.focusWidget()
        assert isinstance(focused, QPushButton)
        passed.append(focused.text())
    assert passed == ["one", "three", "one", "three", "one"]


def test_a_room_with_nothing_for_the_keyboard_lets_it_go(room: QWidget) -> None:
    inside = QWidget(room)
    inside.show()
    assert not step_inside(inside, forward=True)


def test_what_lies_in_rooms_is_reached_after_what_stands_before_them(room: QWidget) -> None:
    upper, lower = QWidget(room), QWidget(room)
    buttons(lower, "c")
    buttons(upper, "a", "b")
    Choice(upper, "a choice")  # its list is a window of its own, in which Qt would order nothing
    for part in (upper, lower):
        part.show()
    first = next(b for b in room.findChildren(QPushButton) if b.text() == "first")
    tab_after(first, [upper, lower])
    assert [name for name in order(room) if name] == ["first", "a", "b", "c", "last"]
