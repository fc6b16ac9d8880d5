"""The palette: found by words, chosen with the keyboard alone, said to a screen reader, gone with Esc."""

from __future__ import annotations

import pytest
from desktop_parts import MARKUP, Room
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from studiolo_desktop.palette import Entry, Palette, said

ENTRIES = [
    Entry("action", "pause", "Pause or resume indexing", "Ctrl+Shift+P", "pause"),
    Entry("page", "models", "Models", "", "model"),
    Entry("collection", "hr", "Ask only hr", "collection", "collection"),
    Entry("past", "7", "How many days may be carried over?", "2026-01-01", "clock"),
]


class Held:
    """A palette over a window with a button that has the focus."""

    def __init__(self, qtbot: QtBot, *, width: int = 900, height: int = 600) -> None:
        self.room = Room(qtbot, width=width, height=height)
        self.behind = self.room.hold(QPushButton("Behind"))
        self.palette = Palette(self.room, self.room.theme)
        self.chosen: list[Entry] = []
        self.palette.chosen.connect(self.chosen.append)
        self.room.activateWindow()
        qtbot.waitUntil(self.room.isActiveWindow)
        self.behind.setFocus()
        self.palette.open(ENTRIES)
        QApplication.processEvents()

    def type(self, text: str) -> None:
        QTest.keyClicks(self.palette.field, text)

    def key(self, key: Qt.Key) -> None:
        QTest.keyClick(QApplication.focusWidget() or self.room, key)

    def titles(self) -> list[str]:
        return [row.title for row in self.palette.model.rows]

    def current(self) -> str:
        return self.palette.model.rows[self.palette.list.currentIndex().row()].title


@pytest.fixture
def held(qtbot: QtBot) -> Held:
    """Give an open palette."""
    return Held(qtbot)


def test_it_opens_with_everything_and_the_keyboard_in_its_field(held: Held) -> None:
    assert QApplication.focusWidget() is held.palette.field
    assert held.titles() == [entry.title for entry in ENTRIES]
    assert held.current() == ENTRIES[0].title


def test_letters_leave_what_fits_and_enter_chooses_the_first(held: Held) -> None:
    held.type("carried days")
    assert held.titles()[0] == ENTRIES[3].title
    held.key(Qt.Key.Key_Return)
    assert held.chosen == [ENTRIES[3]]
    assert not held.palette.isVisible()


def test_words_that_fit_nothing_are_a_search_and_a_question(held: Held) -> None:
    held.type("boiling point")
    assert held.titles() == ["Search everything for “boiling point”", "Ask “boiling point”"]
    held.key(Qt.Key.Key_Down)
    held.key(Qt.Key.Key_Return)
    assert [(entry.kind, entry.key) for entry in held.chosen] == [("ask", "boiling point")]


def test_up_and_down_go_round_and_tab_stays_inside(held: Held) -> None:
    held.key(Qt.Key.Key_Up)
    assert held.current() == ENTRIES[-1].title
    held.key(Qt.Key.Key_Down)
    assert held.current() == ENTRIES[0].title
    for key in (Qt.Key.Key_Tab, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp, Qt.Key.Key_Backtab):
        held.key(key)
        assert QApplication.focusWidget() is held.palette.field
    assert held.current() == ENTRIES[-1].title


def test_esc_closes_it_and_the_keyboard_is_where_it_was(held: Held) -> None:
    held.key(Qt.Key.Key_Escape)
    assert not held.palette.isVisible()
    assert QApplication.focusWidget() is held.behind
    assert held.chosen == []


def test_a_click_beside_it_closes_it_and_one_on_a_row_chooses(held: Held) -> None:
    rect = held.palette.list.visualRect(held.palette.model.index(1))
    QTest.mouseClick(held.palette.list.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())
    assert held.chosen == [ENTRIES[1]]
    held.palette.open(ENTRIES)
    QTest.mouseClick(held.palette, Qt.MouseButton.LeftButton, pos=QPoint(5, held.palette.height() - 5))
    assert not held.palette.isVisible()
    assert held.chosen == [ENTRIES[1]]


def test_a_screen_reader_hears_what_is_chosen_and_where_it_stands(held: Held) -> None:
    assert held.palette.field.accessibleName() == "Find anything"
    assert held.palette.field.accessibleDescription() == "Pause or resume indexing, action, Ctrl+Shift+P, 1 of 4"
    held.key(Qt.Key.Key_Down)
    assert held.palette.field.accessibleDescription() == "Models, page, 2 of 4"
    heard = held.palette.model.data(held.palette.model.index(3), Qt.ItemDataRole.AccessibleTextRole)
    assert heard == "How many days may be carried over?, past question, 2026-01-01"


def test_entries_that_come_later_are_found_for_what_was_typed_meanwhile(held: Held) -> None:
    held.type("dinosaur")
    held.palette.show_entries([*ENTRIES, Entry("past", "8", "Did a dinosaur sign the lease?")])
    assert held.titles()[0] == "Did a dinosaur sign the lease?"


def test_markup_in_a_past_question_is_shown_letter_by_letter(held: Held) -> None:
    held.palette.show_entries([Entry("past", "9", MARKUP)])
    assert held.palette.model.data(held.palette.model.index(0)) == MARKUP
    assert MARKUP in said(held.palette.model.rows[0])


@pytest.mark.parametrize(("width", "height"), [(760, 520), (900, 600), (3840, 2160)])
def test_it_lies_whole_inside_the_window_at_any_size(qtbot: QtBot, width: int, height: int) -> None:
    held = Held(qtbot, width=width, height=height)
    held.palette.show_entries([Entry("past", str(n), f"Question {n}") for n in range(50)])
    QApplication.processEvents()
    box = held.palette.list.parentWidget()
    assert box is not None
    assert held.room.rect().contains(box.geometry())
    assert box.rect().contains(held.palette.hint.geometry())
    held.room.resize(width, height - 10)
    QApplication.processEvents()
    assert held.palette.geometry() == held.room.rect()


def test_an_empty_palette_says_so_and_enter_does_nothing(held: Held) -> None:
    held.palette.show_entries([])
    held.key(Qt.Key.Key_Return)
    held.key(Qt.Key.Key_Down)
    assert held.chosen == []
    assert held.palette.hint.text() == "Nothing is there yet."
