"""A ledger of 100,000 rows is a table at once, and only what is looked at is asked for (R15)."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from desktop_parts import Room
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QHeaderView, QTableView
from pytestqt.qtbot import QtBot

from studiolo_desktop.ledger_model import COLUMNS, SLICE, LedgerModel

TOTAL = 100_000
TIP = Qt.ItemDataRole.ToolTipRole


def rows(offset: int, number: int = SLICE) -> list[dict[str, object]]:
    return [
        {"relative_path": f"hr/file {offset + i}.pdf", "path": f"/docs/hr/file {offset + i}.pdf", "state": "failed"}
        for i in range(number)
    ]


class Ledger:
    """Answers a model as the engine does, when it is told to, and notes what it was asked."""

    def __init__(self, qtbot: QtBot, total: int = TOTAL) -> None:
        self.qtbot = qtbot
        self.total = total
        self.model = LedgerModel()
        self.asked: list[int] = []
        self.open: list[int] = []
        self.model.wanted.connect(self.note)
        self.room = Room(qtbot, width=700, height=500)

    def note(self, offset: int, limit: int) -> None:
        assert limit == SLICE
        self.asked.append(offset)
        self.open.append(offset)

    def wait_for(self, number: int) -> None:
        self.qtbot.waitUntil(lambda: len(self.asked) >= number, timeout=2000)

    def answer(self) -> None:
        offset = self.open.pop(0)
        self.model.take_slice(offset, self.total, rows(offset, max(0, min(SLICE, self.total - offset))))

    def start(self) -> LedgerModel:
        self.model.reset()
        self.wait_for(1)
        self.answer()
        return self.model

    def show(self) -> QTableView:
        table = QTableView(self.room)
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        table.setModel(self.model)
        return self.room.hold(table)

    def text(self, row: int, column: int = 0) -> object:
        return self.model.data(self.model.index(row, column))


@pytest.fixture
def ledger(qtbot: QtBot) -> Ledger:
    return Ledger(qtbot)


def test_a_hundred_thousand_rows_are_painted_from_one_slice_and_only_those_in_sight(ledger: Ledger) -> None:
    looked_at = set()

    class CountingModel(LedgerModel):
        def row(self, number: int) -> Mapping[str, object] | None:
            looked_at.add(number)
            return super().row(number)

    ledger.model = CountingModel()
    ledger.model.wanted.connect(ledger.note)
    model = ledger.start()
    ledger.show().grab()
    assert model.rowCount() == TOTAL
    assert ledger.asked == [0]
    assert 10 < len(looked_at) < SLICE


def test_a_jump_to_the_end_asks_for_the_end_alone(ledger: Ledger) -> None:
    ledger.start()
    table = ledger.show()
    table.scrollToBottom()
    table.grab()
    ledger.wait_for(2)
    assert ledger.asked == [0, TOTAL - SLICE]
    ledger.answer()
    assert ledger.text(TOTAL - 1) == f"file {TOTAL - 1}.pdf"


def test_a_fast_scroll_asks_for_where_it_ends_first_and_skips_what_it_passed(ledger: Ledger) -> None:
    model = ledger.start()
    for row in range(SLICE, 60 * SLICE, SLICE):
        assert ledger.text(row) == "…"
    ledger.wait_for(3)
    assert ledger.asked[1:] == [59 * SLICE, 58 * SLICE]
    while ledger.open:
        ledger.answer()
    assert len(ledger.asked) == 3
    assert model.row(59 * SLICE) is not None


def test_at_most_two_slices_are_asked_for_at_a_time(ledger: Ledger) -> None:
    ledger.start()
    for row in (1000, 2000, 3000, 4000):
        ledger.text(row)
        ledger.wait_for(2)
    assert len(ledger.open) <= 2


def test_a_slice_that_did_not_come_lets_the_next_one_be_asked_for(ledger: Ledger) -> None:
    model = ledger.start()
    ledger.text(1000)
    ledger.text(2000)
    ledger.wait_for(3)
    ledger.text(3000)
    QApplication.processEvents()
    assert len(ledger.asked) == 3
    model.give_up(ledger.open.pop())
    ledger.wait_for(4)
    assert ledger.asked[-1] == 3000


def test_a_slice_that_did_not_come_is_asked_for_again_only_when_it_is_looked_at(ledger: Ledger) -> None:
    model = ledger.start()
    ledger.text(1000)
    ledger.wait_for(2)
    model.give_up(1000)
    ledger.text(1000)
    ledger.wait_for(3)
    assert ledger.asked == [0, 1000, 1000]


def test_a_row_that_is_being_fetched_is_asked_for_once(ledger: Ledger) -> None:
    ledger.start()
    table = ledger.show()
    ledger.text(1000)
    ledger.wait_for(2)
    for _ in range(5):
        ledger.text(1000)
        table.grab()
    assert ledger.asked == [0, 1000]


def test_a_long_look_around_keeps_a_bounded_number_of_rows(ledger: Ledger) -> None:
    model = ledger.start()
    for offset in range(SLICE, 60 * SLICE, SLICE):
        model.take_slice(offset, TOTAL, rows(offset))
    assert model.row(0) is None
    assert model.row(59 * SLICE) is not None


def test_a_ledger_that_has_changed_is_counted_and_read_anew(ledger: Ledger) -> None:
    model = ledger.start()
    model.take_slice(SLICE, TOTAL, rows(SLICE))
    model.take_slice(0, 3, rows(0, 3))
    assert model.rowCount() == 3
    assert [ledger.text(2, column) for column in (0, 1)] == ["file 2.pdf", "hr"]
    assert model.row(SLICE) is None


def test_a_new_filter_forgets_the_rows_of_the_old_one(ledger: Ledger) -> None:
    model = ledger.start()
    model.reset()
    assert model.rowCount() == 0
    ledger.wait_for(2)
    assert ledger.asked == [0, 0]


def test_an_empty_ledger_has_no_rows(qtbot: QtBot) -> None:
    assert Ledger(qtbot, total=0).start().rowCount() == 0


def test_every_cell_is_harmless_text(qtbot: QtBot) -> None:
    ledger = Ledger(qtbot, total=1)
    model = ledger.start()
    row = {
        "relative_path": "<i>x/<b>a\u202efdp.exe",
        "path": "/docs/<i>x/<b>a.exe",
        "indexed_at": "2026-11-27T14:03:59.000+00:00",
        "state": "failed",
        "reason": "a\nb",
        "code": "x",
        "size_bytes": 1500,
    }
    model.take_slice(0, 1, [row])
    told = [ledger.text(0, c) for c in range(len(COLUMNS))]
    assert told[:5] == ["<b>a\ufffdfdp.exe", "<i>x", "Not readable", "a b", "2 KB"]
    assert str(told[5]).startswith("2026-11-2")
    assert "&lt;b&gt;" in model.data(model.index(0, 0), TIP)


@pytest.mark.parametrize("row", [{}, {"relative_path": 3, "size_bytes": "x", "reason": None}])
def test_a_row_of_another_shape_is_shown_as_empty(qtbot: QtBot, row: dict[str, object]) -> None:
    ledger = Ledger(qtbot, total=1)
    ledger.start().take_slice(0, 1, [row])
    assert [ledger.text(0, c) for c in range(len(COLUMNS))] == ["", "", "", "", "0 B", ""]


def test_what_is_looked_at_is_asked_for_again_and_stays_in_sight(ledger: Ledger) -> None:
    model = ledger.start()
    for offset in (SLICE, 2 * SLICE):
        model.take_slice(offset, TOTAL, rows(offset))
    model.renew()
    ledger.wait_for(3)
    assert sorted(ledger.asked[1:]) == [SLICE, 2 * SLICE]
    assert model.rowCount() == TOTAL
    assert ledger.text(SLICE) == f"file {SLICE}.pdf"
    ledger.answer()
    ledger.answer()
    model.renew()
    ledger.wait_for(5)


def test_a_file_outside_of_its_folder_is_shown_by_its_whole_path(qtbot: QtBot) -> None:
    ledger = Ledger(qtbot, total=1)
    ledger.start().take_slice(0, 1, [{"path": "/docs/a.pdf"}])
    assert [ledger.text(0, column) for column in (0, 1)] == ["a.pdf", "/docs"]


def test_columns_have_titles_and_rows_none(ledger: Ledger) -> None:
    model = ledger.start()
    titles = [model.headerData(i, Qt.Orientation.Horizontal) for i in range(model.columnCount())]
    assert titles == [title for title, _ in COLUMNS]
    assert model.headerData(0, Qt.Orientation.Vertical) is None


def test_the_model_keeps_the_rules_of_qt_while_it_changes(qtbot: QtBot) -> None:
    ledger = Ledger(qtbot, total=SLICE + 2)
    tester = QAbstractItemModelTester(ledger.model, QAbstractItemModelTester.FailureReportingMode.Warning)
    model = ledger.start()
    model.take_slice(SLICE, SLICE + 2, rows(SLICE, 2))
    model.take_slice(0, 2, rows(0, 2))
    model.reset()
    assert tester.model() is model
    assert model.rowCount(model.index(0, 0)) == 0
    assert model.data(QModelIndex()) is None
