"""The small pages: those in sight come one at a time, few are kept, and keys choose one."""

from __future__ import annotations

import base64

import pytest
from desktop_parts import Room, click, colours, looks, picture, written
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from studiolo_desktop.theme import LIGHT
from studiolo_desktop.widgets.page_rail import MOST_KEPT, PageRail

LIMIT_MS = 5000
PAGES = 500


class Rail:
    """The rail of a long document in a room of a few rows."""

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.room = Room(qtbot, width=300, height=500)
        self.rail = PageRail(self.room, self.room.theme)
        self.asked: list[int] = []
        self.chosen: list[int] = []
        self.rail.wanted.connect(lambda page, width: self.asked.append(page))
        self.rail.chosen.connect(self.chosen.append)
        self.room.hold(self.rail)
        self.rail.show()

    def open(self, page: int = 1, version: str = "v") -> None:
        self.rail.show_document(version, page, PAGES, 1.4)

    def wait_for(self, number: int) -> None:
        self.qtbot.waitUntil(lambda: len(self.asked) >= number, timeout=LIMIT_MS)

    def answer(self, **fields: object) -> None:
        png = base64.b64encode(written(picture(76, 106, colour="red"))).decode()
        page = self.asked[-1]
        self.rail.take(page, {"page": page, "sha256": "v", "png": png, **fields})


@pytest.fixture
def rail(qtbot: QtBot) -> Rail:
    return Rail(qtbot)


def test_only_pages_in_sight_are_asked_for_and_one_at_a_time(rail: Rail, qtbot: QtBot) -> None:
    rail.open()
    rail.wait_for(1)
    assert rail.asked == [1]
    for number in range(2, 5):
        rail.answer()
        rail.wait_for(number)
    rail.answer()
    qtbot.wait(200)
    assert rail.asked == [1, 2, 3, 4]


def test_a_page_far_away_is_brought_into_sight_and_asked_for_without_those_between(rail: Rail) -> None:
    rail.open()
    rail.wait_for(1)
    rail.rail.show_document("v", 300, PAGES, 1.4)
    rail.answer()
    rail.wait_for(2)
    assert 290 <= rail.asked[-1] <= 310


def test_pictures_are_painted_and_the_shown_page_is_framed(rail: Rail) -> None:
    rail.open()
    rail.wait_for(1)
    assert "#ff0000" not in colours(looks(rail.rail))
    rail.answer()
    assert {"#ff0000", LIGHT.accent} <= colours(looks(rail.rail))


def test_no_more_than_a_few_pictures_are_kept(rail: Rail) -> None:
    rail.open()
    for page in range(1, MOST_KEPT + 20):
        rail.rail._asked = page
        rail.asked.append(page)
        rail.answer()
    assert len(rail.rail._pictures) == MOST_KEPT
    assert rail.rail.picture(1) is None
    assert rail.rail.picture(MOST_KEPT + 19) is not None


def test_another_version_forgets_the_pictures_and_late_ones_are_left_out(rail: Rail) -> None:
    rail.open()
    rail.wait_for(1)
    rail.answer()
    rail.wait_for(2)
    rail.open(version="w")
    assert rail.rail.picture(1) is None
    rail.answer()
    assert rail.rail.picture(2) is None


@pytest.mark.parametrize("fields", [{"png": "no base64!"}, {"png": None}, {"png": ""}, {"sha256": "x"}, {"page": 7}])
def test_a_picture_that_cannot_be_painted_or_is_of_another_page_leaves_the_paper_white(
    rail: Rail, fields: dict[str, object]
) -> None:
    rail.open()
    rail.wait_for(1)
    rail.answer(**fields)
    rail.wait_for(2)
    assert rail.asked == [1, 2]
    assert rail.rail.picture(1) is None


def test_a_page_that_cannot_be_drawn_does_not_hold_up_the_next(rail: Rail) -> None:
    rail.open()
    rail.wait_for(1)
    rail.rail.fail(1)
    rail.wait_for(2)
    assert rail.asked == [1, 2]


def test_keys_and_the_mouse_choose_a_page(rail: Rail) -> None:
    rail.open()
    rail.rail.setFocus()
    QTest.keyClick(rail.rail, Qt.Key.Key_Down)
    QTest.keyClick(rail.rail, Qt.Key.Key_Return)
    QTest.keyClick(rail.rail, Qt.Key.Key_Down)
    QTest.keyClick(rail.rail, Qt.Key.Key_Space)
    click(rail.rail.viewport(), rail.rail.visualRect(rail.rail.rows.index(0)).center())
    assert rail.chosen == [2, 3, 1]


def test_a_screen_reader_hears_the_number_and_which_page_is_shown(rail: Rail) -> None:
    rail.open(page=2)
    told = QAccessible.queryAccessibleInterface(rail.rail)
    names = [told.child(row).text(QAccessible.Text.Name) for row in range(3)]
    assert names == ["Page 1", "Page 2, shown", "Page 3"]
    assert rail.rail.accessibleName() == "Small pages"


def test_while_it_is_hidden_nothing_is_asked(rail: Rail, qtbot: QtBot) -> None:
    rail.rail.hide()
    rail.open()
    qtbot.wait(200)
    assert rail.asked == []
    rail.rail.show()
    rail.wait_for(1)
