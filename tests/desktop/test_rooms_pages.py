"""What the pages share: they lead back, say what is wrong, and made anew keep the keyboard and the place."""

from __future__ import annotations

import pytest
from desktop_parts import Room, button, click, cut_labels, unnamed, words
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from studiolo.errors import ErrorReport
from studiolo_desktop.rooms_pages import ListPage, card
from studiolo_desktop.widgets.labels import WrapLabel, push_button


@pytest.fixture
def room(qtbot: QtBot) -> Room:
    return Room(qtbot, width=508, height=300)


@pytest.fixture
def page(room: Room) -> ListPage:
    return room.hold(ListPage(room, "Things"))


def fill(page: ListPage, names: list[str]) -> None:
    with page.renewed():
        page.add_section("All")
        for name in names:
            frame, column = card(page.inside)
            column.addWidget(push_button(frame, name))
            column.addWidget(WrapLabel(frame, "some words " * 20))
            page.add(frame)


def focused() -> str:
    widget = QApplication.focusWidget()
    return "" if widget is None else widget.accessibleName()


def test_back_closes_the_page(page: ListPage, room: Room, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.closed, timeout=1000):
        click(button(room, "Back to the answers (Esc)"))


def test_an_error_is_shown_with_its_hint_and_code(page: ListPage, room: Room) -> None:
    page.show_failed(None, ErrorReport("model.missing", "No model is there.", "Add one."))
    assert "No model is there. Add one. (model.missing)" in words(room)


def test_a_list_made_anew_keeps_the_keyboard_and_the_place(page: ListPage, room: Room, qtbot: QtBot) -> None:
    fill(page, [f"thing {n}" for n in range(9)])
    button(room, "thing 6").setFocus()
    QApplication.processEvents()
    page.list_room.verticalScrollBar().setValue(200)
    fill(page, [f"thing {n}" for n in range(9)])
    assert focused() == "thing 6"
    qtbot.waitUntil(lambda: page.list_room.verticalScrollBar().value() == 200, timeout=1000)
    fill(page, ["another"])
    assert focused() == "Back to the answers (Esc)"


def test_tab_goes_from_top_to_bottom_also_after_a_list_was_made_anew(page: ListPage, room: Room) -> None:
    room.activateWindow()
    fill(page, ["one", "two"])
    fill(page, ["three", "four", "five"])
    page.back.setFocus()
    passed = []
    for _ in range(4):
        QTest.keyClick(QApplication.focusWidget() or page, Qt.Key.Key_Tab)
        passed.append(focused())
    assert passed == ["Things", "three", "four", "five"]


def test_a_row_that_is_kept_stays_the_same(page: ListPage, room: Room) -> None:
    kept = QPushButton("kept", page.inside)
    with page.renewed():
        page.keep(kept)
    with page.renewed():
        page.keep(kept)
        page.add_note("a note")
    QApplication.processEvents()
    assert kept.isVisible()
    assert "a note" in words(room)


def test_nothing_is_cut_in_a_narrow_window_and_all_is_named(page: ListPage, room: Room) -> None:
    page.status.setText("/home/" + "a_very_long_name_without_any_space_" * 5)
    fill(page, ["a thing"])
    assert cut_labels(room) == []
    assert unnamed(room) == []
