"""The page of settings stands in sections, is searched by words, and says what differs from the default."""

from __future__ import annotations

import pytest
from desktop_parts import Room, cut_labels, unnamed, words
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from scripted_upkeep import SETTINGS, Json

from studiolo.errors import ErrorReport
from studiolo_desktop.settings_view import SettingsView

RECORDS: list[Json] = [{**s, "changed": s["name"] == "ocr", "waits": False} for s in SETTINGS]


@pytest.fixture
def room(qtbot: QtBot) -> Room:
    return Room(qtbot, width=508, height=600)


@pytest.fixture
def view(room: Room) -> SettingsView:
    made = room.hold(SettingsView(room))
    made.show_settings(RECORDS)
    return made


def shown(view: SettingsView) -> list[str]:
    return [name for name, row in view.rows.items() if row.isVisible()]


def test_settings_stand_in_their_sections_in_the_order_of_the_engine(view: SettingsView, room: Room) -> None:
    said = words(room)
    assert list(view.rows) == [record["name"] for record in RECORDS]
    assert said.index("ANSWERS") < said.index("Passages of an answer") < said.index("READING AND INDEXING")
    assert "4 settings. One differs from the default." in said
    assert unnamed(room) == []
    assert cut_labels(room) == []


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("scans", ["ocr"]),
        ("SCANS recognise", ["ocr"]),
        ("reading", ["ocr", "indexing_speed"]),
        ("gentle", ["indexing_speed"]),
        ("1 to 20", ["passages"]),
        ("hologram", []),
    ],
)
def test_words_leave_the_settings_that_have_them(view: SettingsView, room: Room, typed: str, names: list[str]) -> None:
    view.focus_search()
    QTest.keyClicks(view.words, typed)
    assert shown(view) == names
    assert ("No setting has these words." in words(room)) == (not names)
    assert any(w.startswith(f"{len(names)} of 4 settings.") for w in words(room))
    assert ("ANSWERS" in words(room)) == ("passages" in names)
    view.words.clear()
    assert len(shown(view)) == 4


def test_rows_that_are_there_stay_and_show_the_new_values(view: SettingsView) -> None:
    rows = view.rows
    view.show_settings([{**r, "value": 8, "changed": True} if r["name"] == "passages" else r for r in RECORDS])
    assert view.rows["passages"] is rows["passages"]
    assert view.status.text() == "4 settings. 2 of them differ from the default."


def test_a_reason_stands_under_its_setting(view: SettingsView, room: Room) -> None:
    view.show_reason("passages", ErrorReport("setting.bad", "It cannot be.", ""))
    view.show_reason("gone", ErrorReport("setting.bad", "Nobody sees this.", ""))
    assert view.rows["passages"].reason.text() == "It cannot be."
    assert "Nobody sees this." not in words(room)


def test_a_change_is_wanted_through_the_page(view: SettingsView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.change_wanted, timeout=1000) as wanted:
        view.rows["ocr"].reset.click()
    assert wanted.args == ["ocr", None]


def test_records_without_a_group_are_listed(room: Room) -> None:
    view = room.hold(SettingsView(room))
    view.show_settings([{"name": "x", "title": "X"}, {}])
    assert list(view.rows) == ["x", ""]
