"""The window comes back as it was left, on a screen that there is."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from scripted_window import LIMIT_MS, QUICK, Scene

from studiolo_desktop.theme import DARK, LIGHT
from studiolo_desktop.window_memory import on_a_screen
from studiolo_desktop.window_state import FILE_NAME

TWO = [{"name": name, "files": [1, 0, 1, 0]} for name in ("documents", "hr")]
SCREEN = QRect(0, 0, 1920, 1080)
SECOND = QRect(1920, 0, 2560, 1440)


class Starts:
    """The program, started again and again on one data folder."""

    def __init__(self, qtbot: QtBot, app: QApplication, folder: Path) -> None:
        self._qtbot, self._app, self._folder = qtbot, app, folder
        self.file = folder / "data" / FILE_NAME
        self.file.parent.mkdir()

    def start(self) -> Scene:
        scene = Scene.build(self._qtbot, self._app, self._folder, patience=QUICK, collections=TWO)
        scene.show()
        scene.settle()
        return scene

    def end(self, scene: Scene) -> None:
        scene.window.close()
        self._qtbot.waitUntil(lambda: scene.client.pid() == 0, timeout=LIMIT_MS)
        scene.window.deleteLater()


@pytest.fixture
def starts(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[Starts]:
    """Give a program that can be started again; its colours are taken back."""
    yield Starts(qtbot, qapp, tmp_path)
    qapp.styleHints().unsetColorScheme()


def test_size_widths_page_scope_and_colours_survive_a_restart(starts: Starts) -> None:
    first = starts.start()
    first.window.setGeometry(10, 20, 780, 640)  # the tests' screen is one of 800 by 800
    first.window.set_widths(left=310, right=420)
    first.window.ask.choose_scope(["hr"])
    first.window.library.page_wanted.emit("models")
    first.parts.theme.choose("dark")
    size = first.window.size()
    starts.end(first)
    second = starts.start()
    try:
        assert second.window.size() == size
        assert second.window.library.width() == 310
        assert second.window.right_width == 420
        assert second.window.ask.scope == ["hr"]
        assert second.window.pages.currentWidget() is second.window.models
        second.wait_for_text("licence: MIT")
        assert (second.parts.theme.chosen, second.parts.theme.tokens) == ("dark", DARK)
    finally:
        second.parts.theme.choose("system")
        assert second.parts.theme.tokens is LIGHT
        starts.end(second)


def test_the_ledger_comes_back_with_what_it_listed(starts: Starts) -> None:
    first = starts.start()
    first.window.show_page(first.window.ledger)
    first.window.ledger.open("skipped")
    starts.end(first)
    second = starts.start()
    second.wait(lambda: second.window.ledger.model.rowCount() > 0)
    assert second.window.ledger.wish.state == "skipped"
    assert second.window.pages.currentWidget() is second.window.ledger
    starts.end(second)


def test_a_search_comes_back_as_the_talk_since_its_passages_are_gone(starts: Starts) -> None:
    first = starts.start()
    first.window.library.search_wanted.emit("leave")
    starts.end(first)
    second = starts.start()
    assert second.window.pages.currentWidget() is second.window.ask
    starts.end(second)


@pytest.mark.parametrize("damage", [b"{", b'{"place": [1e9, 0, -3, "x"], "scope": 7}'])
def test_a_damaged_file_opens_the_window_as_if_for_the_first_time(starts: Starts, damage: bytes) -> None:
    starts.file.write_bytes(damage)
    scene = starts.start()
    assert scene.window.pages.currentWidget() is scene.window.ask
    assert scene.window.width() == 1360
    starts.end(scene)
    if os.name == "posix":
        assert starts.file.stat().st_mode & 0o777 == 0o600


def test_a_folder_that_cannot_be_written_costs_the_memory_and_nothing_else(starts: Starts) -> None:
    scene = starts.start()
    starts.file.mkdir()
    (starts.file / "in the way").touch()
    starts.end(scene)
    assert starts.file.is_dir()


def test_a_window_that_fits_stays_where_it_was() -> None:
    wanted = QRect(2000, 100, 1200, 800)
    assert on_a_screen(wanted, [SCREEN, SECOND]) == wanted


def test_a_window_of_a_screen_that_has_gone_comes_to_the_one_that_is_left() -> None:
    assert on_a_screen(QRect(2000, 100, 1200, 800), [SCREEN]) == QRect(720, 100, 1200, 800)


def test_a_window_that_is_too_large_takes_the_screen() -> None:
    assert on_a_screen(QRect(-50, -50, 4000, 3000), [SCREEN]) == SCREEN


def test_without_a_screen_nothing_is_moved() -> None:
    assert on_a_screen(QRect(1, 2, 3, 4), []) == QRect(1, 2, 3, 4)
