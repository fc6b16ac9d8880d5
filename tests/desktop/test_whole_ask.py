"""The talk over the real engine child and the real starter models: limits, other answers, and files that change."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from scripted_window import shown_text
from whole_window import EXAMPLES, SOON_MS, ask, close_window, drop, indexed, open_window

from studiolo_desktop.building import Parts
from studiolo_desktop.limits import Limit
from studiolo_desktop.turn_view import TurnView

pytestmark = pytest.mark.real_models

CTRL = Qt.KeyboardModifier.ControlModifier
HOTEL = "How much may a hotel cost a night?"
LEAVE = "How many days of unused leave may be carried over?"


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    """A folder with a paged and an unpaged document, the latter in a folder of its own."""
    folder = tmp_path / "my documents"
    (folder / 'on "trips"').mkdir(parents=True)
    shutil.copy(EXAMPLES / "hr" / "leave-policy-2026.pdf", folder)
    shutil.copy(EXAMPLES / "hr" / "travel-policy.md", folder / 'on "trips"')
    return folder


@pytest.fixture
def parts(qtbot: QtBot, qapp: QApplication, tmp_path: Path, documents: Path) -> Iterator[Parts]:
    """The program over both documents, which are read."""
    made = open_window(qapp, tmp_path, qtbot)
    drop(made, documents, qtbot)
    qtbot.waitUntil(lambda: indexed(made) == 2, timeout=SOON_MS)
    yield made
    close_window(made, qtbot)


def names(turn: TurnView) -> set[str]:
    return {Path(str(card.passage["path"])).name for card in turn.cards}


def edit(path: Path) -> None:
    before = path.read_text(encoding="utf-8")
    assert "140 euros" in before
    path.write_text(before.replace("140 euros", "165 euros"), encoding="utf-8")


def reopen(parts: Parts, app: QApplication, folder: Path, qtbot: QtBot, turns: int) -> Parts:
    """Close the program, start it anew and open the one conversation that there is."""
    close_window(parts, qtbot)
    again = open_window(app, folder, qtbot)
    listed = again.window.library.conversations
    qtbot.waitUntil(lambda: len(listed.rows) == 1, timeout=SOON_MS)
    (row,) = listed.rows.values()
    QTest.mouseClick(row, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(again.window.ask.turns) == turns, timeout=SOON_MS)
    return again


def test_limits_hold_are_said_and_are_there_again_after_a_restart(
    parts: Parts, documents: Path, qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> None:
    window = parts.window
    bar = window.ask.scope_bar
    window.ask.narrow()
    bar.panel.dates["after"].setFocus()
    QTest.keyClicks(bar.panel.dates["after"], "1.2.2001")
    QTest.keyClick(bar.panel.dates["after"], Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bar.limits == (Limit("after", "2001-02-01"),), timeout=SOON_MS)
    bar.panel.dates["before"].setFocus()
    QTest.keyClicks(bar.panel.dates["before"], "2025-13")
    QTest.keyClick(bar.panel.dates["before"], Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "2025-13 is no date" in shown_text(bar.panel), timeout=SOON_MS)
    bar.panel.dates["before"].clear()
    bar.add_limit(Limit("under", str(documents / 'on "trips"')))
    window.ask.step_back()

    turn = ask(parts, LEAVE, qtbot)
    assert names(turn) <= {"travel-policy.md"}
    assert turn.coverage.text().startswith("1 file in scope")
    assert turn.head.scope.text() == 'Limited to: in on "trips"; since 2001-02'
    bar.set_limits((Limit("type", "pdf"),))
    pdf = ask(parts, HOTEL, qtbot)
    assert names(pdf) <= {"leave-policy-2026.pdf"}
    bar.set_limits(())
    free = ask(parts, LEAVE, qtbot)
    assert (free.phase, free.head.scope.text()) == ("done", "")

    again = reopen(parts, qapp, tmp_path, qtbot, 3)
    assert [t.head.scope.text() for t in again.window.ask.turns] == [
        'Limited to: in on "trips"; since 2001-02', "Limited to: PDF", "",
    ]  # fmt: skip
    assert [t.question for t in again.window.ask.turns] == [LEAVE, HOTEL, LEAVE]
    close_window(again, qtbot)


def test_filters_that_are_typed_are_read_by_the_engine_as_they_are_written(parts: Parts, qtbot: QtBot) -> None:
    bar = parts.window.ask.bar
    QTest.keyClicks(bar.input, "How much? typ:md vor:2030 10:30")
    qtbot.waitUntil(lambda: bar.limits.text() == "Limited to: MD; before 2030", timeout=SOON_MS)
    QTest.keyClicks(bar.input, " after:2025-13")
    qtbot.waitUntil(lambda: "2025-13 is no date" in bar.limits.text(), timeout=SOON_MS)


def test_another_answer_and_an_edited_question_stand_in_their_place_also_after_a_restart(
    parts: Parts, qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> None:
    window = parts.window
    ask(parts, "How much may a hotle cost a night?", qtbot)
    below = ask(parts, LEAVE, qtbot)
    QTest.mouseClick(window.ask.turns[0].head.edit, Qt.MouseButton.LeftButton)
    window.ask.bar.set_question(HOTEL)
    QTest.keyClick(window.ask.bar.input, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.ask.running is None, timeout=SOON_MS)
    assert [turn.question for turn in window.ask.turns] == [HOTEL, LEAVE]
    assert "140 euros" in window.ask.turns[0].answer.toPlainText()
    QTest.keyClick(window.ask.bar.input, Qt.Key.Key_R, CTRL)  # the last one again
    qtbot.waitUntil(lambda: window.ask.running is None and window.ask.turns[1] is not below, timeout=SOON_MS)
    assert window.ask.turns[1].note.text() != ""
    assert "ten days" in window.ask.turns[1].answer.toPlainText()

    again = reopen(parts, qapp, tmp_path, qtbot, 2)
    assert [turn.question for turn in again.window.ask.turns] == [HOTEL, LEAVE]
    assert [turn.head.place.text() for turn in again.window.ask.turns] == ["2 of 2", "2 of 2"]
    QTest.mouseClick(again.window.ask.turns[0].head.before, Qt.MouseButton.LeftButton)
    assert again.window.ask.turns[0].question == "How much may a hotle cost a night?"
    close_window(again, qtbot)


def test_a_cited_file_that_changes_is_said_at_once_and_the_answer_follows_it(
    parts: Parts, documents: Path, qtbot: QtBot
) -> None:
    """R8, promise 3: nothing that has changed is shown as current."""
    travel = documents / 'on "trips"' / "travel-policy.md"
    turn = ask(parts, HOTEL, qtbot)
    other = ask(parts, LEAVE, qtbot)
    assert not turn.changed.isVisible()
    edit(travel)
    qtbot.waitUntil(turn.changed.isVisible, timeout=SOON_MS)
    assert "travel-policy.md has changed since this was answered." in shown_text(turn.changed)
    assert not other.changed.isVisible()
    QTest.mouseClick(turn.changed.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: parts.window.ask.running is None, timeout=SOON_MS)
    newer = parts.window.ask.turns[0]
    assert newer is not turn
    assert "165 euros" in newer.answer.toPlainText()
    assert "Changed since the answer before: travel-policy.md." in newer.note.text()
    assert not newer.changed.isVisible()
    QTest.mouseClick(newer.head.before, Qt.MouseButton.LeftButton)
    assert "140 euros" in turn.answer.toPlainText()
    assert turn.changed.isVisible()


def test_an_old_answer_is_marked_when_its_file_was_changed_moved_or_removed_while_nothing_ran(
    parts: Parts, documents: Path, qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> None:
    travel, leave = documents / 'on "trips"' / "travel-policy.md", documents / "leave-policy-2026.pdf"
    ask(parts, HOTEL, qtbot)
    ask(parts, LEAVE, qtbot)
    close_window(parts, qtbot)
    edit(travel)
    os.rename(leave, documents / "leave.pdf")

    again = reopen(parts, qapp, tmp_path, qtbot, 2)
    hotel, days = again.window.ask.turns
    qtbot.waitUntil(lambda: indexed(again) == 2 and hotel.changed.isVisible(), timeout=SOON_MS)
    card = next(c for c in days.cards if c.number == 1)
    qtbot.waitUntil(lambda: str(card.passage["path"]).endswith("/leave.pdf"), timeout=SOON_MS)
    assert not days.changed.isVisible()  # R13
    QTest.mouseClick(card, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(again.window.source.canvas.boxes), timeout=SOON_MS)

    os.unlink(documents / "leave.pdf")
    qtbot.waitUntil(days.changed.isVisible, timeout=SOON_MS)
    assert "leave.pdf is gone since this was answered." in shown_text(days.changed)
    QTest.mouseClick(days.changed.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: again.window.ask.running is None, timeout=SOON_MS)
    assert "leave.pdf" not in names(again.window.ask.turns[1])
    close_window(again, qtbot)
