"""Sets and runs: what is wrong with which line, what can be run now, and a run is deleted only when asked twice."""

from __future__ import annotations

import pytest
from desktop_parts import Room, button, click, cut_labels, unnamed, words
from evaluation_documents import RECORDS, SET, SETS
from PySide6.QtWidgets import QCheckBox
from pytestqt.qtbot import QtBot

from studiolo_desktop.evaluation_overview import EvaluationOverview

NEWER, OLDER = (str(record["run"]) for record in RECORDS)


@pytest.fixture
def room(qtbot: QtBot) -> Room:
    return Room(qtbot, width=560, height=600)


@pytest.fixture
def page(room: Room) -> EvaluationOverview:
    made = room.hold(EvaluationOverview(room))
    made.show_sets(SETS)
    made.show_runs(RECORDS)
    return made


def said(page: EvaluationOverview) -> str:
    return "\n".join(words(page))


def ticks(page: EvaluationOverview) -> list[QCheckBox]:
    return [tick for tick in page.findChildren(QCheckBox) if tick.isVisibleTo(page)]


def test_before_anything_is_known_it_says_so_and_an_empty_list_says_what_a_set_is(room: Room) -> None:
    page = room.hold(EvaluationOverview(room))
    assert "Looking for your question sets …" in words(page)
    page.show_sets([])
    page.show_runs([])
    assert "A question set is a file of your own questions" in said(page)
    assert "No run yet." in said(page)


def test_a_set_says_what_it_holds_and_a_broken_one_which_lines(page: EvaluationOverview) -> None:
    assert "30 questions · 5 of them unanswerable · 2 drafts to decide on" in words(page)
    assert "line 2: no JSON; line 7: the id of line 1 again" in said(page)
    assert "The question file cannot be read." in said(page)
    names = [b.accessibleName() for b in page.findChildren(type(button(page, "Run leave questions.jsonl")))]
    assert "Run broken.jsonl" not in names
    assert {"Check broken.jsonl again", "Check gone.jsonl again"} <= set(names)


def test_what_is_pressed_is_said_with_its_set(page: EvaluationOverview, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.run_wanted) as run:
        click(button(page, "Run leave questions.jsonl"))
    assert run.args[0]["path"] == SET
    for name, signal, wanted in (
        ("Decide on the drafts of leave questions.jsonl", page.review_wanted, [SET]),
        ("Take leave questions.jsonl off the list", page.forget_wanted, [SET]),
        ("Check broken.jsonl again", page.checked_again, []),
        ("Choose a file of questions", page.file_wanted, []),
        ("Draft questions from your documents", page.draft_wanted, []),
        (f"Open the run of leave questions.jsonl, {run_time(page)}", page.opened, [NEWER]),
    ):
        with qtbot.waitSignal(signal) as pressed:
            click(button(page, name))
        assert pressed.args == wanted


def run_time(page: EvaluationOverview) -> str:
    return ticks(page)[0].accessibleName().partition(", ")[2][:16]


def test_while_something_runs_nothing_else_can_be_begun(page: EvaluationOverview) -> None:
    page.show_busy(busy=True)
    assert not button(page, "Run leave questions.jsonl").isEnabled()
    assert not button(page, "Draft questions from your documents").isEnabled()
    page.show_busy(busy=False)
    assert button(page, "Run leave questions.jsonl").isEnabled()


def test_a_run_is_listed_with_date_configuration_and_how_many_were_right(page: EvaluationOverview) -> None:
    assert "24 of 30 questions right" in words(page)
    assert "Answers by smollm2-135m, 6 passages each" in words(page)
    page.show_runs([RECORDS[0] | {"complete": False, "not_run": 12}])
    assert "24 of 30 questions right, stopped before the last 12" in words(page)


def test_two_that_are_ticked_are_compared_the_older_first(page: EvaluationOverview, qtbot: QtBot) -> None:
    compare = button(page, "Compare the two runs that are ticked")
    first, second = ticks(page)
    first.setChecked(True)
    assert not compare.isEnabled()
    second.setChecked(True)
    with qtbot.waitSignal(page.compare_wanted) as wanted:
        click(compare)
    assert wanted.args == [OLDER, NEWER]
    page.show_runs(RECORDS)
    assert [tick.isChecked() for tick in ticks(page)] == [True, True]


def test_a_run_is_deleted_after_a_second_word_and_kept_otherwise(page: EvaluationOverview, qtbot: QtBot) -> None:
    name = f"the run of leave questions.jsonl, {run_time(page)}"
    with qtbot.assertNotEmitted(page.deleted):
        click(button(page, f"Delete {name}"))
        assert "Delete this run with its answers? Your question set stays." in words(page)
        assert button(page, f"Keep {name}").hasFocus() or not page.isActiveWindow()
        click(button(page, f"Keep {name}"))
    click(button(page, f"Delete {name}"))
    with qtbot.waitSignal(page.deleted) as deleted:
        click(button(page, f"Delete {name} now"))
    assert deleted.args == [NEWER]


def test_many_runs_come_some_at_a_time(page: EvaluationOverview) -> None:
    page.show_runs([RECORDS[0] | {"run": f"{n:016x}"} for n in range(25)])
    assert len(ticks(page)) == 10
    click(button(page, "Show 10 more runs of 15"))
    click(button(page, "Show 5 more runs of 5"))
    assert len(ticks(page)) == 25


@pytest.mark.parametrize("width", [364, 560, 1100])
def test_nothing_is_cut_and_everything_has_a_name(page: EvaluationOverview, room: Room, width: int) -> None:
    room.resize(width, 600)
    assert cut_labels(room) == []
    assert unnamed(room) == []


@pytest.mark.parametrize("untrusted", [{}, {"path": 3, "questions": "many", "lines": 7, "problems": 2, "error": "no"}])
def test_what_is_not_as_it_must_be_breaks_nothing(page: EvaluationOverview, untrusted: dict[str, object]) -> None:
    page.show_sets([untrusted])
    page.show_runs([untrusted])
    assert "Nothing could be judged" in words(page)
