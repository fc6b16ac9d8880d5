"""The viewer over an engine with a script: words are found, marked, selected and copied; late answers are left out."""

from __future__ import annotations

from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from scripted_window import Json, OpenScene, Scene

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
TEXT_VIEW = {"kind": "text", "text": "Unused leave. " * 9000, "start": 7, "end": 12}


def opened(open_scene: OpenScene, **script: object) -> Scene:
    """Open the window with the page of the first source in it, and its words known."""
    scene = open_scene(**script)
    scene.answered().choose(1)
    source = scene.window.source
    scene.wait(lambda: source.canvas.isVisible() and source.canvas.words is not None)
    return scene


def is_shown(scene: Scene, page: int) -> bool:
    return scene.window.source.page == page


def search(scene: Scene, words: str = "leave") -> None:
    scene.key(Qt.Key.Key_F, CTRL)
    scene.type(words)
    scene.key(Qt.Key.Key_Return)


def test_words_are_looked_for_counted_marked_and_gone_to_with_keys_alone(open_scene: OpenScene) -> None:
    scene = opened(open_scene)
    source = scene.window.source
    search(scene)
    scene.wait_for_text("2 of 4", source)
    assert (source.page, len(source.canvas.found)) == (4, 2)
    for key, modifier, page, said in (
        (Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, 4, "3 of 4"),
        (Qt.Key.Key_F3, Qt.KeyboardModifier.NoModifier, 9, "4 of 4"),
        (Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, 2, "1 of 4"),
        (Qt.Key.Key_F3, SHIFT, 9, "4 of 4"),
        (Qt.Key.Key_Return, SHIFT, 4, "3 of 4"),
    ):
        scene.key(key, modifier)
        scene.wait_for_text(said, source)
        scene.wait(partial(is_shown, scene, page))
        scene.wait(lambda: source.canvas.current_box() is not None)
    assert [(r["words"], r["page"]) for r in scene.requests("find_in")] == [("leave", 4), ("leave", 1)]


def test_esc_ends_the_search_first_and_then_closes_the_source(open_scene: OpenScene) -> None:
    scene = opened(open_scene)
    source = scene.window.source
    search(scene)
    scene.wait_for_text("2 of 4", source)
    scene.key(Qt.Key.Key_Escape)
    assert source.isVisible()
    assert not source.find_bar.isVisible()
    assert source.canvas.found == []
    assert source.canvas.hasFocus()
    scene.key(Qt.Key.Key_Escape)
    assert not source.isVisible()


def test_a_long_document_is_searched_in_parts_from_the_page_that_is_shown(open_scene: OpenScene) -> None:
    scene = opened(open_scene, pages_at_once=3)
    source = scene.window.source
    search(scene)
    scene.wait(lambda: not source.finder.search.running)
    assert [r["page"] for r in scene.requests("find_in")] == [4, 7, 10, 1]
    assert [place.page for place in source.finder.search.places] == [2, 4, 4, 9]


def test_a_text_is_searched_and_the_place_far_away_is_shown(open_scene: OpenScene) -> None:
    scene = open_scene(view=TEXT_VIEW, found=[[0, 7, 12], [0, 100_807, 100_812]])
    scene.answered().choose(2)
    source = scene.window.source
    scene.wait(source.text.isVisible)
    search(scene)
    scene.wait_for_text("1 of 2", source)
    scene.key(Qt.Key.Key_Return)
    scene.wait_for_text("2 of 2", source)
    assert source.text.current_text() == "leave"
    assert source.text.toPlainText().startswith("[… 80,807 characters before]")


@pytest.mark.parametrize(("found", "said"), [([], "Nothing found"), ([[9, 0, 6]], "1 of 1")])
def test_how_many_there_are_is_said(open_scene: OpenScene, found: list[list[int]], said: str) -> None:
    scene = opened(open_scene, found=found)
    search(scene)
    scene.wait_for_text(said, scene.window.source)


def test_an_error_of_the_search_is_said_where_the_count_stands(open_scene: OpenScene) -> None:
    error = {"code": "file.vanished", "message": "It is no longer there.", "hint": ""}
    scene = opened(open_scene, fail={"find_in": error})
    search(scene)
    scene.wait_for_text("It is no longer there.", scene.window.source.find_bar)


def test_selected_words_are_what_is_looked_for(open_scene: OpenScene) -> None:
    scene = opened(open_scene)
    canvas = scene.window.source.canvas
    canvas.setFocus()
    scene.key(Qt.Key.Key_Right, SHIFT)
    scene.key(Qt.Key.Key_Right, SHIFT)
    scene.key(Qt.Key.Key_F, CTRL)
    scene.wait_for_requests("find_in")
    assert scene.requests("find_in")[0]["words"] == "Unused leave"


def test_the_page_is_selected_and_copied_with_keys(open_scene: OpenScene) -> None:
    scene = opened(open_scene)
    scene.window.source.canvas.setFocus()
    scene.key(Qt.Key.Key_A, CTRL)
    scene.key(Qt.Key.Key_C, CTRL)
    assert QGuiApplication.clipboard().text() == "Unused leave up to ten days may be carried over."


def test_words_of_another_version_are_not_taken_and_the_page_is_asked_for_again(open_scene: OpenScene) -> None:
    scene = opened(open_scene)
    source = scene.window.source
    asked = len(scene.requests("view"))
    source.canvas.show_words(None)
    source.take_words(source.place.path if source.place else "", source.page, {"sha256": "f" * 64, "text": "other"})
    assert source.canvas.words is None
    scene.wait(lambda: len(scene.requests("view")) > asked)


def test_words_of_another_page_or_file_are_not_taken(open_scene: OpenScene) -> None:
    scene = opened(open_scene)
    source = scene.window.source
    words = source.canvas.words
    value: Json = {"sha256": source.version, "text": "other", "width": 10, "height": 10, "words": []}
    source.take_words("/docs/other.pdf", source.page, value)
    source.take_words("/docs/hr/leave-policy-2026.pdf", source.page + 1, value)
    assert source.canvas.words is words


def test_another_source_is_searched_for_the_same_words_without_leaving_its_place(open_scene: OpenScene) -> None:
    scene = opened(open_scene, found=[[2, 0, 6], [9, 0, 6]])
    source = scene.window.source
    search(scene)
    scene.wait_for_text("2 of 2", source)
    turn = scene.window.ask.current
    assert turn is not None
    turn.choose(3)
    scene.wait_for_text("2 found", source)
    assert source.page == 4
    assert {r["path"] for r in scene.requests("find_in")} == {
        "/docs/hr/leave-policy-2026.pdf",
        "/docs/hr/leave-policy-2024.pdf",
    }


def test_a_page_is_gone_to_by_its_number_and_by_its_small_picture(open_scene: OpenScene) -> None:
    scene = opened(open_scene)
    source = scene.window.source
    scene.key(Qt.Key.Key_G, CTRL)
    scene.type("11")
    scene.key(Qt.Key.Key_Return)
    scene.wait(lambda: source.page == 11)
    scene.key(Qt.Key.Key_F9)
    scene.wait(lambda: source.rail.picture(11) is not None)
    assert 11 in {r["page"] for r in scene.requests("view") if r["width"] < 200}
    source.rail.setFocus()
    scene.key(Qt.Key.Key_Up)
    scene.key(Qt.Key.Key_Return)
    scene.wait(lambda: source.page == 10)
    scene.key(Qt.Key.Key_F9)
    assert not source.rail.isVisible()


def test_pages_and_sizes_are_changed_with_keys(open_scene: OpenScene) -> None:
    scene = opened(open_scene)
    source = scene.window.source
    width = source.canvas.width()
    scene.key(Qt.Key.Key_Plus, CTRL)
    assert source.canvas.width() > width
    scene.key(Qt.Key.Key_9, CTRL)
    assert source.canvas.height() <= source.room.viewport().height()
    scene.key(Qt.Key.Key_0, CTRL)
    assert source.canvas.width() == width
    source.canvas.setFocus()
    scene.key(Qt.Key.Key_End, CTRL)
    scene.wait(lambda: source.page == 12)
    scene.key(Qt.Key.Key_Home, CTRL)
    scene.wait(lambda: source.page == 1)


def test_without_an_open_source_ctrl_f_goes_to_the_search_of_everything(open_scene: OpenScene) -> None:
    scene = open_scene()
    scene.key(Qt.Key.Key_F, CTRL)
    assert scene.window.library.search.hasFocus()


def test_fast_turning_asks_for_the_words_of_the_last_page_alone(open_scene: OpenScene) -> None:
    scene = opened(open_scene)
    source = scene.window.source
    for page in (5, 6, 7):
        QTest.keyClick(source, Qt.Key.Key_PageDown)
        scene.wait(partial(is_shown, scene, page))
    scene.wait(lambda: source.canvas.words is not None)
    assert [r["page"] for r in scene.requests("page_words")][-1] == 7
    assert len(scene.requests("page_words")) <= 4
