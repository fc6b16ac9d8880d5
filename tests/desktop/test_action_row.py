"""A row of a list: its buttons say what they are for, and wrap below the words in a narrow room."""

from __future__ import annotations

from desktop_parts import MARKUP, Room, button, click, cut_labels, words
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studiolo_desktop.widgets.action_row import ActionRow


def test_a_button_says_what_it_is_for_and_words_are_plain(qtbot: QtBot) -> None:
    room = Room(qtbot, width=400, height=200)
    row = ActionRow(room)
    row.say(MARKUP, tone="strong")
    pressed: list[object] = []
    made = row.button("Open", name="Open it", key="k1")
    made.clicked.connect(lambda: pressed.append(made.property("key")))
    room.hold(row, stretch=0)
    click(button(row, "Open it"))
    assert (pressed, words(row)) == (["k1"], [MARKUP])


def test_in_a_narrow_room_the_buttons_go_on_in_the_next_line(qtbot: QtBot) -> None:
    room = Room(qtbot, width=600, height=300)
    row = ActionRow(room)
    row.say("Some words that go on for a while, so that they need more than one line in a narrow room.")
    made = [row.button(f"A longer button {n}", name=f"b{n}", key="") for n in range(3)]
    room.hold(row, stretch=0)
    assert len({b.y() for b in made}) == 1
    room.resize(240, 300)
    QApplication.processEvents()
    assert len({b.y() for b in made}) > 1
    assert all(b.mapTo(row, b.rect().topRight()).x() <= row.width() for b in made)
    assert cut_labels(room) == []
