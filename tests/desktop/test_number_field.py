"""A number is typed or stepped to, kept within its bounds, and never changed by a wheel that scrolls the page."""

from __future__ import annotations

import pytest
from desktop_parts import Room
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studiolo_desktop.widgets.number_field import DecimalField, WholeField


@pytest.fixture
def room(qtbot: QtBot) -> Room:
    return Room(qtbot, width=300, height=120)


def test_it_is_stepped_to_and_kept_within_its_bounds(room: Room) -> None:
    whole = room.hold(WholeField(room, "How many", low=1, high=9), stretch=0)
    decimal = room.hold(DecimalField(room, "Strength", low=0.0, high=2.0, step=0.05), stretch=0)
    QTest.keyClick(whole, Qt.Key.Key_Up)
    QTest.keyClick(decimal, Qt.Key.Key_Up)
    assert (whole.value(), decimal.value()) == (2, 0.05)
    whole.setValue(99)
    decimal.setValue(-1)
    assert (whole.value(), decimal.value()) == (9, 0.0)
    assert (whole.accessibleName(), decimal.accessibleName()) == ("How many", "Strength")


def test_a_wheel_scrolls_the_page_and_changes_nothing(room: Room) -> None:
    for field in (WholeField(room, "a", low=1, high=9), DecimalField(room, "b", low=0.0, high=2.0, step=0.1)):
        room.hold(field, stretch=0)
        before = field.value()
        turned = QWheelEvent(
            QPointF(5, 5), QPointF(5, 5), QPoint(0, 0), QPoint(0, 120), Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(field, turned)
        assert field.value() == before
