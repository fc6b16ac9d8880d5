"""The edges of the rooms can be dragged, and let go of their width again."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from studiolo_desktop.main_window import MainWindow
from studiolo_desktop.widgets.room_edge import RoomEdge

LEFT = Qt.MouseButton.LeftButton


def drag(edge: RoomEdge, by: int) -> None:
    """Drag an edge by some pixels, as a hand does."""
    at = edge.rect().center()
    QTest.mousePress(edge, LEFT, pos=at)
    for step in (by // 2, by - by // 2):
        QTest.mouseMove(edge, at + QPoint(step, 0))
        QApplication.processEvents()
    QTest.mouseRelease(edge, LEFT, pos=edge.rect().center())


@pytest.fixture
def wide(window: MainWindow) -> MainWindow:
    """Give a window with all three rooms."""
    window.resize(1500, 800)
    window.open_source()
    return window


def test_the_left_room_is_made_wider_by_its_edge(wide: MainWindow) -> None:
    before = wide.library.width()
    wide.left_edge.dragged.emit(before + 60)
    assert wide.library.width() == before + 60
    assert wide.middle.geometry().left() == before + 60
    assert wide.left_edge.geometry().center().x() == pytest.approx(before + 60, abs=1)


def test_the_right_room_is_made_wider_by_its_edge_and_gets_its_own_width_back_with_two_clicks(wide: MainWindow) -> None:
    before = wide.source.width()
    wide.right_edge.dragged.emit(wide.width() - before - 80)
    assert wide.source.width() == before + 80
    QTest.mouseDClick(wide.right_edge, LEFT)
    assert wide.source.width() == before


def test_a_hand_drags_an_edge(wide: MainWindow) -> None:
    dragged: list[int] = []
    wide.left_edge.dragged.connect(dragged.append)
    drag(wide.left_edge, 40)
    assert dragged
    assert wide.left_edge.property("held") == "false"


def test_the_edge_of_the_source_is_there_only_while_it_lies_beside_the_middle(wide: MainWindow) -> None:
    assert wide.right_edge.isVisible()
    wide.resize(900, 600)
    assert not wide.right_edge.isVisible()
    wide.resize(1500, 800)
    wide.close_source()
    assert not wide.right_edge.isVisible()


def test_an_edge_is_no_stop_of_the_tab_key(wide: MainWindow) -> None:
    assert wide.left_edge.focusPolicy() == Qt.FocusPolicy.NoFocus
