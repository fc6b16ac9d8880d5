"""Conversations over a scripted engine: kept, opened, gone on with, renamed, pinned, removed, judged and exported."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog
from scripted_window import OpenScene, Scene

from studiolo_desktop.widgets.conversation_row import RemovalStrip

TALKS = [
    {"id": 7, "title": "An <b>old</b> question?", "questions": ["An <b>old</b> question?", "And then?", "And why?"]},
    {"id": 8, "title": "Who pays?"},
]


def listed(scene: Scene) -> list[str]:
    rows = scene.window.library.conversations.rows.values()
    return [row.title for row in sorted((r for r in rows if r.isVisible()), key=lambda row: row.y())]


def open_talk(scene: Scene, title: str, turns: int) -> None:
    scene.click(scene.row(title))
    scene.wait(lambda: len(scene.window.ask.turns) == turns)


def test_a_conversation_opens_whole_and_a_new_question_goes_on_with_it(open_scene: OpenScene) -> None:
    scene = open_scene(conversations=TALKS)
    open_talk(scene, "An <b>old</b> question?", 3)
    ask = scene.window.ask
    assert [turn.question for turn in ask.turns] == ["An <b>old</b> question?", "And then?", "And why?"]
    assert [turn.phase for turn in ask.turns] == ["done"] * 3
    assert scene.row("An <b>old</b> question?").isChecked()
    assert ask.bar.input.hasFocus()
    scene.answered("And for me?")
    (asked,) = scene.requests("ask")
    assert asked["conversation"] == 7
    assert asked["earlier"] == ["An <b>old</b> question?", "And then?", "And why?"]
    scene.click(ask.turns[0].cards[0])
    scene.wait(scene.window.source.canvas.isVisible)


def test_the_first_question_begins_a_conversation_and_the_next_one_goes_on_with_it(open_scene: OpenScene) -> None:
    scene = open_scene()
    scene.answered("How many?")
    scene.wait(lambda: listed(scene) == ["How many?"])
    scene.answered("And for part-time staff?")
    scene.press("New question")
    scene.answered("Who pays?")
    assert [request["conversation"] for request in scene.requests("ask")] == [None, 1, None]
    scene.wait(lambda: listed(scene) == ["Who pays?", "How many?"])
    open_talk(scene, "How many?", 2)


def test_an_answer_that_could_not_be_kept_leaves_the_talk_where_it_is(open_scene: OpenScene) -> None:
    scene = open_scene(answer={"sentences": [], "answer": "Ten.", "citations": [], "id": None, "conversation": None})
    turn = scene.answered()
    assert not turn.feedback.isVisible()
    scene.answered("And?")
    assert [request["conversation"] for request in scene.requests("ask")] == [None, None]


def test_what_is_typed_above_the_list_is_looked_for(open_scene: OpenScene) -> None:
    scene = open_scene(conversations=TALKS)
    scene.wait(lambda: len(listed(scene)) == 2)
    scene.window.library.conversations.search.setFocus()
    scene.type("pays")
    scene.wait(lambda: listed(scene) == ["Who pays?"])
    scene.window.library.conversations.search.clear()
    scene.wait(lambda: len(listed(scene)) == 2)


def test_rename_and_pin_are_kept_and_shown(open_scene: OpenScene) -> None:
    scene = open_scene(conversations=TALKS)
    row = scene.row("An <b>old</b> question?")
    row.setFocus()
    scene.key(Qt.Key.Key_F2)
    scene.type("Leave")
    scene.key(Qt.Key.Key_Return)
    assert scene.wait_for_requests("rename_conversation")[0]["title"] == "Leave"
    scene.wait(lambda: listed(scene) == ["Who pays?", "Leave"])
    scene.window.library.conversations.pin_wanted.emit(7, True)
    scene.wait(lambda: listed(scene) == ["Leave", "Who pays?"])
    scene.wait_for_text("PINNED")


@pytest.mark.parametrize("is_open", [True, False])
def test_a_removed_conversation_goes_from_the_list_and_from_the_middle(open_scene: OpenScene, is_open: bool) -> None:
    scene = open_scene(conversations=TALKS)
    open_talk(scene, "Who pays?" if is_open else "An <b>old</b> question?", 1 if is_open else 3)
    row = scene.row("Who pays?")
    row.setFocus()
    scene.key(Qt.Key.Key_Delete)
    strip = scene.window.findChild(RemovalStrip)
    assert isinstance(strip, RemovalStrip)
    assert scene.requests("delete_conversation") == []
    scene.click(strip.delete)
    scene.wait(lambda: listed(scene) == ["An <b>old</b> question?"])
    assert len(scene.window.ask.turns) == (0 if is_open else 3)
    scene.answered("And?")
    assert scene.requests("ask")[0]["conversation"] == (None if is_open else 7)


def test_esc_keeps_a_conversation_and_closes_no_room(open_scene: OpenScene) -> None:
    scene = open_scene(conversations=TALKS)
    open_talk(scene, "An <b>old</b> question?", 3)
    scene.click(scene.window.ask.turns[0].cards[0])
    scene.wait(scene.window.source.canvas.isVisible)
    scene.row("Who pays?").setFocus()
    for key in (Qt.Key.Key_Delete, Qt.Key.Key_F2):
        scene.key(key)
        scene.key(Qt.Key.Key_Escape)
        assert scene.row("Who pays?").hasFocus()
    assert scene.window.source.isVisible()
    assert scene.requests("delete_conversation") == []
    assert scene.requests("rename_conversation") == []


def test_what_is_said_of_an_answer_is_kept_and_shown_when_it_is_opened_again(open_scene: OpenScene) -> None:
    scene = open_scene()
    turn = scene.answered("How many?")
    scene.click(turn.feedback.down)
    scene.click(turn.feedback.correct)
    turn.feedback.text.setPlainText("Twelve.")
    scene.click(turn.feedback.save)
    said = scene.wait_for_requests("feedback", 2)
    assert [(f["entry"], f["rating"], f["correction"]) for f in said] == [(1, "down", ""), (1, "down", "Twelve.")]
    scene.press("New question")
    open_talk(scene, "How many?", 1)
    again = scene.window.ask.turns[0].feedback
    assert again.down.isChecked()
    scene.wait_for_text("Your correction: Twelve.")


def choose_file(scene: Scene, form: str, path: Path) -> None:
    """Wish for an export and answer the system's dialog, which is not ours to test."""
    scene.window.library.conversations.export_wanted.emit(7, form)
    dialog = scene.window.findChild(QFileDialog)
    assert isinstance(dialog, QFileDialog)
    assert dialog.selectedFiles()[0].endswith(f"An b old b question{path.suffix}")
    dialog.fileSelected.emit(str(path))
    dialog.close()


@pytest.mark.qt_log_ignore("plugin does not support", extend=True)
@pytest.mark.parametrize("form", ["markdown", "html", "json", "pdf"])
def test_an_export_is_written_where_it_is_wanted_and_said(open_scene: OpenScene, tmp_path: Path, form: str) -> None:
    scene = open_scene(conversations=TALKS, page="<h1>[1] leave.pdf &lt;b&gt;</h1>")
    scene.wait(lambda: len(listed(scene)) == 2)
    path = tmp_path / f"talk{ {'markdown': '.md'}.get(form, '.' + form) }"
    choose_file(scene, form, path)
    scene.wait_for_text(f"The conversation was written to {path}.")
    (request,) = scene.requests("export_conversation")
    assert (request["conversation"], request["format"]) == (7, "html" if form == "pdf" else form)
    if form == "pdf":
        with pypdfium2.PdfDocument(path) as document:
            assert "[1] leave.pdf <b>" in document[0].get_textpage().get_text_bounded()
    else:
        assert path.read_text() == "<h1>[1] leave.pdf &lt;b&gt;</h1>"


def test_a_pdf_that_cannot_be_written_is_said_in_words(open_scene: OpenScene, tmp_path: Path) -> None:
    scene = open_scene(conversations=TALKS)
    scene.session.conversations.export(7, "pdf", str(tmp_path / "missing" / "a.pdf"))
    scene.wait_for_text("output.unwritable")


def test_an_answer_that_comes_after_the_talk_was_put_away_begins_nothing_there(open_scene: OpenScene) -> None:
    scene = open_scene(hang_tokens=True)
    turn = scene.ask("How many?")
    scene.wait(turn.answer.isVisible)
    QTest.keyClick(scene.window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert scene.session.conversations.current == 0
    assert scene.window.ask.turns == []


def test_a_conversation_of_another_collection_is_gone_on_with_there(open_scene: OpenScene) -> None:
    names = [{"name": n, "files": [1, 0, 0, 0]} for n in ("documents", "hr")]
    scene = open_scene(collections=names)
    scene.window.ask.choose_scope(["hr"])
    scene.answered("How many?")
    scene.press("New question")
    scene.window.ask.choose_scope(["documents"])
    open_talk(scene, "How many?", 1)
    assert scene.window.ask.scope == ["hr"]
