"""The account of every file: what could not be read, why, and another try."""

from __future__ import annotations

import pytest
from desktop_parts import Room, button, click, unnamed, words
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QMenu
from pytestqt.qtbot import QtBot

from studiolo.errors import ErrorReport
from studiolo_desktop.ledger_filters import LedgerWish
from studiolo_desktop.ledger_model import COLUMNS
from studiolo_desktop.ledger_view import LedgerView

FAILED = LedgerWish(state="failed")
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
        self.view.slice_wanted.connect(lambda wish, offset, limit: self.asked.append((wish, offset, limit)))
        self.view.retry_wanted.connect(self.retried.append)
        self.view.open("failed")
        qtbot.waitUntil(lambda: len(self.asked) == 1, timeout=2000)
        self.take([row("a.pdf"), row("b.pdf"), row("c\udcff.pdf")])

    def take(self, rows: list[dict[str, object]], *, total: int | None = None, wish: LedgerWish | None = None) -> None:
        """Answer as the engine does."""
        value = {"total": len(rows) if total is None else total, "rows": rows}
        self.view.take_slice(wish or self.view.wish, 0, value)

    def menu(self) -> QMenu:
        self.view.table.customContextMenuRequested.emit(self.view.table.rect().center())
        menu = self.view.findChild(QMenu)
        assert isinstance(menu, QMenu)
        return menu

    def press_retry(self) -> None:
        click(button(self.room, RETRY))


@pytest.fixture
def opened(qtbot: QtBot) -> Opened:
    return Opened(qtbot)


def test_it_opens_with_the_files_that_could_not_be_read(opened: Opened) -> None:
    assert opened.asked == [(FAILED, 0, 200)]
    assert opened.view.filters.states.currentText() == "Not readable"
    assert "3 files" in words(opened.room)
    assert opened.view.table.hasFocus()


def test_a_chosen_row_says_why_and_where(opened: Opened) -> None:
    opened.view.table.selectRow(1)
    assert "It is locked with a password. (file.password)" in words(opened.room)
    assert "/docs/b.pdf" in words(opened.room)


def test_the_reason_of_a_row_is_harmless(opened: Opened) -> None:
    opened.take([row("a", reason="<b>x</b>\u202ey\nz", code=""), row("b"), row("c")])
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
    opened.view.filters.states.setCurrentIndex(0)
    qtbot.waitUntil(lambda: len(opened.asked) == 2, timeout=2000)
    assert opened.asked[-1] == (LedgerWish(), 0, 200)


def test_the_answer_for_another_filter_comes_too_late(opened: Opened) -> None:
    opened.take([row("z.pdf")], total=9000, wish=LedgerWish(state="skipped"))
    assert opened.view.model.rowCount() == 3


@pytest.mark.parametrize("state", ["skipped", "pending", "indexed"])
def test_without_a_choice_only_a_list_of_what_failed_can_be_tried_again(opened: Opened, state: str) -> None:
    opened.view.open(state)
    opened.take([row("a.pdf", state=state)])
    assert not opened.view.retry.isEnabled()


def test_a_list_with_a_filter_is_not_tried_again_as_a_whole(opened: Opened) -> None:
    """Without paths the engine would try all that failed, also what the list does not show."""
    opened.view.open("failed", words="lease")
    opened.take([row("lease.pdf")])
    assert not opened.view.retry.isEnabled()
    opened.view.table.selectRow(0)
    opened.press_retry()
    assert opened.retried == [["/docs/lease.pdf"]]


def test_of_a_mixed_choice_only_what_can_be_is_tried_again(opened: Opened) -> None:
    opened.view.open("")
    opened.take([row("a.pdf"), row("b.pdf", state="indexed"), row("c.pdf", state="pending")])
    opened.view.table.selectAll()
    assert opened.view.retry.text() == "Try 2 files again"
    opened.press_retry()
    assert opened.retried == [["/docs/a.pdf", "/docs/c.pdf"]]


def test_a_choice_of_a_hundred_thousand_rows_is_no_wait(opened: Opened) -> None:
    opened.take([row(f"{n}.pdf") for n in range(200)], total=100_000)
    opened.view.table.selectAll()
    assert opened.view.retry.text() == "Try 200 files again"  # those that are there


def test_an_empty_list_says_so(opened: Opened) -> None:
    opened.take([])
    assert "Every file could be read." in words(opened.room)
    assert not opened.view.retry.isEnabled()
    assert not opened.view.export.isEnabled()
    opened.view.open("skipped")
    opened.take([])
    assert "No file is in this state." in words(opened.room)
    opened.view.open("skipped", words="x")
    opened.take([])
    assert "No file passes these filters." in words(opened.room)


def test_a_list_that_cannot_be_read_says_why_and_is_asked_for_again(opened: Opened, qtbot: QtBot) -> None:
    opened.view.refresh()
    qtbot.waitUntil(lambda: len(opened.asked) == 2, timeout=2000)
    opened.view.slice_failed(0, ERROR)
    assert "The index cannot be opened. Run the doctor. (store.damaged)" in words(opened.room)
    opened.view.open("failed")
    qtbot.waitUntil(lambda: len(opened.asked) == 3, timeout=2000)
    opened.take([row("a.pdf")])
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


def test_a_column_orders_the_list_and_turns_it_round(opened: Opened, qtbot: QtBot) -> None:
    header = opened.view.table.horizontalHeader()
    size = [title for title, _ in COLUMNS].index("Size")
    orders = []
    for _ in range(2):
        header.sectionClicked.emit(size)
        orders.append((opened.view.wish.order, opened.view.wish.descending, header.sortIndicatorSection()))
    assert orders == [("size", True, size), ("size", False, size)]
    qtbot.waitUntil(lambda: opened.asked[-1][0] == opened.view.wish, timeout=2000)


def test_a_column_that_orders_nothing_leaves_the_mark_where_it_is(opened: Opened) -> None:
    header = opened.view.table.horizontalHeader()
    reason = [title for title, _ in COLUMNS].index("Reason")
    header.setSortIndicator(reason, Qt.SortOrder.AscendingOrder)  # Qt does this by itself when it is clicked
    header.sectionClicked.emit(reason)
    assert header.sortIndicatorSection() == 0
    assert opened.view.wish.order == "name"


def test_what_is_chosen_stays_chosen_when_its_row_is_another_one(opened: Opened) -> None:
    opened.view.table.selectRow(1)
    opened.take([row("0.pdf"), row("a.pdf"), row("b.pdf"), row("c.pdf")])
    assert "/docs/b.pdf" in words(opened.room)
    opened.take([row("b.pdf"), row("c.pdf"), row("d.pdf"), row("e.pdf")])
    assert "/docs/b.pdf" in words(opened.room)
    opened.take([row("x.pdf")])
    assert not opened.view.details.isVisible()


def test_a_change_on_the_disk_is_seen_while_the_list_is_looked_at(opened: Opened, qtbot: QtBot) -> None:
    opened.view._renewing.setInterval(10)
    opened.view.note_change()
    qtbot.waitUntil(lambda: len(opened.asked) == 2, timeout=2000)
    assert opened.view.model.rowCount() == 3  # the old rows stay until the new ones come
    opened.view.hide()
    opened.view.note_change()
    assert not opened.view._renewing.isActive()


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # a menu without a screen
def test_a_row_offers_what_can_be_done_with_its_file(opened: Opened, qtbot: QtBot) -> None:
    wanted: list[tuple[str, object]] = []
    opened.view.details.open_wanted.connect(lambda path: wanted.append(("open", path)))
    opened.view.details.show_wanted.connect(lambda path: wanted.append(("show", path)))
    opened.view.view_wanted.connect(lambda row: wanted.append(("view", row["path"])))
    opened.view.table.setCurrentIndex(opened.view.model.index(2, 0))
    for text in ("Show it here", "Open original", "Show in folder"):
        menu = opened.menu()
        next(action for action in menu.actions() if action.text() == text).trigger()
        menu.close()
        menu.setParent(None)
    assert wanted == [(what, "/docs/c\udcff.pdf") for what in ("view", "open", "show")]
    QTest.keyClick(opened.view.table, Qt.Key.Key_Return)
    assert wanted[-1] == ("view", "/docs/c\udcff.pdf")


@pytest.mark.qt_log_ignore("plugin does not support", extend=True)  # Qt's own dialog, on a screen that is none
def test_what_is_listed_is_written_to_a_file_that_is_asked_for(opened: Opened) -> None:
    written: list[tuple[object, object]] = []
    opened.view.export_wanted.connect(lambda wish, path: written.append((wish, path)))
    click(opened.view.export)
    dialog = opened.view.findChild(QFileDialog)
    assert isinstance(dialog, QFileDialog)
    assert (dialog.acceptMode(), dialog.defaultSuffix()) == (QFileDialog.AcceptMode.AcceptSave, "csv")
    dialog.fileSelected.emit("/tmp/files.csv")
    dialog.close()
    assert written == [(FAILED, "/tmp/files.csv")]
    assert (opened.view.export.text(), opened.view.export.isEnabled()) == ("Exporting …", False)
    opened.view.show_exporting(running=False)
    assert (opened.view.export.text(), opened.view.export.isEnabled()) == ("Export …", True)


def test_a_narrow_window_leaves_out_columns_not_the_reason(opened: Opened) -> None:
    for width, shown in ((1000, 6), (800, 5), (600, 4)):
        opened.room.resize(width, 500)
        assert sum(not opened.view.table.isColumnHidden(i) for i in range(len(COLUMNS))) == shown
        assert opened.view.table.columnWidth(3) > 100
