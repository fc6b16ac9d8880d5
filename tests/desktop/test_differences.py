"""Documents that differ: each side with its words, its date and a way to its place; nothing is markup."""

from __future__ import annotations

import pytest
from desktop_parts import MARKUP, Room, click, cut_labels, unnamed, words
from pytestqt.qtbot import QtBot

from studiolo_desktop.widgets.differences import Differences, dated

NEW: dict[str, object] = {
    "number": 1, "path": "/hr/handbook-2024.pdf", "page": 4, "start": 0, "end": 9, "value": "25 days",
    "quote": "Everyone has 25 days of leave.", "date": "2024", "date_from": "name", "current": True,
}  # fmt: skip
OLD = NEW | {
    "number": 2, "path": "/hr/handbook-2023.pdf", "value": "20 days", "quote": "Everyone has 20 days of leave.",
    "date": "2023", "current": False,
}  # fmt: skip


@pytest.fixture
def room(qtbot: QtBot) -> Room:
    return Room(qtbot, width=600, height=400)


def show(room: Room, *sides: dict[str, object]) -> Differences:
    return room.hold(Differences(room, {"about": "Everyone leave", "sides": list(sides)}), stretch=0)


def test_both_sides_are_shown_with_date_and_place(room: Room) -> None:
    shown = show(room, NEW, OLD)
    assert words(room) == [
        "Your documents differ: Everyone leave",
        "25 days", "“Everyone has 25 days of leave.”", "2024, by its name; the newest",
        "20 days", "“Everyone has 20 days of leave.”", "2023, by its name",
    ]  # fmt: skip
    assert [link.text() for link in shown.links] == ["handbook-2024.pdf, p. 4", "handbook-2023.pdf, p. 4"]
    assert cut_labels(room) == []
    assert unnamed(room) == []


def test_the_sides_stand_beside_each_other_where_there_is_room(room: Room) -> None:
    shown = show(room, NEW, OLD)
    first, second = (link.mapTo(shown, link.rect().topLeft()) for link in shown.links)
    assert first.y() == second.y()
    assert second.x() - first.x() > 200


def test_the_sides_stand_below_each_other_where_there_is_none(qtbot: QtBot) -> None:
    narrow = Room(qtbot, width=300, height=600)
    shown = show(narrow, NEW, OLD)
    first, second = (link.mapTo(shown, link.rect().topLeft()) for link in shown.links)
    assert first.x() == second.x()
    assert second.y() > first.y()


def test_a_link_gives_its_side(room: Room, qtbot: QtBot) -> None:
    shown = show(room, NEW, OLD)
    with qtbot.waitSignal(shown.chosen) as chosen:
        click(shown.links[1])
    assert chosen.args[0]["path"] == "/hr/handbook-2023.pdf"


def test_what_comes_from_a_document_is_never_markup(room: Room) -> None:
    show(room, NEW | {"quote": MARKUP, "value": MARKUP})
    assert MARKUP in words(room)


@pytest.mark.parametrize(
    ("side", "said"),
    [
        ({"date": "2024-03-01", "date_from": "text"}, "2024-03-01, by its text"),
        ({"date": "2026-11-02", "date_from": "file", "current": True}, "2026-11-02, file changed; the newest"),
        ({"date": 7, "current": True}, ""),
    ],
)
def test_it_is_said_how_a_date_is_known(side: dict[str, object], said: str) -> None:
    assert dated(side) == said


def test_a_conflict_of_any_shape_is_shown_as_far_as_it_goes(room: Room) -> None:
    shown = room.hold(Differences(room, {"about": 3, "sides": [None, {"quote": ["x"]}]}), stretch=0)
    assert len(shown.links) == 1
