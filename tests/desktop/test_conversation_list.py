"""The conversations in the left room: in their order, looked through, renamed, pinned, removed and exported."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from desktop_parts import MARKUP, Room, click, unnamed, words
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from studiolo_desktop.conversation_list import ConversationList
from studiolo_desktop.widgets.conversation_row import ConversationRow, RemovalStrip, TitleEdit
from studiolo_desktop.widgets.labels import PlainLabel

NOW = datetime.now(UTC)
OLD = (NOW - timedelta(days=40)).isoformat()


def talk(number: int, title: str, asked_at: str = "", *, pinned: bool = False) -> dict[str, object]:
    return {"id": number, "title": title, "asked_at": asked_at or NOW.isoformat(), "pinned": pinned}


class Conversations:
    """The list in a room, and what it wants."""

    def __init__(self, qtbot: QtBot) -> None:
        self.room = Room(qtbot, width=252, height=600)
        self.view = self.room.hold(ConversationList(self.room, self.room.theme), stretch=0)
        self.wanted: list[tuple[object, ...]] = []
        view = self.view
        for name in ("opened", "renamed", "pin_wanted", "delete_wanted", "export_wanted", "search_wanted"):
            getattr(view, name).connect(lambda *said, name=name: self.wanted.append((name, *said)))

    def show(self, *rows: dict[str, object], total: int | None = None) -> None:
        self.view.show_listed({"rows": list(rows), "total": len(rows) if total is None else total})
        QApplication.processEvents()

    def order(self) -> list[str]:
        """Give sections and titles from top to bottom."""
        places = {row.y(): row.title for row in self.view.findChildren(ConversationRow) if row.isVisible()}
        sections = (w for w in self.view.findChildren(PlainLabel) if w.parent() is self.view and w.isVisible())
        places |= {label.y(): label.text() for label in sections}
        return [places[y] for y in sorted(places)]

    def choose_from_menu(self, *downs: int) -> None:
        """Choose from the open menu by keys: so many steps down, right into a menu below, and down again."""
        menu = self.view.findChild(QMenu)
        assert isinstance(menu, QMenu)
        for _ in range(downs[0]):
            QTest.keyClick(menu, Qt.Key.Key_Down)
        if len(downs) > 1:
            QTest.keyClick(menu, Qt.Key.Key_Right)
            below = menu.findChild(QMenu)
            assert isinstance(below, QMenu)
            for _ in range(downs[1]):
                QTest.keyClick(below, Qt.Key.Key_Down)
            QTest.keyClick(below, Qt.Key.Key_Return)
        else:
            QTest.keyClick(menu, Qt.Key.Key_Return)


@pytest.fixture
def talks(qtbot: QtBot) -> Conversations:
    return Conversations(qtbot)


def test_pinned_ones_stand_above_todays_and_those_above_earlier_ones(talks: Conversations) -> None:
    talks.show(talk(3, "Pinned?", OLD, pinned=True), talk(1, "Newest?"), talk(2, "Old?", OLD), talk(4, "Odd?", "x"))
    assert talks.order() == ["PINNED", "Pinned?", "TODAY", "Newest?", "EARLIER", "Old?", "Odd?"]
    click(talks.view.rows[2])
    assert talks.wanted == [("opened", 2)]


def test_a_section_without_conversations_is_not_named(talks: Conversations) -> None:
    talks.show(talk(1, "Newest?"))
    assert not {"PINNED", "EARLIER"} & set(words(talks.room))
    talks.show()
    assert words(talks.room) == []


def test_a_new_list_leaves_the_keyboard_and_what_is_open_where_they_are(talks: Conversations) -> None:
    talks.show(talk(1, "One?"), talk(2, "Two?"))
    talks.view.choose(2)
    talks.view.rows[2].setFocus()
    talks.show(talk(5, "New?"), talk(2, "Two, renamed"), talk(1, "One?"))
    assert talks.view.rows[2].hasFocus()
    assert [row.isChecked() for row in talks.view.rows.values()] == [False, True, False]
    assert talks.order() == ["TODAY", "New?", "Two, renamed", "One?"]


def test_a_click_does_not_say_that_it_is_open_before_it_is(talks: Conversations) -> None:
    talks.show(talk(1, "One?"), talk(2, "Two?"))
    talks.view.choose(1)
    click(talks.view.rows[2])
    assert (talks.view.rows[1].isChecked(), talks.view.rows[2].isChecked()) == (True, False)


def test_what_is_typed_is_looked_for_after_a_moment_and_enter_asks_at_once(talks: Conversations, qtbot: QtBot) -> None:
    talks.show(talk(1, "One?"))
    QTest.keyClicks(talks.view.search, " notice ")
    qtbot.waitUntil(lambda: talks.wanted == [("search_wanted", "notice")], timeout=3000)
    QTest.keyClicks(talks.view.search, "period")
    QTest.keyClick(talks.view.search, Qt.Key.Key_Return)
    assert talks.wanted[1:] == [("search_wanted", "notice period")]


def test_a_search_without_a_hit_says_so_and_can_be_taken_back(talks: Conversations) -> None:
    talks.show()
    assert not talks.view.search.isVisible()
    talks.show(talk(1, "One?"))
    talks.view.search.setText("zebra")
    talks.show()
    assert "No conversation holds these words." in words(talks.room)
    assert talks.view.search.isVisible()


def test_those_that_are_not_listed_yet_are_counted_and_one_click_away(talks: Conversations, qtbot: QtBot) -> None:
    talks.show(talk(1, "One?"), total=41)
    assert talks.view.more.text() == "Show 40 more conversations"
    with qtbot.waitSignal(talks.view.more_wanted, timeout=1000):
        click(talks.view.more)
    talks.show(talk(1, "One?"))
    assert not talks.view.more.isVisible()


def test_f2_renames_in_place_and_the_keyboard_comes_back(talks: Conversations) -> None:
    talks.show(talk(1, "One?"), talk(2, "Two?"))
    talks.view.rows[2].setFocus()
    QTest.keyClick(talks.view.rows[2], Qt.Key.Key_F2)
    edit = QApplication.focusWidget()
    assert isinstance(edit, TitleEdit)
    assert edit.selectedText() == "Two?"
    talks.show(talk(1, "One?"), talk(2, "Two?"))  # an answer has come meanwhile
    QTest.keyClicks(edit, "Leave")
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert talks.wanted == [("renamed", 2, "Leave")]
    assert talks.view.rows[2].hasFocus()
    assert talks.order() == ["TODAY", "One?", "Leave"]


def test_esc_leaves_the_title_and_the_window_alone(talks: Conversations) -> None:
    talks.show(talk(1, "One?"))
    QTest.keyClick(talks.view.rows[1], Qt.Key.Key_F2)
    edit = QApplication.focusWidget()
    assert isinstance(edit, TitleEdit)
    QTest.keyClicks(edit, "x")
    QTest.keyClick(edit, Qt.Key.Key_Escape)
    assert (talks.wanted, talks.order()) == ([], ["TODAY", "One?"])
    assert talks.view.rows[1].hasFocus()


def test_an_emptied_title_is_given_back_to_the_question(talks: Conversations) -> None:
    talks.show(talk(1, "Leave"))
    QTest.keyClick(talks.view.rows[1], Qt.Key.Key_F2)
    edit = QApplication.focusWidget()
    assert isinstance(edit, TitleEdit)
    edit.clear()
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert talks.wanted == [("renamed", 1, "")]


@pytest.mark.parametrize("way", ["Delete", "Keep", "Esc"])
def test_del_asks_first_and_only_a_yes_removes(talks: Conversations, way: str) -> None:
    talks.show(talk(1, "One?"), talk(2, "Two?"))
    talks.view.rows[1].setFocus()
    QTest.keyClick(talks.view.rows[1], Qt.Key.Key_Delete)
    strip = talks.view.findChild(RemovalStrip)
    assert isinstance(strip, RemovalStrip)
    assert strip.keep.hasFocus()
    if way == "Esc":
        QTest.keyClick(strip.keep, Qt.Key.Key_Escape)
    else:
        click(strip.delete if way == "Delete" else strip.keep)
    assert talks.wanted == ([("delete_wanted", 1)] if way == "Delete" else [])
    assert talks.view.rows[2 if way == "Delete" else 1].hasFocus()
    assert not strip.isVisible()


def test_a_conversation_that_goes_takes_with_it_what_was_asked_of_it(talks: Conversations) -> None:
    talks.show(talk(1, "One?"), talk(2, "Two?"))
    QTest.keyClick(talks.view.rows[1], Qt.Key.Key_Delete)
    talks.show(talk(2, "Two?"))
    assert talks.order() == ["TODAY", "Two?"]
    assert "Delete this conversation" not in " ".join(words(talks.room))


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # a menu without a screen
@pytest.mark.parametrize(
    ("downs", "wanted"),
    [
        ((2,), ("pin_wanted", 1, True)),
        ((3, 0), ("export_wanted", 1, "markdown")),
        ((3, 1), ("export_wanted", 1, "html")),
        ((3, 2), ("export_wanted", 1, "pdf")),
        ((3, 3), ("export_wanted", 1, "json")),
    ],
)
def test_the_menu_of_a_row_pins_and_exports(
    talks: Conversations, downs: tuple[int, ...], wanted: tuple[object, ...]
) -> None:
    talks.show(talk(1, "One?"), talk(2, "Two?"))
    talks.view.rows[1].customContextMenuRequested.emit(talks.view.rows[1].rect().center())
    talks.choose_from_menu(*downs)
    assert talks.wanted == [wanted]


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
@pytest.mark.parametrize(("down", "asked"), [(1, TitleEdit), (4, RemovalStrip)])
def test_the_menu_of_a_row_renames_and_removes(talks: Conversations, down: int, asked: type) -> None:
    talks.show(talk(1, "One?", pinned=True))
    talks.view.rows[1].customContextMenuRequested.emit(talks.view.rows[1].rect().center())
    menu = talks.view.findChild(QMenu)
    assert isinstance(menu, QMenu)
    assert [a.text().partition("\t")[0] for a in menu.actions() if a.text()] == [
        "Rename", "Unpin", "Export as", "Delete …",
    ]  # fmt: skip
    talks.choose_from_menu(down)
    assert isinstance(talks.view.findChild(asked), asked)


def test_titles_with_markup_are_text_and_push_nothing_out_of_the_room(talks: Conversations) -> None:
    talks.show(talk(1, MARKUP + "\n\u202e"), talk(2, "a_very_long_name_" * 20))
    assert MARKUP + " \ufffd" in words(talks.room)
    assert all("<img" not in row.toolTip() for row in talks.view.rows.values())
    assert all(row.mapTo(talks.room, row.rect().topRight()).x() < 252 for row in talks.view.rows.values())


def test_everything_has_a_name_for_a_screen_reader(talks: Conversations) -> None:
    talks.show(talk(1, "One?"), talk(2, "Two?"), total=9)
    QTest.keyClick(talks.view.rows[1], Qt.Key.Key_F2)
    assert unnamed(talks.room) == []
    QTest.keyClick(talks.view.rows[2], Qt.Key.Key_Delete)
    assert unnamed(talks.room) == []


@pytest.mark.parametrize("listed", [{}, {"rows": None}, {"rows": [3, {}, {"id": "x", "title": 4}], "total": "x"}])
def test_a_list_of_another_shape_is_borne(talks: Conversations, listed: dict[str, object]) -> None:
    talks.view.show_listed(listed)
    assert set(talks.view.rows) <= {0}
