"""A list to choose from: what has no room ends with an ellipsis, and is in the tool tip."""

from __future__ import annotations

from desktop_parts import Room, colours, looks
from pytestqt.qtbot import QtBot

from studiolo_desktop.theme import LIGHT
from studiolo_desktop.widgets.choice import Choice


def test_a_long_text_is_cut_where_it_has_no_room_and_told_in_the_tool_tip(qtbot: QtBot) -> None:
    room = Room(qtbot, width=140, height=60)
    choice = room.hold(Choice(room, "Which"), stretch=0)
    choice.addItems(["Short", "Much longer than there is room for <b>"])
    choice.grab()
    assert (choice.shown_text(), choice.toolTip()) == ("Short", "")
    choice.setCurrentIndex(1)
    choice.grab()
    assert choice.shown_text().endswith("…")
    assert "&lt;b&gt;" in choice.toolTip()


def test_it_has_a_name_and_the_colours_of_the_theme(qtbot: QtBot) -> None:
    room = Room(qtbot, width=200, height=60)
    choice = room.hold(Choice(room, "Which\nfiles"), stretch=0)
    choice.addItem("All")
    assert choice.accessibleName() == "Which files"
    seen = colours(looks(choice))
    assert LIGHT.accent in seen  # it has the keyboard
    assert seen & {LIGHT.card, LIGHT.hover}
