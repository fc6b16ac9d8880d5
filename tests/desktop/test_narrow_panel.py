"""The fields that narrow a question: what is written is handed on to be read, and what is wrong is said in words."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from desktop_parts import Room, cut_labels, unnamed
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from pytestqt.qtbot import QtBot
from scripted_window import LIMIT_MS, shown_text

from studiolo.errors import ErrorReport
from studiolo_desktop.limits import TYPES, Limit
from studiolo_desktop.widgets.narrow_panel import NarrowPanel


@pytest.fixture
def panel(qtbot: QtBot) -> Iterator[NarrowPanel]:
    room = Room(qtbot, width=452)
    yield room.hold(NarrowPanel(room), stretch=0)


def test_every_kind_of_file_is_offered_in_words_and_everything_has_a_name(panel: NarrowPanel) -> None:
    assert list(panel.types) == [name for _, name in TYPES]
    assert [chip.text() for chip in panel.types.values()] == [words for words, _ in TYPES]
    assert unnamed(panel) == []
    assert cut_labels(panel) == []


@pytest.mark.parametrize("kind", ["under", "after", "before"])
def test_enter_hands_on_what_was_written(panel: NarrowPanel, qtbot: QtBot, kind: str) -> None:
    field = {"under": panel.folder, **panel.dates}[kind]
    QTest.keyClicks(field, " 2025-06 ")
    with qtbot.waitSignal(panel.written, timeout=LIMIT_MS) as written:
        QTest.keyClick(field, Qt.Key.Key_Return)
    assert written.args == [kind, "2025-06"]


def test_an_emptied_date_is_no_limit_and_an_empty_folder_says_nothing(panel: NarrowPanel, qtbot: QtBot) -> None:
    panel.show_limits([Limit("before", "2025-06-01")])
    panel.dates["before"].clear()
    with qtbot.waitSignal(panel.emptied, timeout=LIMIT_MS) as emptied:
        QTest.keyClick(panel.dates["before"], Qt.Key.Key_Return)
    assert emptied.args == ["before"]
    spy = QSignalSpy(panel.emptied)
    QTest.keyClick(panel.folder, Qt.Key.Key_Return)
    assert spy.count() == 0


def test_what_is_wrong_stands_below_until_something_else_is_written(panel: NarrowPanel) -> None:
    panel.show_problem("after", ErrorReport("question.bad_filter", "2025-13 is <b>no</b> date.", ""))
    assert "2025-13 is <b>no</b> date." in shown_text(panel)
    assert panel.dates["after"].property("invalid") == "true"
    assert panel.dates["before"].property("invalid") == "false"
    QTest.keyClicks(panel.dates["after"], "2")
    assert not panel.problem.isVisible()
    assert panel.dates["after"].property("invalid") == "false"


def test_a_folder_that_was_read_makes_room_for_the_next(panel: NarrowPanel) -> None:
    panel.folder.setText("contracts")
    panel.dates["after"].setText("2025")
    panel.take_read("under")
    assert (panel.folder.text(), panel.dates["after"].text()) == ("", "2025")


def test_watched_folders_are_offered_while_one_is_written(panel: NarrowPanel) -> None:
    panel.show_folders(["/srv/contracts", "/srv/hr"])
    assert panel.folders() == ["/srv/contracts", "/srv/hr"]
    panel.folder.completer().setCompletionPrefix("CONTR")
    assert panel.folder.completer().completionCount() == 1
