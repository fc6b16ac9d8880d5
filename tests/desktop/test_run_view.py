"""One run: the figures with their intervals, and the questions that failed, by name and by cause; a click asks one."""

from __future__ import annotations

import pytest
from desktop_parts import Room, button, click, cut_labels, settle, unnamed, words
from evaluation_documents import RUN, a_row
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studiolo_desktop.run_view import QuestionList, RunView


@pytest.fixture
def room(qtbot: QtBot) -> Room:
    return Room(qtbot, width=560, height=600)


@pytest.fixture
def page(room: Room, qtbot: QtBot) -> RunView:
    made = room.hold(RunView(room, room.theme))
    made.show_run(RUN)
    settle(qtbot, made)
    return made


def figures(page: RunView) -> list[str]:
    assert page.figures is not None
    return page.figures.row_words()


def test_it_says_how_many_are_right_when_and_how(page: RunView) -> None:
    said = words(page)
    assert said[0] == "24 of 30 questions right."
    assert said[1].startswith("leave questions.jsonl, 30 questions, 2026-11-27 ")
    assert "Answers by smollm2-135m, 6 passages each" in said
    assert "Note: leave.pdf is failed (q3)." in said


def test_each_figure_stands_with_its_interval_the_main_ones_first_and_all_when_asked(
    page: RunView, qtbot: QtBot
) -> None:
    assert figures(page) == [
        "Right page among the first 5 passages, 86 %, 72 to 96 %, 30",
        "Words shared with the expected answer (F1), 0.54, 0.41 to 0.66, 30",
        "An answer takes, 1,240 ms, 900 to 1,500 ms, 30",
    ]
    click(button(page, "Show all 5 figures"))
    settle(qtbot, page)
    assert len(figures(page)) == 5
    assert "Right page among the first 5 passages, by meaning alone, 80 %, 70 to 90 %, 30" in figures(page)


def test_failures_are_named_by_their_cause_with_what_it_calls_for(page: RunView) -> None:
    said = words(page)
    causes = ["Not found: 1", "Found, and not used: 1", "Not in the documents: 1", "Right: 24"]
    assert [s for s in said if s in causes] == causes
    assert "Because · Expected: ten days · Answer: five days" in said
    assert "Because" not in said
    assert any("Another embedder may find it" in s for s in said)


def test_what_is_right_is_shown_when_asked(page: RunView, qtbot: QtBot) -> None:
    assert "What is number 10?" not in words(page)
    click(button(page, "Show 10 questions of 24"))
    settle(qtbot, page)
    assert button(page, "Ask: What is number 10?").isVisibleTo(page)


def test_a_click_on_a_question_asks_it_in_the_collections_of_the_run(page: RunView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.question_wanted) as wanted:
        click(button(page, "Ask: How <b>many</b> days?"))
    assert wanted.args == ["How <b>many</b> days?", ["documents"]]


def test_a_long_list_comes_some_at_a_time(room: Room, qtbot: QtBot) -> None:
    rows = [(f"Question {n}?", "") for n in range(45)]
    listed = room.hold(QuestionList(room, room.theme, rows))
    assert listed.more.text() == "Show 10 more questions of 35"
    for _ in range(3):
        click(listed.more)
        qtbot.waitUntil(lambda: not listed.is_filling)
    assert listed.more.text() == "Show 5 more questions of 5"
    click(listed.more)
    assert not listed.more.isVisible()
    qtbot.waitUntil(lambda: not listed.is_filling)
    QApplication.processEvents()
    assert button(listed, "Ask: Question 44?").isVisibleTo(listed)


def test_while_it_is_opened_that_is_said(page: RunView) -> None:
    page.show_loading()
    assert words(page) == ["Opening the run …"]


@pytest.mark.parametrize("width", [364, 560, 1100])
def test_nothing_is_cut_and_everything_has_a_name(page: RunView, room: Room, width: int) -> None:
    room.resize(width, 600)
    assert cut_labels(room) == []
    assert unnamed(room) == []


@pytest.mark.parametrize(
    "untrusted",
    [
        {},
        {"rows": [{}], "measures": {"f1": 3}, "warnings": "no"},
        {"rows": [a_row(1, "right", expected=3)], "about": 1},
    ],
)
def test_what_is_not_as_it_must_be_breaks_nothing(page: RunView, qtbot: QtBot, untrusted: dict[str, object]) -> None:
    page.show_run(untrusted)
    settle(qtbot, page)
    assert words(page)[0] == "Nothing could be judged."
