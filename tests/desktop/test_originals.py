"""What a person can do with an original, wherever its name stands."""

from __future__ import annotations

import pytest
from desktop_parts import Room
from PySide6.QtCore import QPoint
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QMenu
from pytestqt.qtbot import QtBot

from studiolo_desktop.originals import Originals, copy_path

PATH = "/docs/caf\udce9 & <b>x.pdf"


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # a menu without a screen
def test_the_menu_gives_the_exact_path_back(qtbot: QtBot) -> None:
    room = Room(qtbot)
    label = room.hold(QLabel("a.pdf", room))
    originals = Originals(room)
    wanted: list[tuple[object, bool]] = []
    originals.wanted.connect(lambda path, show: wanted.append((path, show)))
    originals.offer(label, PATH, QPoint(3, 3))
    menu = label.findChild(QMenu)
    assert isinstance(menu, QMenu)
    assert [action.text() for action in menu.actions()] == ["Open original", "Show in folder", "Copy path"]
    for action in menu.actions():
        action.trigger()
    assert wanted == [(PATH, False), (PATH, True)]
    assert QGuiApplication.clipboard().text() == "/docs/caf\\udce9 & <b>x.pdf"


def test_it_is_found_from_any_part_of_its_window_and_missing_elsewhere(qtbot: QtBot) -> None:
    room, other = Room(qtbot), Room(qtbot)
    label = room.hold(QLabel("a", room))
    originals = Originals(room)
    assert Originals.of(label) is originals
    assert Originals.of(other) is None


def test_a_plain_path_is_copied_as_it_is(qtbot: QtBot) -> None:
    copy_path("/docs/Müller 1.pdf")
    assert QGuiApplication.clipboard().text() == "/docs/Müller 1.pdf"
