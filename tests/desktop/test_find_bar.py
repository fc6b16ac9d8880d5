"""The field of a search: what is typed is looked for once it rests, and keys go from place to place."""

from __future__ import annotations

import pytest
from desktop_parts import Room, button, click, cut_labels
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from studiolo_desktop.widgets.find_bar import LONGEST, FindBar

SHIFT = Qt.KeyboardModifier.ShiftModifier


class Bar:
    """The bar in a narrow room, with what it says."""

    def __init__(self, qtbot: QtBot) -> None:
        self.room = Room(qtbot, width=340, height=100)
        self.bar = self.room.hold(FindBar(self.room), stretch=0)
        self.wanted: list[str] = []
        self.steps: list[int] = []
        self.bar.wanted.connect(self.wanted.append)
        self.bar.stepped.connect(self.steps.append)
        self.bar.begin()


@pytest.fixture
def bar(qtbot: QtBot) -> Bar:
    return Bar(qtbot)


def test_what_is_typed_is_looked_for_once_after_it_rests(bar: Bar, qtbot: QtBot) -> None:
    QTest.keyClicks(bar.bar.field, "leave ")
    assert bar.wanted == []
    qtbot.waitUntil(lambda: bool(bar.wanted), timeout=5000)
    assert bar.wanted == ["leave"]


def test_enter_looks_at_once_and_then_goes_on_and_with_shift_back(bar: Bar) -> None:
    QTest.keyClicks(bar.bar.field, "leave")
    for modifier in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.NoModifier, SHIFT):
        QTest.keyClick(bar.bar.field, Qt.Key.Key_Return, modifier)
    assert (bar.wanted, bar.steps) == (["leave"], [1, -1])


def test_the_buttons_step_as_the_keys_do_and_only_where_there_is_something(bar: Bar) -> None:
    assert not bar.bar.after.isEnabled()
    bar.bar.show_count("1 of 2", steps=True)
    click(button(bar.room, "Next found place"))
    click(button(bar.room, "Found place before"))
    assert bar.steps == [1, -1]
    assert bar.bar.field.accessibleDescription() == "1 of 2"


def test_selected_words_take_the_place_of_those_before_and_others_stay(bar: Bar) -> None:
    bar.bar.begin("sick\nleave")
    assert bar.wanted == ["sick leave"]
    bar.bar.end()
    bar.bar.begin()
    assert bar.wanted == ["sick leave", "sick leave"]
    assert bar.bar.field.selectedText() == "sick leave"


def test_a_field_that_was_emptied_looks_for_nothing(bar: Bar, qtbot: QtBot) -> None:
    bar.bar.begin("leave")
    bar.bar.field.clear()
    QTest.keyClicks(bar.bar.field, " ")
    qtbot.waitUntil(lambda: bar.wanted == ["leave", ""], timeout=5000)


def test_no_more_than_can_be_looked_for_is_taken(bar: Bar) -> None:
    bar.bar.begin("a" * 1000)
    assert len(bar.bar.words()) == LONGEST


def test_in_the_narrowest_room_nothing_is_cut(bar: Bar) -> None:
    bar.bar.show_count("4,321 of 5,000+ …", steps=True)
    assert cut_labels(bar.room) == []
    assert bar.bar.field.width() >= 90


def test_the_end_is_said_and_hides_nothing_by_itself(bar: Bar) -> None:
    closed: list[bool] = []
    bar.bar.closed.connect(lambda: closed.append(True))
    click(button(bar.room, "End the search (Esc)"))
    assert closed == [True]
    assert bar.bar.isVisible()
