"""Window and engine together, over an engine that follows a script: what a person does all day."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from scripted_window import LIMIT_MS, Json, OpenScene, Probe, Scene, click_citation, local, shown_text

from studiolo import messages
from studiolo_desktop import engine_client

QUESTION = "How many days can I carry over?"
FRESH: list[Json] = []
BUSY: list[Json] = [{"name": "documents", "files": [10, 0, 0, 90]}]
PROGRESS: Json = {"phase": "index", "collection": "documents", "files_done": 10, "files_total": 100}


def test_the_first_start_invites_to_drop_a_folder(open_scene: OpenScene) -> None:
    scene = open_scene(collections=FRESH)
    text = scene.text()
    assert "Drop a folder here" in text
    assert "Nothing leaves it." in text
    assert "Offline, verified" in text
    assert "smollm2-135m-instruct" in text


def test_the_examples_are_one_click_away_each_in_its_own_collection(open_scene: OpenScene) -> None:
    scene = open_scene(collections=FRESH)
    scene.press("Try the example documents")
    added = scene.wait_for_requests("add_folder", 3)
    assert [Path(request["path"]).name for request in added] == ["customers", "hr", "product-docs"]
    assert [request["collection"] for request in added] == ["customers", "hr", "product-docs"]
    assert scene.row("hr, 3").isVisible()
    scene.wait_for_text("Ask your documents")


def test_a_dropped_folder_is_watched_in_the_collection_that_was_chosen(open_scene: OpenScene, tmp_path: Path) -> None:
    scene = open_scene(collections=FRESH)
    folder = tmp_path / "papers"
    folder.mkdir()
    scene.drop(local(folder))
    scene.type("reading")
    scene.key(Qt.Key.Key_Return)
    (added,) = scene.wait_for_requests("add_folder")
    assert (added["path"], added["collection"]) == (str(folder), "reading")
    scene.wait_for_text("3 of 3 files can be searched")
    scene.wait(scene.row("reading").isChecked)
    assert scene.row("papers").isVisible()  # its folder


def test_before_a_folder_is_added_it_is_said_what_that_takes(open_scene: OpenScene, tmp_path: Path) -> None:
    scene = open_scene(collections=FRESH)
    (tmp_path / "papers").mkdir()
    scene.drop(local(tmp_path / "papers"))
    scene.wait_for_text("1,204 files, 340 MB, about 8,300 pages; 12 left out.", scene.window.sheet)
    text = shown_text(scene.window.sheet)
    assert "Ready in about 12 to 20 min; the index takes 45 MB." in text
    assert "About 31 scanned pages to be recognised after that" in text
    assert scene.requests("add_folder") == []
    sheet = scene.window.sheet
    assert sheet.estimate.height() >= sheet.estimate.heightForWidth(sheet.estimate.width())
    assert sheet.rect().contains(scene.button("Add folder").geometry())


def test_a_folder_can_be_added_before_its_estimate_has_come(open_scene: OpenScene, tmp_path: Path) -> None:
    """It is stopped then: nobody reads it any more."""
    scene = open_scene(collections=FRESH, silent_on=["estimate"])
    (tmp_path / "papers").mkdir()
    scene.drop(local(tmp_path / "papers"))
    scene.wait_for_text("Looking at how much there is …", scene.window.sheet)
    (asked,) = scene.wait_for_requests("estimate")
    scene.key(Qt.Key.Key_Return)
    scene.wait_for_requests("add_folder")
    (stopped,) = scene.wait_for_requests("cancel")
    assert stopped["target"] == asked["id"]


def test_a_folder_that_cannot_be_estimated_is_offered_all_the_same(open_scene: OpenScene, tmp_path: Path) -> None:
    error = {"code": "folder.unreadable", "message": "It may not be read.", "hint": ""}
    scene = open_scene(collections=FRESH, fail={"estimate": error})
    (tmp_path / "papers").mkdir()
    scene.drop(local(tmp_path / "papers"))
    scene.wait(lambda: not scene.window.sheet.estimate.isVisible())
    assert scene.button("Add folder").isEnabled()
    assert "It may not be read." not in scene.text()


def test_indexing_is_slowed_down_and_sped_up_again(open_scene: OpenScene) -> None:
    scene = open_scene(collections=BUSY, indexing=True, progress=[PROGRESS])
    scene.wait_for_text("10 of 100 files", scene.window.footer)
    scene.press("Slow indexing down")
    scene.wait(lambda: scene.button("Index at full speed"))
    scene.press("Index at full speed")
    scene.wait(lambda: scene.button("Slow indexing down"))
    assert [request["speed"] for request in scene.requests("indexing_speed")] == ["gentle", "full"]


def test_on_battery_indexing_says_that_it_goes_gently(open_scene: OpenScene) -> None:
    scene = open_scene(collections=BUSY, indexing=True, progress=[PROGRESS], on_battery=True)
    scene.wait(lambda: not scene.window.footer.speed.isVisible() and scene.button("Pause indexing").isVisible())
    scene.window.footer.show_progress(messages.Progress(**PROGRESS))
    assert "gently, on battery" in shown_text(scene.window.footer)


def test_a_question_can_be_asked_while_documents_are_being_read(open_scene: OpenScene) -> None:
    scene = open_scene(collections=BUSY, indexing=True, progress=[PROGRESS])
    assert "10 of 100 files can be searched" in scene.text()
    turn = scene.answered()
    assert turn.phase == "done"


def test_a_library_of_which_nothing_is_read_yet_says_so(open_scene: OpenScene) -> None:
    scene = open_scene(collections=[{"name": "documents", "files": [0, 0, 0, 90]}], indexing=True)
    assert "Reading your documents …" in scene.text()
    assert "90 files to read" in scene.text()


def test_a_library_of_which_nothing_could_be_read_says_where_to_look(open_scene: OpenScene) -> None:
    scene = open_scene(collections=[{"name": "documents", "files": [0, 4, 0, 0]}])
    assert "No document in your folders could be read so far." in scene.text()
    scene.press("Show why, file by file")
    assert scene.window.ledger.isVisible()
    assert scene.wait_for_requests("files")[0]["state"] is None  # those left out as well


def test_progress_and_pause_stand_still_while_the_library_is_refreshed(open_scene: OpenScene) -> None:
    scene = open_scene(collections=BUSY, indexing=True, progress=[PROGRESS])
    scene.wait_for_text("documents: 10 of 100 files", scene.window.footer)
    seen = len(scene.requests("status"))
    scene.wait_for_requests("status", seen + 2)
    scene.answered()  # so the answers to those have come
    assert "documents: 10 of 100 files" in shown_text(scene.window.footer)
    assert scene.button("Pause indexing").isVisible()


def test_indexing_is_paused_and_resumed(open_scene: OpenScene) -> None:
    scene = open_scene(collections=BUSY, indexing=True, progress=[PROGRESS])
    scene.wait_for_text("10 of 100 files", scene.window.footer)
    scene.press("Pause indexing")
    scene.wait_for_text("Indexing is paused")
    scene.press("Resume indexing")
    scene.wait(lambda: "Indexing is paused" not in scene.text())
    assert [request["paused"] for request in scene.requests("pause_indexing")] == [True, False]


def test_sources_stand_there_before_the_first_word_of_the_answer(open_scene: OpenScene) -> None:
    scene = open_scene(tokens=[], hang_tokens=True)
    turn = scene.ask()
    scene.wait(lambda: turn.cards)
    assert all(card.isVisible() for card in turn.cards)
    assert not turn.answer.isVisible()
    assert scene.button("Stop the answer").isVisible()


def test_an_answer_marks_what_its_sources_do_not_carry_and_says_what_was_searched(open_scene: OpenScene) -> None:
    scene = open_scene()
    turn = scene.answered()
    assert turn.phase == "done"
    said = turn.answer.accessibleDescription()
    assert "Sentence 2: The sources carry this sentence only in part." in said
    assert "Sentence 3: No source carries this sentence." in said
    assert "214 files in scope, 209 searched, 5 unreadable" in scene.text()
    (asked,) = scene.requests("ask")
    assert (asked["question"], asked["collections"]) == (QUESTION, ["documents"])


def test_a_question_goes_with_the_answered_ones_before_it(open_scene: OpenScene) -> None:
    scene = open_scene()
    scene.answered()
    scene.answered("And for part-time staff?")
    scene.window.ask.begin_anew()
    scene.answered("Who pays?")
    earlier = [request["earlier"] for request in scene.requests("ask")]
    assert earlier == [[], [QUESTION], []]


def test_a_card_opens_its_page_with_the_words_marked_and_its_number_chosen(open_scene: OpenScene) -> None:
    scene = open_scene()
    turn = scene.answered()
    scene.click(turn.cards[0])
    scene.wait(scene.window.source.canvas.isVisible)
    assert "leave-policy-2026.pdf" in shown_text(scene.window.source)
    assert "Page 4 of 12" in shown_text(scene.window.source)
    assert "source 1 of 3" in shown_text(scene.window.source)
    assert len(scene.window.source.canvas.boxes) == 2
    (view,) = scene.requests("view")
    assert (view["page"], view["start"], view["end"], view["sha256"]) == (4, 210, 291, "a" * 64)
    assert turn.selected == 1


def test_a_number_in_the_text_opens_the_same_and_the_arrows_go_on(open_scene: OpenScene) -> None:
    scene = open_scene()
    turn = scene.answered()
    click_citation(turn.answer, 3)
    scene.wait_for_text("leave-policy-2024.pdf", scene.window.source)
    assert turn.cards[2].isChecked()
    scene.press("Next citation")
    scene.wait_for_text("source 1 of 3", scene.window.source)
    assert turn.selected == 1
    scene.press("Citation before")
    scene.wait_for_text("source 3 of 3", scene.window.source)


def test_esc_closes_the_source_and_brings_the_keyboard_to_the_question(open_scene: OpenScene) -> None:
    scene = open_scene()
    scene.click(scene.answered().cards[0])
    assert scene.window.source.isVisible()
    scene.key(Qt.Key.Key_Escape)
    assert not scene.window.source.isVisible()
    assert QApplication.focusWidget() is scene.window.ask.bar.input


def test_the_source_lies_over_the_answer_in_a_narrow_window(open_scene: OpenScene) -> None:
    scene = open_scene()
    scene.window.resize(1000, 700)
    turn = scene.answered()
    scene.click(turn.cards[0])
    scene.wait(scene.window.source.canvas.isVisible)
    assert scene.window.source.geometry().left() < scene.window.middle.geometry().right()
    assert scene.window.source.geometry().right() == scene.window.width() - 1


def test_text_without_pages_shows_the_exact_words(open_scene: OpenScene) -> None:
    text = "Before. Leave accrues at 1.75 days per month of work. After."
    scene = open_scene(view={"kind": "text", "text": text, "start": 8, "end": 53, "stale": False})
    scene.click(scene.answered().cards[1])
    scene.wait(scene.window.source.text.isVisible)
    assert scene.window.source.text.marked_text() == "Leave accrues at 1.75 days per month of work."


def test_a_refusal_says_so_and_shows_what_came_nearest(open_scene: OpenScene) -> None:
    refused = {"sentences": [], "refused": True, "citations": [], "coverage": {"files_in_scope": 2, "searched": 2}}
    scene = open_scene(answer=refused, tokens=[])
    turn = scene.answered()
    assert turn.phase == "refused"
    assert "Your documents do not answer this." in scene.text()
    assert [card.isVisible() for card in turn.cards] == [True] * 3
    assert "2 files in scope, 2 searched" in scene.text()


def test_stop_is_seen_before_the_engine_has_heard_of_it_and_the_engine_lives_on(open_scene: OpenScene) -> None:
    scene = open_scene(hang_tokens=True)
    pid = scene.client.pid()
    turn = scene.ask()
    scene.wait(turn.answer.isVisible)
    scene.press("Stop the answer")  # nothing comes from the engine before this thread waits
    assert turn.phase == "stopped"
    assert scene.button("Ask the question").isVisible()
    assert "was not checked against its sources" in scene.text()
    scene.wait(lambda: not scene.client._exchanges)
    assert scene.client.pid() == pid


def test_two_questions_in_a_row_are_both_answered_and_both_stay(open_scene: OpenScene) -> None:
    scene = open_scene()
    first, second = scene.answered("First?"), scene.answered("Second <b>&amp;</b>?")
    assert [turn.phase for turn in (first, second)] == ["done", "done"]
    assert [request["question"] for request in scene.requests("ask")] == ["First?", "Second <b>&amp;</b>?"]
    assert "Second <b>&amp;</b>?" in scene.text()


def test_only_the_chosen_collections_are_asked(open_scene: OpenScene) -> None:
    names = ("documents", "hr", "archive")
    scene = open_scene(collections=[{"name": name, "files": [1, 0, 0, 0]} for name in names])
    scene.click(scene.row("hr"))
    scene.press("Ask collection archive")
    scene.answered()
    assert scene.requests("ask")[0]["collections"] == ["hr", "archive"]
    assert not scene.row("documents").isChecked()


def test_a_change_of_a_quoted_file_marks_its_card_and_asks_for_the_open_page_again(
    open_scene: OpenScene, tmp_path: Path
) -> None:
    path = f"{tmp_path}/a.pdf"  # the scripted engine says that this file was read anew when its folder is added
    quoted = {"number": 1, "path": path, "page": 1, "start": 0, "end": 3, "quote": "abc", "text": "abc", "sha256": "a"}
    scene = open_scene(passages=[quoted], outdated={path: {"state": "changed", "now": None}})
    turn = scene.answered()
    scene.click(turn.cards[0])
    scene.wait_for_requests("view", 1)
    assert "changed since" not in turn.cards[0].accessibleName()
    scene.session.add_folders([str(tmp_path)], "documents")
    scene.wait_for_requests("view", 2)
    scene.wait(lambda: "changed since" in turn.cards[0].accessibleName())
    assert turn.changed.isVisible()


def test_a_source_that_is_no_longer_what_was_indexed_says_so(open_scene: OpenScene) -> None:
    scene = open_scene(view={"kind": "page", "pages": 12, "boxes": [], "stale": True})
    scene.click(scene.answered().cards[0])
    scene.wait_for_text("changed since it was indexed")
    assert scene.window.source.canvas.isVisible()


def test_files_that_need_a_look_are_one_click_from_their_reason_and_another_try(open_scene: OpenScene) -> None:
    scene = open_scene()
    scene.click(scene.row("5 files need a look"))
    model = scene.window.ledger.model
    scene.wait(lambda: model.rowCount() == 5 and model.row(0) is not None)
    cells = [model.data(model.index(0, column)) for column in range(4)]
    assert cells == ["<b>0.pdf", "hr", "Not readable", "It needs a password."]
    scene.press("Try the chosen files again, or all that failed")
    (retried,) = scene.wait_for_requests("retry")
    assert retried["paths"] == []
    scene.wait_for_requests("files", 2)


def test_everything_can_be_searched_and_a_passage_opens_its_page(open_scene: OpenScene) -> None:
    scene = open_scene()
    QTest.keyClick(scene.window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    scene.type("carry <over>")
    scene.key(Qt.Key.Key_Return)
    scene.wait_for_text("3 passages, best first")
    assert scene.requests("search")[0]["query"] == "carry <over>"
    scene.click(scene.window.search.cards[1])
    scene.wait_for_text("handbook.docx", scene.window.source)
    assert "source 2 of 3" in shown_text(scene.window.source)


def test_another_model_is_chosen_with_one_click(open_scene: OpenScene) -> None:
    scene = open_scene()
    scene.press("Models")
    scene.wait_for_text("licence: MIT", scene.window.models)
    assert "all-minilm-l6-v2" in shown_text(scene.window.models)
    hellos = len(scene.requests("hello"))
    scene.press("Use other")
    assert scene.wait_for_requests("use_model")[0]["name"] == "other"
    scene.wait_for_requests("hello", hellos + 1)  # the footer names the model in use


def test_an_engine_that_is_not_offline_is_said_to_be(open_scene: OpenScene) -> None:
    scene = open_scene(findings=[{"check": "a socket", "ok": False, "detail": "it was opened"}])
    scene.wait_for_text("Not verified offline: a socket")
    assert "Offline, verified" not in scene.text()


def test_a_drive_that_is_away_is_shown_with_its_date(open_scene: OpenScene) -> None:
    away = {"name": "archive", "files": [7, 0, 0, 0], "path": "/media/usb", "offline_since": "2026-11-02T08:00:00"}
    scene = open_scene(collections=[away])
    scene.wait_for_text("offline since 2026-11-02")
    assert scene.row("archive").word() == "offline"
    assert scene.answered().phase == "done"  # its passages stay


@pytest.mark.qt_log_ignore("plugin does not support", extend=True)  # a menu, on a screen that is none
def test_a_folder_is_forgotten_only_after_a_second_yes(open_scene: OpenScene) -> None:
    scene = open_scene(collections=[{"name": "documents", "files": [3, 0, 0, 0], "path": "/docs/old"}])
    for answer in ("Keep", "Forget"):
        scene.click(scene.row("old"))
        choose_from_menu(scene)
        assert "Stop watching /docs/old?" in scene.text()
        assert scene.requests("remove_folder") == []
        scene.press(answer)
    assert scene.wait_for_requests("remove_folder")[0]["path"] == "/docs/old"
    scene.wait_for_text("Drop a folder here")


def choose_from_menu(scene: Scene) -> None:
    """Choose the last entry of the menu that has opened."""
    scene.wait(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    scene.click(menu, menu.actionGeometry(menu.actions()[-1]).center())


def test_a_flood_of_words_leaves_the_window_awake(open_scene: OpenScene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each turn of the loop takes a few words, and many of them are painted at once."""
    monkeypatch.setattr(engine_client, "_TURN_S", -1.0)  # over after one line
    flood = 1500
    scene = open_scene(flood=flood, tokens=[])
    turn = scene.ask()
    painted, stream = list[str](), turn.answer.stream

    def counted_stream(text: str) -> None:
        painted.append(text)
        stream(text)

    monkeypatch.setattr(turn.answer, "stream", counted_stream)
    probe = Probe(scene.client._exchanges[turn.request_id])
    scene.qtbot.waitUntil(lambda: not turn.running, timeout=LIMIT_MS)
    probe.assert_awake(flood)
    assert len(painted) < flood / 4  # none, where all came before the first was due
