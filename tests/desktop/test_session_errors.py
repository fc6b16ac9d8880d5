"""When things go wrong: the window stays, says what happened and what to do, and loses nothing that was given to it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from scripted_window import Json, OpenScene, Scene, local, requests_in, scripted_command, shown_text

from studiolo.errors import AssistantError, report
from studiolo_desktop.engine_client import Patience

LOCKED = report(AssistantError("store.locked"))
Act = Callable[[Scene, Path], None]


def words_of(code: str) -> Json:
    """Give the words that the engine sends for an error, about a file whose name looks like markup."""
    return dict(report(AssistantError(code, "/docs/<b>x</b>")).as_dict())


def ask(scene: Scene, folder: Path) -> None:
    scene.answered()


def add(scene: Scene, folder: Path) -> None:
    scene.drop(local(folder))
    scene.key(Qt.Key.Key_Return)


def remove(scene: Scene, folder: Path) -> None:
    scene.window.library.remove_wanted.emit("/docs/documents")
    scene.press("Forget")


def search(scene: Scene, folder: Path) -> None:
    scene.window.library.search_wanted.emit("leave")


def problems(scene: Scene, folder: Path) -> None:
    scene.click(scene.row("5 files need a look"))


def retry(scene: Scene, folder: Path) -> None:
    problems(scene, folder)
    scene.wait(lambda: scene.window.ledger.model.rowCount() == 5)
    scene.press("Try the chosen files again, or all that failed")


def models(scene: Scene, folder: Path) -> None:
    scene.press("Models")


def use(scene: Scene, folder: Path) -> None:
    scene.press("Models")
    scene.wait_for_text("licence: MIT")
    scene.press("Use other")


def checks(scene: Scene, folder: Path) -> None:
    scene.press("Privacy")
    scene.press("Run the self-test again")


def page(name: str) -> Act:
    return lambda scene, folder: scene.press(name)


def past(scene: Scene, folder: Path) -> None:
    scene.window.library.conversations.opened.emit(7)


def pause(scene: Scene, folder: Path) -> None:
    scene.window.footer.pause_wanted.emit(True)


def view(scene: Scene, folder: Path) -> None:
    scene.click(scene.answered().cards[0])


def nothing(scene: Scene, folder: Path) -> None:
    """What goes wrong here goes wrong by itself, at the start."""


ERRORS: list[tuple[str, str, Act]] = [
    ("add_folder", "folder.missing", add),
    ("add_folder", "folder.not_a_directory", add),
    ("add_folder", "folder.unreadable", add),
    ("add_folder", "store.full", add),
    ("ask", "model.damaged", ask),
    ("ask", "model.missing", ask),
    ("ask", "model.load_failed", ask),
    ("use_model", "model.wrong_base_for_lora", use),
    ("models", "store.damaged", models),
    ("settings", "settings.damaged", page("Settings")),
    ("styles", "styles.damaged", page("Styles")),
    ("storage", "store.unwritable", page("Privacy")),
    ("remove_folder", "folder.unknown", remove),
    ("search", "collection.unknown", search),
    ("files", "store.damaged", problems),
    ("retry", "folder.offline", retry),
    ("doctor", "bug.unexpected", checks),
    ("conversation", "history.no_conversation", past),
    ("pause_indexing", "request.unknown_target", pause),
    ("view", "file.vanished", view),
    ("status", "store.damaged", nothing),
    ("conversations", "store.unwritable", nothing),
    ("hello", "settings.damaged", nothing),
    ("watch", "store.full", nothing),
]


@pytest.mark.parametrize(("request_type", "code", "act"), ERRORS, ids=[f"{kind}-{code}" for kind, code, _ in ERRORS])
def test_every_error_is_shown_with_its_code_a_sentence_and_a_hint(
    open_scene: OpenScene, tmp_path: Path, request_type: str, code: str, act: Act
) -> None:
    words = words_of(code) if code != "bug.unexpected" else {"code": code, "message": "It went wrong.", "hint": "Tell."}
    scene = open_scene(fail={request_type: words}, settle=request_type != "status")
    act(scene, tmp_path)
    scene.wait_for_text(words["message"])
    scene.wait_for_text(words["hint"])
    scene.wait_for_text(code)
    assert scene.window.isVisible()
    assert scene.client.state == "ready"


def test_a_notice_that_belongs_to_nothing_is_shown_and_can_be_dismissed(open_scene: OpenScene) -> None:
    scene = open_scene(notice_on={"start": [words_of("store.full")]})
    scene.wait_for_text("The disk is full; indexing has stopped.")
    scene.press("Dismiss")
    assert "The disk is full" not in scene.text()


@pytest.mark.logs("bad line from the engine")
def test_nonsense_from_the_engine_is_said_and_the_work_goes_on(open_scene: OpenScene) -> None:
    scene = open_scene(bad_line_on="ask")
    turn = scene.answered()
    assert turn.phase == "done"
    assert "protocol.error" in scene.text()


@pytest.mark.logs("the engine ended")
def test_an_engine_that_dies_in_an_answer_leaves_the_window_and_the_question(
    open_scene: OpenScene, tmp_path: Path
) -> None:
    scene = open_scene(hang_tokens=True, crash_on="search", tokens=["Ten ", "days"])
    turn = scene.ask("How much leave?")
    scene.wait(lambda: "Ten days" in turn.answer.toPlainText())
    scripted_command(scene.folder)  # the next engine works
    scene.window.library.search_wanted.emit("anything")
    scene.wait(lambda: turn.phase == "failed")
    assert scene.window.isVisible()
    scene.window.show_ask()
    assert all(words in shown_text(turn) for words in ("The engine ended unexpectedly.", "engine.crashed", "Ten days"))
    scene.wait(lambda: scene.client.state == "ready")
    assert scene.window.ask.bar.input.toPlainText() == "How much leave?"
    scene.key(Qt.Key.Key_Return)
    again = scene.window.ask.current
    assert again is not None
    scene.wait(lambda: again.phase == "done")
    assert scene.window.messages.reports() == []  # what has been answered needs no message any more


@pytest.mark.logs("the engine ended")
def test_an_engine_that_will_not_live_is_left_alone_and_the_window_says_why(
    open_scene: OpenScene,
) -> None:
    scene = open_scene(crash_on="hello", stderr="a native library gave up", settle=False)
    scene.wait(lambda: scene.client.state == "failed")
    failure = shown_text(scene.window.failure)
    assert "The engine ended unexpectedly." in failure
    assert "engine.crashed" in failure
    assert str(scene.folder / "data" / "logs") in failure
    assert "It is started again" not in scene.text()  # for it is not
    assert "a native library gave up" not in scene.text()
    assert "The engine has stopped" in shown_text(scene.window.footer)
    assert not scene.window.ask.bar.isVisible()
    assert "Your index is safe." in scene.text()


@pytest.mark.logs("the engine ended")
def test_a_failed_engine_is_started_again_by_its_button_and_all_is_as_before(open_scene: OpenScene) -> None:
    scene = open_scene(crash_on="hello", settle=False)
    scene.wait(lambda: scene.client.state == "failed")
    scripted_command(scene.folder)
    assert QApplication.focusWidget() is scene.button("Start again")
    scene.key(Qt.Key.Key_Space)
    scene.settle()
    assert not scene.window.failure.isVisible()
    assert QApplication.focusWidget() is scene.window.ask.bar.input
    assert scene.answered().phase == "done"


@pytest.mark.logs("the engine ended")
def test_an_engine_that_cannot_run_here_says_why_in_its_own_words(open_scene: OpenScene) -> None:
    scene = open_scene(notice_on={"start": [LOCKED.as_dict()]}, exit_code=3, settle=False)
    scene.wait(scene.window.failure.isVisible)
    failure = shown_text(scene.window.failure)
    assert all(words in failure for words in (LOCKED.code, LOCKED.message, LOCKED.hint))
    assert scene.window.messages.reports() == []  # it is said once
    assert str(scene.folder / "data" / "logs") in failure


@pytest.mark.logs("the engine ended")
def test_what_is_tried_while_the_engine_has_failed_is_answered_by_the_window(open_scene: OpenScene) -> None:
    scene = open_scene(notice_on={"start": [LOCKED.as_dict()]}, exit_code=3, settle=False)
    scene.wait(scene.window.failure.isVisible)
    scene.window.library.search_wanted.emit("leave")
    scene.wait_for_text("Another Studiolo is using this data folder.", scene.window.search)
    assert scene.window.failure.isVisible()  # over whatever page


@pytest.mark.logs("the engine ended")
def test_a_window_whose_engine_has_failed_can_be_closed(open_scene: OpenScene) -> None:
    scene = open_scene(exit_code=3, notice_on={"start": [LOCKED.as_dict()]}, settle=False)
    scene.wait(lambda: scene.client.state == "failed")
    with scene.qtbot.waitSignal(scene.client.closed):
        scene.window.close()
    assert not scene.window.isVisible()


@pytest.mark.logs("the engine ended")
def test_folders_given_just_when_the_engine_dies_are_offered_again_with_their_collection(
    open_scene: OpenScene, tmp_path: Path
) -> None:
    papers = tmp_path / "papers"
    papers.mkdir()
    scene = open_scene(collections=[], crash_on="add_folder", crash_once=str(tmp_path / "crashed"))
    scene.drop(local(papers))
    scene.type("reading")
    scene.key(Qt.Key.Key_Return)
    scene.wait(scene.window.sheet.isVisible)
    assert "papers" in shown_text(scene.window.sheet)
    assert scene.window.sheet.name.text() == "reading"
    scene.key(Qt.Key.Key_Return)
    scene.wait_for_text("3 of 3 files can be searched")
    assert scene.requests("add_folder")[-1]["collection"] == "reading"
    assert scene.window.messages.reports()[0].code == "engine.crashed"


@pytest.mark.logs("did not confirm a stop", "the engine ended")
def test_an_engine_that_is_deaf_to_stop_costs_the_user_nothing(open_scene: OpenScene) -> None:
    scene = open_scene(hang_tokens=True, silent_on=["cancel"], patience=Patience(acknowledge_ms=200))
    turn = scene.ask()
    scene.wait(turn.answer.isVisible)
    scripted_command(scene.folder)
    scene.press("Stop the answer")
    assert turn.phase == "stopped"
    again = scene.ask("And then?")  # at once, while the old engine is being ended
    scene.wait(lambda: not again.running)
    assert again.phase == "done"
    assert scene.window.messages.reports() == []


@pytest.mark.logs("the engine ended")
def test_an_engine_killed_from_outside_comes_back_with_its_library(open_scene: OpenScene) -> None:
    scene = open_scene()
    os.kill(scene.client.pid(), 9)
    scene.wait(lambda: len(requests_in(scene.folder, "hello")) == 2 and scene.client.state == "ready")
    scene.wait_for_text("Offline, verified")
    assert scene.answered().phase == "done"
