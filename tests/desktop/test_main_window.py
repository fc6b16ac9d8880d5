"""The window without an engine: what is dropped on it, where its rooms lie, what Esc does, and how it closes."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragLeaveEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from scripted_window import LIMIT_MS, Json, drag, drop, local, shown_text

from studiolo_desktop.main_window import MainWindow
from studiolo_desktop.rooms import WIDE
from studiolo_desktop.theme import Theme

PASSAGES: list[Json] = [
    {"number": n, "path": f"/docs/{n}.pdf", "page": n, "text": "Some words.", "quote": "words"} for n in (1, 2, 3)
]
ANSWER: Json = {"answer": "Ten days [1].", "passages": PASSAGES, "citations": PASSAGES[:1]}
CTRL = Qt.KeyboardModifier.ControlModifier


class Given:
    """The folders that the window has given."""

    def __init__(self, window: MainWindow) -> None:
        self.folders: list[tuple[list[str], str]] = []
        window.folders_given.connect(self._take)

    def _take(self, folders: list[str], collection: str) -> None:
        self.folders.append((folders, collection))


def codes(window: MainWindow) -> list[str]:
    return [report.code for report in window.messages.reports()]


def press(widget: QWidget, name: str) -> None:
    next(b for b in widget.findChildren(QPushButton) if b.isVisible() and b.accessibleName() == name).click()


def test_a_dropped_folder_is_asked_for_its_collection_and_then_given(window: MainWindow, tmp_path: Path) -> None:
    given = Given(window)
    window.show_collections(["documents"])
    drop(window, local(tmp_path))
    assert window.sheet.isVisible()
    assert QApplication.focusWidget() is window.sheet.name
    QTest.keyClicks(window.sheet.name, "papers")
    QTest.keyClick(window.sheet.name, Qt.Key.Key_Return)
    assert given.folders == [([str(tmp_path)], "papers")]
    assert not window.sheet.isVisible()


def test_several_folders_dropped_one_after_the_other_are_given_together(window: MainWindow, tmp_path: Path) -> None:
    given = Given(window)
    first, second = (tmp_path / name for name in ("a", "b"))
    for folder in (first, second):
        folder.mkdir()
        drop(window, local(folder))
    drop(window, local(first))
    assert "Watch 2 folders: a, b" in shown_text(window.sheet)
    press(window.sheet, "Add folder")
    assert given.folders == [([str(first), str(second)], "documents")]


def test_esc_takes_the_question_for_a_collection_back(window: MainWindow, tmp_path: Path) -> None:
    given = Given(window)
    drop(window, local(tmp_path))
    QTest.keyClick(window.sheet.name, Qt.Key.Key_Escape)
    assert not window.sheet.isVisible()
    assert given.folders == []
    drop(window, local(tmp_path))
    QTest.keyClick(window.sheet.name, Qt.Key.Key_Return)
    assert given.folders == [([str(tmp_path)], "documents")]


def test_of_a_dropped_file_the_folder_is_offered_once_and_the_user_is_told(window: MainWindow, tmp_path: Path) -> None:
    given = Given(window)
    for name in ("a.pdf", "b.pdf"):
        (tmp_path / name).touch()
    drop(window, local(tmp_path))
    assert "Files are read with the folder" not in shown_text(window.sheet)
    drop(window, local(tmp_path / "a.pdf", tmp_path / "b.pdf", tmp_path))
    assert f"Watch 1 folder: {tmp_path.name}" in shown_text(window.sheet)
    assert "Files are read with the folder they lie in: all of it is watched." in shown_text(window.sheet)
    press(window.sheet, "Add folder")
    assert given.folders == [([str(tmp_path)], "documents")]
    assert codes(window) == []
    drop(window, local(tmp_path))
    assert "Files are read with the folder" not in shown_text(window.sheet)


@pytest.mark.skipif(sys.platform == "win32", reason="no device files there")
def test_what_is_neither_file_nor_folder_is_explained(window: MainWindow) -> None:
    drop(window, local(Path("/dev/null")))
    assert codes(window) == ["folder.not_a_directory"]
    assert not window.sheet.isVisible()


@pytest.mark.parametrize("address", ["https://example.org/a.pdf", "smb://server/share", "mailto:me@example.org", ""])
def test_what_does_not_lie_on_this_computer_is_explained(window: MainWindow, address: str) -> None:
    drop(window, [QUrl(address)])
    assert codes(window) == ["drop.not_local"]
    assert not window.sheet.isVisible()


def test_a_folder_that_has_gone_is_explained(window: MainWindow, tmp_path: Path) -> None:
    drop(window, local(tmp_path / "gone"))
    assert codes(window) == ["folder.missing"]
    assert not window.sheet.isVisible()


@pytest.mark.skipif(sys.platform != "linux", reason="other systems take no such names")
def test_a_folder_whose_name_is_no_text_is_given_letter_for_letter(window: MainWindow, tmp_path: Path) -> None:
    given = Given(window)
    folder = os.fsdecode(os.fsencode(tmp_path) + b"/odd-\xff")
    os.mkdir(folder)
    window.offer_folders([folder])
    press(window.sheet, "Add folder")
    assert given.folders == [([folder], "documents")]


def test_the_whole_window_takes_a_drop_and_no_part_of_it_keeps_one(window: MainWindow, tmp_path: Path) -> None:
    window.open_source()
    assert [w for w in window.findChildren(QWidget) if w.acceptDrops()] == []
    for place in (QPoint(100, 100), QPoint(600, 300), QPoint(600, 800), QPoint(1200, 300)):
        drop(window, local(tmp_path), place)
        assert window.sheet.isVisible()
        window.sheet.reject()


def test_what_is_held_over_the_window_is_shown_to_be_welcome_and_text_is_not(window: MainWindow) -> None:
    words = QMimeData()
    words.setText("some words")
    assert not drag(window, words)
    files = QMimeData()
    files.setUrls(local(Path.cwd()))
    assert drag(window, files)
    assert "Drop the folder to watch it" in shown_text(window)
    assert window.overlay.geometry().width() > window.width() - 40
    QApplication.sendEvent(window, QDragLeaveEvent())
    assert not window.overlay.isVisible()


def test_the_rooms_lie_side_by_side_in_a_wide_window(window: MainWindow) -> None:
    window.resize(1360, 860)
    window.open_source()
    assert window.library.geometry().right() < window.middle.geometry().left()
    assert window.middle.geometry().right() < window.source.geometry().left()
    assert window.source.geometry().right() == window.width() - 1
    assert window.source.width() >= 400
    window.close_source()
    assert window.middle.geometry().right() == window.width() - 1


@pytest.mark.parametrize("width", [WIDE - 1, 900, 760])
def test_the_source_lies_over_the_middle_in_a_narrow_window(window: MainWindow, width: int) -> None:
    window.open_source()
    window.resize(width, 700)
    assert window.width() == width
    assert window.middle.geometry().right() == width - 1
    assert window.source.geometry().left() >= window.library.width()
    assert window.source.geometry().right() == width - 1
    over = window.childAt(window.source.geometry().center())
    assert over is not None
    assert over is window.source or window.source.isAncestorOf(over)


def test_a_window_at_a_width_of_1100_is_wide(window: MainWindow) -> None:
    window.open_source()
    window.resize(WIDE, 700)
    assert window.middle.geometry().right() < window.source.geometry().left()


def test_the_sheet_lies_whole_inside_the_narrowest_window(window: MainWindow, tmp_path: Path) -> None:
    window.resize(760, 520)
    folder = tmp_path / ("a-long-name-" * 15)
    folder.mkdir()
    window.offer_folders([str(folder)])
    assert window.rect().contains(window.sheet.geometry())
    QApplication.processEvents()
    assert window.sheet.height() >= window.sheet.heightForWidth(window.sheet.width())


def test_esc_closes_what_lies_on_top_one_thing_at_a_time(window: MainWindow, tmp_path: Path) -> None:
    window.show_page(window.models)
    window.open_source()
    window.confirm.ask("/docs", "Stop?", "Really?")
    window.sheet.ask([str(tmp_path)], [])
    layers = (window.sheet, window.confirm, window.source)
    for gone in range(1, 4):
        escape(window)
        assert [layer.isVisible() for layer in layers] == [False] * gone + [True] * (3 - gone)
        assert window.pages.currentWidget() is window.models
    escape(window)
    assert window.pages.currentWidget() is window.ask
    escape(window)
    assert window.isVisible()


def escape(window: MainWindow) -> None:
    QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Escape)


def test_shortcuts_bring_the_keyboard_where_it_is_wanted(window: MainWindow) -> None:
    window.show_page(window.models)
    QTest.keyClick(window, Qt.Key.Key_F, CTRL | Qt.KeyboardModifier.ShiftModifier)
    assert QApplication.focusWidget() is window.library.search
    QTest.keyClick(window, Qt.Key.Key_L, CTRL)
    assert QApplication.focusWidget() is window.ask.bar.input
    assert window.pages.currentWidget() is window.ask


def test_ctrl_n_puts_the_talk_and_the_source_away(window: MainWindow) -> None:
    window.ask.show_past(ANSWER, "An old question?")
    window.open_source()
    QTest.keyClick(window, Qt.Key.Key_N, CTRL)
    assert window.ask.turns == []
    assert not window.source.isVisible()


@pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)  # Qt's own dialog, which no test platform can size
def test_ctrl_o_opens_a_dialog_for_folders_whose_choice_is_offered(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    QTest.keyClick(window, Qt.Key.Key_O, CTRL)
    dialog = window.findChild(QFileDialog)
    assert isinstance(dialog, QFileDialog)
    assert dialog.fileMode() == QFileDialog.FileMode.Directory
    with qtbot.waitSignal(dialog.fileSelected, timeout=LIMIT_MS):
        name = dialog.findChild(QLineEdit)
        assert isinstance(name, QLineEdit)
        name.setText(str(tmp_path))
        QTest.keyClick(name, Qt.Key.Key_Return)
    assert window.sheet.isVisible()
    assert tmp_path.name in shown_text(window.sheet)


def test_stepping_through_citations_goes_round_and_chooses_each_card(window: MainWindow) -> None:
    window.ask.show_past(ANSWER, "An old question?")
    turn = window.ask.turns[0]
    turn.choose(1)
    window.open_source()
    window.source.open(PASSAGES[0], number=1, of=3)
    seen = []
    for name in ("Next citation", "Next citation", "Next citation", "Citation before"):
        press(window.source, name)
        seen.append(turn.selected)
    assert seen == [2, 3, 1, 3]


def test_stepping_goes_through_what_a_search_found_while_that_is_shown(window: MainWindow, qtbot: QtBot) -> None:
    window.show_page(window.search)
    window.search.begin("leave")
    window.search.show_passages("leave", [{**p, "rank": p["number"]} for p in PASSAGES])
    window.search.choose(3)
    with qtbot.waitSignal(window.search.source_chosen, timeout=LIMIT_MS) as chosen:
        window.source.citation_wanted.emit(1)
    assert chosen.args[1] == 1


def test_closing_the_source_brings_the_keyboard_back_to_the_passage_that_was_found(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.show_page(window.search)
    window.search.begin("leave")
    window.search.show_passages("leave", PASSAGES)
    window.search.choose(2)
    window.open_source()
    qtbot.waitUntil(window.search.cards[1].isVisible, timeout=LIMIT_MS)
    window.source.tools.page_after.setFocus()
    escape(window)
    assert QApplication.focusWidget() is window.search.cards[1]


def test_removing_a_folder_is_confirmed_and_keeping_it_is_the_first_choice(window: MainWindow, qtbot: QtBot) -> None:
    window.library.remove_wanted.emit("/docs/<b>hr</b>")
    assert "Stop watching /docs/<b>hr</b>?" in shown_text(window.confirm)
    focused = QApplication.focusWidget()
    assert isinstance(focused, QPushButton)
    assert focused.text() == "Keep"
    with qtbot.waitSignal(window.confirm.confirmed, timeout=LIMIT_MS) as confirmed:
        press(window.confirm, "Forget")
    assert confirmed.args == ["/docs/<b>hr</b>"]


def test_a_closed_window_hides_at_once_and_ends_only_when_it_may(window: MainWindow, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.closing, timeout=LIMIT_MS):
        assert not window.close()
    assert not window.isVisible()
    window.allow_close()
    assert window.close()


def test_it_says_once_that_it_stands_on_the_screen(theme: Theme, qtbot: QtBot) -> None:
    window = MainWindow(theme)
    with qtbot.waitSignal(window.first_shown, timeout=LIMIT_MS):
        window.show()
    window.hide()
    with qtbot.assertNotEmitted(window.first_shown, wait=50):
        window.show()
    window.deleteLater()
