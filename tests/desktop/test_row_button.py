"""One row of the left room: its name stays readable, its state is said in words too."""

from __future__ import annotations

import pytest
from desktop_parts import MARKUP, Room, click, colours, looks
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from studiolo_desktop.theme import DARK, LIGHT, Tokens
from studiolo_desktop.widgets.row_button import DotState, RowButton

SCHEMES = pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])


@pytest.fixture
def room(qtbot: QtBot) -> Room:
    return Room(qtbot, width=232, height=120)


def show(room: Room, text: str = "handbook", **how: bool) -> RowButton:
    return room.hold(RowButton(room, room.theme, "key", text, **how), stretch=0)  # type: ignore[arg-type]  # flags only


def label(row: RowButton, text: str) -> QLabel:
    QApplication.processEvents()
    return next(found for found in row.findChildren(QLabel) if found.text() == text)


def distance(one: QColor, other: QColor) -> int:
    return max(abs(one.red() - other.red()), abs(one.green() - other.green()), abs(one.blue() - other.blue()))


@pytest.mark.parametrize(
    ("state", "said"), [("ok", "hr, 5, up to date"), ("busy", "hr, 5, being indexed"), ("off", "hr, 5, offline")]
)
def test_the_state_of_the_dot_is_said_in_words(room: Room, state: DotState, said: str) -> None:
    row = show(room, dot=True)
    row.show_row("hr", "5", state)
    assert row.accessibleName() == said


def test_nothing_is_said_twice(room: Room) -> None:
    row = show(room, dot=True)
    row.show_row("usb", "offline", "off")
    assert row.accessibleName() == "usb, offline"


@SCHEMES
@pytest.mark.parametrize(("state", "token"), [("ok", "ok"), ("busy", "weak"), ("off", "muted")])
def test_the_dot_has_the_colour_of_its_state(room: Room, tokens: Tokens, state: DotState, token: str) -> None:
    row = show(room, "", dot=True)
    room.theme.use(tokens)
    row.show_row("", "", state)
    middle = row.height() // 2
    dot = looks(row).copy(QRect(8, middle - 5, 9, 9))
    meant = QColor(getattr(tokens, token))
    assert min(distance(meant, QColor(found)) for found in colours(dot)) < 24  # a thin ring is smoothed
    hollow = dot.pixelColor(4, 4) != meant
    assert hollow == (state == "off")


def test_a_click_and_the_space_bar_say_the_key(room: Room) -> None:
    row = show(room)
    keys: list[str] = []
    row.chosen.connect(keys.append)
    click(row)
    QTest.keyClick(row, Qt.Key.Key_Space)
    assert keys == ["key", "key"]


def test_a_click_on_the_name_or_the_word_is_a_click_on_the_row(room: Room) -> None:
    row = show(room)
    row.show_row("handbook", "38")
    transparent = Qt.WidgetAttribute.WA_TransparentForMouseEvents
    assert all(found.testAttribute(transparent) for found in row.findChildren(QLabel))


@SCHEMES
def test_a_chosen_row_looks_chosen(room: Room, tokens: Tokens) -> None:
    row = show(room)
    room.theme.use(tokens)
    assert tokens.accent_soft not in colours(looks(row))
    row.setChecked(True)
    assert tokens.accent_soft in colours(looks(row))


@SCHEMES
def test_the_row_with_the_keyboard_can_be_told(room: Room, tokens: Tokens) -> None:
    row, other = show(room), show(room, "other")
    room.theme.use(tokens)
    row.setFocus()
    assert tokens.accent in colours(looks(row))
    assert tokens.accent not in colours(looks(other))


def test_a_long_word_leaves_room_for_the_name(room: Room) -> None:
    row = show(room, sub=True)
    row.show_row("handbook", "offline since 2026-01-02", tone="weak")
    assert label(row, "handbook").width() >= label(row, "handbook").sizeHint().width()
    assert label(row, "offline since 2026-01-02").geometry().right() < row.width()


def test_a_long_name_leaves_room_for_the_word(room: Room) -> None:
    row = show(room, dot=True)
    row.show_row("a_very_long_name_" * 6, "1,204 of 1,880", "busy")
    word = label(row, "1,204 of 1,880")
    assert word.width() >= word.sizeHint().width()
    assert row.width() <= 232


def test_what_is_cut_is_whole_in_the_tool_tip_as_text(room: Room) -> None:
    row = show(room)
    row.show_row(MARKUP, "offline since 2026-01-02")
    tip = QTextDocument()
    tip.setHtml(row.toolTip())
    assert tip.toPlainText() == f"{MARKUP}, offline since 2026-01-02"
    assert row.word() == "offline since 2026-01-02"


def test_a_name_that_turns_around_is_unmasked(room: Room) -> None:
    row = show(room, "invoice\u202efdp.exe")
    assert row.accessibleName() == "invoice\ufffdfdp.exe"


def test_a_row_without_a_word_gives_all_its_room_to_the_name(room: Room) -> None:
    row = show(room, "How many days of unused leave can I carry over?", sentence=True)
    QApplication.processEvents()
    assert label(row, "How many days of unused leave can I carry over?").geometry().right() >= row.width() - 12
