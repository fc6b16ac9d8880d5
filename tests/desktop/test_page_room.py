"""The room of a page: it fits as the user wants, and keys scroll before they turn."""

from __future__ import annotations

import pytest
from desktop_parts import Room, picture, written
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studiolo_desktop.widgets.page_room import MARGIN, PageRoom

CTRL = Qt.KeyboardModifier.ControlModifier


class Paper:
    """A page, twice as high as wide, in a room."""

    def __init__(self, qtbot: QtBot) -> None:
        self.room = Room(qtbot, width=400, height=500)
        self.page = self.room.hold(PageRoom(self.room, self.room.theme))
        self.turned: list[int] = []
        self.resized: list[bool] = []
        self.page.turned.connect(self.turned.append)
        self.page.resized.connect(lambda: self.resized.append(True))
        self.page.canvas.show_page(written(picture(200, 400)), (), width=self.page.page_width())
        self.page.arrange()
        QApplication.processEvents()

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.page.canvas, key, modifier)


@pytest.fixture
def paper(qtbot: QtBot) -> Paper:
    return Paper(qtbot)


def test_a_page_is_as_wide_as_its_room_and_stays_so_when_that_changes(paper: Paper, qtbot: QtBot) -> None:
    bar = paper.page.verticalScrollBar().width()
    assert paper.page.canvas.width() == pytest.approx(400 - bar - 2 * MARGIN, abs=4)
    paper.room.resize(600, 500)
    assert paper.page.canvas.width() == pytest.approx(600 - bar - 2 * MARGIN, abs=4)
    qtbot.waitUntil(lambda: len(paper.resized) == 1, timeout=5000)


def test_the_whole_page_fits_into_the_room_and_stays_so_when_that_changes(paper: Paper) -> None:
    paper.page.fit_to("page")
    assert paper.page.canvas.height() <= 500 - 2 * MARGIN
    assert paper.page.canvas.height() > 500 - 2 * MARGIN - 10
    paper.room.resize(400, 700)
    assert paper.page.canvas.height() == pytest.approx(700 - 2 * MARGIN, abs=8)
    paper.page.fit_to("width")
    assert paper.page.zoom == 1.0


def test_page_keys_scroll_first_and_turn_at_the_end(paper: Paper) -> None:
    bar = paper.page.verticalScrollBar()
    paper.key(Qt.Key.Key_PageDown)
    assert (paper.turned, bar.value() > 0) == ([], True)
    bar.setValue(bar.maximum())
    paper.key(Qt.Key.Key_PageDown)
    assert paper.turned == [1]
    bar.setValue(0)
    paper.key(Qt.Key.Key_PageUp)
    assert paper.turned == [1, -1]


def test_arrows_scroll_and_the_ends_of_the_document_are_one_key_away(paper: Paper) -> None:
    paper.key(Qt.Key.Key_Down)
    assert paper.page.verticalScrollBar().value() > 0
    paper.key(Qt.Key.Key_End, CTRL)
    paper.key(Qt.Key.Key_Home, CTRL)
    assert paper.turned[0] > 10_000
    assert paper.turned[1] < -10_000


def wheel(paper: Paper, turn: int, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    event = QWheelEvent(
        QPointF(50, 50), QPointF(50, 50), QPoint(0, 0), QPoint(0, turn), Qt.MouseButton.NoButton, modifier,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(paper.page.viewport(), event)


def test_the_wheel_with_ctrl_makes_the_page_larger_and_smaller(paper: Paper) -> None:
    for turn in (120, -120, -120):
        wheel(paper, turn, CTRL)
    assert paper.page.zoom == pytest.approx(0.8)


def test_the_wheel_turns_the_page_only_when_it_is_pushed_well_beyond_the_end(paper: Paper) -> None:
    bar = paper.page.verticalScrollBar()
    wheel(paper, -120)
    assert bar.value() > 0
    bar.setValue(bar.maximum())
    for _ in range(2):
        wheel(paper, -120)
    assert paper.turned == []
    wheel(paper, -120)
    assert paper.turned == [1]
    bar.setValue(bar.minimum())
    for _ in range(3):
        wheel(paper, 120)
    assert paper.turned == [1, -1]


def test_a_page_can_be_shown_from_its_end(paper: Paper) -> None:
    bar = paper.page.verticalScrollBar()
    paper.page.reveal(None, from_end=True)
    assert bar.value() == bar.maximum() > 0


def test_zooming_ends_in_both_directions(paper: Paper) -> None:
    for _ in range(30):
        paper.page.step_zoom(1)
    assert paper.page.zoom == 4.0
    for _ in range(30):
        paper.page.step_zoom(-1)
    assert paper.page.zoom == 0.5


def test_a_place_is_brought_into_sight_and_none_is_the_beginning(paper: Paper) -> None:
    bar = paper.page.verticalScrollBar()
    paper.page.reveal(QRectF(10, paper.page.canvas.height() - 20, 50, 10))
    assert bar.value() > 0
    paper.page.reveal(None)
    assert bar.value() == 0
