"""The talk over a scripted engine: limits, another answer, an edited question, and sources that have changed."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from scripted_window import OpenScene, Scene, shown_text

from studiolo import messages
from studiolo_desktop.limits import Limit

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
PDF = {"filter": "type", "value": "pdf", "negated": False}
SINCE = {"filter": "after", "value": "2025", "negated": False}
CITED = "/docs/hr/leave-policy-2026.pdf"


def again(scene: Scene) -> None:
    """Answer the last question again with a key, and wait for the end."""
    scene.key(Qt.Key.Key_R, CTRL)
    scene.wait(lambda: scene.window.ask.running is None)


# ---- what a question is limited to -------------------------------------------------------------------------------


def test_limits_are_chosen_without_a_mouse_sent_with_the_question_and_said_under_it(open_scene: OpenScene) -> None:
    scene = open_scene()
    scene.key(Qt.Key.Key_N, CTRL | SHIFT)
    scene.key(Qt.Key.Key_Space)  # the first kind of files: PDF
    scene.tab_to("Since this year")
    scene.type("2025")
    scene.key(Qt.Key.Key_Return)
    scene.wait_for_text("since 2025  ×")
    scene.key(Qt.Key.Key_Escape)
    assert not scene.window.ask.scope_bar.panel.isVisible()
    assert scene.window.ask.bar.input.hasFocus()
    assert scene.window.ask.bar.limits.text() == "Limited to: PDF; since 2025"
    turn = scene.answered("How many?")
    assert scene.requests("ask")[0]["filters"] == [PDF, SINCE]
    assert scene.requests("ask")[0]["question"] == "How many?"
    assert turn.head.scope.text() == "Limited to: PDF; since 2025"
    scene.tab_to("Limited to PDF")
    scene.key(Qt.Key.Key_Delete)
    scene.answered("And now?")
    assert scene.requests("ask")[1]["filters"] == [SINCE]


def test_filters_that_are_typed_are_shown_as_what_they_are(open_scene: OpenScene) -> None:
    scene = open_scene()
    bar = scene.window.ask.bar
    scene.window.ask.scope_bar.set_limits((Limit("type", "word"),))
    bar.input.setFocus()
    scene.type("How many? under:contracts")
    scene.wait(lambda: bar.limits.text() == "Limited to: Word; in contracts")
    scene.type(" after:never")
    scene.wait(lambda: bar.limits.text() == "A filter cannot be understood.")
    bar.input.clear()
    assert bar.limits.text() == "Limited to: Word"
    scene.window.ask.scope_bar.set_limits(())
    assert not bar.limits.isVisible()


def test_a_date_that_is_none_is_said_below_the_fields_and_limits_nothing(open_scene: OpenScene) -> None:
    scene = open_scene()
    scene.window.ask.narrow()
    panel = scene.window.ask.scope_bar.panel
    panel.dates["before"].setFocus()
    scene.type("soon")
    scene.key(Qt.Key.Key_Return)
    scene.wait_for_text("A filter cannot be understood.", panel)
    assert scene.window.ask.scope_bar.limits == ()


@pytest.mark.qt_log_ignore("plugin does not support", extend=True)  # Qt's own dialog, on a screen that is none
def test_a_folder_is_chosen_with_the_systems_dialog(open_scene: OpenScene) -> None:
    scene = open_scene()
    scene.window.ask.narrow()
    scene.press("Choose a folder to ask")
    dialog = scene.window.findChild(QFileDialog)
    assert isinstance(dialog, QFileDialog)
    dialog.fileSelected.emit('/docs/my "folder"/')
    dialog.close()
    assert scene.window.ask.scope_bar.limits == (Limit("under", '/docs/my "folder"'),)


def test_a_folder_of_the_library_is_asked_alone(open_scene: OpenScene) -> None:
    scene = open_scene(
        collections=[{"name": n, "files": [1, 0, 0, 0], "path": f"/docs/{n}"} for n in ("documents", "hr")]
    )
    ask = scene.window.ask
    ask.scope_bar.set_limits((Limit("under", "other"), Limit("type", "pdf")))
    scene.window.show_page(scene.window.models)
    scene.window.library.tree.ask_wanted.emit("/docs/hr", "hr")
    assert (ask.scope, ask.scope_bar.limits) == (["hr"], (Limit("type", "pdf"), Limit("under", "/docs/hr")))
    assert ask.bar.input.hasFocus()


def test_a_conversation_that_is_opened_again_shows_what_it_was_limited_to(open_scene: OpenScene) -> None:
    scene = open_scene()
    scene.window.ask.scope_bar.set_limits((Limit("type", "pdf"),))
    scene.answered("How many?")
    scene.press("New question")
    scene.window.ask.scope_bar.set_limits(())
    scene.click(scene.row("How many?"))
    scene.wait(lambda: len(scene.window.ask.turns) == 1)
    assert scene.window.ask.turns[0].head.scope.text() == "Limited to: PDF"
    assert scene.window.ask.scope_bar.limits == (Limit("type", "pdf"),)


# ---- another answer ----------------------------------------------------------------------------------------------


def test_another_answer_takes_the_place_of_the_first_which_stays_a_click_away(open_scene: OpenScene) -> None:
    scene = open_scene()
    ask = scene.window.ask
    scene.answered("First?")
    first = scene.answered("How many?")
    again(scene)
    one, two = scene.requests("ask")[1:]
    assert (one["seed"], two["seed"], two["instead_of"]) == (0, 1, 2)
    assert (two["question"], two["earlier"]) == ("How many?", ["First?"])
    assert [turn.question for turn in ask.turns] == ["First?", "How many?"]
    newest = ask.turns[1]
    assert newest is not first
    assert newest.head.place.text() == "2 of 2"
    assert "It says the same as the answer before." in newest.note.text()
    scene.press("Answer before", newest)
    assert ask.turns[1] is first
    assert first.head.place.text() == "1 of 2"
    assert first.head.after.hasFocus()
    assert not newest.isVisible()


def test_the_answers_of_one_place_are_there_again_when_the_conversation_is_opened(open_scene: OpenScene) -> None:
    scene = open_scene()
    scene.answered("How many?")
    again(scene)
    scene.answered("And then?")
    scene.press("New question")
    scene.click(scene.row("How many?"))
    ask = scene.window.ask
    scene.wait(lambda: len(ask.turns) == 2)
    assert [turn.question for turn in ask.turns] == ["How many?", "And then?"]
    assert (ask.turns[0].entry, ask.turns[0].head.place.text()) == (2, "2 of 2")
    scene.press("Answer before", ask.turns[0])
    assert (ask.turns[0].entry, ask.turns[0].phase) == (1, "done")
    scene.click(ask.turns[0].feedback.up)
    assert scene.wait_for_requests("feedback")[0]["entry"] == 1


def test_another_answer_is_stopped_like_any_and_the_one_before_is_still_there(open_scene: OpenScene) -> None:
    scene = open_scene(hang_tokens=True)
    ask = scene.window.ask
    ask.show_past({"id": 5, "answer": "Ten.", "question": "How many?"}, "How many?")
    scene.press("Answer again", ask.turns[0])
    scene.wait(ask.turns[0].answer.isVisible)
    assert ask.running is ask.turns[0]
    scene.key(Qt.Key.Key_Period, CTRL)
    assert ask.turns[0].phase == "stopped"
    scene.press("Answer before", ask.turns[0])
    assert ask.turns[0].answer.toPlainText() == "Ten."


def test_nothing_is_asked_again_while_an_answer_is_made(open_scene: OpenScene) -> None:
    scene = open_scene(hang_tokens=True)
    turn = scene.ask()
    scene.wait(turn.answer.isVisible)
    scene.key(Qt.Key.Key_R, CTRL)
    scene.key(Qt.Key.Key_E, CTRL)
    assert scene.window.ask.turns == [turn]
    assert not scene.window.ask.bar.is_editing
    assert "One question at a time" in shown_text(scene.window.ask.bar)


# ---- an edited question ------------------------------------------------------------------------------------------


def test_an_edited_question_takes_its_place_and_what_was_asked_below_stays(open_scene: OpenScene) -> None:
    scene = open_scene()
    ask = scene.window.ask
    ask.scope_bar.set_limits((Limit("type", "pdf"),))
    scene.answered("How mny?")
    ask.scope_bar.set_limits(())
    scene.answered("And then?")
    ask.bar.input.setFocus()
    scene.type("A draft")
    scene.click(ask.turns[0].head.edit)
    assert ask.bar.input.toPlainText() == "How mny?"
    assert ask.bar.input.hasFocus()
    assert ask.scope_bar.limits == (Limit("type", "pdf"),)
    scene.key(Qt.Key.Key_A, CTRL)
    scene.type("How many?")
    scene.key(Qt.Key.Key_Return)
    scene.wait(lambda: ask.running is None)
    assert [turn.question for turn in ask.turns] == ["How many?", "And then?"]
    request = scene.requests("ask")[-1]
    assert (request["instead_of"], request["earlier"], request["filters"]) == (1, [], [PDF])
    assert ask.bar.input.toPlainText() == "A draft"
    assert not ask.bar.is_editing
    scene.press("Answer before", ask.turns[0])
    assert ask.turns[0].question == "How mny?"


def test_esc_leaves_the_question_as_it_was_and_the_draft_comes_back(open_scene: OpenScene) -> None:
    scene = open_scene()
    ask = scene.window.ask
    scene.answered("How many?")
    ask.bar.input.setFocus()
    scene.type("A draft")
    scene.key(Qt.Key.Key_E, CTRL)
    assert "You are editing a question." in shown_text(ask.bar)
    scene.key(Qt.Key.Key_Escape)
    assert ask.bar.input.toPlainText() == "A draft"
    scene.key(Qt.Key.Key_Return)
    assert [turn.question for turn in ask.turns] == ["How many?", "A draft"]


def test_a_new_question_is_no_edit_of_a_talk_that_was_put_away(open_scene: OpenScene) -> None:
    scene = open_scene()
    scene.answered("How many?")
    scene.key(Qt.Key.Key_E, CTRL)
    scene.press("New question")
    scene.answered("Something else?")
    assert scene.requests("ask")[-1]["instead_of"] is None
    assert [turn.question for turn in scene.window.ask.turns] == ["Something else?"]


# ---- sources that have changed -----------------------------------------------------------------------------------


def test_an_answer_of_the_history_says_which_cited_file_has_changed_and_asks_again(open_scene: OpenScene) -> None:
    scene = open_scene(
        conversations=[{"id": 7, "title": "How many?"}], outdated={CITED: {"state": "changed", "now": None}}
    )
    scene.click(scene.row("How many?"))
    scene.wait_for_text("leave-policy-2026.pdf has changed since this was answered.")
    scene.press("Ask again")
    scene.wait(lambda: scene.window.ask.running is None)
    (request,) = scene.requests("ask")
    assert (request["seed"], request["instead_of"], request["question"]) == (0, 1, "How many?")


def event(path: str, kind: str = "indexed") -> messages.FileEvent:
    return messages.FileEvent(event=kind, path=path, collection="documents", time="2026-01-01T00:00:00Z")


def test_only_answers_that_rest_on_a_file_are_looked_at_when_it_changes(open_scene: OpenScene) -> None:
    scene = open_scene()
    scene.answered()
    scene.client.file_event.emit(event("/docs/other.pdf"))
    scene.client.file_event.emit(event(CITED))
    (request,) = scene.wait_for_requests("check_sources")
    assert {source["path"] for source in request["sources"]} >= {CITED}
    assert all(set(source) == {"path", "sha256"} for source in request["sources"])


def test_every_answer_is_looked_at_when_a_file_was_moved(open_scene: OpenScene) -> None:
    """The event names the new place alone."""
    now = "/docs/hr/new.pdf"
    scene = open_scene(outdated={CITED: {"state": "moved", "now": now}})
    turn = scene.answered()
    scene.client.file_event.emit(event(now, "moved"))
    scene.wait(lambda: turn.cards[0].passage["path"] == now)
    assert not turn.changed.isVisible()
