"""A row of the palette is painted with its icon, its words and the word at its end, in the colours of the scheme."""

from __future__ import annotations

from desktop_parts import Room, colours, looks
from PySide6.QtCore import QRect
from pytestqt.qtbot import QtBot

from studiolo_desktop.palette import Entry, Palette
from studiolo_desktop.theme import DARK, LIGHT


def test_words_and_details_are_painted_and_the_chosen_row_stands_out_in_both_schemes(qtbot: QtBot) -> None:
    room = Room(qtbot, width=700)
    palette = Palette(room, room.theme)
    room.show()
    palette.open([Entry("action", "a", "Pause", "Ctrl+P", "pause"), Entry("page", "b", "Models", "", "model")])
    for tokens in (LIGHT, DARK):
        room.theme.use(tokens)
        picture = looks(palette.list)
        height = round(picture.height() / 2)
        chosen = colours(picture.copy(QRect(0, 0, picture.width(), height - 6)))
        other = colours(picture.copy(QRect(0, height + 6, picture.width(), height - 12)))
        assert tokens.accent_soft in chosen
        assert tokens.accent_soft not in other
        assert tokens.text in chosen & other
    room.theme.use(LIGHT)


def test_a_long_title_is_cut_before_its_detail(qtbot: QtBot) -> None:
    room = Room(qtbot, width=500)
    palette = Palette(room, room.theme)
    room.show()
    palette.open([Entry("past", "1", "word " * 60, "")])
    without = looks(palette.list)
    palette.show_entries([Entry("past", "1", "word " * 60, "2026-01-01")])
    with_detail = looks(palette.list)
    right = QRect(without.width() - 80, 0, 80, without.height())
    assert LIGHT.muted in colours(with_detail.copy(right))
    assert LIGHT.text not in colours(with_detail.copy(right))
