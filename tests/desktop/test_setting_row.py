"""One setting says what it takes, sends what was chosen or typed, and shows why that cannot be."""

from __future__ import annotations

import pytest
from desktop_parts import Room, button, click, unnamed, words
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QLineEdit
from pytestqt.qtbot import QtBot
from scripted_upkeep import SETTINGS, Json

from studiolo.errors import ErrorReport
from studiolo_desktop.widgets.choice import Choice
from studiolo_desktop.widgets.setting_row import SettingRow, number_in_words, read_number, takes_in_words


def record(name: str, **fields: object) -> Json:
    found = next(setting for setting in SETTINGS if setting["name"] == name)
    return {**found, "changed": False, "waits": False, **fields}


class Made:
    """A row in a room, and what it wants."""

    def __init__(self, qtbot: QtBot, name: str, **fields: object) -> None:
        self.room = Room(qtbot)
        self.row = self.room.hold(SettingRow(self.room, record(name, **fields)), stretch=0)
        self.wanted: list[tuple[str, object]] = []
        self.row.wanted.connect(lambda setting, value: self.wanted.append((setting, value)))

    def type(self, text: str) -> None:
        field = self.row.control
        assert isinstance(field, QLineEdit)
        field.clear()
        QTest.keyClicks(field, text)
        QTest.keyClick(field, Qt.Key.Key_Return)


def test_a_number_says_its_range_unit_default_and_when_it_counts(qtbot: QtBot) -> None:
    made = Made(qtbot, "passages")
    assert "From 1 to 20 passages. Default: 6. Counts from the next question on." in words(made.room)
    assert "How many passages may be quoted." in words(made.room)
    assert not made.row.reset.isVisible()
    assert unnamed(made.room) == []


@pytest.mark.parametrize(
    ("typed", "value"), [("9", 9), ("9,5", 9.5), ("many", "many"), (" 12 ", 12), ("", ""), ("99", 99)]
)
def test_what_is_typed_is_wanted_as_it_was_meant(qtbot: QtBot, typed: str, value: object) -> None:
    made = Made(qtbot, "passages")
    made.type(typed)
    assert made.wanted == [("passages", value)]


def test_the_same_number_is_not_wanted_again(qtbot: QtBot) -> None:
    made = Made(qtbot, "passages")
    made.type("6")
    assert made.wanted == []


def test_a_refused_value_stays_with_the_reason_below_until_another_is_taken(qtbot: QtBot) -> None:
    made = Made(qtbot, "passages")
    made.type("99")
    reason = "This cannot be set: it must be a whole number from 1 to 20."
    made.row.show_reason(ErrorReport("setting.bad", reason, "A hint."))
    field = made.row.control
    assert isinstance(field, QLineEdit)
    assert (field.text(), field.property("invalid"), field.accessibleDescription()) == ("99", True, reason)
    assert reason in words(made.room)
    made.row.show_setting(record("passages", value=8, changed=True))
    assert (field.text(), field.property("invalid"), made.row.reason.isVisible()) == ("8", False, False)


def test_what_differs_is_marked_and_goes_back_to_the_default(qtbot: QtBot) -> None:
    made = Made(qtbot, "ocr", value=False, changed=True, waits=True)
    box = made.row.control
    assert isinstance(box, QCheckBox)
    assert (box.isChecked(), box.text(), made.row.property("changed")) == (False, "Off", True)
    assert "It counts when Studiolo is started again." in words(made.room)
    click(button(made.room, "Recognise the text of scans: back to the default"))
    assert made.wanted == [("ocr", None)]


def test_a_switch_and_a_choice_are_wanted_as_soon_as_they_are_made(qtbot: QtBot) -> None:
    switch = Made(qtbot, "ocr")
    assert isinstance(switch.row.control, QCheckBox)
    switch.row.control.click()
    assert switch.wanted == [("ocr", False)]
    choice = Made(qtbot, "indexing_speed")
    assert isinstance(choice.row.control, Choice)
    choice.row.control.setCurrentIndex(1)
    assert choice.wanted == [("indexing_speed", "gentle")]
    choice.row.show_reason(ErrorReport("store.full", "The disk is full.", ""))
    assert choice.row.control.currentText() == "Full speed"


def test_the_wheel_changes_nothing(qtbot: QtBot) -> None:
    made = Made(qtbot, "indexing_speed")
    control = made.row.control
    here = QPointF(control.rect().center())
    none = Qt.KeyboardModifier.NoModifier
    event = QWheelEvent(
        here, QPointF(control.mapToGlobal(here)), QPoint(0, -120), QPoint(0, -120), Qt.MouseButton.NoButton, none,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(control, event)
    assert made.wanted == []


def test_a_value_that_is_offered_no_more_is_shown_all_the_same(qtbot: QtBot) -> None:
    made = Made(qtbot, "indexing_speed", value="warp")
    assert isinstance(made.row.control, Choice)
    assert made.row.control.currentText() == "warp (not there)"


def test_a_row_is_found_by_all_its_words(qtbot: QtBot) -> None:
    made = Made(qtbot, "indexing_speed")
    for word in ("indexing", "processor", "full speed", "at once", "indexing_speed"):
        assert word in made.row.haystack


def test_what_there_is_to_choose_from_is_kept_up_to_date(qtbot: QtBot) -> None:
    made = Made(qtbot, "indexing_speed")
    control = made.row.control
    assert isinstance(control, Choice)
    made.row.show_setting(record("indexing_speed", value="fast", choices=[{"value": "fast", "title": "Fast"}]))
    assert [control.itemText(at) for at in range(control.count())] == ["Fast"]
    assert made.wanted == []


@pytest.mark.parametrize("untrusted", [{}, {"kind": 3, "low": "x", "choices": [3, {}]}, {"kind": "choice", "value": 3}])
def test_a_record_of_any_shape_is_borne(qtbot: QtBot, untrusted: Json) -> None:
    room = Room(qtbot)
    row = room.hold(SettingRow(room, untrusted), stretch=0)
    assert row.name == ""
    assert takes_in_words(untrusted).startswith("Default:")


def test_numbers_are_written_as_they_can_be_typed_again() -> None:
    assert [number_in_words(value) for value in (2048, 0.5, 1.0, True, "x")] == ["2048", "0.5", "1", "", ""]
    assert [read_number(number_in_words(value)) for value in (2048, 0.5)] == [2048, 0.5]
