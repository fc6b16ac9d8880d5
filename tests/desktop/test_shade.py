"""Behind a sheet the window is shaded and cannot be clicked; afterwards the keyboard is where it was."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from studiolo_desktop.main_window import MainWindow


@pytest.fixture
def asked(window: MainWindow, tmp_path: Path) -> MainWindow:
    """Give a window that asks for the collection of a folder."""
    window.ask.focus_question()
    window.offer_folders([str(tmp_path)])
    return window


def test_it_lies_over_everything_but_the_sheet(asked: MainWindow) -> None:
    assert asked.shade.geometry() == asked.rect()
    assert asked.childAt(asked.library.geometry().center()) is asked.shade
    assert asked.sheet.isAncestorOf(asked.childAt(asked.sheet.geometry().center()) or asked)
    asked.resize(1000, 700)
    assert asked.shade.geometry() == asked.rect()


def test_a_click_beside_the_sheet_does_nothing(asked: MainWindow) -> None:
    asked.show_page(asked.models)
    QTest.mouseClick(asked.shade, Qt.MouseButton.LeftButton, pos=QPoint(60, 30))
    assert asked.sheet.isVisible()
    assert asked.pages.currentWidget() is asked.models


@pytest.mark.parametrize("answer", ["reject", "accept"])
def test_it_goes_with_the_sheet_and_the_keyboard_is_where_it_was(asked: MainWindow, answer: str) -> None:
    QTest.keyClick(asked.sheet.name, Qt.Key.Key_Escape if answer == "reject" else Qt.Key.Key_Return)
    assert not asked.shade.isVisible()
    assert QApplication.focusWidget() is asked.ask.bar.input


def test_it_stays_while_another_sheet_is_there(asked: MainWindow) -> None:
    asked.confirm.ask("/docs", "Stop?", "Really?")
    asked.sheet.reject()
    assert asked.shade.isVisible()
    asked.confirm.reject()
    assert not asked.shade.isVisible()
