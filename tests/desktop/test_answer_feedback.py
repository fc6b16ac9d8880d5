"""What is said of an answer: one thumb at a time, a correction, and both can be taken back."""

from __future__ import annotations

import pytest
from desktop_parts import MARKUP, Room, click, cut_labels, unnamed, words
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studiolo_desktop.widgets.answer_feedback import AnswerFeedback


class Said:
    """The row below an answer, and what was said in it."""

    def __init__(self, qtbot: QtBot) -> None:
        self.room = Room(qtbot, width=420, height=420)
        self.view = self.room.hold(AnswerFeedback(self.room), stretch=0)
        self.given: list[tuple[str, str]] = []
        self.view.given.connect(lambda rating, correction: self.given.append((rating, correction)))
        self.view.show_for("Ten days.", {})

    def correct(self, text: str) -> None:
        click(self.view.correct)
        self.view.text.selectAll()
        QTest.keyClicks(self.view.text, text)
        click(self.view.save)


@pytest.fixture
def said(qtbot: QtBot) -> Said:
    return Said(qtbot)


def test_one_thumb_at_a_time_and_a_second_press_takes_it_back(said: Said) -> None:
    click(said.view.up)
    click(said.view.down)
    assert (said.view.up.isChecked(), said.view.down.isChecked()) == (False, True)
    click(said.view.down)
    assert said.given == [("up", ""), ("down", ""), ("", "")]
    assert not said.view.down.isChecked()


def test_a_correction_begins_with_the_answer_and_is_shown_when_kept(said: Said) -> None:
    click(said.view.correct)
    assert said.view.text.toPlainText() == "Ten days."
    assert said.view.text.hasFocus()
    QTest.keyClicks(said.view.text, "Twelve. ")
    click(said.view.save)
    assert said.given == [("", "Twelve. Ten days.")]
    assert "Your correction: Twelve. Ten days." in words(said.room)
    assert said.view.correct.text() == "Change the correction"
    assert said.view.correct.hasFocus()
    assert not said.view.text.isVisible()


def test_an_answer_left_as_it_is_corrects_nothing_and_an_emptied_correction_is_taken_back(said: Said) -> None:
    said.correct("Twelve.")
    said.correct("Ten days.")
    assert said.given == [("", "Twelve."), ("", "")]
    assert said.view.correct.text() == "Correct this answer"


@pytest.mark.parametrize("way", ["Cancel", "Esc"])
def test_a_correction_that_is_left_says_nothing(said: Said, way: str) -> None:
    click(said.view.correct)
    QTest.keyClicks(said.view.text, "Twelve. ")
    if way == "Esc":
        QTest.keyClick(said.view.text, Qt.Key.Key_Escape)
    else:
        click(said.view.cancel)
    assert said.given == []
    assert not said.view.text.isVisible()
    click(said.view.correct)
    assert said.view.text.toPlainText() == "Ten days."


def test_a_thumb_keeps_the_correction_and_what_was_said_before_is_shown(said: Said) -> None:
    said.view.show_for("Ten days.", {"rating": "down", "correction": f"Twelve. {MARKUP}"})
    assert said.view.down.isChecked()
    assert f"Your correction: Twelve. {MARKUP}" in words(said.room)
    click(said.view.up)
    assert said.given == [("up", f"Twelve. {MARKUP}")]


def test_tab_leaves_the_text_and_everything_has_a_name(said: Said) -> None:
    click(said.view.correct)
    QApplication.processEvents()
    QTest.keyClick(said.view.text, Qt.Key.Key_Tab)
    assert said.view.cancel.hasFocus()
    assert unnamed(said.room) == []
    assert cut_labels(said.room) == []


@pytest.mark.parametrize("before", [{}, {"rating": 3, "correction": None}])
def test_a_feedback_of_another_shape_is_borne(said: Said, before: dict[str, object]) -> None:
    said.view.show_for("Ten days.", before)
    assert (said.view.rating, said.view.correction) == ("", "")
