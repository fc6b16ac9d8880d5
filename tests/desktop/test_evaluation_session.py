"""Evaluation over a scripted engine: sets added, runs made, stopped, compared and deleted, drafts decided on."""

from __future__ import annotations

from pathlib import Path

import pytest
from evaluation_documents import COMPARISON, RECORDS, RUN, SET, SETS
from PySide6.QtCore import Qt
from scripted_window import Json, OpenScene, Scene, local

from studiolo_desktop.evaluation_view import EvaluationView

RUN_SET = "Run leave questions.jsonl"


def opened(open_scene: OpenScene, **script: object) -> Scene:
    documents: Json = {
        "question_sets": [dict(s) for s in SETS], "evaluation": RUN, "comparison": COMPARISON, "evaluations": RECORDS,
    }  # fmt: skip
    scene = open_scene(**(documents | script))
    scene.window.commands.run("evaluation")
    scene.wait_for_text("30 questions")
    scene.wait(lambda: "Looking for" not in scene.text())
    return scene


def page(scene: Scene) -> EvaluationView:
    return scene.window.evaluation


def start(scene: Scene) -> None:
    scene.press(RUN_SET)
    scene.press("Run", page(scene).run_form)


def test_the_page_lists_what_there_is(open_scene: OpenScene) -> None:
    scene = opened(open_scene)
    scene.wait_for_text("24 of 30 questions right")
    assert scene.window.pages.currentWidget() is page(scene)


def test_a_set_is_run_and_opened_and_a_failed_question_is_asked_with_a_click(open_scene: OpenScene) -> None:
    scene = opened(open_scene)
    start(scene)
    scene.wait_for_text("24 of 30 questions right.", page(scene).run)
    (asked,) = scene.requests("evaluate")
    assert (asked["path"], asked["configuration"], asked["collections"]) == (SET, "current", ["documents"])
    scene.wait_for_text("How <b>many</b> days?", page(scene).run)
    scene.press("Ask: How <b>many</b> days?")
    (question,) = scene.wait_for_requests("ask")
    assert (question["question"], question["collections"], question["earlier"]) == (
        "How <b>many</b> days?", ["documents"], [],
    )  # fmt: skip
    assert scene.window.pages.currentWidget() is scene.window.ask


def test_two_configurations_are_run_in_a_row_and_compared(open_scene: OpenScene) -> None:
    scene = opened(open_scene, evaluations=[])
    scene.press(RUN_SET)
    form = page(scene).run_form
    form.other.setCurrentIndex(form.other.findText("Quotes alone, without a model"))
    scene.press("Run", form)
    scene.wait_for_text("1 figure better, 1 figure worse, 1 figure unclear.")
    assert [r["configuration"] for r in scene.requests("evaluate")] == ["no-model", "current"]
    (compared,) = scene.requests("compare_evaluations")
    assert (compared["before"], compared["after"]) == ("0" * 16, "0" * 15 + "1")


def test_a_run_goes_on_while_a_question_is_asked_and_its_end_is_said(open_scene: OpenScene) -> None:
    scene = opened(open_scene, hang_measuring=True)
    start(scene)
    scene.wait_for_text("1 of 2 questions")
    assert scene.answered().phase == "done"
    assert page(scene).work.isVisibleTo(page(scene))


def test_the_end_of_a_run_is_told_to_one_who_is_elsewhere(open_scene: OpenScene) -> None:
    scene = opened(open_scene)
    said: list[str] = []
    scene.session.evaluation.ended.connect(said.append)
    start(scene)
    scene.window.show_ask()
    scene.wait_for_text("The run of leave questions.jsonl has ended: 24 of 30 questions right.")
    assert said == ["A run of questions has ended: 24 of 30 questions right."]
    assert scene.window.pages.currentWidget() is scene.window.ask


def test_a_stopped_run_ends_and_the_engine_lives(open_scene: OpenScene) -> None:
    scene = opened(open_scene, hang_measuring=True)
    start(scene)
    scene.wait_for_text("1 of 2 questions")
    engine = scene.client.pid()
    scene.press("Stop the run")
    scene.wait(lambda: not page(scene).work.isVisible())
    assert scene.client.pid() == engine
    assert scene.button(RUN_SET).isEnabled()


def test_what_a_run_fails_with_is_said_on_the_page(open_scene: OpenScene) -> None:
    error = {"code": "model.missing", "message": "There is no model.", "hint": "Add one."}
    scene = opened(open_scene, fail={"evaluate": error})
    start(scene)
    scene.wait_for_text("There is no model. Add one. (model.missing)")
    assert scene.button(RUN_SET).isEnabled()


@pytest.mark.logs("the engine ended (")
def test_a_run_during_which_the_engine_ends_is_over(open_scene: OpenScene) -> None:
    scene = opened(open_scene, crash_on="evaluate")
    start(scene)
    scene.wait(lambda: not page(scene).work.isVisible())
    scene.wait(lambda: scene.client.state == "ready")
    assert scene.button(RUN_SET).isEnabled()


def test_a_dropped_file_of_questions_is_added_and_a_folder_beside_it_offered(
    open_scene: OpenScene, tmp_path: Path
) -> None:
    scene = opened(open_scene)
    file, folder = tmp_path / "mine.jsonl", tmp_path / "papers"
    file.write_text("{}")
    folder.mkdir()
    scene.drop(local(file, folder))
    scene.wait_for_text("mine.jsonl")
    assert scene.requests("add_question_set")[0]["path"] == str(file)
    assert scene.window.sheet.isVisible()
    scene.window.sheet.reject()
    assert scene.window.pages.currentWidget() is page(scene)


def test_elsewhere_a_dropped_file_of_questions_is_a_document_like_any_other(
    open_scene: OpenScene, tmp_path: Path
) -> None:
    scene = open_scene()
    file = tmp_path / "mine.jsonl"
    file.write_text("{}")
    scene.drop(local(file))
    assert scene.window.sheet.isVisible()
    assert scene.requests("add_question_set") == []


def test_a_set_is_taken_off_the_list_and_a_run_deleted(open_scene: OpenScene) -> None:
    scene = opened(open_scene)
    scene.press("Take leave questions.jsonl off the list")
    scene.wait(lambda: RUN_SET not in [b.accessibleName() for b in scene.window.findChildren(type(page(scene).all))])
    when = scene.button_beginning("Open the run of").accessibleName().removeprefix("Open ")
    scene.press(f"Delete {when}")
    scene.press(f"Delete {when} now")
    scene.wait_for_requests("delete_evaluation")
    scene.wait(lambda: "1" * 16 not in page(scene).overview._ticks)


def test_two_kept_runs_are_compared(open_scene: OpenScene) -> None:
    scene = opened(open_scene)
    for tick in page(scene).overview._ticks.values():
        tick.setChecked(True)
    scene.press("Compare the two runs that are ticked")
    scene.wait_for_text("1 figure better, 1 figure worse, 1 figure unclear.")
    (compared,) = scene.requests("compare_evaluations")
    assert (compared["before"], compared["after"]) == ("0" * 16, "1" * 16)


def test_questions_are_drafted_and_decided_on_one_by_one(open_scene: OpenScene, tmp_path: Path) -> None:
    path = str(tmp_path / "new.jsonl")
    drafted = dict(SETS[0]) | {"path": path}
    scene = opened(open_scene, question_sets=[dict(SETS[0]), drafted])
    scene.window.commands.run("draft_questions")
    page(scene).draft_form.number.setValue(2)
    page(scene).draft_form.draft_into(path)
    scene.wait_for_text("new.jsonl: 2 drafts to decide on")
    assert scene.requests("draft_questions")[0]["count"] == 2
    scene.press("Keep this question as it stands here")
    scene.wait_for_text("new.jsonl: 1 draft to decide on")
    scene.press("Drop this question from the set")
    scene.wait_for_text("new.jsonl: every draft is decided on.")
    first, second = scene.requests("decide_question")
    assert (first["entry"], first["decision"], first["question"]) == (
        "d1", "keep", "How many days may be carried over?",
    )  # fmt: skip
    assert (second["entry"], second["decision"], second["question"]) == ("d2", "drop", None)


def test_documents_that_yield_no_question_are_said(open_scene: OpenScene) -> None:
    scene = opened(open_scene, drafted=0)
    scene.window.commands.run("draft_questions")
    page(scene).draft_form.draft_into("/sets/none.jsonl")
    scene.wait_for_text("No question could be drafted from these documents.")


def test_a_decision_that_was_not_written_is_said(open_scene: OpenScene) -> None:
    error = {"code": "question.file_changed", "message": "It was changed.", "hint": "Again."}
    scene = opened(open_scene, fail={"decide_question": error})
    scene.press("Decide on the drafts of leave questions.jsonl")
    scene.wait_for_text("leave questions.jsonl: 2 drafts to decide on")
    scene.press("Keep this question as it stands here")
    scene.wait_for_text("It was changed. Again. (question.file_changed)")


def test_escape_goes_back_one_step_and_then_to_the_answers(open_scene: OpenScene) -> None:
    scene = opened(open_scene)
    scene.press(RUN_SET)
    scene.key(Qt.Key.Key_Escape)
    assert page(scene).overview.isVisible()
    scene.key(Qt.Key.Key_Escape)
    assert scene.window.pages.currentWidget() is scene.window.ask
