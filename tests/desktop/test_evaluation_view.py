"""The page Evaluation: one thing at a time, Esc goes back one step, and what runs is said and can be stopped."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from desktop_parts import Room, button, click, words
from evaluation_documents import COMPARISON, RUN, SETS
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from studiolo.errors import ErrorReport
from studiolo.messages import Progress
from studiolo_desktop.evaluation_view import EvaluationView


@pytest.fixture
def room(qtbot: QtBot) -> Room:
    return Room(qtbot, width=700, height=560)


@pytest.fixture
def page(room: Room) -> EvaluationView:
    made = room.hold(EvaluationView(room, room.theme))
    made.overview.show_sets(SETS)
    made.overview.show_runs([])
    return made


def progress(done: int, total: int = 30, phase: str = "evaluate") -> Progress:
    return Progress(phase=phase, files_done=done, files_total=total, request="w1")


def test_what_is_opened_lies_over_the_lists_and_a_step_back_leads_to_them(page: EvaluationView) -> None:
    assert not page.all.isVisible()
    shows: tuple[Callable[[], None], ...] = (
        lambda: page.show_run(RUN),
        lambda: page.show_comparison(COMPARISON),
        lambda: page.show_review(SETS[0]),
        lambda: page.show_draft_form(collections=["documents"], scope=[]),
        lambda: page.show_run_form(SETS[0], collections=["documents"], scope=[], models=[], runs=[]),
        lambda: page.show_loading("run"),
    )
    for show in shows:
        show()
        assert not page.overview.isVisible()
        assert page.step_back()
        assert page.overview.isVisible()
    assert not page.step_back()


def test_a_form_is_taken_back(page: EvaluationView) -> None:
    page.show_run_form(SETS[0], collections=["documents"], scope=[], models=[], runs=[])
    click(button(page.run_form, "Cancel"))
    assert page.overview.isVisible()


def test_what_runs_says_how_far_it_is_and_how_long_it_takes(
    page: EvaluationView, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 100.0
    monkeypatch.setattr("time.monotonic", lambda: now)
    page.begin_work("Running leave.jsonl")
    assert page.work.words.text() == "Running leave.jsonl: loading …"
    assert not button(page, "Run leave questions.jsonl").isEnabled()
    page.work.show_progress(progress(1))
    assert page.work.words.text() == "Running leave.jsonl: 1 of 30 questions"
    now = 110.0
    page.work.show_progress(progress(10))
    assert page.work.words.text() == "Running leave.jsonl: 10 of 30 questions, about 20 s left"
    assert (page.work.bar.value(), page.work.bar.maximum()) == (10, 30)
    page.work.show_progress(progress(30))
    assert page.work.words.text() == "Running leave.jsonl: looking why questions failed …"
    page.end_work()
    assert not page.work.isVisible()
    assert button(page, "Run leave questions.jsonl").isEnabled()


def test_a_stop_is_asked_for_once_and_said(page: EvaluationView, qtbot: QtBot) -> None:
    page.begin_work("Running leave.jsonl")
    with qtbot.waitSignal(page.work_stopped):
        click(button(page, "Stop the run"))
    page.work.show_progress(progress(3))
    assert page.work.words.text() == "Running leave.jsonl: stopping after this question …"
    assert not page.work.stop.isEnabled()


def test_an_error_is_said_until_something_else_is_shown(page: EvaluationView) -> None:
    page.show_error(ErrorReport("question.bad_file", "It cannot be read.", "Mend it."))
    assert "It cannot be read. Mend it. (question.bad_file)" in words(page)
    page.show_overview()
    assert not page.error.isVisible()


@pytest.mark.qt_log_ignore("plugin does not support", extend=True)
def test_a_file_is_chosen_with_the_systems_dialog(page: EvaluationView, qtbot: QtBot) -> None:
    click(button(page, "Choose a file of questions"))
    dialog = page.findChild(QFileDialog)
    assert dialog is not None
    with qtbot.waitSignal(page.file_given) as given:
        dialog.fileSelected.emit("/sets/a.jsonl")
    assert given.args == ["/sets/a.jsonl"]
    dialog.close()


def test_before_it_is_used_it_is_light(page: EvaluationView) -> None:
    """The pages but the first are made when they are wanted: the window stands on the screen as soon as without."""
    assert page.stack.count() == 1
