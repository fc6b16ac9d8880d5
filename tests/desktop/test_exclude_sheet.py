"""What is left out of a folder: nothing is kept that was not previewed, and no late answer is believed."""

from __future__ import annotations

import pytest
from desktop_parts import MARKUP, Room, button, click, cut_labels, unnamed, words
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from studiolo.errors import ErrorReport
from studiolo_desktop.widgets.exclude_sheet import ExcludeSheet

FOLDER = "/docs/caf\udce9"
NOTHING = {"dropped": 0, "returned": 0, "dropped_paths": [], "returned_paths": []}
BAD = ErrorReport("ignore.bad_pattern", "This cannot be left out: !.", "Patterns are written as in .gitignore.")


class Sheet:
    """The sheet over a room, and what it wants."""

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.room = Room(qtbot, width=600, height=440)
        self.view = self.room.hold(ExcludeSheet(self.room))
        self.asked: list[tuple[str, list[str]]] = []
        self.saved: list[tuple[str, list[str]]] = []
        self.ended = 0
        self.view.preview_wanted.connect(lambda folder, patterns: self.asked.append((folder, patterns)))
        self.view.saved.connect(lambda folder, patterns: self.saved.append((folder, patterns)))
        self.view.preview_unwanted.connect(self.count_end)

    def count_end(self) -> None:
        self.ended += 1

    def open(self, *patterns: str) -> None:
        self.view.ask(FOLDER, patterns)

    def answer(self, value: dict[str, object] | None = None, *, of: int = -1) -> None:
        folder, patterns = self.asked[of]
        self.view.take_preview(folder, patterns, value or NOTHING)

    def type(self, text: str) -> None:
        QTest.keyClicks(self.view.editor, text)
        self.qtbot.waitUntil(lambda: self.asked[-1][1] == self.view.patterns(), timeout=2000)


@pytest.fixture
def sheet(qtbot: QtBot) -> Sheet:
    return Sheet(qtbot)


def test_it_opens_with_the_patterns_of_the_folder_and_the_keyboard_in_them(sheet: Sheet) -> None:
    sheet.open("drafts/", "*.log")
    assert sheet.view.editor.toPlainText() == "drafts/\n*.log"
    assert sheet.view.editor.hasFocus()
    assert sheet.asked == [(FOLDER, ["drafts/", "*.log"])]
    sheet.answer()
    assert "No file would be left out or read again." in words(sheet.room)


def test_what_is_typed_is_previewed_once_it_rests(sheet: Sheet) -> None:
    sheet.open()
    sheet.type("dra")
    sheet.type("fts/")
    assert len(sheet.asked) <= 3
    assert sheet.asked[-1] == (FOLDER, ["drafts/"])


def test_the_preview_names_the_files_and_counts_those_that_are_not_named(sheet: Sheet) -> None:
    sheet.open("a")
    sheet.answer(
        {
            "dropped": 1204,
            "returned": 1,
            "dropped_paths": [f"{FOLDER}/drafts/{n}.txt" for n in range(3)],
            "returned_paths": [f"{FOLDER}/{MARKUP}\u202e.txt"],
        }
    )
    assert "1,204 files would be left out, 1 read again." in words(sheet.room)
    lines = sheet.view.files.toPlainText().splitlines()
    assert lines[0] == "− drafts/0.txt"
    assert lines[3] == f"+ {MARKUP}\ufffd.txt"
    assert lines[4] == "… and 1,201 more files"
    assert cut_labels(sheet.room) == []


def test_a_preview_of_other_patterns_or_of_another_folder_comes_too_late(sheet: Sheet) -> None:
    sheet.open("a")
    sheet.type("b")
    sheet.answer({**NOTHING, "dropped": 99}, of=0)
    sheet.view.take_preview("/docs/other", ["ab"], {**NOTHING, "dropped": 99})
    assert not [w for w in words(sheet.room) if "99" in w]
    assert not sheet.view.save.isEnabled()
    sheet.answer()
    assert sheet.view.save.isEnabled()


def test_nothing_is_saved_before_it_was_previewed(sheet: Sheet) -> None:
    sheet.open()
    sheet.answer()
    QTest.keyClicks(sheet.view.editor, "x")
    QTest.keyClick(sheet.view.editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert sheet.saved == []
    assert sheet.view.isVisible()


@pytest.mark.parametrize("way", ["button", "keys"])
def test_previewed_patterns_are_saved_a_line_each(sheet: Sheet, way: str) -> None:
    sheet.open("drafts/")
    sheet.view.editor.setPlainText("drafts/\n\n  \n*.log\n!keep.log")
    sheet.type(" ")
    sheet.answer()
    if way == "button":
        click(button(sheet.room, "Save what is left out (Ctrl+Enter)"))
    else:
        QTest.keyClick(sheet.view.editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert len(sheet.saved) == 1
    assert sheet.saved[0][0] == FOLDER
    assert [p.strip() for p in sheet.saved[0][1]] == ["drafts/", "*.log", "!keep.log"]
    assert not sheet.view.isVisible()


@pytest.mark.parametrize("way", ["Esc", "Cancel"])
def test_nothing_changes_without_a_save_and_nobody_waits_for_the_preview(sheet: Sheet, way: str) -> None:
    sheet.open("a")
    if way == "Esc":
        QTest.keyClick(sheet.view.editor, Qt.Key.Key_Escape)
    else:
        click(button(sheet.room, "Cancel"))
    assert (sheet.saved, sheet.ended, sheet.view.isVisible()) == ([], 1, False)
    sheet.answer({**NOTHING, "dropped": 5})
    sheet.open("a")
    assert "Looking at what that changes …" in words(sheet.room)


def test_what_is_no_pattern_says_so_and_cannot_be_saved(sheet: Sheet) -> None:
    sheet.open("!")
    sheet.view.preview_failed(FOLDER, ["!"], BAD)
    assert "This cannot be left out: !. Patterns are written as in .gitignore." in words(sheet.room)
    assert not sheet.view.save.isEnabled()


def test_patterns_of_a_folder_that_is_away_can_be_saved_without_a_preview(sheet: Sheet) -> None:
    sheet.open("a")
    sheet.view.preview_failed(FOLDER, ["a"], ErrorReport("folder.unreadable", "It may not be read.", ""))
    assert sheet.view.save.isEnabled()


def test_tab_leaves_the_patterns_and_everything_has_a_name(sheet: Sheet) -> None:
    sheet.open("a")
    sheet.answer()
    QTest.keyClick(sheet.view.editor, Qt.Key.Key_Tab)
    assert sheet.view.files.hasFocus()
    assert unnamed(sheet.room) == []


@pytest.mark.parametrize(
    "value", [{}, {"dropped": "x", "dropped_paths": 3}, {"dropped": 2, "dropped_paths": [1, None]}]
)
def test_a_preview_of_another_shape_is_borne(sheet: Sheet, value: dict[str, object]) -> None:
    sheet.open("a")
    sheet.answer(value or {"more": 1})
    assert sheet.view.save.isEnabled()
