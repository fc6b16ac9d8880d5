"""Items stand side by side and go on in the next row, at any width."""

from __future__ import annotations

import pytest
from desktop_parts import Room
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from studiolo_desktop.widgets.flow_layout import FlowLayout

GAP = 8


class Flow:
    """A flow of boxes of given widths, 20 pixels high."""

    def __init__(self, qtbot: QtBot, *widths: int) -> None:
        self.room = Room(qtbot, width=300, height=300)
        self.holder = QWidget(self.room)
        self.layout = FlowLayout(self.holder, gap=GAP)
        self.layout.setContentsMargins(0, 0, 0, 0)
        self.boxes: list[QWidget] = []
        for width in widths:
            self.add(width)
        self.room.hold(self.holder)

    def add(self, width: int) -> QWidget:
        box = QWidget(self.holder)
        box.setFixedSize(width, 20)
        self.layout.addWidget(box)
        box.show()
        self.boxes.append(box)
        return box

    def places(self, width: int) -> list[QRect]:
        self.layout.setGeometry(QRect(0, 0, width, 1000))
        return [box.geometry() for box in self.boxes]


def test_items_share_a_row_while_there_is_room(qtbot: QtBot) -> None:
    places = Flow(qtbot, 100, 100, 84).places(300)
    assert [(p.x(), p.y()) for p in places] == [(0, 0), (108, 0), (216, 0)]


def test_the_item_that_does_not_fit_begins_a_row(qtbot: QtBot) -> None:
    places = Flow(qtbot, 100, 100, 85).places(300)
    assert [(p.x(), p.y()) for p in places] == [(0, 0), (108, 0), (0, 28)]


def test_an_item_wider_than_the_room_stands_alone(qtbot: QtBot) -> None:
    places = Flow(qtbot, 50, 500, 50).places(300)
    assert [p.y() for p in places] == [0, 28, 56]


def test_no_item_ever_lies_on_another_or_below_the_height_that_was_asked_for(qtbot: QtBot) -> None:
    flow = Flow(qtbot)

    @given(widths=st.lists(st.integers(1, 400), max_size=12), room=st.integers(1, 500), margin=st.integers(0, 12))
    @settings(max_examples=60, deadline=None)
    def check(widths: list[int], room: int, margin: int) -> None:
        while flow.boxes:
            flow.layout.removeWidget(flow.boxes[0])
            flow.boxes.pop(0).deleteLater()
        flow.layout.setContentsMargins(margin, margin, margin, margin)
        for width in widths:
            flow.add(width)
        places = flow.places(room)
        assert not [1 for i, p in enumerate(places) for q in places[:i] if p.intersects(q)]
        height = flow.layout.heightForWidth(room)
        assert all(p.bottom() < height - margin and p.x() >= margin and p.y() >= margin for p in places)

    check()


def test_a_narrower_room_makes_a_layout_above_it_give_more_height(qtbot: QtBot) -> None:
    flow = Flow(qtbot, 100, 100, 100)
    assert flow.layout.hasHeightForWidth()
    assert flow.holder.heightForWidth(120) == 76
    assert flow.layout.minimumSize().width() == 100


def test_an_empty_flow_takes_no_room(qtbot: QtBot) -> None:
    flow = Flow(qtbot)
    assert flow.layout.heightForWidth(300) == 0
    assert flow.layout.sizeHint().isEmpty()


@pytest.mark.parametrize("index", [-1, 2, 99])
def test_there_is_no_item_where_none_was_put(qtbot: QtBot, index: int) -> None:
    flow = Flow(qtbot, 10, 10)
    assert flow.layout.itemAt(index) is None
    assert flow.layout.takeAt(index) is None
    assert flow.layout.count() == 2


def test_an_item_that_is_taken_out_or_deleted_leaves_no_gap(qtbot: QtBot) -> None:
    flow = Flow(qtbot, 100, 90, 80)
    flow.layout.removeWidget(flow.boxes[0])
    flow.boxes.pop(0).deleteLater()
    QApplication.processEvents()
    assert flow.layout.count() == 2
    assert [p.x() for p in flow.places(300)] == [0, 98]


def test_buttons_stand_at_their_own_size(qtbot: QtBot) -> None:
    flow = Flow(qtbot)
    button = QPushButton("words", flow.holder)
    flow.layout.addWidget(button)
    button.show()
    flow.places(300)
    assert button.size() == button.sizeHint()
