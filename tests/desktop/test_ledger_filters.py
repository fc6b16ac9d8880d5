"""Which files are listed: words, state, collection, reason, and the order."""

from __future__ import annotations

import pytest
from desktop_parts import MARKUP, Room, unnamed
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from studiolo_desktop.ledger_filters import ORDERS, LedgerFilters, LedgerWish

CODES = [{"code": "file.password", "files": 1204}, {"code": "file.damaged", "files": 2}]


class Filters:
    """The fields, and every wish that they have had."""

    def __init__(self, qtbot: QtBot) -> None:
        self.room = Room(qtbot, width=600, height=90)
        self.fields = self.room.hold(LedgerFilters(self.room))
        self.wishes: list[LedgerWish] = []
        self.fields.changed.connect(lambda: self.wishes.append(self.fields.wish))


@pytest.fixture
def filters(qtbot: QtBot) -> Filters:
    return Filters(qtbot)


def test_at_first_all_files_are_listed_by_name(filters: Filters) -> None:
    assert filters.fields.wish == LedgerWish()
    assert not filters.fields.wish.is_narrowed


def test_while_someone_types_one_list_is_wanted_and_enter_wants_it_at_once(filters: Filters, qtbot: QtBot) -> None:
    QTest.keyClicks(filters.fields.words, " lease 2024")
    assert filters.wishes == []
    qtbot.waitUntil(lambda: len(filters.wishes) == 1, timeout=2000)
    assert filters.wishes[0].words == "lease 2024"
    assert filters.wishes[0].is_narrowed
    QTest.keyClicks(filters.fields.words, "x")
    QTest.keyClick(filters.fields.words, Qt.Key.Key_Return)
    assert filters.wishes[-1].words == "lease 2024x"


def test_words_that_are_the_same_want_nothing_new(filters: Filters) -> None:
    QTest.keyClicks(filters.fields.words, "  ")
    QTest.keyClick(filters.fields.words, Qt.Key.Key_Return)
    assert filters.wishes == []


def test_reasons_are_offered_in_words_with_their_number_and_filter_by_code(filters: Filters) -> None:
    filters.fields.show_codes(CODES)
    reasons = filters.fields.reasons
    offered = [reasons.itemText(i) for i in range(reasons.count())]
    assert offered == ["Any reason", "Locked with a password (1,204)", "Damaged (2)"]
    reasons.setCurrentIndex(1)
    assert filters.wishes[-1].code == "file.password"


def test_a_chosen_reason_stays_when_no_file_has_it_any_more(filters: Filters) -> None:
    filters.fields.show_codes(CODES)
    filters.fields.reasons.setCurrentIndex(2)
    filters.fields.show_codes([])
    assert filters.fields.reasons.currentText() == "Damaged (0)"
    assert filters.fields.wish.code == "file.damaged"
    assert len(filters.wishes) == 1


def test_another_state_has_other_reasons(filters: Filters) -> None:
    filters.fields.show_codes(CODES)
    filters.fields.reasons.setCurrentIndex(1)
    filters.fields.states.setCurrentIndex(filters.fields.states.findData("skipped"))
    assert filters.wishes[-1] == LedgerWish(state="skipped")
    assert filters.fields.reasons.currentText() == "Any reason"


def test_collections_are_offered_and_the_chosen_one_stays(filters: Filters) -> None:
    filters.fields.show_collections(["documents", "hr"])
    filters.fields.collections.setCurrentIndex(2)
    filters.fields.show_collections(["documents", "archive", "hr"])
    assert filters.fields.collections.currentData() == "hr"
    assert filters.wishes == [LedgerWish(collection="hr")]


def test_a_collection_that_has_gone_filters_no_longer(filters: Filters) -> None:
    filters.fields.show_collections(["documents", "hr"])
    filters.fields.collections.setCurrentIndex(2)
    assert filters.fields.wish.collection == "hr"
    filters.fields.show_collections(["documents"])
    assert filters.fields.wish.collection is None


def test_every_order_can_be_chosen_without_the_mouse(filters: Filters) -> None:
    filters.fields.orders.setFocus()
    for _ in range(len(ORDERS) - 1):
        QTest.keyClick(filters.fields.orders, Qt.Key.Key_Down)
    assert [(wish.order, wish.descending) for wish in filters.wishes] == [
        (order, down) for _, order, down in ORDERS[1:]
    ]


def test_a_column_orders_as_its_readers_mean_it_and_turns_round(filters: Filters) -> None:
    for column in ("indexed_at", "indexed_at", "size", "name", "name"):
        filters.fields.order_by(column)
    assert [(wish.order, wish.descending) for wish in filters.wishes] == [
        ("indexed_at", True),
        ("indexed_at", False),
        ("size", True),
        ("name", False),
        ("name", True),
    ]


def test_to_open_a_list_takes_back_the_other_filters_in_one_step(filters: Filters) -> None:
    filters.fields.show_collections(["hr"])
    filters.fields.show_codes(CODES)
    filters.fields.choose("failed", words='"/docs/My Folder"', collection="hr")
    filters.fields.reasons.setCurrentIndex(1)
    filters.fields.choose("")
    assert filters.wishes == [
        LedgerWish(state="failed", words='"/docs/My Folder"', collection="hr"),
        LedgerWish(state="failed", words='"/docs/My Folder"', collection="hr", code="file.password"),
        LedgerWish(),
    ]
    assert filters.fields.words.text() == ""


def test_hostile_names_are_text_and_what_is_no_row_is_borne(filters: Filters) -> None:
    filters.fields.show_collections([MARKUP + "\u202e"])
    assert "\u202e" not in filters.fields.collections.itemText(1)
    filters.fields.show_codes([{}, {"code": 3}, {"code": "<b>x</b>\n", "files": "many"}])
    assert filters.fields.reasons.itemText(1) == "<b>x</b>  (0)"


def test_everything_has_a_name_for_a_screen_reader(filters: Filters) -> None:
    assert unnamed(filters.room) == []
