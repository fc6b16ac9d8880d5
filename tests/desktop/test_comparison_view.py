"""Two runs compared: a picture, the same in words, and the questions that changed; a click asks one."""

from __future__ import annotations

import pytest
from desktop_parts import Room, button, click, cut_labels, settle, unnamed, words
from evaluation_documents import COMPARISON, a_difference
from pytestqt.qtbot import QtBot

from studiolo_desktop.comparison_view import ComparisonView
from studiolo_desktop.plot_library import PlotLibrary

LIMIT_MS = 15_000


@pytest.fixture
def room(qtbot: QtBot) -> Room:
    return Room(qtbot, width=900, height=600)


@pytest.fixture
def page(room: Room, qtbot: QtBot) -> ComparisonView:
    library = PlotLibrary(room)
    made = room.hold(ComparisonView(room, room.theme, library))
    with qtbot.waitSignal(library.ready, timeout=LIMIT_MS):
        made.show_comparison(COMPARISON)
    settle(qtbot, made)
    return made


def rows(page: ComparisonView) -> list[str]:
    assert page.table is not None
    return page.table.row_words()


def test_it_says_in_a_sentence_what_is_sure(page: ComparisonView) -> None:
    said = words(page)
    assert said[0] == "1 figure better, 1 figure worse, 1 figure unclear."
    assert said[1].startswith("Before: leave questions.jsonl, 2026-11-26 ")
    assert said[2].startswith("After: leave questions.jsonl, 2026-11-27 ")
    assert "30 questions in both; 2 left out: only in one run, or changed between them." in said


def test_each_difference_stands_with_its_interval_and_its_verdict(page: ComparisonView) -> None:
    assert rows(page) == [
        "Right page among the first 5 passages, 70 %, 86 %, +16 (+4 to +28) points, better",
        "Words shared with the expected answer (F1), 0.50, 0.54, +0.04 (−0.02 to +0.10), unclear",
        "Answerable questions that are refused (fewer is better), 10 %, 30 %, +20 (+10 to +30) points, worse",
        "An answer takes, 1,200 ms, 900 ms, −300 (−400 to −200) ms, not judged",
    ]


def test_the_picture_has_no_times_and_the_same_words_for_a_screen_reader(page: ComparisonView) -> None:
    assert page.plot is not None
    assert page.plot.is_drawn
    assert page.plot.accessibleName().endswith("1 figure better, 1 figure worse, 1 figure unclear.")
    assert page.plot.height() < 5 * 60


def test_all_figures_are_shown_when_asked(page: ComparisonView, qtbot: QtBot) -> None:
    click(button(page, "Show all 5 figures"))
    settle(qtbot, page)
    assert len(rows(page)) == 5


def test_the_questions_that_changed_are_named_and_asked_with_a_click(page: ComparisonView, qtbot: QtBot) -> None:
    said = words(page)
    assert "Words shared with the expected answer (F1): 1 question better" in said
    assert "Words shared with the expected answer (F1): 1 question worse" in said
    assert "0.50 → 0.25" in said
    with qtbot.waitSignal(page.question_wanted) as wanted:
        click(button(page, "Ask: Who pays?"))
    assert wanted.args == ["Who pays?", ["documents"]]


def test_where_nothing_is_sure_that_is_said(page: ComparisonView, qtbot: QtBot) -> None:
    page.show_comparison({"differences": {"f1": a_difference("unclear", 0.5, 0.1, -0.1, 0.3)}})
    settle(qtbot, page)
    assert words(page)[0] == "No figure is surely better or worse."
    page.show_comparison({"differences": {"f1": a_difference("same", 0.5, 0, 0, 0)}})
    settle(qtbot, page)
    assert words(page)[0] == "Nothing differs."
    page.show_loading()
    assert words(page) == ["Comparing the runs …"]


@pytest.mark.parametrize("width", [364, 560, 1100])
def test_nothing_is_cut_and_everything_has_a_name(page: ComparisonView, room: Room, width: int) -> None:
    room.resize(width, 600)
    assert cut_labels(room) == []
    assert unnamed(room) == []
    assert page.table is not None
    assert page.table.isColumnHidden(1) == (width < 640)


@pytest.mark.parametrize("untrusted", [{}, {"differences": {"f1": 3, "x": {}}, "runs": [{}], "shared": "all"}])
def test_what_is_not_as_it_must_be_breaks_nothing(
    page: ComparisonView, qtbot: QtBot, untrusted: dict[str, object]
) -> None:
    page.show_comparison(untrusted)
    settle(qtbot, page)
    assert words(page)[0] == "Nothing differs."
