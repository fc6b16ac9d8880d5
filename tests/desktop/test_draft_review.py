"""Drafts one after the other: kept as they are, with other words, dropped or put off; a refusal loses nothing."""

from __future__ import annotations

import pytest
from desktop_parts import Room, button, click, cut_labels, unnamed, words
from evaluation_documents import DRAFTS, SET, SETS
from pytestqt.qtbot import QtBot

from studiolo.errors import ErrorReport
from studiolo_desktop.draft_review import DraftReview

KEEP = "Keep this question as it stands here"
DROP = "Drop this question from the set"
LATER = "Decide on this question later"


@pytest.fixture
def room(qtbot: QtBot) -> Room:
    return Room(qtbot, width=508, height=520)


@pytest.fixture
def review(room: Room) -> DraftReview:
    made = room.hold(DraftReview(room, room.theme))
    made.show_set(SETS[0])
    return made


def test_a_draft_is_shown_with_its_passage_and_the_sentence_marked(review: DraftReview) -> None:
    assert "leave questions.jsonl: 2 drafts to decide on" in words(review)
    assert review.question.toPlainText() == "How many days may be carried over?"
    assert review.passage.marked_text() == "Up to ten days may be carried over."
    assert "hr/leave.pdf, p. 4" in words(review)


def test_it_is_kept_with_the_words_that_stand_there(review: DraftReview, qtbot: QtBot) -> None:
    review.question.setPlainText(" How many days of leave\nmay be carried over? ")
    with qtbot.waitSignal(review.decided) as decided:
        click(button(review, KEEP))
    assert decided.args == [SET, "d1", "keep", "How many days of leave may be carried over?", "ten days"]
    assert not review.keep.isEnabled()
    review.show_set(SETS[0] | {"drafts": DRAFTS[1:]})
    assert review.keep.isEnabled()
    assert review.question.toPlainText() == "Who approves a desk?"


def test_it_is_dropped(review: DraftReview, qtbot: QtBot) -> None:
    with qtbot.waitSignal(review.decided) as decided:
        click(button(review, DROP))
    assert decided.args[:3] == [SET, "d1", "drop"]


def test_what_is_put_off_waits_in_the_file(review: DraftReview) -> None:
    click(button(review, LATER))
    assert review.question.toPlainText() == "Who approves a desk?"
    click(button(review, LATER))
    assert "leave questions.jsonl: 2 drafts put off. They wait in the file." in words(review)
    assert not review.keep.isVisible()
    review.show_set({"path": "/sets/other.jsonl", "drafts": DRAFTS})
    review.show_set(SETS[0])
    assert review.question.toPlainText() == "How many days may be carried over?"


def test_a_question_without_words_is_not_kept(review: DraftReview, qtbot: QtBot) -> None:
    review.question.setPlainText("  ")
    with qtbot.assertNotEmitted(review.decided):
        click(button(review, KEEP))
    assert "A question needs words. Drop it, if it is of no use." in words(review)


def test_a_refusal_is_said_and_the_words_stay(review: DraftReview) -> None:
    review.question.setPlainText("Mine?")
    click(button(review, KEEP))
    review.show_error(ErrorReport("question.file_changed", "Somebody changed it.", "Start again."))
    assert "Somebody changed it. Start again. (question.file_changed)" in words(review)
    assert review.question.toPlainText() == "Mine?"
    assert review.keep.isEnabled()


def test_when_all_is_decided_that_is_said(review: DraftReview) -> None:
    review.show_set(SETS[0] | {"drafts": []})
    assert words(review) == ["leave questions.jsonl: every draft is decided on."]


@pytest.mark.parametrize("width", [364, 508, 900])
def test_nothing_is_cut_and_everything_has_a_name(review: DraftReview, room: Room, width: int) -> None:
    room.resize(width, 520)
    assert cut_labels(room) == []
    assert unnamed(room) == []
