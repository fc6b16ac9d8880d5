"""What lies over the window for a moment asks clearly, and takes no for an answer."""

from __future__ import annotations

import pytest
from desktop_parts import MARKUP, Room, button, click, unnamed, words
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from studiolo_desktop.widgets.overlays import CollectionSheet, ConfirmSheet, DropOverlay

ODD_PATH = "/docs/caf\udce9"


class Sheets:
    """Both sheets in a room, and what they say."""

    def __init__(self, qtbot: QtBot) -> None:
        self.room = Room(qtbot, width=500, height=400)
        self.room.hold(QPushButton("below", self.room))
        self.collection = CollectionSheet(self.room)
        self.confirm = ConfirmSheet(self.room)
        self.collection.setGeometry(30, 10, 440, 180)
        self.confirm.setGeometry(30, 210, 440, 180)
        self.accepted: list[tuple[object, str]] = []
        self.confirmed: list[object] = []
        self.collection.accepted.connect(lambda folders, name: self.accepted.append((folders, name)))
        self.confirm.confirmed.connect(self.confirmed.append)


@pytest.fixture
def sheets(qtbot: QtBot) -> Sheets:
    return Sheets(qtbot)


def press(sheets: Sheets, key: Qt.Key) -> None:
    QTest.keyClick(sheets.collection.name, key)


def test_enter_accepts_the_collection_that_is_proposed(sheets: Sheets) -> None:
    sheets.collection.ask(["/docs/hr"], ["law"])
    assert sheets.collection.name.hasFocus()
    press(sheets, Qt.Key.Key_Return)
    assert sheets.accepted == [(["/docs/hr"], "documents")]
    assert not sheets.collection.isVisible()


def test_the_proposal_is_written_over_by_the_first_letter(sheets: Sheets) -> None:
    sheets.collection.ask(["/docs/hr"], [])
    QTest.keyClicks(sheets.collection.name, " hr ")
    press(sheets, Qt.Key.Key_Return)
    assert sheets.accepted[0][1] == "hr"


def test_escape_adds_nothing(sheets: Sheets, qtbot: QtBot) -> None:
    sheets.collection.ask(["/docs/hr"], [])
    with qtbot.waitSignal(sheets.collection.rejected, timeout=1000):
        press(sheets, Qt.Key.Key_Escape)
    assert not sheets.collection.isVisible()
    sheets.collection.ask(["/docs/law"], [])
    press(sheets, Qt.Key.Key_Return)
    assert sheets.accepted == [(["/docs/law"], "documents")]


ESTIMATE = {
    "files": 600,
    "size_bytes": 10_000_000,
    "pages": 0,
    "seconds": {"low": 60.0, "high": 120.0, "scanned_pages": 0.0},
    "disk_bytes": 4_000_000,
    "free_bytes": 10**12,
}


def test_it_says_what_the_folders_take_once_it_is_known_of_each(sheets: Sheets) -> None:
    wanted: list[list[str]] = []
    sheets.collection.estimate_wanted.connect(wanted.append)
    sheets.collection.ask(["/docs/a"], [])
    sheets.collection.ask(["/docs/a", "/docs/b"], [])
    assert wanted == [["/docs/a"], ["/docs/b"]]
    sheets.collection.take_estimate("/docs/a", ESTIMATE)
    assert sheets.collection.estimate.text() == "Looking at how much there is …"
    sheets.collection.take_estimate("/docs/b", ESTIMATE)
    assert sheets.collection.estimate.text() == (
        "1,200 files, 20 MB.\nReady in about 2 to 4 min; the index takes 8 MB."
    )


def test_what_cannot_be_told_is_not_said_and_a_late_estimate_is_for_nobody(sheets: Sheets) -> None:
    sheets.collection.ask(["/docs/a"], [])
    sheets.collection.take_estimate("/docs/a", {})
    assert not sheets.collection.estimate.isVisible()
    press(sheets, Qt.Key.Key_Return)
    assert sheets.accepted == [(["/docs/a"], "documents")]
    sheets.collection.ask(["/docs/b"], [])
    sheets.collection.take_estimate("/docs/a", ESTIMATE)
    assert sheets.collection.estimate.text() == "Looking at how much there is …"


def test_folders_that_are_dropped_while_it_asks_are_added_and_the_name_stays(sheets: Sheets) -> None:
    sheets.collection.ask(["/docs/a"], [])
    QTest.keyClicks(sheets.collection.name, "mine")
    sheets.collection.ask(["/docs/b", "/docs/a"], [])
    assert "Watch 2 folders: a, b" in words(sheets.collection)
    press(sheets, Qt.Key.Key_Return)
    assert sheets.accepted == [(["/docs/a", "/docs/b"], "mine")]


def test_many_folders_are_counted_and_three_are_named(sheets: Sheets) -> None:
    sheets.collection.ask([f"/docs/{name}" for name in "abcde"], [])
    assert "Watch 5 folders: a, b, c …" in words(sheets.collection)


@pytest.mark.parametrize("name", ["", "   "])
def test_a_collection_needs_a_name(sheets: Sheets, name: str) -> None:
    sheets.collection.ask(["/docs/hr"], [])
    sheets.collection.name.setText(name)
    assert not button(sheets.room, "Add folder").isEnabled()
    press(sheets, Qt.Key.Key_Return)
    assert sheets.accepted == []
    assert sheets.collection.isVisible()


def test_a_name_is_not_endless(sheets: Sheets) -> None:
    sheets.collection.ask(["/docs/hr"], [])
    QTest.keyClicks(sheets.collection.name, "x" * 100)
    assert len(sheets.collection.name.text()) == 64


def test_known_collections_are_proposed_while_one_types(sheets: Sheets) -> None:
    sheets.collection.ask(["/docs/hr"], ["customers", "contracts", "law"])
    completer = sheets.collection.name.completer()
    completer.setCompletionPrefix("c")
    assert completer.completionCount() == 2


def test_a_folder_whose_name_is_no_unicode_comes_through_whole(sheets: Sheets) -> None:
    sheets.collection.ask([ODD_PATH], [])
    click(button(sheets.room, "Add folder"))
    assert sheets.accepted == [([ODD_PATH], "documents")]
    sheets.confirm.ask(ODD_PATH, f"Stop watching {ODD_PATH}?", "")
    click(button(sheets.room, "Forget"))
    assert sheets.confirmed == [ODD_PATH]


def test_cancel_adds_nothing(sheets: Sheets) -> None:
    sheets.collection.ask(["/docs/hr"], [])
    click(button(sheets.room, "Cancel"))
    assert sheets.accepted == []
    assert not sheets.collection.isVisible()


def test_what_is_forgotten_is_asked_for_and_keeping_is_the_safe_key(sheets: Sheets) -> None:
    sheets.confirm.ask("/docs/hr", "Stop watching /docs/hr?", "Your files stay.")
    keep = button(sheets.room, "Keep")
    assert keep.hasFocus()
    QTest.keyClick(keep, Qt.Key.Key_Space)
    assert sheets.confirmed == []
    assert not sheets.confirm.isVisible()


def test_forget_gives_the_key_back(sheets: Sheets) -> None:
    sheets.confirm.ask("/docs/hr", "Stop watching /docs/hr?", "Your files stay.")
    click(button(sheets.room, "Forget"))
    assert sheets.confirmed == ["/docs/hr"]
    assert not sheets.confirm.isVisible()


def test_a_screen_reader_hears_what_would_be_forgotten(sheets: Sheets) -> None:
    sheets.confirm.ask("/docs/hr", "Stop watching /docs/hr?", "Your files stay.")
    assert sheets.confirm.accessibleName() == "Stop watching /docs/hr?"
    sheets.collection.ask(["/docs/hr"], [])
    assert unnamed(sheets.room) == ["QPushButton "]  # the button below the sheets


def test_hostile_names_are_text(sheets: Sheets) -> None:
    sheets.confirm.ask("k", f"Stop watching {MARKUP}\u202e?", "a\nb")
    assert words(sheets.confirm)[:2] == [f"Stop watching {MARKUP}\ufffd?", "a b"]
    sheets.collection.ask(["/docs/<b>x\u202ey"], [])
    assert "Watch 1 folder: <b>x\ufffdy" in words(sheets.collection)


def test_the_drop_target_covers_the_room_and_lets_the_mouse_through(qtbot: QtBot) -> None:
    room = Room(qtbot, width=500, height=400)
    below = room.hold(QPushButton("below", room))
    overlay = DropOverlay(room)
    assert not overlay.isVisible()
    overlay.cover()
    assert overlay.geometry() == room.rect().adjusted(12, 12, -12, -12)
    assert "Drop a folder to watch it, a GGUF file to add a model" in words(overlay)
    assert room.childAt(QPoint(250, 200)) is below
