"""The page of shortcuts lists what the table has, in words that can be heard."""

from __future__ import annotations

from desktop_parts import Room, button, cut_labels, words
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from studiolo_desktop.actions import ACTIONS, IN_PLACE, shown_keys
from studiolo_desktop.main_window import MainWindow
from studiolo_desktop.shortcuts_view import ShortcutsView, rows_by_group


def test_every_action_with_a_key_is_listed_with_all_its_keys(qtbot: QtBot) -> None:
    room = Room(qtbot, width=900, height=900)
    view = room.hold(ShortcutsView(room))
    shown = words(view)
    for action in ACTIONS:
        assert (action.title in shown) == bool(action.keys)
        assert all(shown_keys(keys) in shown for keys in action.keys)
    said = [label.accessibleName() for label in view.findChildren(QLabel)]
    assert "Keyboard shortcuts: F1 or Ctrl+?" in said


def test_keys_of_single_parts_stand_in_the_sections_of_the_actions() -> None:
    groups = rows_by_group()
    assert {group for group, _, _ in IN_PLACE} <= {action.group for action in ACTIONS}
    assert ("Ask the question", (shown_keys("Return"),)) in groups["Ask"]


def test_nothing_is_cut_in_a_narrow_room_nor_in_a_wide_one(qtbot: QtBot) -> None:
    room = Room(qtbot, width=560, height=520)
    view = room.hold(ShortcutsView(room))
    assert cut_labels(view) == []
    room.resize(1600, 900)
    assert cut_labels(view) == []


def test_f1_opens_it_from_anywhere_and_back_leads_back(window: MainWindow) -> None:
    QTest.keyClick(window.ask.bar.input, Qt.Key.Key_F1)
    assert window.pages.currentWidget() is window.shortcuts
    assert QApplication.focusWidget() is window.shortcuts.back
    button(window.shortcuts, "Back to the answers (Esc)").click()
    assert window.pages.currentWidget() is window.ask
