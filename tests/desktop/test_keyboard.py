"""Without a mouse and without eyes: every step can be made with keys, and what takes the keyboard has a name."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QFileDialog, QPushButton, QWidget
from scripted_window import OpenScene, Scene

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def choose_folder(dialog: QFileDialog, folder: Path) -> None:
    """Answer the system's dialog, which is not ours to test."""
    dialog.fileSelected.emit(str(folder))
    dialog.close()


@pytest.mark.qt_log_ignore("plugin does not support", extend=True)  # Qt's own dialog, on a screen that is none
def test_from_the_first_start_to_a_copied_answer_without_a_mouse(open_scene: OpenScene, tmp_path: Path) -> None:
    scene = open_scene(collections=[])
    scene.key(Qt.Key.Key_O, CTRL)
    dialog = scene.window.findChild(QFileDialog)
    assert isinstance(dialog, QFileDialog)
    choose_folder(dialog, tmp_path)
    scene.window.activateWindow()
    scene.wait(scene.window.sheet.name.hasFocus)
    scene.type("papers")
    scene.key(Qt.Key.Key_Return)
    scene.wait_for_text("3 of 3 files can be searched")
    scene.key(Qt.Key.Key_L, CTRL)
    scene.type("How many days?")
    scene.key(Qt.Key.Key_Return)
    turn = scene.window.ask.current
    assert turn is not None
    scene.wait(lambda: not turn.running)
    scene.tab_to("Source 1")
    scene.key(Qt.Key.Key_Space)
    scene.wait(scene.window.source.canvas.isVisible)
    scene.tab_to("Next citation")
    scene.key(Qt.Key.Key_Space)
    assert turn.selected == 2
    scene.key(Qt.Key.Key_Escape)
    assert not scene.window.source.isVisible()
    scene.tab_to("Copy with sources")
    scene.key(Qt.Key.Key_Space)
    assert "[1] /docs/hr/leave-policy-2026.pdf, p. 4" in QGuiApplication.clipboard().text()


def test_citations_in_the_text_are_reached_with_tab_and_followed_with_enter(open_scene: OpenScene) -> None:
    scene = open_scene()
    turn = scene.answered()
    scene.tab_to("Answer")
    for _ in range(2):  # each goes to the next number of the text
        scene.key(Qt.Key.Key_Tab)
    scene.key(Qt.Key.Key_Return)
    assert turn.selected == 3
    scene.wait(scene.window.source.canvas.isVisible)


def test_an_answer_is_stopped_with_the_keyboard_and_the_next_question_typed_at_once(open_scene: OpenScene) -> None:
    scene = open_scene(hang_tokens=True)
    turn = scene.ask()
    scene.wait(turn.answer.isVisible)
    scene.tab_to("Stop the answer")
    scene.key(Qt.Key.Key_Space)
    assert turn.phase == "stopped"
    scene.type("And then?")
    assert scene.window.ask.bar.input.toPlainText() == "And then?"


def test_shift_enter_begins_a_new_line_of_the_question(open_scene: OpenScene) -> None:
    scene = open_scene()
    scene.key(Qt.Key.Key_L, CTRL)
    scene.type("one")
    scene.key(Qt.Key.Key_Return, SHIFT)
    scene.type("two")
    scene.key(Qt.Key.Key_Return)
    turn = scene.window.ask.current
    assert turn is not None
    assert turn.question == "one\ntwo"


def test_tab_goes_through_the_window_in_the_order_of_reading_and_is_caught_nowhere(open_scene: OpenScene) -> None:
    rows = [{"id": 7, "title": "An old question?"}]
    scene = open_scene(
        conversations=rows, collections=[{"name": n, "files": [1, 0, 1, 0]} for n in ("documents", "hr")]
    )
    scene.click(scene.answered().cards[0])
    scene.wait(scene.window.source.canvas.isVisible)
    scene.wait_for_text("An old question?")
    scene.window.library.findChildren(QPushButton)[0].setFocus()
    passed: list[str] = []
    while "New question" not in passed:
        scene.key(Qt.Key.Key_Tab)
        focused = QApplication.focusWidget()
        assert focused is not None
        assert len(passed) < 60
        passed.append(focused.accessibleName())
    milestones = (
        "Search everything",
        "documents, 1, up to date",
        "documents, 1 problem",
        "hr, 1, up to date",
        "hr, 1 problem",
        "Add folder …",
        "Search conversations",
        "How many days can I carry over?",
        "An old question?",
        "2 files need a look",
        "Models",
        "Ask collection documents",
        "Ask collection hr",
        "Source 1: leave-policy-2026.pdf, p. 4",
        "Source 3: leave-policy-2024.pdf, p. 4",
        "Answer",
        "Copy with sources",
        "This answer helps",
        "Correct this answer",
        "Your question",
        "Close the source (Esc)",
        "Next citation",
        "New question",
    )
    assert [name for name in passed if name in milestones and name != "Answer"] == [
        name for name in milestones if name != "Answer"
    ]
    assert (
        passed.index("Source 3: leave-policy-2024.pdf, p. 4") < passed.index("Answer") < passed.index("Your question")
    )


@pytest.mark.qt_log_ignore("plugin does not support", extend=True)
def test_everything_that_takes_the_keyboard_says_what_it_is(open_scene: OpenScene, tmp_path: Path) -> None:
    rows = [{"id": 7, "title": "An old question?"}]
    busy = {"phase": "index", "collection": "documents", "files_done": 1, "files_total": 9}
    scene = open_scene(conversations=rows, indexing=True, progress=[busy])
    window = scene.window
    nameless = nameless_parts(window)
    scene.click(scene.answered().cards[0])
    scene.wait(window.source.canvas.isVisible)
    window.offer_folders([str(tmp_path), str(tmp_path / "gone")])
    window.confirm.ask("/docs", "Stop?", "Really?")
    nameless |= nameless_parts(window)
    for page in (window.ledger, window.search, window.models, window.styles, window.settings, window.privacy):
        window.show_page(page)
        nameless |= nameless_parts(window)
    scene.press("Models", window.library)
    scene.wait_for_text("licence: MIT")
    nameless |= nameless_parts(window)
    window.library.search_wanted.emit("leave")
    scene.wait_for_text("3 passages")
    nameless |= nameless_parts(window)
    assert nameless == set()


def nameless_parts(window: QWidget) -> set[str]:
    """Name what can be seen and reached with Tab, and says nothing to a screen reader."""
    QApplication.processEvents()
    return {
        f"{type(part).__name__} {part.objectName()} in {type(part.parent()).__name__}"
        for part in window.findChildren(QWidget)
        if part.isVisible()
        and part.focusPolicy() & Qt.FocusPolicy.TabFocus
        and part.focusProxy() is None
        and not part.accessibleName()
    }


def test_the_helper_finds_a_part_without_a_name(open_scene: OpenScene) -> None:
    scene: Scene = open_scene()
    scene.window.ask.bar.ask_button.setAccessibleName("")
    assert any("QPushButton" in part for part in nameless_parts(scene.window))
