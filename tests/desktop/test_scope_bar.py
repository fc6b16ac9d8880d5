"""Collections and limits as chips: each limit goes with one click or one key, and everything is said in words."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from desktop_parts import MARKUP, Room, click
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from scripted_window import LIMIT_MS

from studiolo_desktop.limits import Limit
from studiolo_desktop.widgets.scope_bar import ScopeBar

PDF, WORD = Limit("type", "pdf"), Limit("type", "word")
FOLDER, SINCE = Limit("under", "/srv/contracts"), Limit("after", "2025-01-01")


@pytest.fixture
def bar(qtbot: QtBot) -> Iterator[ScopeBar]:
    room = Room(qtbot, width=900)
    bar = room.hold(ScopeBar(room), stretch=0)
    bar.show_collections(["documents", "hr"])
    yield bar


def chips(bar: ScopeBar) -> list[str]:
    return [chip.text() for chip in bar.limit_chips if chip.isVisible()]


def test_there_is_nothing_to_choose_without_a_collection(qtbot: QtBot) -> None:
    room = Room(qtbot)
    bar = room.hold(ScopeBar(room), stretch=0)
    bar.show_collections([])
    assert not bar.isVisible()


def test_limits_of_one_kind_share_a_chip(bar: ScopeBar, qtbot: QtBot) -> None:
    with qtbot.waitSignal(bar.limits_changed, timeout=LIMIT_MS):
        bar.set_limits((SINCE, PDF, FOLDER, WORD))
    assert chips(bar) == ["PDF or Word  ×", "in contracts  ×", "since 2025  ×"]
    assert bar.limit_chips[1].accessibleName() == "Limited to in contracts"
    assert "/srv/contracts" in bar.limit_chips[1].toolTip()


def test_one_click_takes_a_limit_away_and_leaves_the_others(bar: ScopeBar) -> None:
    bar.set_limits((PDF, WORD, SINCE))
    click(bar.limit_chips[0])
    assert bar.limits == (SINCE,)
    assert chips(bar) == ["since 2025  ×"]


@pytest.mark.parametrize(
    "key", [Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Delete, Qt.Key.Key_Backspace], ids=lambda key: key.name
)
def test_a_key_takes_a_limit_away_and_the_keyboard_goes_to_the_next(bar: ScopeBar, key: Qt.Key) -> None:
    bar.window().activateWindow()
    bar.set_limits((PDF, SINCE))
    bar.limit_chips[0].setFocus()
    QTest.keyClick(bar.limit_chips[0], key)
    assert bar.limits == (SINCE,)
    assert QApplication.focusWidget() is bar.limit_chips[0]
    QTest.keyClick(bar.limit_chips[0], key)
    assert not bar.limits
    assert QApplication.focusWidget() is bar.narrow


def test_the_panel_unfolds_and_what_is_ticked_becomes_a_chip_at_once(bar: ScopeBar) -> None:
    click(bar.narrow)
    assert bar.panel.isVisible()
    click(bar.panel.types["pdf"])
    click(bar.panel.types["word"])
    assert chips(bar) == ["PDF or Word  ×"]
    click(bar.panel.types["pdf"])
    assert bar.limits == (WORD,)
    click(bar.narrow)
    assert not bar.panel.isVisible()


def test_a_limit_that_goes_from_the_chips_goes_from_the_panel(bar: ScopeBar) -> None:
    bar.set_limits((PDF, SINCE))
    click(bar.narrow)
    assert bar.panel.types["pdf"].isChecked()
    assert bar.panel.dates["after"].text() == "2025-01-01"
    for chip in list(bar.limit_chips):
        click(chip)
    assert not bar.panel.types["pdf"].isChecked()
    assert bar.panel.dates["after"].text() == ""


def test_what_the_engine_read_becomes_a_limit_and_a_second_folder_stands_beside_the_first(bar: ScopeBar) -> None:
    bar.take_read("under", [Limit("under", "a")])
    bar.take_read("under", [Limit("under", "b")])
    bar.take_read("after", [SINCE])
    bar.take_read("after", [Limit("after", "2026-01-01")])
    assert chips(bar) == ["in a or b  ×", "since 2026  ×"]


def test_names_of_collections_and_folders_are_read_as_text(bar: ScopeBar) -> None:
    bar.show_collections([MARKUP])
    bar.set_limits((Limit("under", f"/srv/{MARKUP.replace('/', '')}"),))
    assert bar.chips[MARKUP].text().replace("&&", "&") == MARKUP
    assert "<b>" not in bar.limit_chips[0].toolTip()
    assert "&lt;b&gt;" in bar.limit_chips[0].toolTip()


def test_every_chip_can_be_read_in_a_narrow_room(bar: ScopeBar) -> None:
    bar.window().resize(420, 400)
    bar.set_limits((PDF, WORD, Limit("under", "a rather long name of a folder"), SINCE))
    bar.open_panel()
    QApplication.processEvents()
    for chip in [*bar.chips.values(), *bar.limit_chips, bar.narrow, *bar.panel.types.values()]:
        right = chip.mapTo(bar, chip.rect().topRight()).x()
        assert right <= bar.width(), chip.text()
