"""Before a run and before a drafting: what is chosen in words is what the engine is asked for."""

from __future__ import annotations

from pathlib import Path

import pytest
from desktop_parts import Room, button, click, cut_labels, unnamed, words
from evaluation_documents import RECORDS, SET, SETS
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QFileDialog
from pytestqt.qtbot import QtBot

from studiolo.evaluation.configurations import Configuration, read_configuration
from studiolo_desktop.evaluation_forms import DraftForm, RunForm, configurations

MODELS: list[dict[str, object]] = [
    {"name": "small", "role": "chat", "in_use": True},
    {"name": "large", "role": "chat"},
    {"name": "letters", "role": "adapter"},
    {"name": "a+b", "role": "adapter"},
    {"name": "judge", "role": "reranker", "in_use": True},
]


@pytest.fixture
def room(qtbot: QtBot) -> Room:
    return Room(qtbot, width=508, height=520)


@pytest.fixture
def form(room: Room) -> RunForm:
    made = room.hold(RunForm(room))
    made.ask(SETS[0], collections=["documents", "hr"], scope=["hr"], models=MODELS, runs=RECORDS)
    return made


def choose(choice: QComboBox, words: str) -> None:
    at = choice.findText(words, Qt.MatchFlag.MatchStartsWith)
    assert at >= 0, words
    choice.setCurrentIndex(at)


def test_every_configuration_that_is_offered_is_one_of_the_engines() -> None:
    offered = configurations(MODELS)
    assert {"current", "base", "no-model", "retrieval-only", "no-reranker", "adapter:letters", "model:large"} == {
        term for _, term in offered
    }
    for _, term in offered:
        assert read_configuration(term, Configuration()).name == term
    assert "no-reranker" not in {term for _, term in configurations(MODELS[:1])}


def test_a_set_is_run_as_questions_are_answered_now_in_the_collection_that_is_asked(
    form: RunForm, qtbot: QtBot
) -> None:
    assert "Run leave questions.jsonl: 30 questions" in words(form)
    assert "2 drafts that nobody has decided on will be asked too." in form.hint.text()
    with qtbot.waitSignal(form.accepted) as accepted:
        click(button(form, "Run"))
    assert accepted.args == [SET, ["current"], ["hr"]]


def test_two_configurations_are_run_one_after_the_other_the_old_one_first(form: RunForm, qtbot: QtBot) -> None:
    choose(form.collections, "All collections")
    choose(form.configuration, "The model in use, with the adapter letters")
    choose(form.other, "The model in use, without an adapter")
    with qtbot.waitSignal(form.accepted) as accepted:
        click(button(form, "Run"))
    assert accepted.args == [SET, ["base", "adapter:letters"], ["documents", "hr"]]


def test_the_same_configuration_twice_is_run_once(form: RunForm, qtbot: QtBot) -> None:
    choose(form.other, "As questions are answered now")
    with qtbot.waitSignal(form.accepted) as accepted:
        click(button(form, "Run"))
    assert accepted.args[1] == ["current"]


def test_a_kept_run_of_the_set_can_be_compared_with(form: RunForm, qtbot: QtBot) -> None:
    choose(form.configuration, "Quotes alone")
    choose(form.other, "The run of 2026-11-26")
    with qtbot.waitSignal(form.comparison_accepted) as accepted:
        click(button(form, "Run"))
    assert accepted.args == [SET, "no-model", ["hr"], "0" * 16]


def test_without_a_collection_nothing_can_be_run_or_drafted(room: Room) -> None:
    form = room.hold(RunForm(room))
    form.ask(SETS[0], collections=[], scope=["documents"], models=[], runs=[])
    assert not form.start.isEnabled()
    draft = room.hold(DraftForm(room))
    draft.ask(collections=[], scope=[])
    assert not draft.start.isEnabled()


def test_it_is_filled_in_with_the_keyboard_alone(form: RunForm, room: Room, qtbot: QtBot) -> None:
    room.activateWindow()
    qtbot.waitUntil(form.configuration.hasFocus)
    QTest.keyClick(form.configuration, Qt.Key.Key_Down)
    for _ in range(3):
        QTest.keyClick(QApplication.focusWidget() or room, Qt.Key.Key_Tab)
    with qtbot.waitSignal(form.accepted) as accepted:
        QTest.keyClick(QApplication.focusWidget() or room, Qt.Key.Key_Space)
    assert accepted.args[1] == ["base"]


@pytest.mark.qt_log_ignore("plugin does not support", extend=True)
def test_questions_are_drafted_into_a_file_that_the_user_names(room: Room, qtbot: QtBot, tmp_path: Path) -> None:
    form = room.hold(DraftForm(room))
    form.ask(collections=["documents", "hr"], scope=["documents", "hr"])
    form.number.setValue(7)
    form.seed.setValue(3)
    click(button(form, "Choose a new file and draft …"))
    dialog = form.findChild(QFileDialog)
    assert dialog is not None
    path = str(tmp_path / "new.jsonl")
    with qtbot.waitSignal(form.accepted) as accepted:
        dialog.fileSelected.emit(path)
    assert accepted.args == [path, 7, ["documents", "hr"], 3]
    dialog.close()


@pytest.mark.parametrize("width", [364, 508, 900])
def test_nothing_is_cut_and_everything_has_a_name(form: RunForm, room: Room, width: int) -> None:
    room.resize(width, 520)
    assert cut_labels(room) == []
    assert unnamed(room) == []
