"""The account of every file: what could not be read, why, and another try."""

from __future__ import annotations

import pytest
from desktop_parts import Room, button, click, unnamed, words
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from studiolo.errors import ErrorReport
from studiolo_desktop.ledger_view import LedgerView

ERROR = ErrorReport("store.damaged", "The index cannot be opened.", "Run the doctor.")
RETRY = "Try the chosen files again, or all that failed"


def row(name: str, **fields: object) -> dict[str, object]:
    made = {"relative_path": name, "path": f"/docs/{name}", "state": "failed", "size_bytes": 10}
    return {**made, "reason": "It is locked with a password.", "code": "file.password", **fields}


class Opened:
    """A ledger as the window opens it, with three files that failed."""

    def __init__(self, qtbot: QtBot) -> None:
        self.room = Room(qtbot, width=900, height=500)
        self.view = self.room.hold(LedgerView(self.room))
        self.asked: list[tuple[object, int, int]] = []
        self.retried: list[list[str]] = []
        self.view.slice_wanted.connect(lambda state, offset, limit: self.asked.append((state, offset, limit)))
        self.view.retry_wanted.connect(self.retried.append)
        self.view.open("failed")
        qtbot.waitUntil(lambda: len(self.asked) == 1, timeout=2000)
        self.view.take_slice("failed", 0, 3, [row("a.pdf"), row("b.pdf"), row("c\udcff.pdf")])

    def press_retry(self) -> None:
        click(button(self.room, RETRY))


@pytest.fixture
def opened(qtbot: QtBot) -> Opened:
    return Opened(qtbot)


def test_it_opens_with_the_files_that_could_not_be_read(opened: Opened) -> None:
    assert opened.asked == [("failed", 0, 200)]
    assert opened.view.states.currentText() == "Could not be read"
    assert "3 files" in words(opened.room)
    assert opened.view.table.hasFocus()


def test_a_chosen_row_says_why_and_where(opened: Opened) -> None:
    opened.view.table.selectRow(1)
    assert "It is locked with a password. (file.password)" in words(opened.room)
    assert "/docs/b.pdf" in words(opened.room)


def test_the_reason_of_a_row_is_harmless(opened: Opened) -> None:
    opened.view.take_slice("failed", 0, 3, [row("a", reason="<b>x</b>\u202ey\nz", code=""), row("b"), row("c")])
    opened.view.table.selectRow(0)
    assert "<b>x</b>\ufffdy z" in words(opened.room)


def test_chosen_files_are_tried_again_by_their_exact_paths(opened: Opened) -> None:
    opened.view.table.selectRow(2)
    assert opened.view.retry.text() == "Try 1 file again"
    opened.press_retry()
    assert opened.retried == [["/docs/c\udcff.pdf"]]
    assert not opened.view.retry.isEnabled()


def test_without_a_choice_all_that_failed_are_tried_again(opened: Opened) -> None:
    opened.press_retry()
    assert opened.retried == [[]]


def test_no_choice_is_left_over_from_rows_that_have_gone(opened: Opened) -> None:
    """A button that says `1 file`, and would try all, would be a lie."""
    opened.view.table.selectRow(0)
    opened.view.refresh()
    assert opened.view.retry.text() == "Try again"
    assert not [w for w in words(opened.room) if "password" in w or "/docs" in w]


def test_another_filter_asks_for_its_files(opened: Opened, qtbot: QtBot) -> None:
    opened.view.states.setCurrentIndex(opened.view.states.findText("All files"))
    qtbot.waitUntil(lambda: len(opened.asked) == 2, timeout=2000)
    assert opened.asked[-1] == (None, 0, 200)


def test_the_answer_for_another_filter_comes_too_late(opened: Opened) -> None:
    opened.view.take_slice("skipped", 0, 9000, [row("z.pdf")])
    assert opened.view.model.rowCount() == 3


@pytest.mark.parametrize("state", ["skipped", "pending", "indexed"])
def test_only_what_failed_can_be_tried_again(opened: Opened, state: str) -> None:
    opened.view.open(state)
    opened.view.take_slice(state, 0, 1, [row("a.pdf")])
    assert not opened.view.retry.isEnabled()


def test_an_empty_list_says_so(opened: Opened) -> None:
    opened.view.take_slice("failed", 0, 0, [])
    assert "No file is in this state." in words(opened.room)
    assert not opened.view.retry.isEnabled()


def test_a_list_that_cannot_be_read_says_why_and_is_asked_for_again(opened: Opened, qtbot: QtBot) -> None:
    opened.view.refresh()
    qtbot.waitUntil(lambda: len(opened.asked) == 2, timeout=2000)
    opened.view.slice_failed(0, ERROR)
    assert "The index cannot be opened. Run the doctor. (store.damaged)" in words(opened.room)
    opened.view.open("failed")
    qtbot.waitUntil(lambda: len(opened.asked) == 3, timeout=2000)
    opened.view.take_slice("failed", 0, 1, [row("a.pdf")])
    assert not [w for w in words(opened.room) if "store.damaged" in w]


def test_the_keyboard_walks_through_the_rows_and_leaves_with_tab(opened: Opened) -> None:
    table = opened.view.table
    QTest.keyClick(table, Qt.Key.Key_Down)
    QTest.keyClick(table, Qt.Key.Key_Down)
    assert opened.view.retry.text() == "Try 1 file again"
    QTest.keyClick(table, Qt.Key.Key_Tab)
    assert not table.hasFocus()


def test_back_closes_the_list(opened: Opened, qtbot: QtBot) -> None:
    with qtbot.waitSignal(opened.view.closed, timeout=2000):
        click(button(opened.room, "Back to the answers (Esc)"))


def test_everything_has_a_name_for_a_screen_reader(opened: Opened) -> None:
    assert unnamed(opened.room) == []
