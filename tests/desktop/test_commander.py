"""What is chosen in the palette or called by a key happens, over the whole window."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from scripted_window import OpenScene, Scene

from studiolo_desktop.theme import DARK, LIGHT

CTRL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
PAST = [{"id": 7, "title": "An old question?"}]
TWO = [{"name": name, "files": [1, 0, 1, 0]} for name in ("documents", "hr")]


def find(scene: Scene, words: str) -> None:
    """Open the palette, type, and press Enter, all with keys."""
    scene.key(Qt.Key.Key_K, CTRL)
    assert QApplication.focusWidget() is scene.window.finder.field
    scene.type(words)
    scene.key(Qt.Key.Key_Return)
    assert not scene.window.finder.isVisible()


def test_pages_are_opened_by_their_words(open_scene: OpenScene) -> None:
    scene = open_scene()
    pages = scene.window.pages
    for words, page in (
        ("models", scene.window.models),
        ("styles of answers", scene.window.styles),
        ("settings", scene.window.settings),
        ("stored", scene.window.privacy),
        ("shortcuts", scene.window.shortcuts),
        ("find files", scene.window.ledger),
        ("go question", scene.window.ask),
    ):
        find(scene, words)
        assert pages.currentWidget() is page, words


def test_find_files_lists_all_and_the_unreadable_are_a_page_of_their_own(open_scene: OpenScene) -> None:
    scene = open_scene()
    find(scene, "find files")
    assert scene.window.ledger.wish.state is None
    find(scene, "not be read")
    assert scene.window.ledger.wish.state == "failed"


def test_the_files_that_were_found_can_be_narrowed_to_a_collection(open_scene: OpenScene) -> None:
    scene = open_scene(collections=TWO)
    find(scene, "find files")
    offered = scene.window.ledger.filters.collections
    assert [offered.itemText(at) for at in range(offered.count())] == ["All collections", "documents", "hr"]


def test_a_collection_is_chosen_by_its_name(open_scene: OpenScene) -> None:
    scene = open_scene(collections=TWO)
    find(scene, "only hr")
    assert scene.window.ask.scope == ["hr"]
    assert QApplication.focusWidget() is scene.window.ask.bar.input


def test_a_past_question_is_found_as_soon_as_the_engine_has_named_it(open_scene: OpenScene) -> None:
    scene = open_scene(conversations=PAST)
    scene.key(Qt.Key.Key_K, CTRL)
    scene.type("old quest")
    scene.wait(lambda: scene.window.finder.model.rows[0].kind == "past")
    scene.key(Qt.Key.Key_Return)
    assert scene.wait_for_requests("conversation")[0]["conversation"] == 7


def test_words_become_a_search_or_a_question(open_scene: OpenScene) -> None:
    scene = open_scene()
    find(scene, "zebra crossing")
    assert scene.wait_for_requests("search")[0]["query"] == "zebra crossing"
    scene.key(Qt.Key.Key_K, CTRL)
    scene.type("zebra crossing")
    scene.key(Qt.Key.Key_Down)
    scene.key(Qt.Key.Key_Return)
    assert scene.wait_for_requests("ask")[0]["question"] == "zebra crossing"


def test_ctrl_k_again_and_esc_close_it(open_scene: OpenScene) -> None:
    scene = open_scene()
    for key, modifier in ((Qt.Key.Key_K, CTRL), (Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)):
        scene.key(Qt.Key.Key_K, CTRL)
        assert scene.window.finder.isVisible()
        scene.key(key, modifier)
        assert not scene.window.finder.isVisible()
        assert QApplication.focusWidget() is scene.window.ask.bar.input


def test_indexing_is_paused_and_slowed_by_name(open_scene: OpenScene) -> None:
    scene = open_scene(indexing=True)
    find(scene, "pause")
    assert scene.wait_for_requests("pause_indexing")[0]["paused"] is True
    find(scene, "gently")
    assert scene.wait_for_requests("indexing_speed")[0]["speed"] == "gentle"


def test_the_theme_goes_from_the_systems_to_light_to_dark_and_back(open_scene: OpenScene) -> None:
    scene = open_scene()
    theme = scene.parts.theme
    seen = []
    for _ in range(3):
        find(scene, "switch theme")
        seen.append((theme.chosen, theme.tokens))
    assert seen == [("light", LIGHT), ("dark", DARK), ("system", LIGHT)]


def test_an_answer_is_copied_and_its_sources_stepped_through_by_keys(open_scene: OpenScene) -> None:
    scene = open_scene()
    turn = scene.answered()
    scene.key(Qt.Key.Key_C, CTRL | SHIFT)
    assert "[1] /docs/hr/leave-policy-2026.pdf, p. 4" in QGuiApplication.clipboard().text()
    turn.choose(1)
    scene.wait(scene.window.source.canvas.isVisible)
    scene.key(Qt.Key.Key_Down, ALT)
    assert turn.selected == 2
    scene.key(Qt.Key.Key_Up, ALT)
    assert turn.selected == 1


def test_an_answer_is_stopped_by_a_key(open_scene: OpenScene) -> None:
    scene = open_scene(hang_tokens=True)
    turn = scene.ask()
    scene.wait(turn.answer.isVisible)
    scene.key(Qt.Key.Key_Period, CTRL)
    assert turn.phase == "stopped"


def test_the_question_is_narrowed_widened_edited_and_answered_again_by_name(open_scene: OpenScene) -> None:
    scene = open_scene()
    ask = scene.window.ask
    for words in ("edit last", "answer again"):
        find(scene, words)  # there is no question yet
    assert (ask.turns, ask.bar.is_editing) == ([], False)
    scene.window.show_page(scene.window.models)
    find(scene, "narrow")
    assert ask.scope_bar.panel.isVisible()
    scene.key(Qt.Key.Key_Space)
    assert len(ask.scope_bar.limits) == 1
    find(scene, "take all limits")
    assert not ask.scope_bar.limits
    turn = scene.answered("How many?")
    find(scene, "answer again")
    scene.wait(lambda: ask.running is None and ask.turns != [turn])
    find(scene, "edit last")
    assert ask.bar.input.toPlainText() == "How many?"


def test_the_rooms_are_made_wider_and_narrower_without_a_mouse(open_scene: OpenScene) -> None:
    scene = open_scene()
    window = scene.window
    window.resize(1600, 900)
    window.open_source()
    left, right = window.library.width(), window.source.width()
    scene.key(Qt.Key.Key_Left, ALT | SHIFT)
    assert window.source.width() > right
    scene.key(Qt.Key.Key_Right, ALT | SHIFT)
    assert window.source.width() == right
    find(scene, "library wider")
    assert window.library.width() > left
    find(scene, "library narrower")
    assert window.library.width() == left


@pytest.mark.qt_log_ignore("plugin does not support", extend=True)  # to raise a window, on a screen that is none
def test_another_start_brings_the_window_forward_and_offers_its_folders(open_scene: OpenScene, tmp_path: Path) -> None:
    scene = open_scene()
    scene.window.showMinimized()
    scene.parts.commander.welcome([str(tmp_path)])
    assert not scene.window.isMinimized()
    assert scene.window.sheet.isVisible()
    scene.window.sheet.reject()
    scene.parts.commander.welcome([])
    assert not scene.window.sheet.isVisible()


@pytest.mark.logs("the engine ended")
def test_the_palette_works_while_no_engine_does(open_scene: OpenScene) -> None:
    scene = open_scene(settle=False, exit_code=3)
    scene.wait(lambda: scene.client.state == "failed")
    find(scene, "shortcuts")
    assert scene.window.pages.currentWidget() is scene.window.shortcuts


def test_ctrl_q_closes(open_scene: OpenScene) -> None:
    scene = open_scene()
    with scene.qtbot.waitSignal(scene.client.closed):
        scene.key(Qt.Key.Key_Q, CTRL)
    assert not scene.window.isVisible()
